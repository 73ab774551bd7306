import { execFileSync } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Run } from '../../shared/run.ts';
import { uploadAnswer, type UploadView } from '../../shared/upload.ts';
import { problemAnswer } from '../../shared/problem.ts';
import { formatFault, lintCatalog } from '../../backend/catalog/index.ts';
import { lintEngine } from '../../backend/command/lint.ts';
import { run as runCommand } from '../../backend/command/run.ts';
import { test as testCommand } from '../../backend/command/test.ts';
import { dropOrphans, dropUnused } from '../../backend/runs/retention.ts';
import type { ApiClient } from '../api-client.ts';
import { startProduct, type RunningProduct } from '../running-product.ts';
import { inWindows1251 } from '../table-files/files.ts';

let running: RunningProduct;
let manager: ApiClient;
let analyst: ApiClient;
const interpreter = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();

const header = (more: string) => `/*\ntitle: { ru: Проба, en: Trial }\ndescription: { ru: Проба., en: A trial. }\ngroup: exports\nowner: anna@company.example\nstatus: published\n${more}*/\n`;
const clients = `form:
  clients: { kind: file, label: { ru: Клиенты, en: Clients }, columns: { card: { type: code, title: { ru: Номер карты, en: Card number } }, sum: decimal, day: date } }
`;
const writeTask = (id: string, text: string): Promise<void> => writeFile(join(running.catalog, `tasks/${id}.sql`), text);
const isRead = (id: string) => expect.poll(() => running.product.catalog.task(id)?.id ?? running.product.catalog.faults(), { timeout: 30_000 }).toBe(id);
async function addTask(id: string, text: string): Promise<void> {
  await writeTask(id, text);
  await isRead(id);
}

async function give(api: ApiClient, bytes: Uint8Array | string, name = 'clients.csv'): Promise<UploadView> {
  const response = await fetch(`${api.address}/api/uploads?name=${encodeURIComponent(name)}`, { method: 'POST', headers: { Authorization: `Bearer ${api.token}`, 'Content-Type': 'application/octet-stream' }, body: bytes as BodyInit });
  const answer: unknown = await response.json();
  if (response.status !== 200) throw problemAnswer.parse(answer);
  return uploadAnswer.parse(answer).upload;
}

async function finish(api: ApiClient, task: string, values: Record<string, unknown> = {}): Promise<Run> {
  let { run } = await api.call('submit', { params: { id: task }, body: { values: values as never } });
  while (run.status.state === 'queued' || run.status.state === 'running') {
    await new Promise((resolve) => setTimeout(resolve, 50));
    ({ run } = await api.call('run', { params: { id: run.id } }));
  }
  return run;
}
const rowsOf = async (api: ApiClient, run: Run) => (await api.call('rows', { params: { id: run.id } })).rows;
const succeeded = (run: Run) => {
  if (run.status.state !== 'succeeded') throw new Error(JSON.stringify(run.status));
  return run;
};

beforeAll(async () => {
  running = await startProduct({ environment: { TASKSHEET_UPLOAD_MB: '2', TASKSHEET_SCRIPTS: `python=${interpreter}` } });
  [manager, analyst] = [await running.api.signInAs('manager'), await running.api.signInAs('analyst')];
  await writeTask('match', `${header(clients)}-- step answer on workbench\nSELECT card, sum, day, toTypeName(sum) AS type FROM {{clients}} ORDER BY card\n`);
});
afterAll(() => running.close());

