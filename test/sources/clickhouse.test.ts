import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clickhouseSource } from '../../backend/sources/clickhouse.ts';
import { sourceKinds } from '../../backend/sources/index.ts';
import type { BoundStep, Source } from '../../backend/sources/source.ts';
import type { BoundValue } from '../../shared/fields/field-kind.ts';
import { context, scratchEngine, textOf, type ScratchEngine } from '../workbench/scratch-engine.ts';
import { describeSource } from './source-contract.ts';

const timeZone = 'Europe/Moscow';
const never = new AbortController().signal;
let near: ScratchEngine;
/** Another ClickHouse process, reached over HTTP. */
let far: ScratchEngine;
let source: Source;
let count = 0;

async function settings(more: Record<string, unknown> = {}) {
  const { url, username, password } = await far.engine.endpoint();
  return clickhouseSource.settings.parse({ url, user: username, password, database: 'wallet', ...more });
}

beforeAll(async () => {
  [near, far] = await Promise.all([scratchEngine(timeZone), scratchEngine('UTC')]);
  await far.workbench.command('CREATE DATABASE wallet');
  await far.workbench.command('CREATE TABLE wallet.numbered (id UInt64, city String) ENGINE = MergeTree ORDER BY id');
  await far.workbench.command("INSERT INTO wallet.numbered SELECT number + 1, concat('city', toString((number + 1) % 3)) FROM numbers(1000)");
  source = clickhouseSource.open(await settings(), { name: 'warehouse', workbench: near.workbench, timeZone });
});
afterAll(async () => {
  await source.close();
  await Promise.all([near.close(), far.close()]);
});

describeSource('another ClickHouse', () => ({
  source,
  workbench: near.workbench,
  table: 'numbered',
  endlessSql: 'SELECT sum(sipHash64(number)) AS s FROM numbers(100000000000)',
  lateFailureSql: 'SELECT number, throwIf(number = 2500000) AS f FROM numbers(3000000)',
}));

const step = (sql: string, parameters: Record<string, BoundValue> = {}, steps: BoundStep['steps'] = {}): BoundStep => ({ name: 'step', sql, parameters, steps });
const run = (one: BoundStep, changes: Parameters<typeof context>[0] = {}) => source.run(one, `far_${(count += 1)}`, context(changes));
const linesOf = async (one: BoundStep, changes: Parameters<typeof context>[0] = {}): Promise<unknown[][]> => {
  const text = await textOf(await near.workbench.stream(await run(one, changes), { format: 'JSONCompactEachRow' }, never));
  return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as unknown[]);
};
/** Of the other process, straight from it. */
const farRows = async (sql: string): Promise<string> => {
  const { url, password } = await far.engine.endpoint();
  return (await fetch(`${url}/?query=${encodeURIComponent(sql)}`, { headers: { 'X-ClickHouse-Key': password } })).text();
};

