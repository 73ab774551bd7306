import { describe, expect, test } from 'vitest';
import { boundStatement, describable, placeholder } from '../../backend/sources/mssql/bind.ts';
import { ClockGaps, localClock } from '../../backend/sources/mssql/clock-changes.ts';
import { storedColumn, textType } from '../../backend/sources/mssql/column-types.ts';
import { tsqlDialect } from '../../backend/sources/mssql/dialect.ts';
import { isTransient, serverProblem } from '../../backend/sources/mssql/server-problem.ts';
import { readStatement } from '../../backend/sources/mssql/tsql-statement.ts';
import type { BoundValue } from '../../shared/fields/field-kind.ts';

const squeezed = (sql: string): string => sql.replace(/\s+/g, ' ').trim();

describe('one reading statement', () => {
  test.each([
    'SELECT 1',
    'select a from t;',
    'SELECT a FROM t -- DELETE is only a word here',
    "SELECT 'it''s; DROP TABLE t', N'GO' FROM t",
    'SELECT [update], "insert" FROM [a;b].[delete]',
    'SELECT /* outer /* DROP */ still a comment */ a FROM t',
    'WITH a AS (SELECT 1 AS x), b AS (SELECT x FROM a) SELECT x FROM b',
    '(SELECT 1 AS a) UNION ALL (SELECT 2)',
    'SELECT a FROM t UNION SELECT b FROM u EXCEPT SELECT c FROM v',
    'SELECT a FROM t ORDER BY a OFFSET 5 ROWS FETCH NEXT 10 ROWS ONLY OPTION (MAXDOP 2)',
    'SELECT * FROM t FOR SYSTEM_TIME AS OF @moment WHERE x = 1',
    "SELECT STRING_AGG(a, ',') WITHIN GROUP (ORDER BY a) AS list FROM t",
    'SELECT go FROM t',
  ])('takes %s', (sql) => {
    expect(() => readStatement(sql)).not.toThrow();
  });

  test.each([
    ['', 'SELECT'],
    ['DELETE FROM t', 'SELECT'],
    ['EXEC sp_who', 'SELECT'],
    ['sp_who', 'SELECT'],
    ['SELECT 1; DROP TABLE t', 'only one query'],
    ['SELECT 1; SELECT 2', 'only one query'],
    ['SELECT 1 SELECT 2', 'only one query'],
    ['SELECT 1 DELETE FROM t', 'DELETE'],
    ['SELECT a INTO copy FROM t', 'INTO'],
    ['SELECT a FROM t EXEC xp_cmdshell', 'EXEC'],
    ['WITH a AS (SELECT 1 AS x) UPDATE t SET y = 1', 'UPDATE'],
    ['WITH a AS (SELECT 1 AS x)', 'SELECT'],
    ["SELECT * FROM OPENROWSET(BULK 'C:/secret.txt', SINGLE_CLOB) AS x", 'OPENROWSET'],
    ["SELECT * FROM OPENQUERY(other, 'DELETE')", 'OPENQUERY'],
    ['SELECT NEXT VALUE FOR numbers', 'NEXT VALUE FOR'],
    ['SELECT a FROM t\nGO\n', 'GO'],
    ['SELECT a FROM t FOR JSON AUTO', 'FOR JSON'],
    ['SELECT a FROM t WAITFOR DELAY 1', 'WAITFOR'],
    ["SELECT 'not closed FROM t", 'not closed'],
    ['SELECT 1 /* not closed', 'not closed'],
    ['SELECT [a FROM t', 'not closed'],
    ["SELECT 'a' -- \n; SHUTDOWN", 'only one query'],
    ['SELECT 1 /* /* */ DROP TABLE t', 'not closed'],
  ])('refuses %j and says %s', (sql, words) => {
    expect(() => readStatement(sql)).toThrow(words);
  });
});

