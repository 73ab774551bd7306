import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clickhouseSource } from '../../backend/sources/clickhouse.ts';
import type { Source } from '../../backend/sources/source.ts';
import { workbenchSource } from '../../backend/sources/workbench.ts';
import { openWorkbench } from '../../backend/workbench/clickhouse-workbench.ts';
import type { StoredTable, StreamOptions, Workbench } from '../../backend/workbench/workbench.ts';
import { describeSource } from '../sources/source-contract.ts';
import { context, scratchEngine, textOf, wallet, type ScratchEngine } from './scratch-engine.ts';

// An engine's process over HTTP, taken for a server: nothing goes through files, and nothing is ours alone.
let scratch: ScratchEngine;
let workbench: Workbench;
let count = 0;
const never = new AbortController().signal;

beforeAll(async () => {
  scratch = await scratchEngine('Europe/Moscow');
  workbench = await openWorkbench({ endpoint: () => scratch.engine.endpoint(), timeZone: 'Europe/Moscow', database: 'scratch' });
  await workbench.command('CREATE DATABASE wallet');
  await workbench.command('CREATE DATABASE loyalty');
  await workbench.command('CREATE TABLE loyalty.shops (id UInt64) ENGINE = Memory AS SELECT number FROM numbers(5)');
  await workbench.command('CREATE TABLE wallet.numbered (id UInt64, city String) ENGINE = MergeTree ORDER BY id');
  await workbench.command("INSERT INTO wallet.numbered SELECT number + 1, concat('city', toString((number + 1) % 3)) FROM numbers(1000)");
});
afterAll(async () => {
  await workbench.close();
  await scratch.close();
});

const underTest = (source: Source) => ({
  source,
  workbench,
  table: 'numbered',
  endlessSql: 'SELECT sum(sipHash64(number)) AS s FROM numbers(100000000000)',
  lateFailureSql: 'SELECT number, throwIf(number = 2500000) AS f FROM numbers(3000000)',
});
describeSource('a workbench that is a server', () => underTest(workbenchSource.open({ database: 'wallet' }, { name: 'warehouse', workbench, timeZone: 'Europe/Moscow' })));

const store = (sql: string, rows = 5_000_000): Promise<StoredTable> => workbench.store({ sql, parameters: {} }, wallet, `server_${(count += 1)}`, context({ rows }));
const read = async (table: StoredTable, options: Partial<StreamOptions> = {}): Promise<string> => textOf(await workbench.stream(table, { format: 'CSV', ...options }, never));

describe('a workbench that is a server', () => {
  test('streams millions of rows in order and by pages', async () => {
    const table = await store('SELECT number AS n FROM numbers(2000000) ORDER BY n DESC');
    const whole = await read(table);
    expect(whole.length).toBe(Array.from({ length: 7 }, (_, at) => (Math.min(10 ** (at + 1), 2_000_000) - (at === 0 ? 0 : 10 ** at)) * (at + 2)).reduce((sum, one) => sum + one, 0));
    expect(whole.startsWith('1999999\n1999998\n')).toBe(true);
    expect(await read(table, { offset: 1_999_998, limit: 5 })).toBe('1\n0\n');
    expect(await read(await store('SELECT 1 AS a WHERE 0'))).toBe('');
  });

  test('gives rows as bytes, also such as end like an exception', async () => {
    const table = await store("SELECT concat('Code: 395. DB::Exception: x (A', ')') AS t");
    const bytes = Buffer.concat((await (await workbench.stream(table, { format: 'RowBinary' }, never)).toArray()) as Buffer[]);
    expect(bytes.subarray(1).toString()).toBe('Code: 395. DB::Exception: x (A)');
  });

  test('a stream that fails in the middle fails its reader', async () => {
    const table = await store('SELECT number AS n FROM numbers(3000000) ORDER BY n');
    const failing = read(table, { select: [{ expression: 'throwIf(n = 2900000)', name: 'x' }] });
    await expect(failing).rejects.toMatchObject({ code: 'query_failed' });
  });

  test('settles, measures, finds and drops tables', async () => {
    const [small, large] = [await store("SELECT 1 AS a, 'x' AS b"), await store('SELECT number AS a FROM numbers(6000)')];
    const before = await workbench.measure(small);
    await workbench.settle([small, large]);
    expect(await read(small)).toBe('1,"x"\n');
    expect(await workbench.measure(small)).toEqual(before);
    expect(await workbench.storedTableIds()).toEqual(expect.arrayContaining([small.id, large.id]));
    await workbench.drop([small.id, large.id]);
    const left = await workbench.storedTableIds();
    expect([left.includes(small.id), left.includes(large.id)]).toEqual([false, false]);
    await expect(read(large)).rejects.toMatchObject({ code: 'result_expired' });
  });

  test('its guard keeps queries to their database and to reading', async () => {
    for (const sql of ['SELECT * FROM scratch.t_server_1', 'SELECT * FROM system.tables', "SELECT * FROM file('/etc/passwd')", 'SELECT * FROM loyalty.shops']) await expect(store(sql)).rejects.toMatchObject({ code: 'query_refused' });
    await expect(store('DROP TABLE wallet.numbered')).rejects.toMatchObject({ code: expect.stringMatching(/query_(refused|failed)/) });
  });
});

describe('a source on the same server', () => {
  const open = async (more: Record<string, unknown> = {}): Promise<Source> => {
    const { url, username, password } = await scratch.engine.endpoint();
    const settings = clickhouseSource.settings.parse({ url: `${url}/`, user: username, password, database: 'wallet', ...more });
    return clickhouseSource.open(settings, { name: 'warehouse', workbench, timeZone: 'Europe/Moscow' });
  };

  test('is read inside it: earlier steps are its own tables, and other databases only where the settings name them', async () => {
    const source = await open();
    const first = await store('SELECT id FROM numbered WHERE id < 3');
    expect(source.stepReference('first', first)).toBe(workbench.tableReference(first));
    const step = { name: 'step', sql: `SELECT count() AS n FROM numbered WHERE id IN (SELECT id FROM ${source.stepReference('first', first)})`, parameters: {}, steps: { first } };
    expect(await read(await source.run(step, 'inside_1', context()))).toBe('2\n');
    const other = { name: 'step', sql: 'SELECT count() AS n FROM loyalty.shops', parameters: {}, steps: {} };
    await expect(source.run(other, 'inside_2', context())).rejects.toMatchObject({ code: 'query_refused' });
    expect(await read(await (await open({ databases: ['loyalty'] })).run(other, 'inside_2', context()))).toBe('5\n');
  });

  test('as another user it is another server: that user’s rights hold', async () => {
    const source = await open({ user: 'reader' });
    const first = await store('SELECT id FROM numbered WHERE id < 3');
    expect(source.stepReference('first', first)).not.toBe(workbench.tableReference(first));
    await source.close();
  });

  test('the embedded engine is nobody’s server', async () => {
    const { url, username } = await scratch.engine.endpoint();
    expect([workbench.isServer({ url, username }), workbench.isServer({ url, username: 'reader' }), workbench.isServer({ url: 'http://127.0.0.1:9', username })]).toEqual([true, false, false]);
    expect(scratch.workbench.isServer({ url, username })).toBe(false);
  });
});
