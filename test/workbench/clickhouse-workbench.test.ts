import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BoundValue } from '../../shared/fields/field-kind.ts';
import { openWorkbench } from '../../backend/workbench/clickhouse-workbench.ts';
import type { StoredTable, StreamOptions } from '../../backend/workbench/workbench.ts';
import { context, scratchEngine, textOf, wallet, type ScratchEngine } from './scratch-engine.ts';

let scratch: ScratchEngine;
const never = new AbortController().signal;

beforeAll(async () => {
  scratch = await scratchEngine('Europe/Moscow');
  await scratch.workbench.command('CREATE DATABASE wallet');
  await scratch.workbench.command('CREATE TABLE wallet.cards (number UInt64, city LowCardinality(String)) ENGINE = MergeTree ORDER BY number');
  await scratch.workbench.command("INSERT INTO wallet.cards SELECT number, concat('city', toString(number % 7)) FROM numbers(200000)");
  await scratch.workbench.command('CREATE TABLE wallet.many (number UInt64) ENGINE = MergeTree ORDER BY number');
  await scratch.workbench.command('INSERT INTO wallet.many SELECT number FROM numbers(1000000)');
});
afterAll(() => scratch.close());

let stored = 0;
function store(sql: string, parameters: Record<string, BoundValue> = {}, changes: Parameters<typeof context>[0] = {}): Promise<StoredTable> {
  stored += 1;
  return scratch.workbench.store({ sql, parameters }, wallet, `r${stored}`, context(changes));
}
async function lines(table: StoredTable, options: Partial<StreamOptions> = {}): Promise<unknown[][]> {
  const text = await textOf(await scratch.workbench.stream(table, { format: 'JSONCompactEachRow', ...options }, never));
  return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as unknown[]);
}
async function leftovers(): Promise<unknown[][]> {
  const { rows } = await scratch.workbench.select({ sql: 'SELECT 1', parameters: {} }, wallet, context());
  expect(rows).toEqual([[1]]);
  return (await scratch.workbench.storedTableIds()).sort().map((id) => [id]);
}

/** One value of each kind that texts, floats or zones would damage. */
const hardValues = `SELECT
  toUInt64(18446744073709551615) AS wide, toInt64(-9223372036854775808) AS low, toInt128('-170141183460469231731687303715884105728') AS huge,
  toDecimal128('1234567890123456789012345678.0123456789', 10) AS money,
  toDateTime64('2026-10-25 00:30:00.123456', 6, 'UTC')::DateTime64(6, 'Europe/Berlin') AS first_two_thirty,
  toDateTime64('2026-10-25 01:30:00.123456', 6, 'UTC')::DateTime64(6, 'Europe/Berlin') AS second_two_thirty,
  CAST(NULL, 'Nullable(Int32)') AS nothing, CAST('x', 'LowCardinality(Nullable(String))') AS low_cardinality, CAST('b', 'Enum8(\\'a\\' = 1, \\'b\\' = 2)') AS kind,
  [CAST(NULL, 'Nullable(UInt64)'), 18446744073709551615] AS list, ('a', 1.5) AS pair, map('k', [1, 2]) AS dictionary,
  concat('nul', char(0), 'quote'' double" back\\\\slash', char(10), 'tab', char(9), 'emoji 😀', char(13)) AS text,
  toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') AS id, toIPv6('::1') AS address, inf AS infinite, nan AS undefined, toDate32('1925-01-01') AS old, true AS flag, toFixedString('ab', 3) AS fixed`;

