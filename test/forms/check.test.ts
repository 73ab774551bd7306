import { describe, expect, it } from 'vitest';
import { fieldViews, openForms } from '../../backend/forms/index.ts';
import { inOrderOfDependence } from '../../backend/forms/check.ts';
import { Problem } from '../../shared/problem.ts';
import { fieldView, type FormValues } from '../../shared/form.ts';
import type { Field } from '../../backend/catalog/task.ts';
import { fieldOf, maria, taskOf } from './form-example.ts';

const forms = openForms({ sources: new Map(), loadedUntil: async () => '2026-11-21T23:59:59+03:00' });
const examine = (fields: Field[], values: FormValues) => forms.examine(taskOf(fields), values, maria);
const words = { ru: 'Слово', en: 'Word' };

const sex = fieldOf('sex', 'choices', {
  options: [
    { value: 'f', label: { ru: 'женский', en: 'female' }, sql: "'f'" },
    { value: 'm', label: { ru: 'мужской', en: 'male' }, sql: "'m'" },
  ],
});
const level = fieldOf('level', 'choice', { settings: { scalar: 'integer' }, options: [{ value: 1, label: words }, { value: 2, label: words }] });

describe('checking a form on the server', () => {
  it('resolves relative words in the company zone and keeps them as entered', async () => {
    const report = await examine([fieldOf('issued', 'dateRange')], { issued: 'lastMonth' });
    expect(report).toMatchObject({ problems: {}, entered: { issued: 'lastMonth' }, resolved: { issued: { from: '2026-10-01', until: '2026-11-01' } } });
    expect(report.fieldWords).toEqual({ issued: { ru: 'октябрь 2026', en: 'October 2026' } });
    expect(report.words).toEqual([{ label: { ru: 'Поле issued', en: 'Field issued' }, text: { ru: 'октябрь 2026', en: 'October 2026' } }]);
  });

  it('refuses a field that the form does not have, whatever it is called', async () => {
    const values = JSON.parse('{"word":"a","other":1,"__proto__":{"x":1},"constructor":"y"}') as FormValues;
    const { problems, resolved } = await examine([fieldOf('word', 'text')], values);
    expect(Object.keys(problems).sort()).toEqual(['__proto__', 'constructor', 'other']);
    expect(problems['other']?.ru).toContain('нет поля «other»');
    expect(resolved).toEqual({ word: 'a' });
  });

  it.each([
    ['text', 5],
    ['number', 'много'],
    ['number', { from: 1 }],
    ['numberRange', '18..45'],
    ['toggle', 'да'],
    ['date', '2026-02-30'],
    ['date', '22.11.2026'],
    ['month', '2026-13'],
    ['dateRange', { from: '2026-01-01' }],
    ['dateRange', ['2026-01-01', '2026-02-01']],
    ['dateRange', 'tomorrow'],
    ['choice', ['a']],
    ['choices', 'a'],
    ['list', 'a'],
    ['list', [1]],
  ] as const)('says what a %s looks like when it gets %j', async (kind, value) => {
    const options = kind === 'choice' || kind === 'choices' ? { options: [{ value: 'a', label: words }] } : {};
    const { problems, resolved } = await examine([fieldOf('one', kind, options)], { one: value as FormValues[string] });
    expect(problems['one']?.ru).toMatch(/Нуж|Выберите/);
    expect(problems['one']?.en).toMatch(/needed|Choose/);
    expect(resolved).toEqual({});
  });

  it('refuses a period that ends before it starts', async () => {
    const { problems } = await examine([fieldOf('issued', 'dateRange')], { issued: { from: '2026-03-10', until: '2026-03-10' } });
    expect(problems['issued']?.ru).toBe('Период заканчивается раньше, чем начинается.');
  });

  it('keeps texts that look like code exactly as they are', async () => {
    for (const text of ["' OR 1=1 --", '$0', '\\', '{{x}}', ']]', '[[ {{a}} ]]', '😀 эмодзи', '%_', "'; DROP TABLE cards --"]) {
      const { problems, resolved } = await examine([fieldOf('word', 'text')], { word: text });
      expect({ problems, resolved }).toEqual({ problems: {}, resolved: { word: text } });
    }
  });

  it.each([['NUL', 'a\u0000b'], ['a control character', 'a\u0007b'], ['half a character', 'a\ud83d']])('refuses a text with %s', async (_, text) => {
    for (const [kind, value] of [['text', text], ['list', ['ok', text]]] as const)
      expect((await examine([fieldOf('word', kind)], { word: value as FormValues[string] })).problems['word']?.ru).toContain('служебный знак');
  });

  it('refuses a text of ten megabytes at once', async () => {
    const { problems } = await examine([fieldOf('word', 'text')], { word: 'ы'.repeat(10_000_000) });
    expect(problems['word']?.ru).toContain('Не длиннее 1000 знаков');
  });

  it('asks for what is missing: absent, null, blank and an empty list alike', async () => {
    const fields = [fieldOf('word', 'text'), fieldOf('many', 'list'), level, sex, fieldOf('age', 'numberRange'), fieldOf('on', 'toggle')];
    const { problems } = await examine(fields, { word: '  ', many: ['', ' '], level: null, sex: [], age: { from: null, until: null } });
    expect(Object.keys(problems).sort()).toEqual(['age', 'level', 'many', 'sex', 'word']);
    expect(problems['word']).toEqual({ ru: 'Заполните поле «Поле word».', en: 'Fill in “Field word”.' });
    expect(problems['level']?.ru).toBe('Выберите значение поля «Поле level».');
  });

  it('lets optional fields stay empty and leaves them out', async () => {
    const report = await examine([fieldOf('word', 'text', { required: false }), fieldOf('many', 'list', { required: false })], { word: '', many: [] });
    expect(report).toMatchObject({ problems: {}, entered: {}, resolved: {}, words: [] });
  });

  it('takes choices among the options only, in the order of the options, and says them by label', async () => {
    const good = await examine([sex, level], { sex: ['m', 'f', 'm'], level: '2' });
    expect(good).toMatchObject({ problems: {}, resolved: { sex: ['f', 'm'], level: 2 } });
    expect(good.fieldWords['sex']).toEqual({ ru: 'женский, мужской', en: 'female, male' });
    const bad = await examine([sex, level], { sex: ['f', "' OR 1=1 --"], level: 3 });
    expect(bad.problems['sex']?.ru).toContain("«' OR 1=1 --»");
    expect(bad.problems['level']?.en).toContain('“3”');
    expect(bad.resolved).toEqual({});
  });

  it('drops repeats and blanks of a list and keeps the order', async () => {
    const { resolved } = await examine([fieldOf('many', 'list')], { many: [' b ', 'a', '', 'b', 'a'] });
    expect(resolved).toEqual({ many: ['b', 'a'] });
  });

  it('empties hidden fields, also those behind a hidden field, and does not look at their values', async () => {
    const fields = [
      fieldOf('narrow', 'toggle'),
      fieldOf('by', 'choice', { options: [{ value: 'age', label: words }], visibleWhen: { field: 'narrow', is: [true] } }),
      fieldOf('age', 'number', { visibleWhen: { field: 'by', is: ['age'] } }),
      fieldOf('wide', 'text', { required: false, visibleWhen: { field: 'narrow', is: [false] } }),
    ];
    const hidden = await examine(fields, { narrow: false, by: 'age', age: 'not a number', wide: 'shown' });
    expect(hidden).toMatchObject({ problems: {}, resolved: { narrow: false, wide: 'shown' }, entered: { narrow: false, wide: 'shown' } });
    const untouched = await examine(fields, { by: 'age', age: 5, wide: 'shown' });
    expect(untouched.resolved).toEqual({ wide: 'shown' });
    const shown = await examine(fields, { narrow: true, by: 'age', age: 5, wide: 'hidden' });
    expect(shown.resolved).toEqual({ narrow: true, by: 'age', age: 5 });
    expect((await examine(fields, { narrow: true, by: 'age' })).problems['age']?.ru).toContain('Заполните');
  });

  it('throws one message a field from check', async () => {
    const failure = await forms.check(taskOf([sex, fieldOf('word', 'text')]), { sex: ['x'] }, maria).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Problem);
    expect(failure).toMatchObject({ code: 'invalid_values', text: { ru: 'Проверьте: Поле sex, Поле word.' } });
    expect(Object.keys((failure as Problem).fields ?? {})).toEqual(['sex', 'word']);
  });

  it('takes a hundred thousand entries with repeats in a moment and refuses one more than allowed', async () => {
    const entries = Array.from({ length: 100_000 }, (_, index) => String(index));
    expect((await examine([fieldOf('many', 'list')], { many: [...entries, ...entries, ''] })).resolved['many']).toHaveLength(100_000);
    expect((await examine([fieldOf('many', 'list')], { many: [...entries, 'one more'] })).problems['many']?.en).toContain('100001');
  });
});