describe('a ClickHouse source', () => {
  test('is in the list of sources', () => {
    expect(sourceKinds.map(({ kind }) => kind)).toContain('clickhouse');
  });

  test.each([
    { url: 'clickhouse.company.example:8443' },
    { url: 'tcp://clickhouse:9000' },
    { url: 'https://anna:secret@clickhouse:8443' },
    { url: 'https://clickhouse:8443/wallet' },
    { url: 'https://clickhouse:8443?database=wallet' },
    { url: 'https://clickhouse:8443', database: 'a b' },
    { url: 'https://clickhouse:8443', databese: 'wallet' },
    { url: 'https://clickhouse:8443', replicas: 'https://other:8443' },
    { url: 'https://clickhouse:8443', password: '' },
  ])('refuses the settings %j', (wrong) => {
    expect(clickhouseSource.settings.safeParse({ database: 'wallet', ...wrong }).success).toBe(false);
  });

  test('carries every value exactly: wide, decimal, zoned, nested, binary', async () => {
    const sql = `SELECT toUInt64(18446744073709551615) AS wide, toInt128('-170141183460469231731687303715884105728') AS huge,
      toDecimal128('1234567890123456789012345678.0123456789', 10) AS money,
      toDateTime64('2026-10-25 00:30:00.123456', 6, 'UTC')::DateTime64(6, 'Europe/Berlin') AS first_two_thirty, toDateTime64('2026-10-25 01:30:00.123456', 6, 'UTC')::DateTime64(6, 'Europe/Berlin') AS second_two_thirty,
      CAST(NULL, 'Nullable(Int32)') AS nothing, CAST('x', 'LowCardinality(Nullable(String))') AS low, CAST('b', 'Enum8(\\'a\\' = 1, \\'b\\' = 2)') AS kind,
      [CAST(NULL, 'Nullable(UInt64)'), 18446744073709551615] AS list, ('a', 1.5) AS pair, map('k', [1, 2]) AS dictionary,
      concat('nul', char(0), char(10), char(13), char(9), 'кот 😀') AS text, toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') AS id, inf AS infinite, toDate32('1925-01-01') AS old, true AS flag, unhex('ff00fe') AS bytes`;
    const stored = await run(step(sql));
    expect(stored.columns.map(({ engineType }) => engineType)).toEqual([
      'UInt64', 'Int128', 'Decimal(38, 10)', "DateTime64(6, 'Europe/Berlin')", "DateTime64(6, 'Europe/Berlin')", 'Nullable(Int32)', 'LowCardinality(Nullable(String))', "Enum8('a' = 1, 'b' = 2)",
      'Array(Nullable(UInt64))', 'Tuple(String, Float64)', 'Map(String, Array(UInt8))', 'String', 'UUID', 'Float64', 'Date32', 'Bool', 'String',
    ]);
    const select = stored.columns.map(({ name }) => ({ name, expression: name === 'bytes' ? 'hex(bytes)' : name.endsWith('thirty') ? `toUnixTimestamp64Micro(${name})` : name }));
    expect(JSON.parse(await textOf(await near.workbench.stream(stored, { format: 'JSONCompactEachRow', select }, never)))).toEqual([
      '18446744073709551615', '-170141183460469231731687303715884105728', '1234567890123456789012345678.0123456789', String(Date.UTC(2026, 9, 25, 0, 30, 0, 123) * 1000 + 456), String(Date.UTC(2026, 9, 25, 1, 30, 0, 123) * 1000 + 456),
      null, 'x', 'b', [null, '18446744073709551615'], ['a', 1.5], { k: [1, 2] }, 'nul\0\n\r\tкот 😀', '61f0c404-5cb3-11e7-907b-a6006ad3dba0', 'inf', '1925-01-01', true, 'FF00FE',
    ]);
  });

  test('reads times without a zone in the company’s, wherever the server is', async () => {
    expect(await linesOf(step("SELECT toDateTime('2026-03-01 00:30:00') AS t, toUnixTimestamp(t) AS s"))).toEqual([['2026-03-01 00:30:00', Date.UTC(2026, 1, 28, 21, 30) / 1000]]);
    expect((await source.select(step("SELECT toDateTime('2026-03-01 00:30:00') AS t, toUInt64(18446744073709551615) AS n"), context())).rows).toEqual([['2026-03-01 00:30:00', '18446744073709551615']]);
  });

  test('keeps columns of equal names apart, and mends what cannot be stored', async () => {
    const stored = await run(step("SELECT a.city, b.city, 7 AS _row, NULL AS nothing, a.id FROM numbered AS a JOIN numbered AS b ON a.id + 1 = b.id WHERE a.id = 1"));
    expect(stored.columns.map(({ name }) => name)).toEqual(['city', 'b.city', '_row_2', 'nothing', 'id']);
    expect(stored.notices).toHaveLength(2);
    expect(await linesOf(step("SELECT id, city, id, [] AS l, city FROM numbered WHERE id = 2"))).toEqual([['2', 'city2', '2', [], 'city2']]);
    await expect(run(step('SELECT sumState(id) AS s FROM numbered'))).rejects.toMatchObject({ code: 'query_failed', text: { ru: expect.stringContaining('нельзя сохранить') } });
  });

  test('keeps a step without rows', async () => {
    expect(await run(step('SELECT id, city FROM numbered WHERE 0'))).toMatchObject({ rows: 0, columns: [{ name: 'id' }, { name: 'city' }] });
  });

  test('keeps the order of 300,000 rows', async () => {
    const stored = await run(step('SELECT cityHash64(number) AS h FROM numbers(300000) ORDER BY h DESC'));
    const hashes = (await textOf(await near.workbench.stream(stored, { format: 'CSV' }, never))).trim().split('\n').map(BigInt);
    expect(hashes.length).toBe(300_000);
    expect(hashes.every((hash, at) => at === 0 || hash <= hashes[at - 1]!)).toBe(true);
  });

  test('copies earlier steps there with all their types, also settled and empty ones, beside a long list', async () => {
    const first = await near.workbench.store(
      { sql: "SELECT number AS id, toDateTime('2026-03-01 00:30:00') + number AS t, toDecimal64(1.25, 2) AS d, CAST(if(number = 1, NULL, 'it''s\\t' || toString(number)), 'Nullable(String)') AS `odd name`, [number] AS l, CAST('x', 'LowCardinality(String)') AS c FROM numbers(3) ORDER BY id", parameters: {} },
      { database: '', databases: [] }, 'copied_first', context(),
    );
    const empty = await near.workbench.store({ sql: 'SELECT toUInt64(1) AS id WHERE 0', parameters: {} }, { database: '', databases: [] }, 'copied_empty', context());
    await near.workbench.settle([empty]);
    const [one, two] = [source.stepReference('first', first), source.stepReference('empty', empty)];
    const ids: BoundValue = { scalar: 'integer', value: Array.from({ length: 3_000 }, (_, at) => String(at + 1)) };
    const sql = `SELECT s.*, toUnixTimestamp(t) AS u, toTypeName(s.c) AS type, n.city FROM ${one} AS s JOIN numbered AS n ON n.id = s.id WHERE s.id NOT IN (SELECT id FROM ${two}) AND n.id IN ${source.placeholder('ids', ids)} ORDER BY s.id`;
    const rows = await linesOf(step(sql, { ids }, { first, empty }));
    const second = Date.UTC(2026, 1, 28, 21, 30) / 1000;
    expect(rows).toEqual([
      ['1', '2026-03-01 00:30:01', '1.25', null, ['1'], 'x', second + 1, 'LowCardinality(String)', 'city1'],
      ['2', '2026-03-01 00:30:02', '1.25', "it's\t2", ['2'], 'x', second + 2, 'LowCardinality(String)', 'city2'],
    ]);
    expect((await source.describe(step(sql, { ids }, { first, empty }))).map(({ name }) => name)).toEqual(['id', 't', 'd', 'odd name', 'l', 'c', 'u', 'type', 'city']);
    await expect(run(step(sql, { ids }, { first: { ...first, rows: 5_000_001 }, empty }))).rejects.toMatchObject({ code: 'too_large', message: expect.stringContaining('on workbench') });
  });

  test.each([
    'SELECT 1; DROP TABLE wallet.numbered',
    'INSERT INTO numbered VALUES (1, \'x\')',
    'DROP TABLE numbered',
    'SELECT 1 FORMAT CSV',
    "SELECT 1 INTO OUTFILE '/tmp/x'",
    'SELECT 1 SETTINGS max_execution_time = 0',
    'SELECT * FROM (SELECT 1 SETTINGS readonly = 0)',
    'SELECT 1) UNION ALL (SELECT 2',
    'SELECT {other:String}',
    '',
  ])('sends only one SELECT: %s', async (sql) => {
    await expect(run(step(sql))).rejects.toMatchObject({ code: expect.stringMatching(/query_refused|query_failed/) });
    expect(await farRows('SELECT count() FROM wallet.numbered')).toBe('1000\n');
  });

  test('tells progress of the other server', async () => {
    const seen: number[] = [];
    await run(step('SELECT sum(sipHash64(number)) AS s FROM numbers(100000000)'), { progress: ({ readRows, totalRows }) => seen.push(readRows, totalRows) });
    expect(seen[0]).toBeGreaterThan(0);
    expect(seen[1]).toBe(100_000_000);
  });

  test('a stop ends the query in the other server, while it computes and while rows flow', async () => {
    for (const sql of ['SELECT sum(sipHash64(number)) AS stopped FROM numbers(100000000000)', 'SELECT number AS stopped, sipHash64(number) AS h FROM numbers(100000000000)']) {
      const stop = new AbortController();
      const work = run(step(sql), { signal: stop.signal, rows: 1_000_000_000 });
      work.catch(() => undefined);
      const running = async (): Promise<string> => farRows("SELECT count() FROM system.processes WHERE query LIKE '%stopped%' AND query NOT LIKE '%system.processes%'");
      await expect.poll(running, { timeout: 5_000 }).toBe('1\n');
      stop.abort();
      await expect(work).rejects.toMatchObject({ code: 'interrupted' });
      await expect.poll(running, { timeout: 2_000 }).toBe('0\n');
    }
    expect((await near.workbench.storedTableIds()).filter((id) => id === `far_${count}`)).toEqual([]);
  });

  test('too little memory and too little time are told as what they are', async () => {
    await expect(run(step('SELECT groupArray(number) AS x FROM numbers(100000000)'), { memoryBytes: 50_000_000 })).rejects.toMatchObject({ code: 'memory_limit' });
    await expect(source.select(step('SELECT sum(sipHash64(number)) AS s FROM numbers(100000000000)'), context({ timeSeconds: 1 }))).rejects.toMatchObject({ code: 'time_limit' });
  });

  test('travels compressed where the settings say so', async () => {
    const packed = clickhouseSource.open(await settings({ compressed: true }), { name: 'packed', workbench: near.workbench, timeZone });
    const stored = await packed.run(step('SELECT number AS n FROM numbers(100000) ORDER BY n'), 'packed', context());
    expect(stored.rows).toBe(100_000);
    expect((await packed.select(step('SELECT 1 AS a'), context())).rows).toEqual([[1]]);
    await expect(packed.run(step('SELECT number, throwIf(number = 2500000) AS f FROM numbers(3000000)'), 'packed_late', context({ rows: 100_000_000 }))).rejects.toMatchObject({ message: expect.stringContaining('FUNCTION_THROW_IF') });
    await packed.close();
  });

  test('a check advises a user that may do less', async () => {
    const { version, advice = [] } = await source.check(never);
    expect(version).toMatch(/^\d+\.\d+/);
    expect(advice).toHaveLength(1);
    expect(advice[0]?.en).toMatch(/INSERT.*SELECT is enough/);
  });

  test('a wrong password, a closed port and an unknown host are told with what to check', async () => {
    const problem = async (more: Record<string, unknown>): Promise<string> => {
      const wrong = clickhouseSource.open(await settings(more), { name: 'warehouse', workbench: near.workbench, timeZone });
      const error: unknown = await wrong.check(never).catch((one: unknown) => one);
      await wrong.close();
      expect(error).toMatchObject({ code: 'source_unreachable', text: { ru: expect.stringContaining('«warehouse»') } });
      return error instanceof Error ? error.message : '';
    };
    expect(await problem({ password: 'wrong' })).toContain('user or password were not accepted');
    expect(await problem({ url: 'http://127.0.0.1:9' })).toContain('nobody listens');
    expect(await problem({ url: 'http://nobody.invalid:8123' })).toMatch(/knows no such host/);
    expect(await problem({ url: (await far.engine.endpoint()).url.replace('http:', 'https:') })).toContain('no HTTPS on that port');
    await expect(async () => clickhouseSource.open(await settings({ ca: '/nowhere/ca.pem' }), { name: 'warehouse', workbench: near.workbench, timeZone })).rejects.toMatchObject({ message: expect.stringContaining('file of ca') });
  });
});