describe('a stored table', () => {
  test('is described, counted and read back', async () => {
    const table = await store('SELECT number, city FROM cards WHERE number < {n:Int64} ORDER BY number', { n: { scalar: 'integer', value: '3' } });
    expect(table).toMatchObject({ rows: 3, columns: [{ name: 'number', engineType: 'UInt64' }, { name: 'city', engineType: 'LowCardinality(String)' }], notices: [] });
    expect(await lines(table)).toEqual([['0', 'city0'], ['1', 'city1'], ['2', 'city2']]);
  });

  test('keeps the order of its query, and pages of it equal one read', async () => {
    const table = await store('SELECT cityHash64(number) AS h, number FROM cards ORDER BY h DESC, number');
    const whole = await textOf(await scratch.workbench.stream(table, { format: 'CSV' }, never));
    const pages: string[] = [];
    for (let offset = 0; offset < table.rows; offset += 37_000) pages.push(await textOf(await scratch.workbench.stream(table, { format: 'CSV', offset, limit: 37_000 }, never)));
    expect(pages.join('') === whole).toBe(true);
    const hashes = whole.trimEnd().split('\n').map((line) => BigInt(line.split(',')[0]!.replaceAll('"', '')));
    expect(hashes.length).toBe(200_000);
    expect(hashes.every((hash, at) => at === 0 || hash <= hashes[at - 1]!)).toBe(true);
  });

  test('numbers every row once, also when the query has no order', async () => {
    const table = await store('SELECT number FROM cards UNION ALL SELECT number FROM numbers_mt(3000000)', {}, { rows: 5_000_000 });
    const rows = await lines(table, { offset: 3_199_999, limit: 10 });
    expect(table.rows).toBe(3_200_000);
    expect(rows.length).toBe(1);
  });

  test('may have no rows, and may have one column', async () => {
    const table = await store('SELECT city FROM cards WHERE 0');
    expect(table.rows).toBe(0);
    expect(await lines(table)).toEqual([]);
    expect(await textOf(await scratch.workbench.stream(table, { format: 'CSVWithNames' }, never))).toBe('"city"\n');
    expect(await scratch.workbench.measure(table)).toMatchObject({ bytes: 0, longIntegers: [] });
  });

  test('numbers equal names with a notice in both languages', async () => {
    const table = await store('SELECT city, city, a.number, b.number FROM cards AS a JOIN cards AS b ON a.number = b.number LIMIT 1');
    expect(table.columns.map(({ name }) => name)).toEqual(['city', 'city_2', 'number', 'b.number']);
    expect(table.notices).toHaveLength(1);
    expect(table.notices[0]).toMatchObject({ ru: expect.stringContaining('city_2') as unknown, en: expect.stringContaining('city_2') as unknown });
    expect((await lines(table))[0]).toHaveLength(4);
  });

  test('keeps an own column named like the hidden one under another name', async () => {
    const table = await store('SELECT 7 AS _row, 8 AS x');
    expect(table.columns.map(({ name }) => name)).toEqual(['_row_2', 'x']);
    expect(await lines(table)).toEqual([[7, 8]]);
  });

  test('keeps a bare NULL and an empty list as text with a notice', async () => {
    const table = await store('SELECT NULL AS nothing, [] AS list, [NULL] AS nulls');
    expect(table.columns.map(({ engineType }) => engineType)).toEqual(['Nullable(String)', 'Array(Nullable(String))', 'Array(Nullable(String))']);
    expect(table.notices).toHaveLength(3);
    expect(await lines(table)).toEqual([[null, [], [null]]]);
  });

  test.each([['an aggregation state', 'SELECT sumState(number) AS s FROM cards'], ['an interval', 'SELECT INTERVAL 1 DAY AS i']])('refuses %s in words', async (_name, sql) => {
    const before = await leftovers();
    await expect(store(sql)).rejects.toMatchObject({ code: 'query_failed', text: { ru: expect.stringContaining('нельзя сохранить') as unknown } });
    expect(await leftovers()).toEqual(before);
  });

  test('has odd column names as they are', async () => {
    const table = await store("SELECT 1 AS `a b`, 2 AS `it's \"x\"`, 3 AS `Номер карты`, 4 AS `a.b`, count() FROM cards");
    expect(table.columns.map(({ name }) => name)).toEqual(['a b', 'it\'s "x"', 'Номер карты', 'a.b', 'count()']);
    expect(await lines(table)).toEqual([[1, 2, 3, 4, '200000']]);
    expect(Object.keys((await scratch.workbench.measure(table)).fingerprints)).toHaveLength(5);
  });

  test('is read by a later step without its hidden order', async () => {
    const first = await store('SELECT number FROM cards ORDER BY number DESC LIMIT 5');
    const reference = scratch.workbench.tableReference(first);
    const scope = { database: '', databases: [], tables: [first] };
    const second = await scratch.workbench.store({ sql: `SELECT * FROM ${reference} WHERE number IN ${reference} ORDER BY number`, parameters: {} }, scope, 'second', context());
    expect(second.columns.map(({ name }) => name)).toEqual(['number']);
    expect(second.rows).toBe(5);
  });

  test('is read through expressions that do not see each other', async () => {
    const table = await store("SELECT number + 1 AS a, ['x', 'y'][number + 1] AS b FROM numbers(2) ORDER BY a");
    const select = [{ expression: 'toString(a * 10)', name: 'b' }, { expression: 'b', name: 'a' }, { expression: 'a + 1', name: 'a' }];
    expect(await lines(table, { select })).toEqual([['10', 'x', '2'], ['20', 'y', '3']]);
    const replace = [{ expression: 'b', name: 'a' }, { expression: 'toString(a)', name: 'b' }];
    expect(await lines(table, { replace })).toEqual([['x', '1'], ['y', '2']]);
    expect(await textOf(await scratch.workbench.stream(table, { format: 'CSVWithNames', select }, never))).toBe('"b","a","a"\n"10","x",2\n"20","y",3\n');
    expect(await lines(table, { replace, select: [{ expression: 'upper(a)', name: 'n' }] })).toEqual([['X'], ['Y']]);
  });

  test('is written as CSV by the engine’s own settings', async () => {
    const table = await store("SELECT 'a;b' AS x, 1.5 AS y, CAST(NULL, 'Nullable(String)') AS z");
    const settings = { format_csv_delimiter: ';', format_csv_null_representation: '', output_format_csv_crlf_end_of_line: 1 };
    expect(await textOf(await scratch.workbench.stream(table, { format: 'CSVWithNames', settings }, never))).toBe('"x";"y";"z"\r\n"a;b";1.5;\r\n');
  });

  test('a setting that is not on the engine’s list is refused', async () => {
    const table = await store('SELECT 1');
    await expect(lines(table, { settings: { log_comment: "x\\'; DROP TABLE wallet.cards" } })).rejects.toMatchObject({ code: 'query_failed' });
    await expect(lines(table, { settings: { format_csv_delimiter: "'" } })).rejects.toMatchObject({ code: 'query_failed' });
  });
});