describe('queries around a query', () => {
  const first = (sql: string): string => squeezed(tsqlDialect.firstRows(sql, 5));

  test('an ORDER BY stays outermost, where alone it keeps an order', () => {
    expect(first('SELECT a FROM t ORDER BY a')).toBe('SELECT a FROM t ORDER BY a OFFSET 0 ROWS FETCH NEXT 5 ROWS ONLY');
    expect(first('SELECT a FROM t ORDER BY a OPTION (RECOMPILE);')).toBe('SELECT a FROM t ORDER BY a OFFSET 0 ROWS FETCH NEXT 5 ROWS ONLY OPTION (RECOMPILE)');
  });

  test('WITH is lifted out of the brackets, where T-SQL does not allow it', () => {
    expect(first('WITH x AS (SELECT 1 AS a) SELECT a FROM x')).toBe('WITH x AS (SELECT 1 AS a) SELECT TOP (5) * FROM ( SELECT a FROM x ) AS options');
  });

  test('a query with TOP or OFFSET of its own is put in brackets as it is', () => {
    expect(first('SELECT TOP 3 a FROM t ORDER BY a')).toBe('SELECT TOP (5) * FROM ( SELECT TOP 3 a FROM t ORDER BY a ) AS options');
    expect(first('SELECT a FROM (SELECT TOP 3 a FROM t ORDER BY a) AS x')).toBe('SELECT TOP (5) * FROM ( SELECT a FROM (SELECT TOP 3 a FROM t ORDER BY a) AS x ) AS options');
  });

  test('a comment at the end does not swallow what comes behind', () => {
    expect(first('SELECT a FROM t -- all')).toBe('SELECT TOP (5) * FROM ( SELECT a FROM t ) AS options');
  });

  test('a bare ORDER BY inside brackets gets the OFFSET without which it is an error', () => {
    const where = { column: 'a]b', placeholder: '(@w)', distinct: false };
    expect(squeezed(tsqlDialect.rowsWhere('SELECT a FROM t ORDER BY a', where))).toBe('SELECT * FROM ( SELECT a FROM t ORDER BY a OFFSET 0 ROWS ) AS entries WHERE [a]]b] IN (@w)');
  });

  test('an empty table has the types, also those that are never empty', () => {
    expect(tsqlDialect.emptyTable([{ name: 'id', engineType: 'Int64' }, { name: 'name', engineType: 'Nullable(String)' }])).toBe(
      '(SELECT ISNULL(CAST(NULL AS bigint), 0) AS [id], CAST(NULL AS nvarchar(max)) AS [name] WHERE 1 = 0)',
    );
  });
});

