import { describe, expect, test } from 'vitest';
import { readCodeForms } from '../../backend/zeppelin/code-forms.ts';
import { fieldNameFor, stepNameFor, taskIdFor } from '../../backend/zeppelin/names.ts';
import { readParagraphText } from '../../backend/zeppelin/paragraph-header.ts';

describe('the header of a paragraph, by the cases of Zeppelin’s ParagraphTextParserTest', () => {
  test.each([
    ['%jupyter(kernel=ir)', 'jupyter', { kernel: 'ir' }, ''],
    [
      '%cassandra(locale=ru_RU, timeFormat="E, d MMM yy", floatPrecision = 5, output=cql)\nselect * from system_auth.roles;',
      'cassandra',
      { locale: 'ru_RU', timeFormat: 'E, d MMM yy', floatPrecision: '5', output: 'cql' },
      '\nselect * from system_auth.roles;',
    ],
    ['%spark-submit --class A a.jar', 'spark-submit', {}, '--class A a.jar'],
    ['%spark.pyspark(pool=pool_1) sc.version', 'spark.pyspark', { pool: 'pool_1' }, 'sc.version'],
    ['%spark.pyspark(pool)', 'spark.pyspark', { pool: 'pool' }, ''],
    ['sc.version', '', {}, 'sc.version'],
    ['%spark() sc.version', 'spark', {}, 'sc.version'],
    ['%spark.pyspark(pool="value with \\" inside", p="eol\\ninside" )', 'spark.pyspark', { pool: 'value with " inside', p: 'eol\ninside' }, ''],
    ['%jdbc(pg)\nselect 1', 'jdbc', { pg: 'pg' }, '\nselect 1'],
    ['%jdbc(__proto__=1) select 1', 'jdbc', JSON.parse('{"__proto__":"1"}') as object, 'select 1'],
  ])('%s', (text, interpreter, properties, script) => expect(readParagraphText(text)).toMatchObject({ interpreter, properties, script }));

  test.each(['%spark.pyspark(pool=', '%spark.pyspark(pool="value', '%spark.pyspark(pool=\\', '%spark.pyspark(pool=123, ,)', '%spark(a=b=c)'])('%s is refused', (text) => expect(readParagraphText(text)).toBeNull());
});

describe('forms that code asks for', () => {
  const stored = { d: { name: 'd', defaultValue: '', options: [{ value: 'x', displayName: 'X' }, { value: 2 }] } };
  test.each([
    ['z.input("a")', { name: 'a', control: 'text', default: null }],
    ["z.textbox('Имя', 'Анна')", { name: 'Имя', control: 'text', default: 'Анна' }],
    ['z.noteTextbox("a", defaultValue="b")', { name: 'a', control: 'text', default: 'b' }],
    ['z.select("day", [("1", "Пн"), ("2", "Вт")])', { name: 'day', control: 'select', default: '1', options: [{ value: '1', label: 'Пн' }, { value: '2', label: 'Вт' }] }],
    ['z.select("day", [("1", "Пн"), ("2", "Вт")], "2")', { default: '2' }],
    ['z.select("day", Seq(("1","Mon"),("2","Tue")), Seq("2", "1"))', { default: '2', computed: false }],
    ['z.checkbox("c", [("a", "A")])', { control: 'checkbox', default: [] }],
    ['z.checkbox("c", [("a", "A"), ("b", "B")], ["a"])', { control: 'checkbox', default: ['a'] }],
    ['z.select("d", [(t, t) for t in all_teams])', { computed: true, options: [{ value: 'x', label: 'X' }, { value: '2', label: '2' }], default: 'x' }],
    ['z.select("d", options_of(data, "x"), "x")', { computed: true, default: 'x' }],
    ['z.password("secret")', { control: 'password' }],
  ])('%s', (code, expected) => expect(readCodeForms(code, stored)).toMatchObject([expected]));

  test('names that are computed, and unfinished calls, are passed over', () => {
    expect(readCodeForms('z.input(name)\nz.select(\nz.input("a', {})).toEqual([]);
    expect(readCodeForms(`z.select("x", ${'['.repeat(5000)}`, {})).toHaveLength(1);
  });
});

test.each([
  ['Карты партнёра', 'karty-partnera'],
  ['Жаңа қолданушылар', 'zhana-qoldanushylar'],
  ['Umsätze in Größe', 'umsaetze-in-groesse'],
  ['Café — 2026/03', 'cafe-2026-03'],
  ['***', 'fallback'],
  ['株主', 'fallback'],
])('the id of a task named %s is %s', (name, id) => expect(taskIdFor(name, 'fallback')).toBe(id));

test.each([
  ['dateFrom', 'dateFrom'],
  ['Дата с', 'data_s'],
  ['2nd', 'field_2nd'],
  ['', 'field'],
  ['search', 'search_field'],
  ['constructor', 'constructor_field'],
  ['ABC', 'abc'],
])('a form named %s is the field %s', (name, field) => expect(fieldNameFor(name)).toBe(field));

test('a step is named by its title, or by its number', () => {
  expect(stepNameFor('По дням', 3)).toBe('po_dnyam');
  expect(stepNameFor('2026', 3)).toBe('step_3');
});