describe('values stay exact', () => {
  const expected = [
    '18446744073709551615', '-9223372036854775808', '-170141183460469231731687303715884105728', '1234567890123456789012345678.0123456789',
    '2026-10-25 02:30:00.123456', '2026-10-25 02:30:00.123456', null, 'x', 'b', [null, '18446744073709551615'], ['a', 1.5], { k: [1, 2] },
    'nul\0quote\' double" back\\slash\ntab\temoji 😀\r', '61f0c404-5cb3-11e7-907b-a6006ad3dba0', '::1', 'inf', 'nan', '1925-01-01', true, 'ab\0',
  ];
  const instants = [{ expression: 'toUnixTimestamp64Milli(first_two_thirty)', name: 'a' }, { expression: 'toUnixTimestamp64Milli(second_two_thirty)', name: 'b' }];
  const berlin = [String(Date.UTC(2026, 9, 25, 0, 30, 0, 123)), String(Date.UTC(2026, 9, 25, 1, 30, 0, 123))];

  test('in a table of their own', async () => {
    const table = await store(hardValues);
    expect(await lines(table)).toEqual([expected]);
    expect(await lines(table, { select: instants })).toEqual([berlin]);
  });

  test('after moving to the shared table, both passes of the repeated hour included', async () => {
    const table = await store(hardValues);
    const before = await scratch.workbench.measure(table);
    const csv = await textOf(await scratch.workbench.stream(table, { format: 'CSVWithNames' }, never));
    await scratch.workbench.settle([table]);
    expect(await lines(table)).toEqual([expected]);
    expect(await lines(table, { select: instants })).toEqual([berlin]);
    expect(await scratch.workbench.measure(table)).toEqual(before);
    expect(await textOf(await scratch.workbench.stream(table, { format: 'CSVWithNames' }, never))).toBe(csv);
  });

  test('as values of fields', async () => {
    const parameters: Record<string, BoundValue> = {
      s: { scalar: 'string', value: "a'b\\n\n\t\r\0 \\' {x:String} 😀 -- /* ;" },
      i: { scalar: 'integer', value: '-9223372036854775808' },
      d: { scalar: 'decimal', value: '12345678901234567890.123456789012345678' },
      b: { scalar: 'boolean', value: false },
      day: { scalar: 'date', value: '1931-05-06' },
      t: { scalar: 'instant', value: '2026-03-01T21:00:00.123Z' },
      ss: { scalar: 'string', value: ["it's", 'a\\b', 'c\td', '', '😀'] },
      ii: { scalar: 'integer', value: ['9223372036854775807', '-1'] },
      dd: { scalar: 'decimal', value: ['1.5', '-0.25'] },
      tt: { scalar: 'instant', value: ['2026-03-01T21:00:00Z'] },
      dates: { scalar: 'date', value: ['2026-03-01'] },
    };
    const sql = `SELECT ${Object.entries(parameters).map(([name, value]) => scratch.workbench.placeholder(name, value)).join(', ')}`;
    const { rows } = await scratch.workbench.select({ sql, parameters }, wallet, context());
    expect(rows).toEqual([[
      parameters.s!.value, '-9223372036854775808', '12345678901234567890.123456789012345678', false, '1931-05-06', '2026-03-01 21:00:00.123',
      parameters.ss!.value, ['9223372036854775807', '-1'], ['1.5', '-0.25'], ['2026-03-01 21:00:00.000'], ['2026-03-01'],
    ]]);
  });

  test('a value of 300,000 letters arrives whole; ten million are refused', async () => {
    const ask = (value: string) => scratch.workbench.select({ sql: 'SELECT lengthUTF8({s:String}), {s:String}', parameters: { s: { scalar: 'string', value } } }, wallet, context());
    const long = 'ё\\\''.repeat(100_000);
    expect((await ask(long)).rows).toEqual([['300000', long]]);
    await expect(ask('x'.repeat(10_000_000))).rejects.toMatchObject({ code: 'too_large' });
  });

  test.each<[string, BoundValue]>([
    ['a number with letters', { scalar: 'integer', value: '1 OR 1=1' }],
    ['a date that is not one', { scalar: 'date', value: "2026-01-01'" }],
    ['a list of numbers with a bracket', { scalar: 'integer', value: ['1', '2] OR [1'] }],
    ['a decimal with an exponent', { scalar: 'decimal', value: '1e300' }],
  ])('%s is refused before the engine sees it', async (_name, value) => {
    const sql = `SELECT ${scratch.workbench.placeholder('v', value)}`;
    await expect(scratch.workbench.select({ sql, parameters: { v: value } }, wallet, context())).rejects.toMatchObject({ code: 'invalid_values' });
  });

  test('times without a zone are in the company’s', async () => {
    const { columns, rows } = await scratch.workbench.select({ sql: "SELECT toDateTime('2026-03-01 00:30:00') AS t, toUnixTimestamp(t), toDateTime(0)", parameters: {} }, wallet, context());
    expect(columns[0]).toEqual({ name: 't', engineType: 'DateTime' });
    expect(rows).toEqual([['2026-03-01 00:30:00', Date.UTC(2026, 1, 28, 21, 30) / 1000, '1970-01-01 03:00:00']]);
  });
});

