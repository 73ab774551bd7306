import { describe, expect, test } from 'vitest';
import { importNote } from '../../backend/zeppelin/import-note.ts';
import type { Note, Paragraph } from '../../backend/zeppelin/note.ts';

function paragraph(text: string, number: number, params: Record<string, unknown> = {}): Paragraph {
  return { number, title: '', text, user: 'anna@company.example', enabled: true, params, forms: {} };
}

function imported(text: string | string[], params: Record<string, unknown> = {}) {
  const paragraphs = [text].flat().map((one, index) => paragraph(one.startsWith('%') ? one : `%clickhouse\n${one}`, index + 1, params));
  const note: Note = { id: '2X', name: 'Note', defaultInterpreter: '', cron: '', paragraphs, noteParams: {} };
  return importNote(note, { chosen: new Map([['clickhouse', 'warehouse'], ['mssql', 'crm']]), known: [], group: 'imported', owner: 'anna@company.example' }, new Set());
}

/** The queries that one paragraph or several became, without markers. */
function queries(text: string | string[], params?: Record<string, unknown>): string[] {
  const task = imported(text, params).files.get('tasks/note.sql') ?? '';
  return task.split(/^-- step .*\n-- Zeppelin: \d+\n/m).slice(1).map((query) => query.trim());
}

/** Kind of every field, by name. */
function kinds(text: string, params?: Record<string, unknown>): Record<string, string> {
  const task = imported(text, params).files.get('tasks/note.sql') ?? '';
  return Object.fromEntries([...task.matchAll(/^ {2}(\w+):\n {4}kind: (\w+)$/gm)].map(([, name = '', kind = '']) => [name, kind]));
}

function lost(text: string): string[] {
  return imported(text).remarks.filter(({ kind, paragraph: number }) => kind === 'lost' && number !== undefined).map(({ text: words }) => words.en);
}

