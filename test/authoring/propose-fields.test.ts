import { expect, test } from 'vitest';
import { proposeFields, writeDraft, type Proposal } from '../../backend/authoring/index.ts';
import { withFields } from '../../backend/authoring/draft-file.ts';

const partner = { name: 'partner', kind: 'choice' as const, scalar: 'integer' as const };

function suggested(sql: string): Proposal[] {
  return proposeFields(sql, [partner]).fields.filter(({ isSuggested }) => isSuggested);
}

/** The query as it would be written, and the fields as name, kind and default. */
function proposed(sql: string): [string, ...unknown[]] {
  const fields = suggested(sql);
  return [withFields(sql, fields), ...fields.map(({ name, kind, default: value }) => [name, kind, value])];
}

test('two bounds of one date column become a period that ends before its last day', () => {
  expect(proposed("SELECT 1 FROM cards WHERE issued_on >= '2026-10-01' AND issued_on < '2026-11-01'")).toEqual([
    'SELECT 1 FROM cards WHERE issued_on >= {{issued.from}} AND issued_on < {{issued.until}}',
    ['issued', 'dateRange', { from: '2026-10-01', until: '2026-11-01' }],
  ]);
});

test('bounds that let the last day in are written half-open with the day after it', () => {
  for (const condition of ["issued_on BETWEEN '2026-10-01' AND '2026-10-31'", "issued_on >= '2026-10-01' AND issued_on <= '2026-10-31'", "issued_on > '2026-09-30' AND issued_on <= '2026-10-31'", "issued_on between toDate('2026-10-01') and DATE '2026-10-31'"])
    expect(proposed(`SELECT 1 FROM cards WHERE ${condition}`)).toEqual(['SELECT 1 FROM cards WHERE issued_on >= {{issued.from}} AND issued_on < {{issued.until}}', ['issued', 'dateRange', { from: '2026-10-01', until: '2026-11-01' }]]);
});

test('moments are compared with local midnights, and a last moment of a day lets the whole day in', () => {
  const query = (condition: string): unknown => proposed(`SELECT 1 FROM e WHERE ${condition}`);
  const expected = (column: string) => [`SELECT 1 FROM e WHERE ${column} >= {{sent.start}} AND ${column} < {{sent.end}}`, ['sent', 'dateRange', { from: '2026-10-01', until: '2026-11-01' }]];
  expect(query("sent_at >= '2026-10-01 00:00:00' AND sent_at <= '2026-10-31 23:59:59'")).toEqual(expected('sent_at'));
  expect(query("e.sent_at BETWEEN '2026-10-01' AND '2026-10-31 23:59:59.999'")).toEqual(expected('e.sent_at'));
  expect(query("sent_at >= toDateTime('2026-10-01 00:00:00') AND sent_at < '2026-11-01T00:00:00'")).toEqual(expected('sent_at'));
});

test('a day that was compared by its midnight alone is told of', () => {
  const [field] = suggested("SELECT 1 FROM e WHERE sent_at BETWEEN '2026-10-01' AND '2026-10-31'");
  expect(field?.remarks.map(({ en }) => en)).toEqual([expect.stringContaining('last day now counts whole')]);
  expect(suggested("SELECT 1 FROM e WHERE toDate(sent_at) BETWEEN '2026-10-01' AND '2026-10-31'")[0]?.remarks).toEqual([]);
});

test('a column cast to a day is compared with days', () => {
  expect(proposed("SELECT 1 FROM e WHERE toDate(e.sent_at) >= '2026-10-01' AND toDate(e.sent_at) < '2026-11-01'")[0]).toBe('SELECT 1 FROM e WHERE toDate(e.sent_at) >= {{sent.from}} AND toDate(e.sent_at) < {{sent.until}}');
  expect(proposed("SELECT 1 FROM e WHERE CAST(sent_at AS date) = '2026-10-01'")).toEqual(['SELECT 1 FROM e WHERE CAST(sent_at AS date) = {{sent}}', ['sent', 'date', '2026-10-01']]);
});

test('bounds that OR parts make no period; a lone bound is a date', () => {
  expect(proposed("SELECT 1 FROM e WHERE day >= '2026-10-01' OR day < '2026-09-01'")).toEqual(['SELECT 1 FROM e WHERE day >= {{day}} OR day < {{day_2}}', ['day', 'date', '2026-10-01'], ['day_2', 'date', '2026-09-01']]);
  expect(proposed("SELECT 1 FROM e WHERE created_at < '2026-09-01'")).toEqual(['SELECT 1 FROM e WHERE created_at < {{created.start}}', ['created', 'date', '2026-09-01']]);
});

test('the same period in several places is asked once', () => {
  const sql = "WITH a AS (SELECT user_id FROM x WHERE day BETWEEN '2026-10-01' AND '2026-10-31') SELECT count() FROM y WHERE issued_on >= '2026-10-01' AND issued_on < '2026-11-01' AND user_id IN (SELECT user_id FROM a)";
  expect(proposed(sql)).toEqual([
    'WITH a AS (SELECT user_id FROM x WHERE day >= {{period.from}} AND day < {{period.until}}) SELECT count() FROM y WHERE issued_on >= {{period.from}} AND issued_on < {{period.until}} AND user_id IN (SELECT user_id FROM a)',
    ['period', 'dateRange', { from: '2026-10-01', until: '2026-11-01' }],
  ]);
});