describe('long lists', () => {
  const ids = Array.from({ length: 100_000 }, (_, at) => String(at * 2));

  test('of 100,000 work after IN and NOT IN, and leave nothing behind', async () => {
    const before = await leftovers();
    const parameters: Record<string, BoundValue> = { ids: { scalar: 'integer', value: ids }, cities: { scalar: 'string', value: ['city1', ...ids] } };
    const placeholders = (name: 'ids' | 'cities') => scratch.workbench.placeholder(name, parameters[name]!);
    const sql = `SELECT countIf(number IN ${placeholders('ids')}), countIf(number NOT IN (${placeholders('ids')})), countIf(city IN ${placeholders('cities')}) FROM cards`;
    const { rows } = await scratch.workbench.select({ sql, parameters }, wallet, context());
    expect(rows).toEqual([['100000', '100000', '28572']]);
    const table = await store(sql, parameters);
    expect(await lines(table)).toEqual(rows);
    expect(await leftovers()).toEqual([...before, [table.id]].sort());
    expect(await scratchTables()).not.toContain('list_');
  });

  test('hold odd entries as they are', async () => {
    const odd = ["it's", 'back\\slash', 'tab\t', 'line\nend', 'nul\0', '😀', '\\N', ''];
    const value: BoundValue = { scalar: 'string', value: [...odd, ...ids] };
    const found = await scratch.workbench.select({ sql: `SELECT countIf(x IN ${scratch.workbench.placeholder('v', value)}) FROM (SELECT arrayJoin({odd:Array(String)}) AS x)`, parameters: { v: value, odd: { scalar: 'string', value: odd } } }, wallet, context());
    expect(found.rows).toEqual([[String(odd.length)]]);
  });

  test('are gone after a query that fails', async () => {
    const value: BoundValue = { scalar: 'integer', value: ids };
    await expect(store(`SELECT throwIf(number = 5) FROM cards WHERE number + 1 IN ${scratch.workbench.placeholder('v', value)} OR 1`, { v: value })).rejects.toMatchObject({ code: 'query_failed' });
    await expect(store(`SELECT 1 WHERE 1 IN ${scratch.workbench.placeholder('v', value)}`, { v: { ...value, value: [...ids, 'x'] } })).rejects.toMatchObject({ code: 'invalid_values' });
    expect(await scratchTables()).not.toContain('list_');
  });
});