describe('a period that is not loaded yet', () => {
  const fields = [fieldOf('period', 'dateRange')];
  const fresh = { on: 'warehouse', template: { source: 'SELECT 1', parts: [], fields: [], steps: [], views: [] } };
  const check = (period: FormValues[string], loaded: string | null, needsComplete = true) =>
    openForms({ sources: new Map(), loadedUntil: async () => loaded }).examine(taskOf(fields, { needsComplete, fresh }), { period }, maria);

  it('is refused where the task needs complete periods, with how far the data goes', async () => {
    expect((await check('thisMonth', '2026-11-21T23:59:59+03:00')).problems['period']).toEqual({
      ru: 'Данные загружены по 21 ноября 2026, 23:59. Выберите период, который закончился раньше.',
      en: 'Data is loaded up to 21 November 2026, 23:59. Choose a period that ended before.',
    });
    expect((await check('yesterday', '2026-11-21T18:00:00+03:00')).problems['period']?.ru).toContain('18:00');
    expect((await check('yesterday', null)).problems['period']?.ru).toContain('ещё не загружены');
  });

  it('passes when the last minute of its last day is loaded', async () => {
    expect((await check('yesterday', '2026-11-21T23:59:00+03:00')).problems).toEqual({});
    expect((await check('yesterday', '2026-11-21T20:59:59Z')).problems).toEqual({});
  });

  it('passes where the task does not ask for it', async () => {
    expect((await check('thisYear', null, false)).problems).toEqual({});
  });
});

