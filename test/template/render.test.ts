import { describe, expect, test } from 'vitest';
import type { AnyValue } from '../../shared/form.ts';
import { Problem } from '../../shared/problem.ts';
import { parseTemplate, renderTemplate, withViews } from '../../backend/template/index.ts';
import { field, placeholder, render } from './fields.ts';

function problem(action: () => unknown): Problem {
  try {
    action();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('every kind of field is bound', () => {
  const cases: [string, Parameters<typeof field>[1], Record<string, unknown>, AnyValue, string, string, Record<string, unknown>][] = [
    ['text', 'text', {}, "O'Hara", 'a = {{x}}', 'a = {f_x:String}', { f_x: { scalar: 'string', value: "O'Hara" } }],
    ['a whole number', 'number', {}, 12, 'a = {{x}}', 'a = {f_x:Int64}', { f_x: { scalar: 'integer', value: '12' } }],
    ['a wide number', 'number', {}, '900719925474099301', 'a = {{x}}', 'a = {f_x:Int64}', { f_x: { scalar: 'integer', value: '900719925474099301' } }],
    ['a decimal', 'number', { decimals: 2 }, '12.50', 'a = {{x}}', 'a = {f_x:Decimal(38, 12)}', { f_x: { scalar: 'decimal', value: '12.50' } }],
    ['a range', 'numberRange', {}, { from: 18, until: 45 }, 'a BETWEEN {{x.from}} AND {{x.until}}', 'a BETWEEN {from_x:Int64} AND {until_x:Int64}', { from_x: { scalar: 'integer', value: '18' }, until_x: { scalar: 'integer', value: '45' } }],
    ['a toggle', 'toggle', {}, true, 'a = {{x}}', 'a = {f_x:Bool}', { f_x: { scalar: 'boolean', value: true } }],
    ['a toggle that says no', 'toggle', {}, false, 'a = {{x}}', 'a = {f_x:Bool}', { f_x: { scalar: 'boolean', value: false } }],
    ['a day', 'date', {}, '2026-03-01', 'a = {{x}}', 'a = {f_x:Date32}', { f_x: { scalar: 'date', value: '2026-03-01' } }],
    ['a day as a word', 'date', {}, 'yesterday', 'a = {{x}}', 'a = {f_x:Date32}', { f_x: { scalar: 'date', value: '2026-11-21' } }],
    ['a month', 'month', {}, '2026-12', 'a >= {{x.from}} AND a < {{x.until}}', 'a >= {from_x:Date32} AND a < {until_x:Date32}', { from_x: { scalar: 'date', value: '2026-12-01' }, until_x: { scalar: 'date', value: '2027-01-01' } }],
    ['a period as moments', 'dateRange', {}, { from: '2026-03-01', until: '2026-04-01' }, 'a >= {{x.start}} AND a < {{x.end}}', "a >= {start_x:DateTime64(3, 'UTC')} AND a < {end_x:DateTime64(3, 'UTC')}", { start_x: { scalar: 'instant', value: '2026-02-28T21:00:00.000Z' }, end_x: { scalar: 'instant', value: '2026-03-31T21:00:00.000Z' } }],
    ['a choice', 'choice', { scalar: 'integer' }, 12, 'a = {{x}}', 'a = {f_x:Int64}', { f_x: { scalar: 'integer', value: '12' } }],
    ['choices', 'choices', {}, ['f', 'm'], 'a IN {{x}}', 'a IN {f_x:Array(String)}', { f_x: { scalar: 'string', value: ['f', 'm'] } }],
    ['a list', 'list', {}, ['1', '2', '1', ' '], 'a NOT IN {{x}}', 'a NOT IN {f_x:Array(String)}', { f_x: { scalar: 'string', value: ['1', '2'] } }],
  ];
  test.each(cases)('%s', (_, kind, settings, value, sql, expected, parameters) => {
    expect(render(sql, [field('x', kind, { settings })], { x: value })).toEqual({ sql: expected, parameters });
  });

  test('a part and a field with a similar name have different parameters', () => {
    const { parameters } = render('{{a.from}} {{from_a}} {{a_from}}', [field('a', 'numberRange'), field('from_a', 'number'), field('a_from', 'number')], { a: { from: 1, until: 2 }, from_a: 3, a_from: 4 });
    expect(Object.entries(parameters).map(([name, { value }]) => [name, value])).toEqual([['from_a', '1'], ['f_from_a', '3'], ['f_a_from', '4']]);
  });

  test('a value used twice is sent once', () => {
    const { sql, parameters } = render('{{a}} {{a}}', [field('a', 'text')], { a: 'x' });
    expect([sql, Object.keys(parameters)]).toEqual(['{f_a:String} {f_a:String}', ['f_a']]);
  });
});

describe('optional clauses', () => {
  const fields = [field('a', 'text', { required: false }), field('b', 'list', { required: false }), field('t', 'toggle')];
  test.each([
    [{}, 'x'],
    [{ a: null }, 'x'],
    [{ a: '  ' }, 'x'],
    [{ a: 'q' }, 'x  AND a = {f_a:String}'],
    [{ b: [] }, 'x'],
    [{ b: ['', ' '] }, 'x'],
  ])('%j gives %s', (values, expected) => {
    expect(render('x [[ AND a = {{a}} ]] [[ AND b IN {{b}} ]]', fields, values).sql.trim()).toBe(expected);
  });

  test('one empty field of two drops the clause', () => {
    expect(render('x [[ AND a = {{a}} AND b IN {{b}} ]]', fields, { a: 'q' })).toEqual({ sql: 'x', parameters: {} });
  });

  test('a toggle that says no drops it', () => {
    expect(render('x [[ AND p = {{t}} ]]', fields, { t: false }).sql).toBe('x');
    expect(render('x [[ AND p = {{t}} ]]', fields, { t: true }).sql).toContain('{f_t:Bool}');
  });

  test('a hidden field is empty whatever its value, also when it hides behind a hidden one', () => {
    const hidden = [
      field('t', 'toggle'),
      field('a', 'text', { visibleWhen: { field: 't', is: [true] } }),
      field('b', 'text', { visibleWhen: { field: 'a', is: ['q'] } }),
    ];
    const sql = 'x [[ AND {{a}} ]] [[ AND {{b}} ]]';
    expect(render(sql, hidden, { t: false, a: 'q', b: 'z' })).toEqual({ sql: 'x', parameters: {} });
    expect(Object.keys(render(sql, hidden, { t: true, a: 'q', b: 'z' }).parameters)).toEqual(['f_a', 'f_b']);
  });

  test('a required place without a value names the field, in both languages', () => {
    const { code, text, fields: named } = problem(() => render('a = {{a}}', fields, {}));
    expect([code, named?.a]).toEqual(['invalid_values', { ru: 'Заполните поле «Поле a».', en: 'Fill in “Field a”.' }]);
    expect(text.ru).toContain('Поле a');
  });

  test('a value of another kind is refused', () => {
    expect(problem(() => render('a = {{a}}', fields, { a: { from: 1 } })).code).toBe('invalid_values');
    expect(problem(() => render('a = {{a}}', [field('a', 'date')], { a: '2026-02-31' })).code).toBe('invalid_values');
  });

  test('values of the prototype are not values', () => {
    expect(problem(() => render('a = {{constructor}}', [field('constructor', 'text')], {})).code).toBe('invalid_values');
  });
});

describe('options with the text of the analyst', () => {
  const label = { ru: 'х', en: 'x' };
  const columns = field('c', 'choices', { options: [{ value: 'n', label, sql: 'card_number' }, { value: 'd', label, sql: 'issued_on' }, { value: 1, label, sql: 'x + 1 AS y' }] });
  test('stand in the order of the options, whatever the order of the values', () => {
    expect(render('SELECT {{c}}', [columns], { c: ['1', 'd', 'n', 'n'] })).toEqual({ sql: 'SELECT card_number, issued_on, x + 1 AS y', parameters: {} });
  });
  test.each([[[]], [null], [['n', 'other']], [['constructor']], [['n; DROP TABLE x']]])('%j is refused', (value) => {
    expect(problem(() => render('SELECT {{c}}', [columns], { c: value })).code).toBe('invalid_values');
  });
  test('one of a choice', () => {
    const one = field('c', 'choice', { options: columns.options });
    expect(render('SELECT {{c}}', [one], { c: 'd' }).sql).toBe('SELECT issued_on');
    expect(problem(() => render('SELECT {{c}}', [one], { c: 'issued_on' })).code).toBe('invalid_values');
  });
});

test('steps, views and search', () => {
  const views = new Map([['live', 'SELECT * FROM views.base WHERE NOT deleted -- end'], ['base', 'SELECT 1;']].map(([name = '', sql = '']) => [name, parseTemplate(sql).template]));
  const template = withViews(parseTemplate('SELECT * FROM steps.a JOIN views.live AS v USING id').template, (name) => views.get(name));
  expect(template.views).toEqual(['live', 'base']);
  const rendered = renderTemplate(template, { fields: [], values: {}, context: { zone: 'UTC', today: '2026-11-22' }, placeholder, step: (name) => `t_${name}` });
  expect(rendered.sql).toBe('SELECT * FROM t_a JOIN (\nSELECT * FROM (\nSELECT 1\n) WHERE NOT deleted -- end\n) AS v USING id');
  expect(render('name ILIKE {{search}} [[ AND x = {{search}} ]]', [], {}, { search: ' Лен ' }).parameters).toEqual({ f_search: { scalar: 'string', value: 'Лен' } });
  expect(render('a = {{search}} [[ AND x = {{search}} ]]', [], {})).toEqual({ sql: 'a = {f_search:String}', parameters: { f_search: { scalar: 'string', value: '' } } });
});
