import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BoundStep, Source } from '../../backend/sources/source.ts';
import type { WireColumn, WireValue } from '../../backend/stand-ins/tds/types.ts';
import type { StoredTable } from '../../backend/workbench/workbench.ts';
import type { BoundValue } from '../../shared/fields/field-kind.ts';
import { context, scratchEngine, textOf, type ScratchEngine } from '../workbench/scratch-engine.ts';
import { ServerUnderTest } from './mssql-server.ts';

let scratch: ScratchEngine;
let standIn: ServerUnderTest;
let source: Source;
let count = 0;

const people: WireValue[][] = Array.from({ length: 3_000 }, (_, at) => [`user-${at + 1}`, at % 2 === 0 ? 'f' : 'm', at % 90, `${at}.05`, at % 7 === 0 ? null : `город ${at % 5}`]);

beforeAll(async () => {
  scratch = await scratchEngine('Europe/Moscow');
  standIn = await ServerUnderTest.start(scratch.workbench, {
    answers: [],
    tables: [
      {
        name: 'profiles',
        columns: [
          { name: 'user_id', type: 'varchar(40)', nullable: false },
          { name: 'sex', type: 'char(1)' },
          { name: 'age', type: 'int' },
          { name: 'balance', type: 'decimal(18, 2)' },
          { name: 'city', type: 'nvarchar(60)' },
        ],
        rows: people,
      },
    ],
  });
  source = standIn.source();
});
afterAll(async () => {
  await standIn.close();
  await scratch.close();
});

const step = (sql: string, parameters: Record<string, BoundValue> = {}, steps: BoundStep['steps'] = {}): BoundStep => ({ name: 'step', sql, parameters, steps });
const never = new AbortController().signal;

async function stored(table: StoredTable): Promise<unknown[][]> {
  const text = await textOf(await scratch.workbench.stream(table, { format: 'JSONCompactEachRow' }, never));
  return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as unknown[]);
}

/** Stores what the stand-in is told to answer. */
async function answered(columns: WireColumn[], rows: WireValue[][], from: Source = source): Promise<{ table: StoredTable; rows: unknown[][] }> {
  standIn.server.options.answers = [{ to: /scripted/, answer: { columns, rows } }];
  const table = await from.run(step('SELECT * FROM scripted'), `values_${(count += 1)}`, context());
  return { table, rows: await stored(table) };
}

const one = async (type: string, values: WireValue[], from?: Source): Promise<{ engineType: string; values: unknown[]; notices: string[] }> => {
  const { table, rows } = await answered([{ name: 'x', type }], values.map((value) => [value]), from);
  return { engineType: table.columns[0]!.engineType, values: rows.flat(), notices: table.notices.map(({ en }) => en) };
};

test('decimals keep all 38 digits, with sign and scale', async () => {
  const digits = ['12345678901234567890123456789012345678', '-99999999999999999999999999999999999999', '0', null];
  expect(await one('decimal(38, 0)', digits)).toMatchObject({ engineType: 'Nullable(Decimal(38, 0))', values: digits });
  const fractions = ['1234567890123456789012345678.0123456789', '-0.0000000001', '0.5'];
  expect((await one('decimal(38, 10)', fractions)).values).toEqual(['1234567890123456789012345678.0123456789', '-0.0000000001', '0.5']);
  expect((await one('decimal(9, 2)', ['-1234567.89', '0.01'])).values).toEqual(['-1234567.89', '0.01']);
  expect((await one('numeric(19, 4)', ['123456789012345.6789'])).values).toEqual(['123456789012345.6789']);
  expect((await one('decimal(28, 3)', ['-1234567890123456789012345.678'])).values).toEqual(['-1234567890123456789012345.678']);
});

test('money is exact to its last ten-thousandth', async () => {
  const values = ['922337203685477.5807', '-922337203685477.5808', '-0.0001', '0'];
  expect(await one('money', values)).toMatchObject({ engineType: 'Nullable(Decimal(19, 4))', values: ['922337203685477.5807', '-922337203685477.5808', '-0.0001', '0'] });
  expect((await one('smallmoney', ['-214748.3648', '1.5'])).values).toEqual(['-214748.3648', '1.5']);
});

