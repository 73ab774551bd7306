import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Run } from '../../shared/run.ts';
import type { ApiClient } from '../api-client.ts';
import { startProduct, type RunningProduct } from '../running-product.ts';

let running: RunningProduct;
let analyst: ApiClient;
let manager: ApiClient;

async function addTask(id: string, sql: string, more = ''): Promise<void> {
  const header = `/*\ntitle: { ru: ${id}, en: ${id} }\ndescription: { ru: Проба., en: A trial. }\ngroup: exports\nowner: anna@company.example\nstatus: published\nfile: { ru: ${id}, en: ${id} }\n${more}*/\n`;
  await writeFile(join(running.catalog, `tasks/${id}.sql`), `${header}-- step answer on warehouse\n${sql}\n`);
  await expect.poll(() => running.product.catalog.task(id)?.id ?? running.product.catalog.faults(), { timeout: 10_000 }).toBe(id);
}

async function finish(api: ApiClient, task: string, values: Record<string, unknown> = {}): Promise<Run> {
  let { run } = await api.call('submit', { params: { id: task }, body: { values: values as never } });
  while (run.status.state === 'queued' || run.status.state === 'running') {
    await new Promise((resolve) => setTimeout(resolve, 50));
    ({ run } = await api.call('run', { params: { id: run.id } }));
  }
  return run;
}

async function succeeded(id: string, sql: string, more = '') {
  await addTask(id, sql, more);
  const run = await finish(manager, id);
  if (run.status.state !== 'succeeded') throw new Error(JSON.stringify(run.status));
  return { run, result: run.status.results[0]!, page: await manager.call('rows', { params: { id: run.id } }) };
}

