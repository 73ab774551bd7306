import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BoundValue } from '../../shared/fields/field-kind.ts';
import { Problem } from '../../shared/problem.ts';
import type { StoredTable } from '../../backend/workbench/workbench.ts';
import { context, scratchEngine, wallet, type ScratchEngine } from './scratch-engine.ts';

let scratch: ScratchEngine;
let step: StoredTable;
let stranger: StoredTable;
const folder = mkdtempSync(join(tmpdir(), 'tasksheet-guard-'));
const outfile = join(folder, 'out.csv');
const secret = join(folder, 'secret.csv');

beforeAll(async () => {
  writeFileSync(secret, 'SECRET\n');
  scratch = await scratchEngine();
  const { workbench } = scratch;
  await workbench.command('CREATE DATABASE wallet');
  await workbench.command('CREATE TABLE wallet.cards (number UInt64, user_id UInt64, city String, issued_on Date, partner_id Int64, price Decimal(10, 2), tags Array(String)) ENGINE = MergeTree ORDER BY number');
  await workbench.command("INSERT INTO wallet.cards SELECT number, number % 10, concat('city', toString(number % 3)), toDate('2026-01-01') + number, number % 4, number / 4, ['a', 'b'] FROM numbers(100)");
  await workbench.command('CREATE TABLE wallet.users (user_id UInt64, sex Nullable(String)) ENGINE = MergeTree ORDER BY user_id');
  await workbench.command("INSERT INTO wallet.users SELECT number, if(number % 2 = 0, 'f', NULL) FROM numbers(10)");
  await workbench.command('CREATE DATABASE payroll');
  await workbench.command('CREATE TABLE payroll.salaries (name String, salary UInt64) ENGINE = MergeTree ORDER BY name');
  await workbench.command('CREATE TABLE payroll.joined (name String, salary UInt64) ENGINE = Join(ANY, LEFT, name)');
  await workbench.command('CREATE VIEW wallet.city_counts AS SELECT city, count() AS cards FROM wallet.cards WHERE partner_id = {partner:Int64} GROUP BY city');
  step = await workbench.store({ sql: 'SELECT user_id FROM users', parameters: {} }, wallet, 'step', context());
  stranger = await workbench.store({ sql: 'SELECT user_id FROM users', parameters: {} }, wallet, 'stranger', context());
});

afterAll(async () => {
  await scratch.close();
  rmSync(folder, { recursive: true, force: true });
});

const values: Record<string, BoundValue> = {
  city: { scalar: 'string', value: "city1' OR 1=1 --" },
  partner: { scalar: 'integer', value: '1' },
  price: { scalar: 'decimal', value: '3.25' },
  issued: { scalar: 'date', value: '2026-01-10' },
  at: { scalar: 'instant', value: '2026-01-10T00:00:00Z' },
  plastic: { scalar: 'boolean', value: true },
  cities: { scalar: 'string', value: ['city1', "it's", '\\'] },
  partners: { scalar: 'integer', value: ['1', '2'] },
};

