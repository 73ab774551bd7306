import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shipped } from '../../backend/product.ts';
import { startProduct, type RunningProduct } from '../running-product.ts';

let running: RunningProduct;
let place: string;

beforeAll(async () => {
  running = await startProduct();
  place = await mkdtemp(join(tmpdir(), 'tasksheet-command-'));
});
afterAll(async () => {
  await running.close();
  await rm(place, { recursive: true, force: true });
});

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** The command line as an analyst starts it, finding the running backend by its data folder. */
function tasksheet(given: string[], environment: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', join(process.cwd(), 'node_modules/tsx/dist/esm/index.mjs'), join(process.cwd(), 'backend/main.ts'), ...given], {
    cwd: place,
    env: { ...process.env, LC_ALL: 'en_US.UTF-8', TASKSHEET_DATA: join(running.directory, 'data'), TASKSHEET_CATALOG: running.catalog, ...environment },
  });
  const ended: Ended = { code: null, out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (ended.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (ended.err += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ ...ended, code })));
}

test('run prints CSV for programs, and saves an XLSX where it was asked to', async () => {
  const printed = await tasksheet(['run', 'partner-cards', '--set', 'partner=12', '--set', 'issued=lastMonth', '--set', 'columns=number,issued']);
  expect(printed).toMatchObject({ code: 0, err: '' });
  const [header, first] = printed.out.split('\n');
  expect(header).toBe('"card_number","issued_on"');
  expect(first).toMatch(/^"\d{19}","\d{4}-\d{2}-\d{2}"$/);
  const saved = await tasksheet(['run', 'partner-cards', '--set', 'partner=12', '--set', 'issued=lastMonth', '--out', 'cards.xlsx']);
  expect(saved.code).toBe(0);
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load((await readFile(join(place, 'cards.xlsx'))) as never);
  expect(workbook.worksheets[0]?.rowCount).toBe(printed.out.trim().split('\n').length);
});

test('a wrong value fails with the field’s own words and exit code 1; wrong use shows the usage and ends with 2', async () => {
  const wrong = await tasksheet(['run', 'partner-cards', '--set', 'partner=99999', '--set', 'issued=lastMonth']);
  expect(wrong.code).toBe(1);
  expect(wrong.err).toMatch(/partner: /);
  for (const given of [['run'], ['run', 'partner-cards', '--set', 'partner'], ['run', 'partner-cards', '--nonsense'], ['run', 'nothing-such'], ['run', 'partner-cards', '--out', 'x.pdf'], ['frobnicate']]) {
    const ended = await tasksheet(given);
    expect(ended.code, given.join(' ')).toBe(2);
    expect(ended.err).toContain('tasksheet');
  }
  await expect(stat(join(place, 'x.pdf'))).rejects.toThrow();
});

test('test runs every example of the sample catalog on the engines, and lint finds nothing in it', async () => {
  const examples = await tasksheet(['test']);
  expect(examples.out).toMatch(/catalog: 0 faults/);
  expect(examples.out).toMatch(/, 0 failed/);
  expect(examples.code).toBe(0);
  expect((await tasksheet(['lint', shipped.catalog])).code).toBe(0);
}, 120_000);

test('lint names file, line, column and advice of every fault at once, and fails', async () => {
  const catalog = join(place, 'broken');
  await cp(shipped.catalog, catalog, { recursive: true });
  await mkdir(join(catalog, 'tasks'), { recursive: true });
  await writeFile(join(catalog, 'tasks/broken.sql'), `/*\ntitle: { ru: Ой }\ngrup: exports\nowner: anna@company.example\nform:\n  day: { kind: dat, label: { ru: День, en: Day } }\n*/\n-- step one on warehose\nSELECT {{dey}}\n`);
  const ended = await tasksheet(['lint', catalog]);
  expect(ended.code).toBe(1);
  const lines = ended.out.split('\n').filter((line) => line.includes('broken.sql:'));
  expect(lines.length).toBeGreaterThanOrEqual(3);
  expect(lines.every((line) => /broken\.sql:\d+:\d+\s/.test(line))).toBe(true);
  expect(ended.out).toMatch(/group/);
  expect(ended.out).toMatch(/warehouse/);
});

test('access issue gives a code that signs its person in, and refuses people whom the catalog does not name', async () => {
  const issued = await tasksheet(['access', 'issue', 'maria@company.example', '--json']);
  const { code } = JSON.parse(issued.out) as { code: string };
  expect((await running.api.call('signIn', { body: { code } })).person.id).toBe('maria@company.example');
  const unknown = await tasksheet(['access', 'issue', 'stranger@company.example']);
  expect(unknown.code).toBe(1);
  expect(unknown.err).toContain('access.yaml');
});

test('settings that are unknown or wrong are all named at once, with exit code 2', async () => {
  const ended = await tasksheet(['serve'], { TASKSHEET_PROT: '1', TASKSHEET_PORT: 'many', TASKSHEET_TIME_ZONE: 'Moscow' });
  expect(ended.code).toBe(2);
  for (const name of ['TASKSHEET_PROT', 'TASKSHEET_PORT', 'TASKSHEET_TIME_ZONE']) expect(ended.err).toContain(name);
});

test('a data folder that is not there is said, not made', async () => {
  const nowhere = join(place, 'nowhere');
  const ended = await tasksheet(['access', 'issue', 'maria@company.example'], { TASKSHEET_DATA: nowhere });
  expect(ended.code).toBe(1);
  expect(ended.err).toContain(nowhere);
  await expect(stat(nowhere)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('backups are listed while the backend runs, and one is put back only when it does not', async () => {
  const directory = join(running.directory, 'data', 'state', 'backups');
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'state-2026-11-22T23-12-41-448Z.tar.gz'), 'not whole');
  const listed = await tasksheet(['restore']);
  expect(listed).toMatchObject({ code: 0, out: expect.stringContaining('state-2026-11-22T23-12-41-448Z.tar.gz') as string });
  const refused = await tasksheet(['restore', 'state-2026-11-22T23-12-41-448Z.tar.gz']);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain(running.address);
  expect((await tasksheet(['restore', 'none.tar.gz'])).err).toContain('tasksheet restore');
});

test('the demo refuses to listen anywhere but on this machine', async () => {
  const ended = await tasksheet(['demo'], { TASKSHEET_HOST: '0.0.0.0' });
  expect(ended.code).toBe(2);
  expect(ended.err).toContain('this machine only');
});

test('commands of the running backend are answered only to who holds its token', async () => {
  const response = await fetch(`${running.address}/local/commands`, { method: 'POST', headers: { Authorization: 'Local nonsense', 'Content-Type': 'application/json' }, body: JSON.stringify({ name: 'access', arguments: ['issue', 'maria@company.example'], workingDirectory: '/', json: true }) });
  expect(response.status).toBe(404);
});