async function scratchTables(): Promise<string> {
  const endpoint = await scratch.engine.endpoint();
  const response = await fetch(`${endpoint.url}/?query=${encodeURIComponent("SELECT name FROM system.tables WHERE database = 'tasksheet'")}`, { headers: { 'X-ClickHouse-Key': endpoint.password } });
  return response.text();
}

describe('limits and failures', () => {
  test('one row too many is refused, never cut', async () => {
    const before = await leftovers();
    await expect(store('SELECT number FROM cards', {}, { rows: 199_999 })).rejects.toMatchObject({ code: 'row_limit' });
    await expect(scratch.workbench.select({ sql: 'SELECT number FROM cards', parameters: {} }, wallet, context({ rows: 10 }))).rejects.toMatchObject({ code: 'row_limit' });
    expect((await store('SELECT number FROM cards', {}, { rows: 200_000 })).rows).toBe(200_000);
    expect(await leftovers()).toHaveLength(before.length + 1);
  });

  test('endless rows stop at the limit', async () => {
    await expect(store('SELECT number FROM numbers(1000000000000)', {}, { rows: 100_000 })).rejects.toMatchObject({ code: 'row_limit' });
  });

  test('too long is time_limit, too much memory is memory_limit, and nothing stays', async () => {
    const before = await leftovers();
    await expect(store('SELECT sum(sipHash64(number)) FROM numbers(100000000000)', {}, { timeSeconds: 1 })).rejects.toMatchObject({ code: 'time_limit' });
    await expect(store('SELECT groupArray(number) FROM numbers(100000000)', {}, { memoryBytes: 50_000_000 })).rejects.toMatchObject({ code: 'memory_limit' });
    await expect(scratch.workbench.select({ sql: 'SELECT (SELECT sum(sipHash64(number)) FROM numbers(100000000000))', parameters: {} }, wallet, context({ timeSeconds: 1 }))).rejects.toMatchObject({ code: 'time_limit' });
    expect(await leftovers()).toEqual(before);
  });

  test('a failure after many rows leaves nothing', async () => {
    const before = await leftovers();
    await expect(store('SELECT number, throwIf(number = 2900000) FROM numbers(3000000)', {}, { rows: 3_000_000 })).rejects.toMatchObject({ code: 'query_failed' });
    expect(await leftovers()).toEqual(before);
  });

  test('wrong SQL is told in the engine’s words, without our wrapping', async () => {
    await expect(store('SELECT nobody FROM cards')).rejects.toMatchObject({ code: 'query_failed', message: expect.stringContaining('nobody') as unknown });
    await expect(store('SELEKT 1 FRON x')).rejects.toMatchObject({ message: expect.not.stringContaining('formatQuerySingleLine') as unknown });
    await expect(scratch.workbench.describe({ sql: 'SELECT a FROM nobody', parameters: {} }, wallet)).rejects.toMatchObject({ code: 'query_failed' });
  });

  test('a signal stops the engine within a second, also inside a scalar subquery', async () => {
    for (const sql of ['SELECT sum(sipHash64(number)) FROM numbers(100000000000)', 'SELECT (SELECT sum(sipHash64(number)) FROM numbers(100000000000)) AS x']) {
      const before = await leftovers();
      const stop = new AbortController();
      const work = store(sql, {}, { signal: stop.signal });
      work.catch(() => undefined);
      await expect.poll(() => runningQueries()).toBeGreaterThan(0);
      const asked = performance.now();
      stop.abort();
      await expect(work).rejects.toMatchObject({ code: 'interrupted' });
      expect(performance.now() - asked).toBeLessThan(1_000);
      await expect.poll(() => runningQueries()).toBe(0);
      expect(await leftovers()).toEqual(before);
    }
  });

  test.each([
    ['a join of every row with every row', 'SELECT a.number, b.number AS other, a.city FROM cards AS a CROSS JOIN numbers(10000) AS b ORDER BY other, city'],
    ['rows that a list multiplies', 'SELECT number, arrayJoin(range(2000)) AS x FROM many ORDER BY x'],
  ])('a signal stops the engine soon, also in %s', async (_name, sql) => {
    const stop = new AbortController();
    const queryId = `soon-${stored}`;
    const work = store(sql, {}, { signal: stop.signal, queryId });
    work.catch(() => undefined);
    await expect.poll(() => queryRunning(queryId), { timeout: 5_000 }).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const asked = performance.now();
    stop.abort();
    await expect(work).rejects.toMatchObject({ code: 'interrupted', cause: { message: expect.stringContaining('cancelled') as unknown } });
    expect(performance.now() - asked).toBeLessThan(1_000);
  });

  test('a signal that is there from the start runs nothing', async () => {
    await expect(store('SELECT 1', {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'interrupted' });
  });

  test('a stream of a server’s rows that its reader leaves stops in the engine', async () => {
    const direct = await openWorkbench({ endpoint: () => scratch.engine.endpoint(), embedded: true });
    const table = await store('SELECT number FROM numbers(3000000)', {}, { rows: 3_000_000 });
    const stream = await direct.stream(table, { format: 'CSV', select: [{ expression: "concat(repeat('x', 500), toString(length(range(2000))))", name: 'x' }] }, never);
    stream.once('data', () => stream.destroy());
    await new Promise((resolve) => stream.once('close', resolve));
    await expect.poll(() => runningQueries()).toBe(0);
    await direct.close();
  });

  test('progress is told while a query runs', async () => {
    const seen: number[] = [];
    await store('SELECT sum(sipHash64(number)) FROM numbers(100000000)', {}, { progress: ({ readRows, totalRows }) => seen.push(readRows, totalRows) });
    expect(seen.length).toBeGreaterThan(0);
    expect(seen[0]).toBeGreaterThan(0);
    expect(seen[1]).toBe(100_000_000);
  });

  test('a table id or query id that is not one is refused', async () => {
    await expect(scratch.workbench.store({ sql: 'SELECT 1', parameters: {} }, wallet, 'x`; DROP TABLE wallet.cards', context())).rejects.toThrow();
    await expect(store('SELECT 1', {}, { queryId: "x' OR 1=1" })).rejects.toThrow();
  });
});

async function queryRunning(queryId: string): Promise<boolean> {
  const endpoint = await scratch.engine.endpoint();
  const response = await fetch(`${endpoint.url}/?query=${encodeURIComponent(`SELECT count() FROM system.processes WHERE query_id = '${queryId}'`)}`, { headers: { 'X-ClickHouse-Key': endpoint.password } });
  return (await response.text()) === '1\n';
}

async function runningQueries(): Promise<number> {
  const endpoint = await scratch.engine.endpoint();
  const response = await fetch(`${endpoint.url}/?query=${encodeURIComponent("SELECT count() FROM system.processes WHERE query LIKE '%range(2000)%' OR query LIKE '%sipHash64(number)%' AND query NOT LIKE '%system.processes%'")}`, { headers: { 'X-ClickHouse-Key': endpoint.password } });
  return Number(await response.text()) - 1;
}

describe('measures', () => {
  test('see values, order and long integers', async () => {
    const measure = async (sql: string) => scratch.workbench.measure(await store(sql));
    const one = await measure("SELECT number AS n, toString(number) AS s, CAST(NULL, 'Nullable(Int64)') AS z FROM numbers(1000) ORDER BY n");
    const same = await measure("SELECT number AS n, toString(number) AS s, CAST(NULL, 'Nullable(Int64)') AS z FROM numbers(1000) ORDER BY n");
    const turned = await measure("SELECT number AS n, toString(number) AS s, CAST(NULL, 'Nullable(Int64)') AS z FROM numbers(1000) ORDER BY n DESC");
    expect(same).toEqual(one);
    expect(turned.fingerprints.n).not.toBe(one.fingerprints.n);
    expect(Object.values(one.fingerprints).every((hash) => /^[0-9a-f]{16}$/.test(hash))).toBe(true);
    const long = await measure('SELECT toInt64(1000000000000000) AS a, toInt64(-1000000000000000) AS b, toInt64(999999999999999) AS c, toNullable(toUInt64(9999999999999999999)) AS d, CAST(NULL, \'Nullable(Int64)\') AS e');
    expect(long.longIntegers).toEqual(['a', 'b', 'd']);
  });

  test('a NULL and an empty text differ, and so do NULLs in other places', async () => {
    const hash = async (sql: string) => (await scratch.workbench.measure(await store(sql))).fingerprints.x;
    const values = await Promise.all(["SELECT CAST(NULL, 'Nullable(String)') AS x", "SELECT CAST('', 'Nullable(String)') AS x"].map(hash));
    expect(values[0]).not.toBe(values[1]);
    const places = ["SELECT arrayJoin([NULL, 'a']) AS x", "SELECT arrayJoin(['a', NULL]) AS x"];
    expect(await hash(places[0]!)).not.toBe(await hash(places[1]!));
  });

  test('bytes are about the size of the rows as JSON', async () => {
    const table = await store('SELECT number, city FROM cards ORDER BY number');
    const text = await textOf(await scratch.workbench.stream(table, { format: 'JSONCompactEachRow' }, never));
    const { bytes } = await scratch.workbench.measure(table);
    expect(bytes / text.length).toBeGreaterThan(0.7);
    expect(bytes / text.length).toBeLessThan(1.3);
  });
});

describe('shared tables and clean-up', () => {
  test('small tables of the same types share one, larger stay on their own', async () => {
    const small = await Promise.all([1, 2, 3].map((n) => store(`SELECT ${n} AS a, 'x' AS b`)));
    const large = await store('SELECT number FROM cards');
    await scratch.workbench.settle([...small, large]);
    await scratch.workbench.settle(small);
    for (const [at, table] of small.entries()) expect(await lines(table)).toEqual([[at + 1, 'x']]);
    expect(await lines(large, { offset: 199_999 })).toHaveLength(1);
    const tables = await scratchTables();
    for (const { id } of small) expect(tables).not.toContain(`t_${id}\n`);
    expect(tables).toContain(`t_${large.id}`);
    expect(await scratch.workbench.storedTableIds()).toEqual(expect.arrayContaining([...small, large].map(({ id }) => id)));
  });

  test('another backend, or this one after a restart, finds settled tables', async () => {
    const table = await store('SELECT 42 AS answer');
    const other = await openWorkbench({ endpoint: () => scratch.engine.endpoint(), embedded: true });
    expect(await textOf(await other.stream(table, { format: 'CSV' }, never))).toBe('42\n');
    await scratch.workbench.settle([table]);
    expect(await textOf(await other.stream(table, { format: 'CSV' }, never))).toBe('42\n');
    await other.close();
  });

  test('dropped tables are gone, wherever they were, and their reader is told', async () => {
    const [own, settled, other] = await Promise.all([store('SELECT 1 AS a'), store('SELECT 2 AS a'), store('SELECT 3 AS a')]);
    await scratch.workbench.settle([settled!, other!]);
    await scratch.workbench.drop([own!.id, settled!.id, 'never-was']);
    const left = await scratch.workbench.storedTableIds();
    expect(left).not.toContain(own!.id);
    expect(left).not.toContain(settled!.id);
    expect(await lines(other!)).toEqual([[3]]);
    await expect(lines(own!)).rejects.toMatchObject({ code: expect.stringMatching(/result_expired|interrupted/) as unknown });
    await expect(lines(settled!)).rejects.toMatchObject({ code: expect.stringMatching(/result_expired|interrupted/) as unknown });
  });

  test('a table id can be used again after it was dropped', async () => {
    const first = await scratch.workbench.store({ sql: 'SELECT 1 AS a', parameters: {} }, wallet, 'again', context());
    await scratch.workbench.settle([first]);
    await scratch.workbench.drop(['again']);
    const second = await scratch.workbench.store({ sql: 'SELECT 2 AS a', parameters: {} }, wallet, 'again', context());
    expect(await lines(second)).toEqual([[2]]);
    await scratch.workbench.settle([second]);
    expect(await lines(second)).toEqual([[2]]);
  });
});