describe('a file field', () => {
  test('a file in Windows-1251 with semicolons is told as it was understood and read by a query as a table', async () => {
    await isRead('match');
    const upload = await give(manager, inWindows1251('Номер карты;Sum;DAY;Город\r\n0042;1 234,50;01.03.2026;"Нижний\r\nНовгород"\r\n0007;;2.3.2026;Орёл\r\n'), 'Клиенты №1.csv');
    expect(upload).toMatchObject({
      name: 'Клиенты №1.csv',
      rows: 2,
      columns: [{ name: 'Номер карты', type: 'code' }, { name: 'Sum', type: 'decimal' }, { name: 'DAY', type: 'date' }, { name: 'Город', type: 'text' }],
      firstRows: [['0042', '1 234,50', '01.03.2026', 'Нижний\nНовгород'], ['0007', '', '2.3.2026', 'Орёл']],
      writtenAs: { format: 'csv', encoding: 'windows-1251', delimiter: ';' },
    });
    const run = succeeded(await finish(manager, 'match', { clients: upload.id }));
    expect(await rowsOf(manager, run)).toEqual([['0007', null, '2026-03-02', 'Nullable(Decimal(38, 12))'], ['0042', '1234.5', '2026-03-01', 'Nullable(Decimal(38, 12))']]);
    expect(run.provenance.values).toEqual([{ label: { ru: 'Клиенты', en: 'Clients' }, text: { ru: 'Клиенты №1.csv (строк: 2)', en: 'Клиенты №1.csv (rows: 2)' } }]);
    expect(await readdir(join(running.directory, 'data', 'uploads')).catch(() => [])).toEqual([]);
  });

  test('is a table on SQL Server as well', async () => {
    await addTask('match-crm', `${header(clients)}-- step answer on crm\nSELECT card, sum, day FROM {{clients}} AS given ORDER BY card\n`);
    const upload = await give(manager, 'card,sum,day\n0042,1.5,2026-03-01\nКарта,,\n');
    expect(await rowsOf(manager, succeeded(await finish(manager, 'match-crm', { clients: upload.id })))).toEqual([['0042', '1.5', '2026-03-01'], ['Карта', null, null]]);
  });

  test('is read also where what is shown of it would end in the middle of a character', async () => {
    const upload = await give(manager, `card,sum,${'h'.repeat(199)}👍\n${'x'.repeat(199)}👍tail,${'y'.repeat(39)}👍,1\n`);
    expect(upload.rows).toBe(1);
    expect(upload.firstRows[0]?.[0]).toMatch(/^x{199}\ufffd$/);
    await expect(give(manager, `card\n${'1234567\n'.repeat(20_000)}a\0b\n`)).rejects.toMatchObject({ code: 'invalid_values', detail: expect.stringMatching(/row 20002: .*damaged/) });
  });

  test('rows that can\'t be read are told by number, and nothing is left', async () => {
    const before = await running.product.workbench.storedTableIds();
    await expect(give(manager, 'card,sum,day\n1,2,2026-03-01\n3,4\n5,6,2026-03-02,x\n')).rejects.toMatchObject({ code: 'invalid_values', detail: expect.stringMatching(/row 3: 2 cells.*row 4: 4 cells/) });
    expect(await running.product.workbench.storedTableIds()).toEqual(before);
    expect(await running.product.state.query('SELECT 1 FROM uploads WHERE stored IS NULL')).toEqual([]);
  });

  test('a missing column is told with those that are there, a wrong value with its row', async () => {
    const missing = await give(manager, 'cards;sum\n1;2\n');
    expect((await manager.problem('submit', { params: { id: 'match' }, body: { values: { clients: missing.id } } })).fields).toMatchObject({ clients: { en: expect.stringMatching(/“Card number” \(card\), “day”.*“cards”, “sum”/) } });
    const wrong = await give(manager, 'card;sum;day\n1;2;2026-03-01\n2;two;2026-02-30\n');
    expect((await manager.problem('submit', { params: { id: 'match' }, body: { values: { clients: wrong.id } } })).fields).toMatchObject({ clients: { en: expect.stringMatching(/“sum”, row 3: “two”.*“day”, row 3: “2026-02-30”/) } });
  });

  test('another person\'s file, an unknown one and a text in its place are refused', async () => {
    const own = await give(manager, 'card,sum,day\n1,2,2026-03-01\n');
    for (const clients of [own.id, '00000000-0000-4000-8000-000000000000', "x' OR 1=1 --"])
      expect(await analyst.problem('submit', { params: { id: 'match' }, body: { values: { clients } } })).toMatchObject({ code: 'invalid_values', fields: { clients: { en: expect.stringContaining('Choose it again') } } });
    expect(await analyst.problem('uploaded', { params: { id: own.id } })).toMatchObject({ status: 404 });
    expect((await manager.call('uploaded', { params: { id: own.id } })).upload).toEqual(own);
  });

  test('a file that is too large, not a file at all, or from nobody is refused', async () => {
    await expect(give(manager, `a\n${'x'.repeat(2_100_000)}\n`)).rejects.toMatchObject({ code: 'too_large', status: 413 });
    await expect(give(manager, '')).rejects.toMatchObject({ code: 'invalid_values' });
    await expect(give(manager.withToken('none'), 'a\n1\n')).rejects.toMatchObject({ code: 'not_signed_in' });
    const json = await fetch(`${manager.address}/api/uploads?name=x.csv`, { method: 'POST', headers: { Authorization: `Bearer ${manager.token}`, 'Content-Type': 'text/csv' }, body: 'a\n1\n' });
    expect(json.status).toBe(400);
  });

  test('a file whose sender goes away in the middle leaves nothing', async () => {
    const stop = new AbortController();
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('card,sum,day\n1,2,2026-03-01\n'));
        setTimeout(() => stop.abort(), 300);
      },
    });
    const request = { method: 'POST', signal: stop.signal, body, duplex: 'half', headers: { Authorization: `Bearer ${manager.token}`, 'Content-Type': 'application/octet-stream' } };
    await expect(fetch(`${manager.address}/api/uploads?name=gone.csv`, request as RequestInit)).rejects.toThrow();
    await expect.poll(() => running.product.state.query("SELECT 1 FROM uploads WHERE name = 'gone.csv'")).toEqual([]);
    await expect.poll(() => readdir(join(running.directory, 'data', 'uploads')).catch(() => [])).toEqual([]);
  });

  test('the file\'s other columns come along where the field says so; an optional file may be left out', async () => {
    const field = '  extra: { kind: file, label: { ru: Файл, en: File }, required: false, otherColumns: true, columns: { id: integer } }\n';
    await addTask('extra', `${header(`form:\n${field}`)}-- step answer on workbench\nSELECT * FROM (SELECT 1 AS id) AS own [[ INNER JOIN {{extra}} AS given USING (id) ]]\n`);
    const upload = await give(manager, 'Имя клиента;id;card\nАнна;1;001\nПётр;2;002\n');
    expect(await rowsOf(manager, succeeded(await finish(manager, 'extra', { extra: upload.id })))).toEqual([['1', 'Анна', '001']]);
    expect(await rowsOf(manager, succeeded(await finish(manager, 'extra')))).toEqual([[1]]);
  });

  test('the command line takes a path, and so do examples', async () => {
    await writeFile(join(running.directory, 'given.csv'), 'card;sum;day\n0001;1,5;2026-03-01\n');
    const lines: string[] = [];
    const output = { json: false, line: (text: string) => lines.push(text), warn: (text: string) => lines.push(text), status: () => undefined };
    const input = (given: string[]) => ({ arguments: given, workingDirectory: running.directory, output, signal: new AbortController().signal });
    expect(await runCommand.run(running.product, input(['match', '--set', 'clients=given.csv']) as never)).toBe(0);
    expect(lines.slice(0, 2)).toEqual(['"card","sum","day","type"', '"0001",1.5,"2026-03-01","Nullable(Decimal(38, 12))"']);
    await expect(runCommand.run(running.product, input(['match', '--set', 'clients=nowhere.csv']) as never)).rejects.toMatchObject({ message: expect.stringContaining('nowhere.csv') });
    await mkdir(join(running.catalog, 'samples'), { recursive: true });
    await writeFile(join(running.catalog, 'samples/clients.csv'), 'card;sum;day\n0001;1,5;2026-03-01\n0002;2;2026-03-02\n');
    await addTask('with-example', `${header(`${clients}examples:\n  - { values: { clients: samples/clients.csv }, expect: { rows: 2 } }\n`)}-- step answer on workbench\nSELECT card FROM {{clients}} ORDER BY card\n`);
    expect(await testCommand.run(running.product, input(['with-example']) as never)).toBe(0);
  });

  test('lint knows the declared columns and where a file may stand', async () => {
    await addTask('lint-good', `${header(clients)}-- step answer on warehouse\nSELECT card, sum * 2 AS double FROM {{clients}} ORDER BY card\n`);
    await writeFile(join(running.catalog, 'tasks/lint-bad.sql'), `${header(clients)}-- step answer on workbench\nSELECT city FROM {{clients}} ORDER BY city\n`);
    await writeFile(join(running.catalog, 'tasks/lint-place.sql'), `${header(clients)}-- step answer on workbench\nSELECT 1 AS one WHERE 'x' IN {{clients}}\n`);
    const faults = (await lintCatalog(running.catalog, lintEngine(running.product))).map(formatFault).filter((line) => /lint-/.test(line) && !/has no title/.test(line));
    expect(faults).toEqual([expect.stringMatching(/lint-bad.*city/), expect.stringMatching(/lint-place.*\{\{clients\}\} is a table — write it after FROM or JOIN/)]);
  });

  test('is kept while it is used, dropped a day after it was not, and never by the search for orphans', async () => {
    const { state, workbench } = running.product;
    const [unused, used] = [await give(manager, 'card,sum,day\n1,2,2026-03-01\n'), await give(manager, 'card,sum,day\n1,2,2026-03-02\n')];
    succeeded(await finish(manager, 'match', { clients: used.id }));
    expect(new Date((await manager.call('uploaded', { params: { id: used.id } })).upload.expiresAt).getTime()).toBeGreaterThan(Date.now() + 20 * 86_400_000);
    await dropOrphans(state, workbench);
    await manager.call('uploaded', { params: { id: unused.id } });
    succeeded(await finish(manager, 'match', { clients: unused.id }));
    await state.query("UPDATE uploads SET expires_at = now() - interval '1 minute' WHERE id = $1", [unused.id]);
    await dropUnused(state, workbench);
    expect(await workbench.storedTableIds()).not.toContain(`upload_${unused.id.replaceAll('-', '')}`);
    expect(await manager.problem('uploaded', { params: { id: unused.id } })).toMatchObject({ status: 404 });
  });
});

