import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LoadShape, StoredTable } from '../../backend/workbench/workbench.ts';
import { Problem } from '../../shared/problem.ts';
import { context, scratchEngine, textOf, type ScratchEngine } from './scratch-engine.ts';

let scratch: ScratchEngine;
beforeAll(async () => {
  scratch = await scratchEngine('Europe/Moscow');
});
afterAll(() => scratch.close());

const lines = (rows: unknown[][]): Readable => Readable.from(rows.map((row) => `${JSON.stringify(row)}\n`));
const shape = (columns: Record<string, string>, more: Partial<LoadShape> = {}): LoadShape => ({
  format: 'JSONCompactEachRow',
  columns: Object.entries(columns).map(([name, engineType]) => ({ name, engineType })),
  ...more,
});
const rowsOf = async (table: StoredTable): Promise<unknown[]> =>
  (await textOf(await scratch.workbench.stream(table, { format: 'JSONCompactEachRow' }, new AbortController().signal)))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);

test('rows from elsewhere keep their order, wide integers and awkward names', async () => {
  const columns = { id: 'UInt64', "it's": 'Nullable(String)', 'FROM input(': 'DateTime' };
  const rows = Array.from({ length: 200_000 }, (_, at) => [String(18_446_744_073_709_551_615n - BigInt(at)), at % 3 === 0 ? null : `it's "${at}" \\`, '2026-11-22 10:00:00']);
  const table = await scratch.workbench.load(lines(rows), shape(columns), 'ordered', context());
  expect(table.rows).toBe(200_000);
  const stored = await rowsOf(table);
  expect(stored.slice(0, 3)).toEqual(rows.slice(0, 3));
  expect(stored.at(-1)).toEqual(rows.at(-1));
});

test('an author\'s casts turn text into the type that later steps join by', async () => {
  const table = await scratch.workbench.load(lines([['007', '12.5'], ['8', '3']]), shape({ id: 'String', sum: 'String' }, { casts: { id: 'integer', sum: 'decimal' } }), 'typed', context());
  expect(table.columns).toEqual([{ name: 'id', engineType: 'Int64' }, { name: 'sum', engineType: 'Decimal(38, 12)' }]);
  expect(await rowsOf(table)).toEqual([['7', '12.5'], ['8', '3']]);
});

test.each(['String', 'Nullable(String)'])('a day that does not exist, or is before 1900, is an error and never another day: %s', async (type) => {
  for (const [at, day] of ['2026-02-30', '1850-01-01', '01.02.2026'].entries())
    await expect(scratch.workbench.load(lines([['2026-03-01'], [day]]), shape({ day: type }, { casts: { day: 'date' } }), `days-${at}`, context())).rejects.toMatchObject({ message: expect.stringContaining('(day: date)') as string });
  const table = await scratch.workbench.load(lines([['2026-02-28'], ['2024-02-29']]), shape({ day: type }, { casts: { day: 'date' } }), `days-${type.length}`, context());
  expect(await rowsOf(table)).toEqual([['2026-02-28'], ['2024-02-29']]);
});

test('a whole number that its type cannot hold is an error that names the casts, never another number', async () => {
  const words = { code: 'query_failed', message: expect.stringContaining('(n: integer)') as string };
  for (const [at, sql] of ['SELECT toUInt64(18446744073709551615) AS n', 'SELECT 1.7 AS n', "SELECT '12x' AS n"].entries())
    await expect(scratch.workbench.store({ sql, parameters: {}, casts: { n: 'integer' } }, { database: '', databases: [] }, `exact-${at}`, context())).rejects.toMatchObject(words);
  for (const [at, [type, value]] of ([['UInt64', '18446744073709551615'], ['Float64', 1.7], ['Nullable(String)', 'x']] as const).entries())
    await expect(scratch.workbench.load(lines([[value, 1]]), shape({ n: type, other: 'Int8' }, { casts: { n: 'integer' } }), `poured-${at}`, context())).rejects.toMatchObject(words);
  const plain = await scratch.workbench.store({ sql: "SELECT arrayJoin(['3', '1', NULL, '9223372036854775807']) AS n, 'x' AS other", parameters: {}, casts: { n: 'integer' } }, { database: '', databases: [] }, 'exact-plain', context());
  expect(plain.columns[0]).toEqual({ name: 'n', engineType: 'Nullable(Int64)' });
  expect(await rowsOf(plain)).toEqual([['3', 'x'], ['1', 'x'], [null, 'x'], ['9223372036854775807', 'x']]);
});