test('whole numbers of every size are exact', async () => {
  expect(await one('bigint', [9_223_372_036_854_775_807n, -9_223_372_036_854_775_808n, null])).toMatchObject({ engineType: 'Nullable(Int64)', values: ['9223372036854775807', '-9223372036854775808', null] });
  expect((await one('int', [-2_147_483_648])).values).toEqual([-2_147_483_648]);
  expect((await one('tinyint', [255])).values).toEqual([255]);
  expect((await one('bit', [true, false, null])).values).toEqual([true, false, null]);
  expect((await one('float', [0.1, -1e300])).values).toEqual([0.1, -1e300]);
});

test('dates and times are what the clock of the database showed, to seven digits', async () => {
  expect((await one('date', ['2026-03-01', '1900-01-01', null])).values).toEqual(['2026-03-01', '1900-01-01', null]);
  expect((await one('datetime2(7)', ['2026-03-01 23:59:59.1234567'])).values).toEqual(['2026-03-01 23:59:59.1234567']);
  expect((await one('datetime2(0)', ['2026-03-01 00:00:00'])).values).toEqual(['2026-03-01 00:00:00']);
  expect((await one('datetime', ['2026-03-01 00:00:00.003', '1900-01-01 12:30:00.997'])).values).toEqual(['2026-03-01 00:00:00.003', '1900-01-01 12:30:00.997']);
  expect((await one('smalldatetime', ['2026-03-01 12:34:00'])).values).toEqual(['2026-03-01 12:34:00']);
  expect((await one('time(7)', ['23:59:59.9999999'])).values).toEqual(['23:59:59.9999999']);
});

test('a time with an offset is the moment itself', async () => {
  expect(await one('datetimeoffset(3)', ['2026-03-01 12:00:00.250-05:30'])).toMatchObject({ engineType: "Nullable(DateTime64(3, 'Europe/Moscow'))", values: ['2026-03-01 20:30:00.250'] });
});

test('a time that the clock skipped is told, in a zone that changes its clock', async () => {
  const berlin = standIn.source({}, 'Europe/Berlin');
  const real = await one('datetime2(0)', ['2026-03-29 01:59:59', '2026-03-29 03:00:00', '2026-10-25 02:30:00'], berlin);
  expect(real).toMatchObject({ engineType: "Nullable(DateTime64(0, 'Europe/Berlin'))", values: ['2026-03-29 01:59:59', '2026-03-29 03:00:00', '2026-10-25 02:30:00'], notices: [] });
  expect((await one('datetime2(0)', ['2026-03-29 02:30:00'], berlin)).notices).toEqual([expect.stringContaining('never were')]);
});

test('a database that keeps UTC says so in its settings', async () => {
  expect((await one('datetime2(0)', ['2026-03-29 02:30:00'], standIn.source({ timeZone: 'UTC' }, 'Europe/Berlin'))).engineType).toBe("Nullable(DateTime64(0, 'UTC'))");
});

test('dates beyond what the workbench keeps become the nearest, with a notice', async () => {
  const { values, notices } = await one('date', ['9999-12-31', '0001-01-01', '2026-03-01']);
  expect(values).toEqual(['2299-12-31', '1900-01-01', '2026-03-01']);
  expect(notices).toEqual([expect.stringContaining('outside the years 1900 to 2299: 2')]);
});

test('text keeps its letters, line breaks and backslashes, whichever kind of column it is in', async () => {
  const text = 'Ёлка\tи "ёж"\\ \n\r\\N 😀';
  expect((await one('nvarchar(4000)', [text, '', null])).values).toEqual([text, '', null]);
  expect((await one('nvarchar(max)', ['я'.repeat(50_000), null])).values).toEqual(['я'.repeat(50_000), null]);
  expect((await one('varchar(100)', ['Привет'])).values).toEqual(['Привет']);
});

test('the filling spaces of a char column are no data', async () => {
  expect((await one('char(10)', ['ab'])).values).toEqual(['ab']);
  expect((await one('nchar(10)', [' ёж '])).values).toEqual([' ёж']);
});

test('an identifier is a UUID, bytes are hexadecimal text with a notice', async () => {
  expect(await one('uniqueidentifier', ['6F9619FF-8B86-D011-B42D-00C04FC964FF'])).toMatchObject({ engineType: 'Nullable(UUID)', values: ['6f9619ff-8b86-d011-b42d-00c04fc964ff'] });
  expect(await one('varbinary(10)', [Buffer.from([0, 255, 16])])).toMatchObject({ values: ['0x00FF10'], notices: [expect.stringContaining('binary')] });
});