test('an id takes the shared field of its name, several ids take it as choices, others are numbers and lists', () => {
  expect(proposed('SELECT 1 FROM c WHERE partner_id = 12 AND shop_id = 5')).toEqual(['SELECT 1 FROM c WHERE partner_id = {{partner}} AND shop_id = {{shop_id}}', ['partner', 'choice', 12], ['shop_id', 'number', 5]]);
  expect(proposed('SELECT 1 FROM c WHERE partner_id IN (12, 13)')).toEqual(['SELECT 1 FROM c WHERE partner_id IN {{partner}}', ['partner', 'choices', [12, 13]]]);
  expect(proposed("SELECT 1 FROM c WHERE city IN ('Москва', 'Казань') AND shop_id in (1,2)")).toEqual(['SELECT 1 FROM c WHERE city IN {{city}} AND shop_id in {{shop_id}}', ['city', 'list', ['Москва', 'Казань']], ['shop_id', 'list', ['1', '2']]]);
  expect(suggested("SELECT 1 FROM c WHERE partner_id = 'abc'")[0]).toMatchObject({ name: 'partner_id', kind: 'text' });
});

test('texts, patterns, thresholds and ranges become fields of their kinds', () => {
  expect(proposed("SELECT 1 FROM c WHERE name ILIKE '%лента%' AND city = 'O''Hara' AND price >= 100.50 AND age BETWEEN 18 AND 45")).toEqual([
    "SELECT 1 FROM c WHERE name ILIKE concat('%', {{name}}, '%') AND city = {{city}} AND price >= {{price}} AND age BETWEEN {{age.from}} AND {{age.until}}",
    ['name', 'text', 'лента'],
    ['city', 'text', "O'Hara"],
    ['price', 'number', 100.5],
    ['age', 'numberRange', { from: 18, until: 45 }],
  ]);
});

test('an id of more digits than a number of JSON holds keeps them all', () => {
  expect(suggested('SELECT 1 FROM c WHERE card_number = 4276380012345678901')[0]?.default).toBe('4276380012345678901');
});

test('SQL Server’s spelling is read: national texts, brackets, compact dates, CONVERT', () => {
  expect(proposed("SELECT TOP 100 c.[issued on] FROM dbo.cards c WHERE c.[issued on] >= '20261001' AND c.[issued on] < CONVERT(date, '20261101') AND c.city = N'Москва'")).toEqual([
    'SELECT TOP 100 c.[issued on] FROM dbo.cards c WHERE c.[issued on] >= {{issued.from}} AND c.[issued on] < {{issued.until}} AND c.city = {{city}}',
    ['issued', 'dateRange', { from: '2026-10-01', until: '2026-11-01' }],
    ['city', 'text', 'Москва'],
  ]);
});

test.each([
  ['limits and positions', 'SELECT 1 FROM c GROUP BY 1 ORDER BY 2 LIMIT 100 OFFSET 5'],
  ['what is computed', "SELECT if(kind = 'plastic', 'пластиковая', 'цифровая') FROM c"],
  ['flags', 'SELECT 1 FROM c WHERE is_deleted = 0 AND deleted = 1'],
  ['exclusions', "SELECT 1 FROM c WHERE status != 'deleted' AND kind NOT IN ('x') AND NOT city = 'y'"],
  ['comments and strings', "SELECT 'a = 5 and b = ''2026-10-01''' FROM c -- WHERE d = '2026-10-01'\n/* x = 5 */"],
  ['joins on columns and tuples', 'SELECT 1 FROM a JOIN b ON a.id = b.id WHERE (x, y) IN ((1, 2)) AND 1 = 1'],
  ['parts of expressions', "SELECT 1 FROM c WHERE d >= toDate('2026-10-01') + 7 AND p = 'a' || x AND n = 5 * m"],
  ['lambdas', 'SELECT 1 FROM c WHERE has(arrayMap(x -> x > 5, xs), 1)'],
  ['empty texts', "SELECT 1 FROM c WHERE city = ''"],
])('%s stay in the query', (_, sql) => {
  expect(proposed(sql)).toEqual([sql]);
});

test('dates that stay are told of by their line', () => {
  expect(proposeFields("SELECT 1\nFROM c\nWHERE d >= toDate('2026-10-01') + 7", []).fixedDates).toEqual([{ line: 3, text: "'2026-10-01'" }]);
  expect(proposeFields("SELECT 1 FROM c WHERE sent_at >= '2026-10-01 09:30:00'", []).fixedDates).toHaveLength(1);
  // A zone of the query's own would be lost: a field's midnight is that of the company.
  expect(proposeFields("SELECT 1 FROM c WHERE sent_at >= toDateTime('2026-10-01 00:00:00', 'UTC')", []).fixedDates).toHaveLength(1);
});

test('a long list has no default and says so', () => {
  const [field] = suggested(`SELECT 1 FROM c WHERE user_id IN (${Array.from({ length: 200 }, (_, index) => index).join(', ')})`);
  expect(field).toMatchObject({ kind: 'list', settings: { scalar: 'integer' } });
  expect(field?.default).toBeUndefined();
  expect(field?.remarks[0]?.en).toContain('200');
});

test('the draft titles the columns that the query names, with ids as codes', () => {
  const sql = "SELECT c.user_id, count() AS cards, round(sum(x), 2), '2026' AS `год` FROM c GROUP BY user_id";
  const text = writeDraft({ title: { ru: 'Карты', en: 'Cards' }, group: 'exports', owner: 'anna@company.example', on: 'warehouse', sql, fields: [] });
  expect(text).toContain('  user_id: { title: { ru: "User id", en: "User id" }, type: code }');
  expect(text).toContain('  cards: { title:');
  expect(text).toContain('  "год": { title:');
  expect(text).not.toContain('round:');
});