describe('where a value stands', () => {
  test.each([
    ["SELECT 1 FROM t WHERE a = '${x=v}'", 'SELECT 1 FROM t WHERE a = {{x}}', { x: 'text' }],
    ['SELECT 1 FROM t WHERE a = ${x=5}', 'SELECT 1 FROM t WHERE a = {{x}}', { x: 'number' }],
    ['SELECT 1 FROM t WHERE a = ${x}', 'SELECT 1 FROM t WHERE a = {{x}}', { x: 'number' }],
    ["SELECT 1 FROM t WHERE a = ${x='v'}", 'SELECT 1 FROM t WHERE a = {{x}}', { x: 'text' }],
    ["SELECT 1 FROM t WHERE born > ${d='1992-07-20'}", 'SELECT 1 FROM t WHERE born > {{d}}', { d: 'date' }],
    ["SELECT 1 FROM t WHERE a LIKE '%${x=v}%'", "SELECT 1 FROM t WHERE a LIKE concat('%', {{x}}, '%')", { x: 'text' }],
    ["SELECT 1 FROM t WHERE a LIKE '${x=2026-01}%'", "SELECT 1 FROM t WHERE a LIKE concat(substring(toString({{x}}), 1, 7), '%')", { x: 'month' }],
    ["SELECT 1 FROM t WHERE '${x=v}' = a", 'SELECT 1 FROM t WHERE {{x}} = a', { x: 'text' }],
    ["SELECT 1 FROM t WHERE a IN ('${x}')", 'SELECT 1 FROM t WHERE a IN {{x}}', { x: 'list' }],
    ['SELECT 1 FROM t WHERE a IN (${x})', 'SELECT 1 FROM t WHERE a IN {{x}}', { x: 'list' }],
    ["SELECT 1 FROM t WHERE a IN (${x='a','b'})", 'SELECT 1 FROM t WHERE a IN {{x}}', { x: 'list' }],
    ["SELECT 1 FROM t WHERE a IN ('b', '${x=c}')", "SELECT 1 FROM t WHERE a IN ('b', {{x}})", { x: 'text' }],
    ["SELECT 1 FROM t WHERE a IN ('${x=c,b|c}')", 'SELECT 1 FROM t WHERE a IN ({{x}})', { x: 'choice' }],
    ["SELECT 1 FROM t WHERE a IN (${x=1,5}) AND b IN ('${x}')", 'SELECT 1 FROM t WHERE a IN {{x}} AND b IN {{x}}', { x: 'list' }],
    ['SELECT 1 FROM t LIMIT ${n=10}', 'SELECT 1 FROM t LIMIT {{n}}', { n: 'number' }],
    ['SELECT 1 FROM t WHERE d > now() - INTERVAL ${n=7} DAY', 'SELECT 1 FROM t WHERE d > now() - INTERVAL {{n}} DAY', { n: 'number' }],
    ['SELECT 1 FROM t WHERE d > now() - INTERVAL 7 ${u=DAY,DAY|WEEK}', 'SELECT 1 FROM t WHERE d > now() - INTERVAL 7 {{u}}', { u: 'choice' }],
    ['SELECT 1 FROM ${t=cards}', 'SELECT 1 FROM {{t}}', { t: 'choice' }],
    ['SELECT ${c=city,city|kind}, count() FROM t GROUP BY ${c=city,city|kind}', 'SELECT {{c}}, count() FROM t GROUP BY {{c}}', { c: 'choice' }],
    ['SELECT ${checkbox:c=city,city|kind} FROM t', 'SELECT {{c}} FROM t', { c: 'choices' }],
    ['SELECT 1 FROM t WHERE has([${checkbox:c=1,1|2}], a)', 'SELECT 1 FROM t WHERE has([{{c}}], a)', { c: 'choices' }],
    ['SELECT sum(${m=amount,amount|price}) FROM t', 'SELECT sum({{m}}) FROM t', { m: 'choice' }],
    ['SELECT 1 FROM t ORDER BY a ${d=asc,asc|desc}', 'SELECT 1 FROM t ORDER BY a {{d}}', { d: 'choice' }],
    ['SELECT 1 FROM t WHERE a ${op=>,>|>=|=} 5', 'SELECT 1 FROM t WHERE a {{op}} 5', { op: 'choice' }],
    ['SELECT 1 FROM t WHERE ${cond=a > 1,a > 1|b = 2}', 'SELECT 1 FROM t WHERE {{cond}}', { cond: 'choice' }],
    ['SELECT a.${c=city,city|kind} FROM t AS a', 'SELECT a.{{c}} FROM t AS a', { c: 'choice' }],
    ["SELECT round(a, ${digits=2}), '${name=Anna}' AS who FROM t", 'SELECT round(a, {{digits}}), {{name}} AS who FROM t', { digits: 'number', name: 'text' }],
    ["SELECT 1 FROM t WHERE d = parseDateTimeBestEffort('${d=2026-01-01}')", 'SELECT 1 FROM t WHERE d = parseDateTimeBestEffort(toString({{d}}))', { d: 'date' }],
    ["SELECT 1 FROM t WHERE d >= toDate('${x}')", 'SELECT 1 FROM t WHERE d >= toDate({{x}})', { x: 'text' }],
    ["SELECT 1 FROM t WHERE created_at >= '${from}'", 'SELECT 1 FROM t WHERE created_at >= {{from}}', { from: 'date' }],
    ["SELECT 1 FROM t WHERE a = ${x=1} AND b = '${x=1}'", 'SELECT 1 FROM t WHERE a = {{x}} AND b = {{x}}', { x: 'text' }],
    ['SELECT 1 FROM t WHERE a > ${x=0.5}', 'SELECT 1 FROM t WHERE a > {{x}}', { x: 'number' }],
    ['SELECT 1 FROM t WHERE card = ${x=7701200001868759530}', 'SELECT 1 FROM t WHERE card = {{x}}', { x: 'text' }],
  ])('%s', (written, expected, fields) => {
    expect(queries(written)).toEqual([expected]);
    expect(kinds(written)).toEqual(fields);
  });

  test('a double quoted form is a name, and a string only where the interpreter says so', () => {
    expect(queries('SELECT "${c=city,city|kind}" FROM t')).toEqual(['SELECT {{c}} FROM t']);
    expect(queries('%spark.sql\nSELECT 1 FROM t WHERE city = "${c=Moscow}"')).toEqual(['SELECT 1 FROM t WHERE city = {{c}}']);
  });
  test('the last person’s value is evidence of a type, and is not written', () => {
    expect(kinds("SELECT 1 FROM t WHERE x = '${d}'", { d: '2026-05-05' })).toEqual({ d: 'date' });
    expect([...imported("SELECT 1 FROM t WHERE x = '${d}'", { d: '2026-05-05' }).files.values()].join('')).not.toContain('2026-05-05');
  });
});