describe('bound values', () => {
  const bound = (sql: string, parameters: Record<string, BoundValue>) => boundStatement({ name: 'step', sql, parameters, steps: {} }, 'Europe/Moscow');
  const declared = (value: BoundValue): unknown => bound(`SELECT ${placeholder('f', value)} AS x`, { f: value }).parameters.map((one) => [one.declared, one.value]);

  test('ASCII text is varchar so that either kind of column keeps its index; other text is nvarchar', () => {
    expect(declared({ scalar: 'string', value: 'abc' })).toEqual([['varchar(8000)', 'abc']]);
    expect(declared({ scalar: 'string', value: 'Москва' })).toEqual([['nvarchar(4000)', 'Москва']]);
    expect(declared({ scalar: 'string', value: 'x'.repeat(8_001) })).toEqual([['varchar(max)', 'x'.repeat(8_001)]]);
  });

  test('whole numbers take the smallest type, so that an int column is not converted', () => {
    expect(declared({ scalar: 'integer', value: '2147483647' })).toEqual([['int', 2_147_483_647]]);
    expect(declared({ scalar: 'integer', value: '9223372036854775807' })).toEqual([['bigint', 9_223_372_036_854_775_807n]]);
  });

  test('a decimal travels as text and is cast, because the driver would round it', () => {
    const value: BoundValue = { scalar: 'decimal', value: '12345678901234567890.123456' };
    expect(placeholder('f', value)).toBe('CAST(@f AS decimal(38, 6))');
    expect(declared(value)).toEqual([['varchar(80)', '12345678901234567890.123456']]);
  });

  test('an instant is the local time of the source', () => {
    expect(declared({ scalar: 'instant', value: '2026-02-28T21:00:00Z' })).toEqual([['datetime', new Date('2026-03-01T00:00:00Z')]]);
    expect(declared({ scalar: 'instant', value: '2026-02-28T21:00:00.123Z' })).toEqual([['datetime2(7)', new Date('2026-03-01T00:00:00.123Z')]]);
  });

  test('a short list is parameters, an empty one finds nothing, a long one is a table', () => {
    const list = (items: string[]): BoundValue => ({ scalar: 'string', value: items });
    const text = (items: string[]) => bound(`SELECT a FROM t WHERE a IN ${placeholder('f', list(items))}`, { f: list(items) });
    expect(text(['x', 'y', 'x']).sql).toBe('SELECT a FROM t WHERE a IN (@f$1, @f$2)');
    expect(text([]).sql).toBe('SELECT a FROM t WHERE a IN (SELECT NULL WHERE 1 = 0)');
    const long = text(Array.from({ length: 100_000 }, (_, at) => `id${at}`));
    expect(long.sql).toBe('SELECT a FROM t WHERE a IN (SELECT value FROM [#list_f])');
    expect(long.parameters).toEqual([]);
    expect(long.lists).toMatchObject([{ name: '#list_f', declared: 'varchar(20)' }]);
  });

  test('several lists together stay below the 2,100 parameters of a request', () => {
    const items = Array.from({ length: 900 }, (_, at) => String(at));
    const value: BoundValue = { scalar: 'integer', value: items };
    const { parameters, lists } = bound(`SELECT 1 AS x WHERE 1 IN (@a) AND 1 IN (@b) AND 1 IN (@c)`, { a: value, b: value, c: value });
    expect(parameters.length).toBe(1_800);
    expect(lists.map(({ name }) => name)).toEqual(['#list_c']);
  });

  test('a field\'s name in a string or comment is not a parameter', () => {
    const { sql, parameters } = bound("SELECT '@f' AS x /* @f */ FROM t WHERE a = @f", { f: { scalar: 'string', value: 'y' } });
    expect(sql).toBe("SELECT '@f' AS x /* @f */ FROM t WHERE a = @f");
    expect(parameters.length).toBe(1);
  });

  test.each<BoundValue>([
    { scalar: 'integer', value: '1; DROP TABLE t' },
    { scalar: 'integer', value: '9223372036854775808' },
    { scalar: 'decimal', value: '1e5' },
    { scalar: 'date', value: 'yesterday' },
    { scalar: 'instant', value: '2026-03-01' },
  ])('refuses %j', (value) => {
    expect(() => declared(value)).toThrow('does not fit');
  });

  test('a description has empty tables in the place of steps and lists', () => {
    const first = { id: 'x', columns: [{ name: 'id', engineType: 'Nullable(Int64)' }], rows: 0, notices: [] };
    const statement = boundStatement({ name: 'step', sql: 'SELECT #first.id, f.id FROM #first JOIN #first AS f ON f.id = #first.id', parameters: {}, steps: { first } }, 'UTC');
    const table = '(SELECT CAST(NULL AS bigint) AS [id] WHERE 1 = 0)';
    expect(describable(statement)).toBe(`SELECT #first.id, f.id FROM ${table} AS [#first] JOIN ${table} AS f ON f.id = #first.id`);
  });
});