test('sql_variant is refused, and nothing is stored', async () => {
  await expect(one('sql_variant', [])).rejects.toMatchObject({ code: 'query_failed', message: expect.stringContaining('CAST(x AS nvarchar(4000))') });
  expect(await scratch.workbench.storedTableIds()).not.toContain(`values_${count}`);
});

test('columns without a name or with equal names are named, with a notice', async () => {
  const { table, rows } = await answered([{ name: 'a', type: 'int' }, { name: 'a', type: 'int' }, { name: '', type: 'int' }], [[1, 2, 3]]);
  expect(table.columns.map(({ name }) => name)).toEqual(['a', 'a_2', 'column_3']);
  expect(rows).toEqual([[1, 2, 3]]);
  expect(table.notices.length).toBe(2);
});

test('a column that is declared as never empty keeps that, and an empty value in it is a failure, not a zero', async () => {
  const column = { name: 'x', type: 'int', nullable: false };
  expect((await answered([column], [[5]])).table.columns).toEqual([{ name: 'x', engineType: 'Int32' }]);
  await expect(answered([column], [[5], [null]])).rejects.toMatchObject({ code: 'query_failed', message: expect.stringContaining('never empty') });
});

test('an answer without rows is an empty table; one without columns is refused', async () => {
  expect((await answered([{ name: 'x', type: 'int' }], [])).table.rows).toBe(0);
  standIn.server.options.answers = [{ to: /scripted/, answer: {} }];
  await expect(source.run(step('SELECT * FROM scripted'), 'no_columns', context())).rejects.toMatchObject({ code: 'query_failed', message: expect.stringContaining('no columns') });
});

test('values go as parameters of the types that keep indexes', async () => {
  const values: Record<string, BoundValue> = {
    city: { scalar: 'string', value: 'город 1' },
    sex: { scalar: 'string', value: 'f' },
    from: { scalar: 'integer', value: '18' },
    most: { scalar: 'decimal', value: '1000000000000000.55' },
    on: { scalar: 'date', value: '2026-03-01' },
    at: { scalar: 'instant', value: '2026-02-28T21:00:00Z' },
  };
  const put = (name: string): string => source.placeholder(name, values[name]!);
  const sql = `SELECT count(*) AS n, ${put('most')} AS most, ${put('on')} AS day, ${put('at')} AS moment FROM profiles WHERE city = ${put('city')} AND sex = ${put('sex')} AND age >= ${put('from')}`;
  const { rows } = await source.select(step(sql, values), context());
  const expected = people.filter(([, sex, age, , city]) => city === 'город 1' && sex === 'f' && Number(age) >= 18).length;
  expect(rows).toEqual([[String(expected), '1000000000000000.55', '2026-03-01', '2026-03-01 00:00:00.000']]);
  const sent = standIn.server.received.filter(({ kind }) => kind === 'call').at(-1)?.parameters ?? [];
  expect(Object.fromEntries(sent.map(({ name, declared }) => [name, declared]))).toEqual({ '@most': 'varchar(80)', '@on': 'date', '@at': 'datetime', '@city': 'nvarchar(4000)', '@sex': 'varchar(8000)', '@from': 'int' });
});

test('100,000 ids go by bulk load over the one connection that sees their table, and come back joined', async () => {
  const ids = Array.from({ length: 100_000 }, (_, at) => `user-${at + 2_001}`);
  const value: BoundValue = { scalar: 'string', value: ids };
  standIn.server.received = [];
  const table = await source.run(step(`SELECT user_id FROM profiles WHERE user_id IN ${source.placeholder('ids', value)}`, { ids: value }), 'many_ids', context());
  expect(table.rows).toBe(1_000);
  const { received } = standIn.server;
  expect(received.filter(({ kind }) => kind === 'bulk').map(({ rows }) => rows)).toEqual(Array.from({ length: 10 }, () => 10_000));
  expect(received.find(({ text }) => text.startsWith('CREATE TABLE'))?.text).toBe('CREATE TABLE [#list_ids] ([value] varchar(20) COLLATE DATABASE_DEFAULT NOT NULL)');
  expect(received.some(({ text }) => text === 'CREATE CLUSTERED INDEX list_value ON [#list_ids] (value)')).toBe(true);
});