describe('periods', () => {
  test.each([
    ["d >= '${from=2026-01-01}' AND d < '${to=2026-02-01}'", 'd >= {{period.from}} AND d < {{period.until}}'],
    ["d >= '${from=2026-01-01}' AND d <= '${to=2026-01-31}'", 'd >= {{period.from}} AND d < {{period.until}}'],
    ["t.d BETWEEN '${from=2026-01-01}' AND '${to=2026-01-31}' AND a = 1", '(t.d >= {{period.from}} AND t.d < {{period.until}}) AND a = 1'],
    ["toDate(at) BETWEEN toDate('${from=2026-01-01}') AND toDate('${to=2026-01-31}')", '(toDate(at) >= toDate({{period.from}}) AND toDate(at) < toDate({{period.until}}))'],
    ["d NOT BETWEEN '${from=2026-01-01}' AND '${to=2026-01-31}'", 'd NOT BETWEEN {{period.from}} AND ({{period.until}} - INTERVAL 1 DAY)'],
    ["a + 1 BETWEEN '${from=2026-01-01}' AND '${to=2026-01-31}'", 'a + 1 BETWEEN {{period.from}} AND ({{period.until}} - INTERVAL 1 DAY)'],
    ["d > '${from=2026-01-01}' AND d < '${to=2026-02-01}'", 'd > {{from}} AND d < {{to}}'],
    ["d >= '${from=2026-01-01}' AND d < '${till_year=2026-02-01}'", 'd >= {{from}} AND d < {{till_year}}'],
    ["d BETWEEN '${from=2026-01-01}' AND '2026-02-01'", "d BETWEEN {{from}} AND '2026-02-01'"],
  ])('%s', (condition, expected) => expect(queries(`SELECT 1 FROM t WHERE ${condition}`)).toEqual([`SELECT 1 FROM t WHERE ${expected}`]));

  test('SQL Server steps back a day in its own words', () => {
    expect(queries("%mssql\nSELECT 1 FROM t WHERE d NOT BETWEEN '${from=2026-01-01}' AND '${to=2026-01-31}'")).toEqual(['SELECT 1 FROM t WHERE d NOT BETWEEN {{period.from}} AND DATEADD(day, -1, {{period.until}})']);
    expect(queries("%mssql\nSELECT 1 FROM t WHERE d >= '${from=2026-01-01} 00:00:00'")).toEqual(["SELECT 1 FROM t WHERE d >= concat(CONVERT(varchar(10), {{from}}, 23), ' 00:00:00')"]);
  });
});