async function outcome(sql: string): Promise<Problem | unknown[][]> {
  try {
    return (await scratch.workbench.select({ sql, parameters: values }, { ...wallet, tables: [step] }, context())).rows;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

describe('what an analyst asks passes', () => {
  const honest: Record<string, string> = {
    'a filter by values': 'SELECT number, city FROM cards WHERE city = {city:String} AND partner_id = {partner:Int64}',
    'a list': 'SELECT count() FROM cards WHERE city IN {cities:Array(String)} AND partner_id NOT IN ({partners:Array(Int64)})',
    'a date and an instant': "SELECT count() FROM cards WHERE issued_on >= {issued:Date32} AND toDateTime64(issued_on, 3, 'UTC') < {at:DateTime64(3, 'UTC')}",
    'a decimal and a flag': 'SELECT count() FROM cards WHERE price > {price:Decimal(38, 12)} AND {plastic:Bool}',
    'a qualified table of the source': 'SELECT c.number FROM wallet.cards AS c ORDER BY c.number LIMIT 5',
    'an earlier step': 'SELECT count() FROM tasksheet.t_step',
    'an earlier step after IN': 'SELECT count() FROM cards WHERE user_id IN (SELECT user_id FROM tasksheet.t_step)',
    'an earlier step named after IN': 'SELECT count() FROM cards WHERE user_id IN tasksheet.t_step',
    'a column of an earlier step': 'SELECT tasksheet.t_step.user_id FROM tasksheet.t_step',
    'a join': 'SELECT u.sex, count() FROM cards AS c LEFT JOIN users AS u USING (user_id) GROUP BY u.sex ORDER BY 2 DESC',
    'an ASOF join of subqueries': 'SELECT count() FROM (SELECT 1 AS k, number AS t FROM numbers(3)) AS a ASOF JOIN (SELECT 1 AS k, number AS t FROM numbers(3)) AS b ON a.k = b.k AND a.t >= b.t',
    'common table expressions': 'WITH active AS (SELECT user_id, count() AS cards FROM cards GROUP BY user_id) SELECT max(cards) FROM active',
    'a scalar in WITH': 'WITH (SELECT max(number) FROM cards) AS highest SELECT highest - number FROM cards LIMIT 1',
    'a recursive expression': 'WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT sum(n) FROM r',
    'window functions': 'SELECT city, row_number() OVER (PARTITION BY city ORDER BY number) AS n, lagInFrame(number, 1) OVER w FROM cards WINDOW w AS (ORDER BY number ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) QUALIFY n < 3',
    'aggregates with combinators': "SELECT uniqExactIf(user_id, partner_id = 1), countIf(1), sumOrNull(price), quantileTDigestIf(0.5)(number, 1), groupArrayDistinct(city), argMaxIf(city, number, 1), COUNT(DISTINCT city) FROM cards",
    'arrays and lambdas': "SELECT arrayMap(t -> upper(t), tags), arrayFilter((x, i) -> i > 1, tags, arrayEnumerate(tags)), tag FROM cards ARRAY JOIN tags AS tag LIMIT 2",
    'CASE, CAST, BETWEEN, LIKE': "SELECT CASE WHEN partner_id = 1 THEN 'one' ELSE 'other' END, CASE city WHEN 'city1' THEN 1 ELSE 2 END, CAST(number AS String), number::Float64, city LIKE '%1', number BETWEEN 1 AND 5 FROM cards LIMIT 1",
    'dates': "SELECT toStartOfMonth(issued_on), dateDiff('day', issued_on, today()), issued_on + INTERVAL 1 WEEK, formatDateTime(issued_on, '%Y-%m'), EXTRACT(YEAR FROM issued_on) FROM cards LIMIT 1",
    'text and JSON': `SELECT JSONExtractString('{"a":"b"}', 'a'), splitByChar(',', 'a,b'), replaceRegexpAll(city, '\\\\d', ''), domain('https://x.ru/a'), extractURLParameter('http://a/?q=1', 'q'), multiSearchAny(city, ['1']) FROM cards LIMIT 1`,
    'UNION, EXCEPT, INTERSECT': 'SELECT 1 UNION ALL SELECT 2 UNION DISTINCT SELECT 2 EXCEPT SELECT 1',
    'a query in brackets': '((SELECT 1))',
    'grouping sets and rollup': 'SELECT city, partner_id, count() FROM cards GROUP BY GROUPING SETS ((city), (partner_id)) UNION ALL SELECT city, 0, count() FROM cards GROUP BY ROLLUP(city)',
    'gaps filled': 'SELECT number FROM cards WHERE number % 10 = 0 ORDER BY number WITH FILL STEP 5',
    'limit by and offset': 'SELECT city, number FROM cards ORDER BY number LIMIT 1 BY city LIMIT 2 OFFSET 1',
    'columns by pattern': "SELECT COLUMNS('^n'), * EXCEPT (tags), c.* REPLACE (upper(city) AS city) FROM cards AS c LIMIT 1",
    'values without a structure': "SELECT * FROM VALUES((1, 'x'), (2, 'y')) AS v UNION ALL SELECT * FROM VALUES('a UInt8, b Nullable(String)', (1 + 1, NULL))",
    'rows out of nothing': "SELECT * FROM numbers(3) AS n, generate_series(1, 2) AS s, VALUES('a Int8, b String', (1, 'x')) AS v, view(SELECT 1 AS one) AS w",
    'exists and a correlated look': 'SELECT count() FROM users WHERE EXISTS (SELECT 1 FROM cards WHERE number = 1)',
    'a comment and odd spaces': 'SELECT /* all of them; */ count() -- cards\nFROM\n\tcards ;',
    'words that only look like code': "SELECT 'INTO OUTFILE; DROP TABLE x' AS `FORMAT`, 'WITH TOTALS' AS settings, ' Function file' AS a, 'a\nFunction file' AS b, '{city:Identifier}' AS c",
    'an expression named totals': 'WITH totals AS (SELECT count() AS n FROM cards) SELECT n FROM totals',
    'Cyrillic names': 'SELECT city AS `Город`, number AS `Номер карты` FROM cards ORDER BY `Номер карты` LIMIT 1',
    'a quantile and a bare NULL': 'SELECT quantiles(0.5, 0.9)(number), NULL FROM cards',
    'sampling functions': 'SELECT count() FROM cards WHERE cityHash64(user_id) % 10 < 3 AND rand() >= 0 ORDER BY 1',
  };
  test.each(Object.entries(honest))('%s', async (_name, sql) => {
    const rows = await outcome(sql);
    expect(rows instanceof Problem ? rows.message : "").toBe("");
  });

  test('a value that looks like SQL is only a value', async () => {
    expect(await outcome('SELECT count() FROM cards WHERE city = {city:String}')).toEqual([['0']]);
    expect(await outcome('SELECT {city:String}')).toEqual([["city1' OR 1=1 --"]]);
    expect(await outcome('SELECT arrayJoin({cities:Array(String)})')).toEqual([['city1'], ["it's"], ['\\']]);
  });
});

describe('what only looks like a question is refused', () => {
  const attacks: Record<string, string> = {
    'a second statement': 'SELECT 1; DROP TABLE cards',
    'a second statement after a comment': 'SELECT 1 /* */; /* */ DROP TABLE cards',
    'a statement hidden behind a break-out': `SELECT 1) INTO OUTFILE '${outfile}' -- `,
    'a break-out with an open comment': `SELECT 1) INTO OUTFILE '${outfile}' /* `,
    'INTO OUTFILE': `SELECT 1 INTO OUTFILE '${outfile}'`,
    'INTO OUTFILE with FORMAT': `SELECT 1 INTO OUTFILE '${outfile}' TRUNCATE FORMAT CSV`,
    FORMAT: 'SELECT 1 FORMAT CSV',
    SETTINGS: 'SELECT 1 SETTINGS max_execution_time = 0',
    'SETTINGS in a subquery': 'SELECT * FROM (SELECT 1 SETTINGS max_memory_usage = 0)',
    'SETTINGS of a table function': "SELECT * FROM numbers(3) SETTINGS readonly = 0",
    'the function file': `SELECT file('${secret}')`,
    'the function file in backquotes': `SELECT \`file\`('${secret}')`,
    'the function file in double quotes': `SELECT "file"('${secret}')`,
    'the function file in a lambda': `SELECT arrayMap(x -> file(x), ['${secret}'])`,
    'the function file in APPLY': `SELECT * APPLY(file) FROM (SELECT '${secret}' AS p)`,
    'the function file in a lambda of APPLY': `SELECT * APPLY(x -> file(x)) FROM (SELECT '${secret}' AS p)`,
    'the function file in COLUMNS … APPLY': `SELECT COLUMNS('p') APPLY file FROM (SELECT '${secret}' AS p)`,
    'the function file in REPLACE': `SELECT * REPLACE (file(p) AS p) FROM (SELECT '${secret}' AS p)`,
    'the function file in INTERPOLATE': `SELECT 1 AS n, '${secret}' AS x ORDER BY n WITH FILL FROM 1 TO 3 INTERPOLATE (x AS file(x))`,
    'the function file in a window': `SELECT count() OVER (ORDER BY file('${secret}')) FROM cards`,
    'the function file in WITH': `WITH file('${secret}') AS x SELECT x`,
    'the function file in HAVING': `SELECT count() FROM cards GROUP BY city HAVING file('${secret}') != ''`,
    'the table function file': `SELECT * FROM file('${secret}', 'CSV', 'a String')`,
    'the table function file in a subquery of IN': `SELECT 1 WHERE 'SECRET' IN (SELECT * FROM file('${secret}', 'CSV', 'a String'))`,
    'the table function file after IN': `SELECT 'SECRET' IN file('${secret}', 'CSV', 'a String')`,
    'the function file in an alias of VALUES': `SELECT b FROM VALUES('a UInt8, b String ALIAS file(\\'${secret}\\')', 1)`,
    'the function file in a default of VALUES': `SELECT b FROM VALUES('a UInt8, b String DEFAULT file(\\'${secret}\\')', 1)`,
    'the function file in a computed structure of VALUES': `SELECT b FROM VALUES(concat('a UInt8, b String ALI', 'AS file(\\'${secret}\\')'), 1)`,
    'the function file in a structure of VALUES from a query': `WITH 'a UInt8, b String ALIAS file(\\'${secret}\\')' AS s SELECT b FROM VALUES(s, 1)`,
    'the function file in a structure with a comment': `SELECT b FROM VALUES('a UInt8, b String/**/ALIAS/**/file(\\'${secret}\\')', 1)`,
    'the function file in the structure of null()': `SELECT b FROM null('a UInt8, b String ALIAS file(\\'${secret}\\')')`,
    'format()': "SELECT * FROM format(CSV, 'a String ALIAS hostName()', '1')",
    'generateRandom()': "SELECT * FROM generateRandom('a String ALIAS hostName()') LIMIT 1",
    'a file named like a table': `SELECT * FROM '${secret}'`,
    'a file named like a table in backquotes': `SELECT * FROM \`${secret}\``,
    'a file in the default database': `SELECT * FROM default.\`${secret}\``,
    'a file after IN': `SELECT 'SECRET' IN \`${secret}\``,
    'url()': "SELECT * FROM url('http://127.0.0.1:1/', 'CSV', 'a String')",
    's3()': "SELECT * FROM s3('http://127.0.0.1:1/a.csv')",
    'remote()': "SELECT * FROM remote('127.0.0.1', system.one)",
    'cluster()': "SELECT * FROM cluster('default', system.one)",
    'mysql()': "SELECT * FROM mysql('127.0.0.1:3306', 'd', 't', 'u', 'p')",
    'postgresql()': "SELECT * FROM postgresql('127.0.0.1:5432', 'd', 't', 'u', 'p')",
    'sqlite()': `SELECT * FROM sqlite('${secret}', 't')`,
    'executable()': "SELECT * FROM executable('x.sh', 'CSV', 'a String')",
    'input()': "SELECT * FROM input('a String')",
    'merge()': "SELECT * FROM merge('payroll', '.*')",
    'merge() of the scratch database': "SELECT * FROM merge('tasksheet', '^t_')",
    'dictionary()': "SELECT * FROM dictionary('payroll.d')",
    'loop()': 'SELECT * FROM loop(payroll.salaries) LIMIT 1',
    'viewExplain()': "SELECT * FROM viewExplain('EXPLAIN', '', (SELECT 1))",
    'view() of another database': 'SELECT * FROM view(SELECT * FROM payroll.salaries)',
    'a parameterised view': 'SELECT * FROM payroll.totals(name = 1)',
    EXPLAIN: 'EXPLAIN SELECT 1',
    'EXPLAIN as a subquery': 'SELECT * FROM (EXPLAIN PLAN SELECT * FROM payroll.salaries)',
    DESCRIBE: 'DESCRIBE TABLE payroll.salaries',
    SHOW: 'SHOW TABLES FROM payroll',
    'another database': 'SELECT * FROM payroll.salaries',
    'another database in backquotes': 'SELECT * FROM `payroll`.`salaries`',
    'another database in a common table expression': 'WITH x AS (SELECT * FROM payroll.salaries) SELECT * FROM x',
    'another database behind an alias of a good name': 'SELECT * FROM payroll.salaries AS cards',
    'another database in a join': 'SELECT count() FROM cards JOIN payroll.salaries ON 1 = 1',
    'another database after IN': "SELECT ('a', 1) IN payroll.salaries",
    'another database after NOT IN': "SELECT ('a', 1) NOT IN (payroll.salaries)",
    'another database after GLOBAL IN': "SELECT ('a', 1) GLOBAL IN payroll.salaries",
    'another database called as a function': "SELECT in(('a', 1), payroll.salaries)",
    'another database in EXISTS': 'SELECT EXISTS (SELECT * FROM payroll.salaries)',
    'another database in a union': 'SELECT 1 UNION ALL SELECT salary FROM payroll.salaries',
    'a dot inside a quoted name': 'SELECT * FROM wallet.`cards.x`',
    'system tables': 'SELECT * FROM system.processes',
    'system tables after IN': "SELECT 'x' IN system.databases",
    'information_schema': 'SELECT * FROM information_schema.tables',
    'INFORMATION_SCHEMA in capitals': 'SELECT * FROM INFORMATION_SCHEMA.TABLES',
    'a step of another run': 'SELECT * FROM tasksheet.t_stranger',
    'a step of another run after IN': 'SELECT 1 IN tasksheet.t_stranger',
    'small results of others': 'SELECT * FROM tasksheet.small_0',
    'joinGet of another database': "SELECT joinGet('payroll.joined', 'salary', 'a')",
    'joinGet by an identifier': "SELECT joinGet(payroll.joined, 'salary', 'a')",
    dictGet: "SELECT dictGet('payroll.d', 'x', 1)",
    dictGetOrNull: "SELECT dictGetOrNull('payroll.d', 'x', 1)",
    hasColumnInTable: "SELECT hasColumnInTable('payroll', 'salaries', 'salary')",
    getSetting: "SELECT getSetting('max_threads')",
    'a global variable': 'SELECT @@version',
    hostName: 'SELECT hostName()',
    'hostName in other letters': 'SELECT HOSTNAME(), fqdn()',
    currentUser: 'SELECT currentUser()',
    'the SQL name of currentUser': 'SELECT user()',
    sleep: 'SELECT sleep(3)',
    sleepEachRow: 'SELECT sleepEachRow(1) FROM numbers(3)',
    addressToLine: 'SELECT addressToLine(1)',
    evalMLMethod: 'SELECT evalMLMethod(1, 2)',
    catboostEvaluate: "SELECT catboostEvaluate('/x', 1)",
    getClientHTTPHeader: "SELECT getClientHTTPHeader('Authorization')",
    showCertificate: 'SELECT showCertificate()',
    logTrace: "SELECT logTrace('x')",
    'a function that calls a model': "SELECT aiGenerate('x', 'y')",
    'PARALLEL WITH': 'SELECT 1 PARALLEL WITH SELECT 2',
    'PARALLEL WITH a write': 'SELECT 1 PARALLEL WITH DROP TABLE cards',
    INSERT: 'INSERT INTO cards SELECT * FROM cards',
    'INSERT behind WITH': 'WITH x AS (SELECT 1) INSERT INTO cards SELECT * FROM x',
    CREATE: 'CREATE TABLE x (a Int8) ENGINE = Memory',
    'CREATE TEMPORARY': 'CREATE TEMPORARY TABLE x AS SELECT 1',
    'ALTER … DELETE': 'ALTER TABLE cards DELETE WHERE 1',
    TRUNCATE: 'TRUNCATE TABLE cards',
    SYSTEM: 'SYSTEM STOP MERGES',
    'KILL QUERY': 'KILL QUERY WHERE 1',
    USE: 'USE payroll',
    SET: 'SET max_threads = 1',
    GRANT: 'GRANT ALL ON *.* TO x',
    BACKUP: "BACKUP DATABASE wallet TO Disk('d', 'x')",
    ATTACH: "ATTACH TABLE x FROM '/tmp' (a Int8) ENGINE = Memory",
    'WITH TOTALS, which would be lost': 'SELECT city, count() FROM cards GROUP BY city WITH TOTALS',
    'a placeholder that is an identifier': 'SELECT * FROM {city:Identifier}',
    'a placeholder of a column name': 'SELECT {city:Identifier} FROM cards',
    'a placeholder of another type': 'SELECT {city:Array(String)}',
    'a placeholder without a field': 'SELECT {nobody:String}',
    'a line forged by an alias': 'SELECT 1 AS `x\\n Literal 1`, file(1)',
    'a line forged by a table': 'SELECT * FROM `x\n  TableIdentifier cards`',
    'an empty text': '   ',
    'a comment alone': '-- nothing',
    'no SQL at all': 'покажи карты',
  };
  test.each(Object.entries(attacks))('%s', async (_name, sql) => {
    const problem = await outcome(sql);
    expect(problem).toBeInstanceOf(Problem);
    expect(['query_refused', 'query_failed']).toContain((problem as Problem).code);
    expect(existsSync(outfile)).toBe(false);
  });

  test('attacks that the engine itself would have carried out are refused by the guard, not by luck', async () => {
    const dangerous = ['the function file in an alias of VALUES', 'the function file', 'the function file in APPLY', 'another database', 'another database after IN', 'system tables', 'a step of another run', 'INTO OUTFILE', 'hostName', 'sleep', 'PARALLEL WITH a write', 'joinGet of another database', 'SETTINGS in a subquery', 'a placeholder that is an identifier'];
    for (const name of dangerous) expect([name, (await outcome(attacks[name]!)) as Problem]).toEqual([name, expect.objectContaining({ code: 'query_refused' })]);
  });

  test('store and describe refuse the same, and leave nothing behind', async () => {
    const query = { sql: attacks['the function file in a lambda']!, parameters: {} };
    await expect(scratch.workbench.store(query, wallet, 'stolen', context())).rejects.toMatchObject({ code: 'query_refused' });
    await expect(scratch.workbench.describe(query, wallet)).rejects.toMatchObject({ code: 'query_refused' });
    expect(await scratch.workbench.storedTableIds()).not.toContain('stolen');
  });

  test('a message names what is refused, in both languages', async () => {
    const problem = (await outcome(attacks['another database']!)) as Problem;
    expect(problem.text.en).toContain('payroll.salaries');
    expect(problem.text.ru).toContain('payroll.salaries');
    expect(((await outcome('SELECT hostName()')) as Problem).text.ru).toContain('hostName');
    expect(((await outcome("SELECT * FROM url('http://127.0.0.1:1/', 'CSV', 'a String')")) as Problem).text.en).toContain('table function url');
  });

  test('a scope that names the scratch database, system tables or the database of files is refused', async () => {
    for (const database of ['tasksheet', 'system', 'information_schema', 'default'])
      await expect(scratch.workbench.select({ sql: 'SELECT 1', parameters: {} }, { database, databases: [] }, context())).rejects.toMatchObject({ code: 'query_refused' });
  });

  test('without a database of its own a query reads only its steps', async () => {
    const scope = { database: '', databases: [], tables: [step] };
    const read = (sql: string) => scratch.workbench.select({ sql, parameters: {} }, scope, context());
    expect((await read('SELECT count() FROM tasksheet.t_step')).rows).toEqual([['10']]);
    await expect(read('SELECT * FROM cards')).rejects.toMatchObject({ code: 'query_failed' });
    await expect(read(`SELECT * FROM \`t_${stranger.id}\``)).rejects.toMatchObject({ code: 'query_failed' });
    await expect(read('SELECT * FROM wallet.cards')).rejects.toMatchObject({ code: 'query_refused' });
  });

  test('what is remembered for one scope does not hold for another', async () => {
    const query = { sql: 'SELECT count() FROM payroll.salaries', parameters: {} };
    const allowed = { database: 'wallet', databases: ['payroll'] };
    expect((await scratch.workbench.select(query, allowed, context())).rows).toEqual([['0']]);
    await expect(scratch.workbench.select(query, wallet, context())).rejects.toMatchObject({ code: 'query_refused' });
  });
});