async function download(run: Run, format: 'xlsx' | 'csv' | 'csv-systems'): Promise<Buffer> {
  const { url } = await manager.call('link', { params: { id: run.id }, body: { format, locale: 'ru' } });
  const response = await fetch(`${url}/file`);
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

beforeAll(async () => {
  running = await startProduct();
  manager = await running.api.signInAs('manager');
  analyst = await running.api.signInAs('analyst');
});
afterAll(() => running.close());

test('zero rows are a result, not a failure, in every form', async () => {
  const { run, result, page } = await succeeded('none', "SELECT card_number, issued_on FROM cards WHERE card_number = 'x'");
  expect(result.rows).toBe(0);
  expect(page.rows).toEqual([]);
  expect((await download(run, 'csv-systems')).toString()).toBe('"card_number","issued_on"\n');
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load((await download(run, 'xlsx')) as never);
  expect(workbook.worksheets[0]?.getRow(1).values).toContain('card_number');
});

test('one column, equal column names and a bare NULL column are kept, with a notice where something was mended', async () => {
  expect((await succeeded('one-column', 'SELECT 1 AS only')).page.rows).toEqual([[1]]);
  const equal = await succeeded('equal-names', 'SELECT 1 AS x, 1 AS x, NULL AS nothing');
  expect(equal.page.rows).toEqual([[1, 1, null]]);
  expect(new Set(equal.result.columns.map(({ name }) => name)).size).toBe(3);
  expect(equal.result.notices.length).toBeGreaterThan(0);
});

test('wide integers, decimals, long digits, zones and text that looks like a formula arrive exactly', async () => {
  const { page, result, run } = await succeeded(
    'exact',
    `SELECT toUInt64(18446744073709551615) AS most, toDecimal128('12345678901234567890.123456789', 9) AS exact, '0001234567890123456' AS code, '=1+1' AS formula,
       toDateTime('2026-10-25 01:30:00', 'Europe/Berlin') AS moment, toDate('2026-10-25') AS day, true AS yes, repeat('я', 32768) AS long`,
    'columns: { code: { title: { ru: Код, en: Code }, type: code } }\n',
  );
  expect(page.rows[0]?.slice(0, 7)).toEqual(['18446744073709551615', '12345678901234567890.123456789', '0001234567890123456', '=1+1', '2026-10-25 02:30:00', '2026-10-25', true]);
  expect(result.columns.map(({ type }) => type)).toEqual(['code', 'decimal', 'code', 'text', 'datetime', 'date', 'flag', 'text']);
  const csv = (await download(run, 'csv')).toString();
  expect(csv.charCodeAt(0)).toBe(0xfeff);
  expect(csv).toContain("'=1+1");
  expect(csv).toContain('25.10.2026 02:30:00');
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load((await download(run, 'xlsx')) as never);
  const row = workbook.worksheets[0]!.getRow(2);
  expect([row.getCell(1).value, row.getCell(3).value, row.getCell(4).value]).toEqual(['18446744073709551615', '0001234567890123456', '=1+1']);
  expect(String(row.getCell(8).value).length).toBeLessThanOrEqual(32_767);
});

test('pages of a large result, read one after another, equal one read of it in stored order', async () => {
  const { run, result } = await succeeded('many', 'SELECT number AS n, cityHash64(number) AS h FROM numbers(120000) ORDER BY h');
  const pages: unknown[][] = [];
  for (let offset = 0; offset < result.rows; offset += 20_000) pages.push(...(await manager.call('rows', { params: { id: run.id }, query: { offset, limit: 20_000 } })).rows);
  const whole = (await download(run, 'csv-systems')).toString().trim().split('\n').slice(1).map((line) => line.split(',').map((value) => value.replaceAll('"', '')));
  expect(pages.map((row) => row.map(String))).toEqual(whole);
  const hashes = whole.map(([, hash]) => BigInt(hash ?? 0));
  expect(hashes.every((hash, at) => at === 0 || (hashes[at - 1] as bigint) <= hash)).toBe(true);
});

test('1,048,577 rows go to two sheets of one workbook, and none is lost', async () => {
  const { run, result } = await succeeded('too-many', 'SELECT number AS n FROM numbers(1048577)');
  expect(result.rows).toBe(1_048_577);
  const file = join(await mkdtemp(join(tmpdir(), 'tasksheet-xlsx-')), 'x.xlsx');
  await writeFile(file, await download(run, 'xlsx'));
  const reader = new ExcelJS.stream.xlsx.WorkbookReader(file, { worksheets: 'emit', sharedStrings: 'cache', hyperlinks: 'ignore', styles: 'ignore', entries: 'emit' });
  const counts: number[] = [];
  for await (const sheet of reader) {
    let rows = 0;
    for await (const row of sheet) rows += row.number > 0 ? 1 : 0;
    counts.push(rows);
  }
  expect(counts.slice(0, 2)).toEqual([1_048_576, 3]);
  await rm(file);
}, 120_000);

test('limits of rows, time and memory end a run in words, and leave nothing behind', async () => {
  await addTask('row-limit', 'SELECT number FROM numbers(2000)', 'limits: { rows: 1000 }\n');
  expect((await finish(manager, 'row-limit')).status).toMatchObject({ state: 'failed', code: 'row_limit' });
  await addTask('time-limit', 'SELECT sum(cityHash64(number)) AS s FROM numbers(3000000000000)', 'limits: { time: 1s }\n');
  expect((await finish(manager, 'time-limit')).status).toMatchObject({ state: 'failed', code: 'time_limit' });
  await addTask('memory-limit', 'SELECT groupArray(number) AS a FROM numbers(100000000)', 'limits: { memory: 64MB }\n');
  expect((await finish(manager, 'memory-limit')).status).toMatchObject({ state: 'failed', code: 'memory_limit' });
  const kept = await running.product.state.query<{ results: { table: { id: string } }[] }>("SELECT results FROM executions WHERE state = 'succeeded'");
  const ids = new Set(kept.flatMap(({ results }) => results.map(({ table }) => table.id)));
  expect((await running.product.workbench.storedTableIds()).filter((id) => !ids.has(id))).toEqual([]);
});

test('personal columns are left out for those without the right, and said so', async () => {
  const columns = 'columns: { phone: { title: { ru: Телефон, en: Phone }, type: code, personal: true } }\n';
  await addTask('personal', "SELECT '+79990000000' AS phone, 1 AS n", columns);
  const without = await finish(manager, 'personal');
  const given = await finish(analyst, 'personal');
  const names = (run: Run) => (run.status.state === 'succeeded' ? run.status.results[0]?.columns.map(({ name }) => name) : run.status);
  expect(names(without)).toEqual(['n']);
  expect(names(given)).toEqual(['phone', 'n']);
  const page = await manager.call('rows', { params: { id: without.id } });
  expect(JSON.stringify(page)).not.toContain('+7999');
  expect((await download(without, 'csv-systems')).toString()).not.toContain('+7999');
  if (without.status.state === 'succeeded') expect(without.status.results[0]?.notices[0]?.ru).toContain('Телефон');
  const { url } = await analyst.call('link', { params: { id: given.id }, body: { format: 'csv-systems' } });
  expect(await (await fetch(`${url}/file`)).text()).toContain('+7999');
  const rules = running.product.catalog.access();
  const role = rules.people['anna@company.example'] ?? '';
  const may = rules.roles[role]?.may ?? [];
  may.splice(may.indexOf('personal'), 1);
  try {
    expect((await analyst.problem('rows', { params: { id: given.id } })).code).toBe('not_allowed');
    expect((await fetch(`${url}/file`)).status).toBe(404);
  } finally {
    may.push('personal');
  }
});

test('a task retired while its run waits in the queue is refused with what replaces it', async () => {
  await addTask('slow', 'SELECT sum(cityHash64(number, {{salt}})) AS s FROM numbers(3000000000000)', 'form: { salt: { kind: number, label: { ru: Соль, en: Salt } } }\n');
  const slow = await Promise.all([1, 2, 3].map((salt) => manager.call('submit', { params: { id: 'slow' }, body: { values: { salt } } })));
  await addTask('old', 'SELECT 1 AS n');
  const { run } = await manager.call('submit', { params: { id: 'old' }, body: { values: {} } });
  expect(run.status.state).toBe('queued');
  const path = join(running.catalog, 'tasks/old.sql');
  await writeFile(path, (await readFile(path, 'utf8')).replace('status: published', 'status: retired\nreplacedBy: partner-cards'));
  await expect.poll(() => running.product.catalog.task('old')?.status, { timeout: 10_000 }).toBe('retired');
  await Promise.all(slow.map(({ run: { id } }) => manager.call('cancel', { params: { id } })));
  await expect.poll(async () => (await manager.call('run', { params: { id: run.id } })).run.status, { timeout: 15_000 }).toMatchObject({ state: 'failed', code: 'task_retired' });
  const { run: ended } = await manager.call('run', { params: { id: run.id } });
  if (ended.status.state === 'failed') expect(ended.status.message.ru).toContain('Карты партнёра');
  expect((await manager.problem('submit', { params: { id: 'old' }, body: { values: {} } })).code).toBe('task_retired');
});

test('a personal column stays left out under the name that a join or a repetition gives it', async () => {
  const columns = 'columns: { phone: { title: { ru: Телефон, en: Phone }, personal: true }, phone_3: { title: { ru: Марка, en: Model } } }\n';
  const { result, page } = await succeeded('joined-personal', "SELECT '+79990000000' AS phone, 1 AS n\n-- step joined on workbench\nSELECT a.phone, b.phone, a.n AS n, b.phone AS phone_2, 'X' AS phone_3 FROM steps.answer AS a JOIN steps.answer AS b ON a.n = b.n", columns);
  expect(page.rows).toEqual([[1, 'X']]);
  expect(result.notices[0]).toMatchObject({ ru: expect.stringContaining('Телефон'), en: expect.stringContaining('Phone') });
});

test('steps end with their run when the data’s age cannot be told', async () => {
  await addTask('no-age', 'SELECT sum(cityHash64(toString(a.user_id + b.user_id))) AS s FROM users AS a CROSS JOIN users AS b CROSS JOIN (SELECT user_id FROM users LIMIT 1000) AS c', 'fresh: { on: warehouse, sql: "SELECT throwIf(count() > 0) FROM users" }\n');
  expect((await finish(manager, 'no-age')).status).toMatchObject({ state: 'failed', code: 'query_failed' });
  const after = await running.product.workbench.select({ sql: 'SELECT 1 AS n', parameters: {} }, { database: 'wallet', databases: [] }, { queryId: 'after-no-age', limits: { timeSeconds: 20, rows: 1, memoryBytes: 1e9 }, signal: new AbortController().signal });
  expect(after.rows).toEqual([[1]]);
  const [execution] = await running.product.state.query<{ id: string }>("SELECT id FROM executions WHERE task_id = 'no-age'");
  expect((await running.product.workbench.storedTableIds()).filter((id) => id.startsWith((execution?.id ?? '?').replaceAll('-', '')))).toEqual([]);
});

test('an analyst’s file with faults leaves the last good version in use', async () => {
  await addTask('good', 'SELECT 1 AS n');
  const path = join(running.catalog, 'tasks/good.sql');
  await writeFile(path, (await readFile(path, 'utf8')).replace('group:', 'grup:'));
  await expect.poll(() => running.product.catalog.faults().length, { timeout: 10_000 }).toBeGreaterThan(0);
  expect((await finish(manager, 'good')).status.state).toBe('succeeded');
  await rm(path);
});

test('a step reads two earlier ones of which one is called by the beginning of the other’s name', async () => {
  const { page } = await succeeded('prefixed', 'SELECT 1 AS x\n-- step answer_b on warehouse\nSELECT 2 AS x\n-- step both on workbench\nSELECT one.x AS first, two.x AS second FROM steps.answer AS one CROSS JOIN steps.answer_b AS two');
  expect(page.rows).toEqual([[1, 2]]);
});

test('rows are removed after their time; count, values and fingerprints stay', async () => {
  const { run } = await succeeded('kept', 'SELECT 1 AS n');
  await running.product.state.query("UPDATE executions SET expires_at = now() - interval '1 second' WHERE task_id = 'kept'");
  const { dropExpired } = await import('../../backend/runs/retention.ts');
  expect(await dropExpired(running.product.state, running.product.workbench)).toBe(1);
  expect((await manager.problem('rows', { params: { id: run.id } })).code).toBe('result_expired');
  const { run: later } = await manager.call('run', { params: { id: run.id } });
  expect(later.status).toMatchObject({ state: 'succeeded', results: [{ rows: 1, available: false }] });
});
