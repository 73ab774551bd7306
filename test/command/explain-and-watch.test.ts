import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { explain } from '../../backend/command/explain.ts';
import { run } from '../../backend/command/run.ts';
import type { ProductCommand } from '../../backend/command/command.ts';
import { startProduct, type RunningProduct } from '../running-product.ts';
import { header } from '../catalog/temporary-catalog.ts';

let running: RunningProduct;

beforeAll(async () => {
  running = await startProduct({ environment: { LC_ALL: 'en_US.UTF-8' } });
});
afterAll(() => running.close());

/** A command at work: its lines as they come, and how to stop it. */
function started(command: ProductCommand, given: string[], json = false) {
  const lines: string[] = [];
  const stop = new AbortController();
  const say = (text: string) => void lines.push(text);
  const ended = command.run(running.product, { arguments: given, workingDirectory: running.directory, output: { json, line: say, warn: say, status: () => undefined }, signal: stop.signal });
  return { lines, stop, ended };
}

async function explained(...given: string[]): Promise<string> {
  const { lines, ended } = started(explain, given);
  expect(await ended).toBe(0);
  return lines.join('\n');
}

async function save(name: string, form: string, steps: string): Promise<void> {
  await writeFile(join(running.catalog, 'tasks', `${name}.sql`), header(form) + steps);
}

async function until(lines: string[], wanted: RegExp): Promise<string> {
  await expect.poll(() => lines.join('\n'), { timeout: 15_000, interval: 50 }).toMatch(wanted);
  return lines.join('\n');
}

test('explain shows the query with its parameters, an estimate, and leaves no run behind', async () => {
  const before = (await running.product.state.query<{ count: number }>('SELECT count(*)::int AS count FROM executions'))[0]?.count;
  const said = await explained('partner-cards', '--set', 'partner=12', '--set', 'issued=2026-10-01..2026-10-31', '--set', "cities=Москва'; DROP TABLE cards --");
  expect(said).toContain('-- step cards on warehouse');
  expect(said).toContain('partner_id = {f_partner:Int64}');
  expect(said).toContain('f_partner: integer = "12"');
  expect(said).toContain('until_issued: date = "2026-11-01"');
  expect(said.split('Parameters:')[0]).not.toContain('DROP TABLE');
  expect(said).toMatch(/Rows to read, about: [\d,]+/);
  expect(said).toContain('Nothing was run.');
  expect((await running.product.state.query<{ count: number }>('SELECT count(*)::int AS count FROM executions'))[0]?.count).toBe(before);
});

test('steps stand in the order in which they are run, and read each other by name', async () => {
  await save('two-steps', '', '-- step last on workbench\nSELECT count() AS cards FROM steps.all_cards\n-- step all_cards on warehouse\nSELECT card_number FROM cards\n');
  await expect.poll(() => running.product.catalog.task('two-steps')?.id, { timeout: 10_000 }).toBe('two-steps');
  const said = await explained('two-steps');
  expect(said.indexOf('-- step all_cards')).toBeLessThan(said.indexOf('-- step last on workbench (reads all_cards)'));
  expect(said).toContain('FROM steps.all_cards');
  expect(said).toContain('No estimate.');
});

test('explain names values that do not fit and fields that are missing', async () => {
  await expect(started(explain, ['partner-cards', '--set', 'issued=never']).ended).rejects.toMatchObject({ code: 'invalid_values' });
  await expect(started(explain, ['partner-cards', '--set', 'issued=lastMonth']).ended).rejects.toMatchObject({ fields: { partner: expect.anything() as unknown } });
});

test('watch shows the first rows after every save, faults with their place, and stops when asked', async () => {
  await save('watched', '', '-- step rows on warehouse\nSELECT number AS first_number, \'x\' AS letter FROM numbers(100) ORDER BY 1\n');
  await expect.poll(() => running.product.catalog.task('watched')?.id, { timeout: 10_000 }).toBe('watched');
  const { lines, stop, ended } = started(run, ['watched', '--watch']);
  const first = await until(lines, /100 rows, /);
  expect(first).toMatch(/first_number {2}letter/);
  expect(first.split('\n').filter((line) => /^ +\d+ {2}x$/.test(line))).toHaveLength(20);
  lines.length = 0;
  await save('watched', '', '-- step rows on warehouse\nSELECT {{missing}} AS one\n');
  expect(await until(lines, /missing/)).toMatch(/tasks\/watched\.sql:\d+:8/);
  lines.length = 0;
  await save('watched', '', '-- step rows on warehouse\nSELECT\n  city,\n  sity\nFROM cards\n');
  expect(await until(lines, /sity/)).toMatch(/tasks\/watched\.sql:\d+:\d+/);
  lines.length = 0;
  await save('watched', '', '-- step rows on warehouse\nSELECT 1 AS one\n');
  await until(lines, /1 rows, /);
  stop.abort();
  expect(await ended).toBe(0);
}, 60_000);

test('a task whose file has had faults from its first line on can be watched until it is good', async () => {
  await writeFile(join(running.catalog, 'tasks', 'young.sql'), '/*\ntitle: { ru: Ой }\n*/\n-- step one on warehouse\nSELECT 1 AS one\n');
  await expect.poll(() => running.product.catalog.faults().some(({ file }) => file === 'tasks/young.sql'), { timeout: 10_000 }).toBe(true);
  const { lines, stop, ended } = started(run, ['young', '--watch']);
  await until(lines, /nothing was run/);
  await save('young', '', '-- step one on warehouse\nSELECT 1 AS one\n');
  await until(lines, /1 rows, /);
  stop.abort();
  expect(await ended).toBe(0);
}, 60_000);