describe('the form as the pane draws it', () => {
  it('holds no text of a query and fits the contract', () => {
    const query = { on: 'warehouse', template: { source: 'SELECT secret', parts: [], fields: [], steps: [], views: [] } };
    const views = fieldViews(taskOf([sex, level, fieldOf('partner', 'choice', { optionsQuery: query }), fieldOf('many', 'list', { known: query }), fieldOf('issued', 'dateRange', { defaultQuery: query, dependsOn: ['partner'] })]));
    expect(JSON.stringify(views)).not.toMatch(/sql|secret/i);
    for (const view of views) expect(fieldView.parse(view)).toEqual(view);
    expect(views.map(({ optionsFromQuery }) => optionsFromQuery)).toEqual([false, false, true, false, false]);
    expect(views[4]).toMatchObject({ defaultFromQuery: true, dependsOn: ['partner'] });
  });

  it("gives fixed options without the analyst's text", async () => {
    const answer = await forms.options(taskOf([sex]), 'sex', { values: {}, search: 'муж' }, maria);
    expect(answer).toEqual({ options: [{ value: 'm', label: { ru: 'мужской', en: 'male' } }], more: false });
    await expect(forms.options(taskOf([sex]), 'toString', { values: {} }, maria)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('order of dependence', () => {
  it('puts a field after those it reads and survives a circle', () => {
    const fields = [fieldOf('c', 'text', { dependsOn: ['b'] }), fieldOf('a', 'text'), fieldOf('b', 'text', { dependsOn: ['a', 'gone'] })];
    expect(inOrderOfDependence(fields).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    const circle = [fieldOf('a', 'text', { dependsOn: ['b'] }), fieldOf('b', 'text', { dependsOn: ['a'] })];
    expect(inOrderOfDependence(circle)).toHaveLength(2);
  });
});