describe('types', () => {
  test.each([
    [{ type: 'decimal', precision: 38, scale: 10 }, 'Decimal(38, 10)'],
    [{ type: 'money' }, 'Decimal(19, 4)'],
    [{ type: 'bigint' }, 'Int64'],
    [{ type: 'tinyint' }, 'UInt8'],
    [{ type: 'bit' }, 'Bool'],
    [{ type: 'datetime2', scale: 7 }, "DateTime64(7, 'Europe/Moscow')"],
    [{ type: 'smalldatetime' }, "DateTime64(0, 'Europe/Moscow')"],
    [{ type: 'uniqueidentifier' }, 'UUID'],
    [{ type: 'varbinary' }, 'String'],
  ])('%j is kept as %s', (column, engineType) => {
    expect(storedColumn({ name: 'x', precision: 0, scale: 0, nullable: false, ...column }, 'Europe/Moscow').engineType).toBe(engineType);
  });

  test('sql_variant, whose numbers could be rounded, is refused with advice', () => {
    expect(() => storedColumn({ name: 'x', type: 'variant', precision: 0, scale: 0, nullable: true }, 'UTC')).toThrow('CAST(x AS nvarchar(4000))');
  });

  test('a text column of a temporary table is no wider than needed', () => {
    expect([textType({ bytes: 7, ascii: true }), textType({ bytes: 7, ascii: false }), textType({ bytes: 4_001, ascii: true }), textType({ bytes: 4_001, ascii: false })]).toEqual(['varchar(20)', 'nvarchar(20)', 'varchar(8000)', 'nvarchar(max)']);
  });
});

describe('local times', () => {
  test('an hour that the clock skipped is known, the hours around it are real', () => {
    const berlin = new ClockGaps('Europe/Berlin');
    expect(['2026-03-29 01:59:59', '2026-03-29 02:00:00', '2026-03-29 02:59:59.9999999', '2026-03-29 03:00:00', '2026-10-25 02:30:00'].map((text) => berlin.includes(text))).toEqual([false, true, true, false, false]);
    expect(new ClockGaps('Europe/Moscow').includes('2026-03-29 02:30:00')).toBe(false);
  });

  test('an instant is told in the zone of the source', () => {
    expect(localClock('2026-07-01T00:00:00Z', 'Europe/Berlin')).toBe('2026-07-01 02:00:00.000');
  });
});

describe('failures in words', () => {
  const failure = (number: number, message = ''): Error => Object.assign(new Error(message), { number, code: 'EREQUEST' });

  test.each([
    [245, 'query_failed', 'text with numbers'],
    [8114, 'query_failed', 'text with numbers'],
    [468, 'query_failed', 'COLLATE'],
    [1205, 'too_many', 'Try again'],
    [18456, 'source_unreachable', 'login'],
    [18487, 'source_unreachable', 'expired'],
    [18488, 'source_unreachable', 'expired'],
    [18486, 'source_unreachable', 'locked'],
    [4060, 'source_unreachable', 'database'],
    [8134, 'query_failed', 'NULLIF'],
    [701, 'memory_limit', 'memory'],
    [1105, 'disk_full', 'space'],
    [77_777, 'query_failed', '77777'],
  ])('error %d is %s and speaks of %s', (number, code, words) => {
    const problem = serverProblem(failure(number), 'crm');
    expect([problem.code, problem.text.en]).toEqual([code, expect.stringContaining(words)]);
    expect(problem.text.ru).toMatch(/[а-я]/);
  });

  test.each([
    [208, "Invalid object name 'dbo.users'.", 'dbo.users'],
    [207, "Invalid column name 'nobody'.", 'nobody'],
    [102, "Incorrect syntax near 'GRUP'.", 'GRUP'],
  ])('error %d names %s', (number, message, name) => {
    expect(serverProblem(failure(number, message), 'crm').text.ru).toContain(name);
  });

  test('a value of the data is never repeated', () => {
    const { text } = serverProblem(failure(245, "Conversion failed when converting the varchar value '+79161234567' to data type int."), 'crm');
    expect(text.en + text.ru).not.toContain('7916');
  });

  test('only a passing failure is tried again', () => {
    const socket = (cause: string): Error => Object.assign(new Error('Failed to connect', { cause: Object.assign(new Error(cause), { code: cause }) }), { code: 'ESOCKET' });
    expect([failure(1205), failure(40613), socket('ECONNRESET'), failure(245), failure(18456), socket('ENOTFOUND'), socket('DEPTH_ZERO_SELF_SIGNED_CERT')].map(isTransient)).toEqual([true, true, true, false, false, false, false]);
  });
});