describe('scripts and kept steps in a run', () => {
  test('a script reads a step and the file; authors see rows and time of each step, colleagues do not', async () => {
    const sql = `${header(clients)}-- step numbers on workbench\nSELECT number AS n FROM numbers(3)\n-- step scored with python (n: integer, given: integer)\nimport tasksheet\nfiles = list(tasksheet.rows("clients"))\ntasksheet.give({"n": row["n"], "given": len(files)} for row in tasksheet.rows("numbers"))\n`;
    await addTask('script', sql);
    const upload = await give(analyst, 'card,sum,day\n1,2,2026-03-01\n2,2,2026-03-01\n');
    const run = succeeded(await finish(analyst, 'script', { clients: upload.id }));
    expect(await rowsOf(analyst, run)).toEqual([['0', '2'], ['1', '2'], ['2', '2']]);
    expect(run.steps).toEqual([{ name: 'file.clients', rows: 2, ms: expect.any(Number), kept: false }, { name: 'numbers', rows: 3, ms: expect.any(Number), kept: false }, { name: 'scored', rows: 3, ms: expect.any(Number), kept: false }]);
    const own = await give(manager, 'card,sum,day\n1,2,2026-03-01\n');
    expect((await finish(manager, 'script', { clients: own.id })).steps).toBeUndefined();
  });

  test('a script\'s last lines are for authors alone', async () => {
    await writeTask('failing', `${header('')}-- step scored with python from scripts/failing.py\n`);
    await mkdir(join(running.catalog, 'tasks/scripts'), { recursive: true });
    await writeFile(join(running.catalog, 'tasks/scripts/failing.py'), 'raise ValueError("inner detail")\n');
    await isRead('failing');
    const [ofAuthor, ofColleague] = [await finish(analyst, 'failing'), await finish(manager, 'failing')];
    expect(ofAuthor.status).toMatchObject({ state: 'failed', forAuthor: expect.stringContaining('inner detail') });
    expect(JSON.stringify(ofColleague)).not.toContain('inner detail');
  });

  test('a kept step is made once for everybody while nothing it depends on changes', async () => {
    const made = (more = '') => `${header('form:\n  n: { kind: number, label: { ru: Число, en: Number } }\n')}-- step slow on workbench keep 1h\nSELECT generateUUIDv4() AS id, {{n}} AS n${more}\n-- step answer on workbench\nSELECT id, n FROM steps.slow\n`;
    await addTask('kept', made());
    const id = async (api: ApiClient, n: number) => (await rowsOf(api, succeeded(await finish(api, 'kept', { n }))))[0]?.[0];
    const first = await id(analyst, 1);
    expect(await id(manager, 1)).toBe(first);
    expect(await id(manager, 2)).not.toBe(first);
    expect((await finish(analyst, 'kept', { n: 1 })).steps).toMatchObject([{ name: 'slow', rows: 1, kept: true }, { name: 'answer', kept: false }]);
    await writeFile(join(running.catalog, 'tasks/kept.sql'), made().replace('SELECT id, n FROM', 'SELECT id, n, 1 AS more FROM'));
    await expect.poll(async () => (await rowsOf(manager, succeeded(await finish(manager, 'kept', { n: 1 }))))[0], { timeout: 30_000 }).toEqual([first, '1', 1]);
    const { state, workbench } = running.product;
    await dropOrphans(state, workbench);
    expect(await id(manager, 1)).toBe(first);
    await state.query("UPDATE kept_steps SET expires_at = now() - interval '1 minute', used_until = now() - interval '1 minute'");
    await dropUnused(state, workbench);
    expect((await workbench.storedTableIds()).filter((one) => one.startsWith('kept_'))).toEqual([]);
    expect(await id(manager, 1)).not.toBe(first);
  });

  test('a kept step that is a result too outlives its time in that result, and a failed one is not kept', async () => {
    const { state, workbench } = running.product;
    await addTask('kept-result', `${header('')}-- step only on workbench keep 1h\nSELECT number AS n FROM numbers(10) ORDER BY n DESC\n`);
    const run = succeeded(await finish(manager, 'kept-result'));
    succeeded(await finish(manager, 'kept-result'));
    await state.query("UPDATE kept_steps SET expires_at = now() - interval '1 minute', used_until = now() - interval '1 minute'");
    await dropUnused(state, workbench);
    expect((await rowsOf(manager, run)).map(([n]) => n)).toEqual(['9', '8', '7', '6', '5', '4', '3', '2', '1', '0']);
    await addTask('kept-failing', `${header('')}-- step only on workbench keep 1h\nSELECT throwIf(number = 3) AS n FROM numbers(10)\n`);
    expect((await finish(manager, 'kept-failing')).status.state).toBe('failed');
    expect(await state.query('SELECT 1 FROM kept_steps WHERE stored IS NULL')).toEqual([]);
  });

  test('a step that reads a file is kept for that file only', async () => {
    await addTask('kept-file', `${header(clients)}-- step slow on workbench keep 1h\nSELECT generateUUIDv4() AS id, card FROM {{clients}}\n-- step answer on workbench\nSELECT id FROM steps.slow\n`);
    const [one, other] = [await give(manager, 'card,sum,day\n1,2,2026-03-01\n'), await give(manager, 'card,sum,day\n1,2,2026-03-01\n')];
    const first = await rowsOf(manager, succeeded(await finish(manager, 'kept-file', { clients: one.id })));
    expect(await rowsOf(manager, succeeded(await finish(manager, 'kept-file', { clients: one.id })))).toEqual(first);
    expect(await rowsOf(manager, succeeded(await finish(manager, 'kept-file', { clients: other.id })))).not.toEqual(first);
  });
});