test('an earlier step reaches the server with its own types, and its temporary table goes with the connection', async () => {
  await scratch.workbench.command('CREATE DATABASE IF NOT EXISTS wallet');
  const sql = `SELECT 'user-' || toString(number + 1) AS user_id, number * 1000000007 AS wide, toDecimal128('1234567890123456789.012345', 6) + number AS amount,
    toDateTime64('2026-03-01 12:00:00', 3, 'UTC') + number AS seen, toDate('2026-03-01') AS day, if(number = 1, NULL, 'ёж') AS pet, number % 2 = 0 AS even, [number] AS list FROM numbers(3)`;
  const first = await scratch.workbench.store({ sql, parameters: {} }, { database: 'wallet', databases: [] }, 'first_step', context());
  const read = `SELECT f.user_id, f.wide, f.amount, f.seen, f.day, f.pet, f.list, p.age FROM ${source.stepReference('first', first)} AS f JOIN profiles AS p ON p.user_id = f.user_id ORDER BY f.user_id`;
  const table = await source.run(step(read, {}, { first }), 'with_step', context());
  expect(await stored(table)).toEqual([
    ['user-1', '0', '1234567890123456789.012345', '2026-03-01 15:00:00.000', '2026-03-01', 'ёж', '["0"]', 0],
    ['user-2', '1000000007', '1234567890123456790.012345', '2026-03-01 15:00:01.000', '2026-03-01', null, '["1"]', 1],
    ['user-3', '2000000014', '1234567890123456791.012345', '2026-03-01 15:00:02.000', '2026-03-01', 'ёж', '["2"]', 2],
  ]);
  expect((await source.describe(step(read, {}, { first }))).map(({ name }) => name)).toEqual(['user_id', 'wide', 'amount', 'seen', 'day', 'pet', 'list', 'age']);
  const made = standIn.server.received.filter(({ text }) => text.startsWith('CREATE TABLE [#first')).at(-1);
  expect(made?.text).toContain('[user_id] varchar(20) COLLATE DATABASE_DEFAULT NOT NULL');
  expect(made?.text).toContain('[pet] nvarchar(20) COLLATE DATABASE_DEFAULT NULL');
  await expect(source.select(step('SELECT * FROM [#first]'), context())).rejects.toMatchObject({ code: 'query_failed', message: expect.stringContaining('#first') });
});

test('what SQL Server has no values for is empty there: infinity, and more than seven digits of a second', async () => {
  const sql = "SELECT number / 0 AS ratio, toDateTime64('2026-03-01 12:00:00.123456789', 9, 'Europe/Moscow') AS seen, toUInt64(18446744073709551615) AS wide, toInt8(-128) AS small FROM numbers(1)";
  const odd = await scratch.workbench.store({ sql, parameters: {} }, { database: 'wallet', databases: [] }, 'odd_step', context());
  const { rows } = await source.select(step(`SELECT ratio, seen, wide, small FROM ${source.stepReference('odd', odd)}`, {}, { odd }), context());
  // The stand-in's own clock has six digits.
  expect(rows).toEqual([[null, expect.stringMatching(/^2026-03-01 12:00:00\.12345/), '18446744073709551615', -128]]);
  const sent = standIn.server.received.filter(({ kind }) => kind === 'bulk').at(-1);
  expect(sent?.text).toBe('[#odd$sent] (ratio float, seen varchar(80), wide varchar(80), small smallint)');
});

test('a collation of the settings is that of temporary tables', async () => {
  const value: BoundValue = { scalar: 'string', value: Array.from({ length: 1_500 }, (_, at) => `user-${at}`) };
  await standIn.source({ collation: 'Latin1_General_BIN2' }).select(step(`SELECT count(*) AS n FROM profiles WHERE user_id IN ${source.placeholder('ids', value)}`, { ids: value }), context());
  expect(standIn.server.received.filter(({ text }) => text.startsWith('CREATE TABLE')).at(-1)?.text).toContain('COLLATE Latin1_General_BIN2');
});

test('an author\'s types are given to columns on their way', async () => {
  standIn.server.options.answers = [{ to: /scripted/, answer: { columns: [{ name: 'card', type: 'bigint' }, { name: 'on', type: 'nvarchar(20)' }], rows: [[4_111_111_111_111_111n, '2026-03-01']] } }];
  const table = await source.run({ ...step('SELECT * FROM scripted'), casts: { card: 'string', on: 'date' } }, 'typed', context());
  expect(table.columns.map(({ engineType }) => engineType)).toEqual(['Nullable(String)', 'Nullable(Date32)']);
  expect(await stored(table)).toEqual([['4111111111111111', '2026-03-01']]);
});