describe('what may stay empty', () => {
  test.each([
    ["WHERE a = 1 AND ('${x=}' = '' OR b = '${x}')", 'WHERE a = 1 [[ AND (b = {{x}}) ]]'],
    ["WHERE ('${x}' = '' OR b = '${x}' OR c = '${x}') AND a = 1", 'WHERE 1 = 1 [[ AND (b = {{x}} OR c = {{x}}) ]] AND a = 1'],
    ["WHERE a = 1 AND ('' = '${x=,|m|f}' OR sex = '${x=,|m|f}')", 'WHERE a = 1 [[ AND (sex = {{x}}) ]]'],
    ["WHERE a = 1 AND name ILIKE '%${q=}%'", "WHERE a = 1 [[ AND name ILIKE concat('%', {{q}}, '%') ]]"],
  ])('%s', (written, expected) => expect(queries(`SELECT 1 FROM t ${written}`)).toEqual([`SELECT 1 FROM t ${expected}`]));

  test('not where the value stands outside too, or has a default', () => {
    expect(queries("SELECT '${x=}' AS x FROM t WHERE 1 AND ('${x=}' = '' OR b = '${x=}')")).toEqual(["SELECT {{x}} AS x FROM t WHERE 1 AND ({{x}} = '' OR b = {{x}})"]);
    expect(queries("SELECT 1 FROM t WHERE 1 AND name LIKE '%${q=Card}%'")).toEqual(["SELECT 1 FROM t WHERE 1 AND name LIKE concat('%', {{q}}, '%')"]);
  });
});

describe('what stays behind, with its reason', () => {
  test.each([
    ['SELECT 1 FROM ${table}', /lists no options/],
    ["SELECT '${m=city}' AS name, ${m=city} FROM t", /cannot be both/],
    ["SELECT 1 FROM t WHERE has(['${checkbox(','):c=a,a|b}'], a)", /outside the parentheses of IN/],
    ["SELECT 1 FROM t WHERE p = '${password:p}'", /password/],
    ['SELECT 1 FROM t WHERE (${checkbox( or ):c=a > 1,a > 1|b > 2})', /joined by “ or ”/],
    ['SELECT 1 FROM t WHERE a = {x:String}', /is not a parameter here/],
    ['DROP TABLE cards', /DROP/],
    ['%jdbc(interpolate=true)\nSELECT 1 FROM t WHERE a = {x}', /z\.put/],
    ['%spark\nval a = s"${x}"', /spark is not carried over/],
    ['%python(form=simple)\nprint("${x}")', /inside a program/],
  ])('%s', (written, reason) => {
    expect(lost(written).join('\n')).toMatch(reason);
    expect(imported(written).files.size).toBe(0);
  });

  test('one bad query of a note leaves the others, and their fields only', () => {
    expect(queries(['SELECT 1 FROM ${table} WHERE a = ${x=1}', 'SELECT 2 FROM t WHERE b = ${y=1}'])).toEqual(['SELECT 2 FROM t WHERE b = {{y}}']);
  });
  test('an option that is no whole piece of SQL is left out', () => {
    expect(lost('SELECT ${c=city,city|kind -- x|a; b} FROM t')).toEqual([expect.stringContaining('“kind -- x”') as string, expect.stringContaining('“a; b”') as string]);
  });
});

test('an unknown interpreter before a SELECT is taken for SQL, and said', () => {
  const { remarks, sources } = imported('%warehouse_old\nSELECT 1 FROM t');
  expect(sources).toEqual(['warehouse']);
  expect(remarks.map(({ text }) => text.en)).toContainEqual(expect.stringContaining('The interpreter “warehouse_old” is unknown'));
});

test('a comment that begins with the word step begins none', () => {
  expect(queries('-- step one on nowhere\nSELECT 1 FROM t')).toEqual(['-- — step one on nowhere\nSELECT 1 FROM t']);
});

test.each([
  ['comments before an unknown interpreter’s text', `%other\n${'/* x */ '.repeat(50_000)}x`],
  ['calls inside calls', `%python\n${'z.select("x", [("a","b"),'.repeat(3000)}`],
  ['open brackets in words', `%md ${'['.repeat(100_000)} ${'*'.repeat(100_000)} ${'<'.repeat(100_000)}`],
  ['parentheses', `SELECT ${'('.repeat(20_000)}\${x=1}${')'.repeat(20_000)}`],
])('a note of many %s is read at once', (_, text) => {
  expect(imported(text).remarks.length).toBeGreaterThan(0);
}, 5000);