test('text that cannot be read as its type is an error, not an empty value', async () => {
  for (const [at, cast] of (['integer', 'decimal', 'date', 'datetime', 'boolean'] as const).entries())
    await expect(scratch.workbench.load(lines([['x']]), shape({ v: 'Nullable(String)' }, { casts: { v: cast } }), `text-${at}`, context())).rejects.toMatchObject({ message: expect.stringContaining(`(v: ${cast})`) as string });
  const casts = { i: 'integer', d: 'decimal', day: 'date', at: 'datetime', is: 'boolean' } as const;
  const columns = Object.fromEntries(Object.keys(casts).map((name) => [name, 'Nullable(String)']));
  const table = await scratch.workbench.load(lines([['-7', '1.5', '2026-03-01', '2026-03-01 10:00:00', 'true'], [null, null, null, null, null], ['', '', '', '', '']]), shape(columns, { casts }), 'text-read', context());
  const empty = [null, null, null, null, null];
  expect(await rowsOf(table)).toEqual([['-7', '1.5', '2026-03-01', '2026-03-01 10:00:00.000', true], empty, empty]);
});

test('equal names are numbered and told', async () => {
  const table = await scratch.workbench.load(lines([[1, 2]]), { format: 'JSONCompactEachRow', columns: [{ name: 'a', engineType: 'Int64' }, { name: 'a', engineType: 'Int64' }] }, 'equal', context());
  expect(table.columns.map(({ name }) => name)).toEqual(['a', 'a_2']);
  expect(table.notices).toHaveLength(1);
});

test('rows that break off in the middle leave no table', async () => {
  const broken = Readable.from(
    (async function* () {
      for (let at = 0; at < 1_000; at += 1) yield `[${at}]\n`;
      await Promise.resolve();
      throw new Problem('interrupted', { ru: 'Связь прервалась.', en: 'The connection broke.' });
    })(),
  );
  await expect(scratch.workbench.load(broken, shape({ a: 'Int64' }), 'broken', context())).rejects.toMatchObject({ message: 'The connection broke.' });
  expect(await scratch.workbench.storedTableIds()).not.toContain('broken');
});

test('rows that fail before they are read leave no table, and nothing is thrown aside', async () => {
  const rows = new Readable({ read: () => undefined });
  const loading = scratch.workbench.load(rows, shape({ a: 'Int64' }), 'early', context());
  rows.destroy(new Problem('interrupted', { ru: 'Связь прервалась.', en: 'The connection broke.' }));
  await expect(loading).rejects.toMatchObject({ message: 'The connection broke.' });
  expect(await scratch.workbench.storedTableIds()).not.toContain('early');
});

test('a value that is not of its column\'s type fails whole', async () => {
  await expect(scratch.workbench.load(lines([[1], ['x']]), shape({ a: 'Int64' }), 'wrong', context())).rejects.toMatchObject({ code: 'query_failed' });
  expect(await scratch.workbench.storedTableIds()).not.toContain('wrong');
});

test('one row over the limit is refused, not cut; no columns at all too', async () => {
  await expect(scratch.workbench.load(lines([[1], [2], [3]]), shape({ a: 'Int64' }), 'many', context({ rows: 2 }))).rejects.toMatchObject({ code: 'row_limit' });
  await expect(scratch.workbench.load(lines([]), shape({}), 'none', context())).rejects.toMatchObject({ code: 'query_failed' });
});

test('stopping destroys the rows and leaves nothing', async () => {
  const stop = new AbortController();
  const endless = Readable.from(
    (async function* () {
      for (let at = 0; ; at += 1) {
        if (at % 1_000 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
        yield `[${at}]\n`;
      }
    })(),
  );
  const work = scratch.workbench.load(endless, shape({ a: 'Int64' }), 'stopped', context({ signal: stop.signal }));
  setTimeout(() => stop.abort(), 200);
  await expect(work).rejects.toMatchObject({ code: 'interrupted' });
  expect(endless.destroyed).toBe(true);
  expect(await scratch.workbench.storedTableIds()).not.toContain('stopped');
});
