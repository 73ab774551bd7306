import { describe, expect, test } from 'vitest';
import { header, onlyTask, task } from './temporary-catalog.ts';

describe('a whole task', () => {
  test('everything of the header is read', async () => {
    const found = await onlyTask(`/*
title: { ru: Карты, en: Cards }
description: { ru: Все карты., en: All cards. }
group: exports
owner: anna@company.example
status: retired
was: [old-cards, older-cards]
file: { ru: "Карты {{city}}", en: "Cards {{city}}" }
form:
  city: { kind: text, label: { ru: Город, en: City }, default: Москва }
columns:
  number: { title: { ru: Номер, en: Number }, type: code }
  user:   { title: { ru: Кто, en: Who }, personal: true }
results: { all: { step: cards, title: { ru: Все, en: All } }, some: few }
fresh: { on: warehouse, sql: "SELECT max(loaded_at) FROM cards" }
needs: complete
chart: { kind: line, x: number, y: user, result: all }
limits: { time: 2m, rows: 1000, memory: 500MB }
examples:
  - values: { city: Казань }
    expect: { rowsAtLeast: 1, columns: [number] }
changes: ["2026-10-01: без удалённых"]
saves: 30
*/
-- step cards on warehouse
SELECT number, user FROM cards WHERE city = {{city}};
-- step few on workbench
SELECT number FROM steps.cards LIMIT 10
`);
    expect(found).toMatchObject({
      id: 'cards',
      formerIds: ['old-cards', 'older-cards'],
      kind: 'query',
      section: null,
      groupTitle: { ru: 'Выгрузки', en: 'Exports' },
      status: 'retired',
      fileName: { ru: 'Карты {{city}}', en: 'Cards {{city}}' },
      columns: { number: { title: { ru: 'Номер', en: 'Number' }, type: 'code', personal: false }, user: { personal: true } },
      results: [{ name: 'all', title: { ru: 'Все', en: 'All' }, step: 'cards' }, { name: 'some', title: { ru: 'some', en: 'some' }, step: 'few' }],
      needsComplete: true,
      chart: { kind: 'line', x: 'number', y: ['user'], result: 'all' },
      limits: { timeSeconds: 120, rows: 1000, memoryBytes: 500_000_000 },
      examples: [{ values: { city: 'Казань' }, expect: { rowsAtLeast: 1, columns: ['number'] } }],
      changes: ['2026-10-01: без удалённых'],
      saves: 30,
    });
    expect(found.steps.map(({ name, on, after, line }) => [name, on, after, line])).toEqual([['cards', 'warehouse', [], 25], ['few', 'workbench', ['cards'], 27]]);
  });

  test('what may be left out has defaults', async () => {
    const found = await onlyTask(task().replace('status: published\n', ''));
    expect(found).toMatchObject({ status: 'draft', fileName: { ru: 'Карты', en: 'Cards' }, results: [{ name: 'result', step: 'cards', title: { ru: 'Карты', en: 'Cards' } }], fields: [], examples: [], needsComplete: false });
    expect(found.limits.timeSeconds).toBeGreaterThan(0);
  });

  test('a file saved on Windows reads the same, version included', async () => {
    const text = task('file: Карты', '-- step cards on warehouse\nSELECT 1 AS one\n-- step two on warehouse\nSELECT 2 FROM steps.cards\n');
    const [unix, windows] = [await onlyTask(text), await onlyTask(`\ufeff${text.replaceAll('\n', '\r\n')}`)];
    expect(windows).toEqual(unix);
  });

  test('a column called constructor has no declaration unless it was written', async () => {
    const { columns } = await onlyTask(task());
    expect(columns.constructor).toBeUndefined();
  });
});

describe('every kind of field', () => {
  const label = 'label: { ru: Поле, en: Field }';
  const field = async (yaml: string) => (await onlyTask(task(`form:\n  x: { ${label}, ${yaml} }`))).fields[0];
  test.each([
    ['kind: text, maxLength: 5, multiline: true, default: abc', { settings: { maxLength: 5, multiline: true }, default: 'abc' }],
    ['kind: number, min: 1, max: 9, step: 2, decimals: 0, default: 3', { settings: { min: 1, max: 9, step: 2, decimals: 0 }, default: 3 }],
    ['kind: numberRange, min: 14, max: 100, default: 18..45', { default: { from: '18', until: '45' } }],
    ['kind: numberRange, default: { from: 18, until: null }', { default: { from: 18, until: null } }],
    ['kind: toggle', { required: false }],
    ['kind: toggle, default: true', { default: true }],
    ['kind: date, default: yesterday', { default: 'yesterday', required: true }],
    ['kind: date, default: 2026-03-01, min: 2026-01-01', { default: '2026-03-01', settings: { min: '2026-01-01' } }],
    ['kind: month, default: 2026-03', { default: '2026-03' }],
    ['kind: dateRange, default: lastMonth, maxDays: 31', { default: 'lastMonth', settings: { maxDays: 31 } }],
    ['kind: dateRange, default: 2026-03-01..2026-03-31', { default: { from: '2026-03-01', until: '2026-04-01' } }],
    ['kind: dateRange, default: { from: 2026-03-01, until: 2026-04-01 }', { default: { from: '2026-03-01', until: '2026-04-01' } }],
    ['kind: choice, options: [{ value: a, label: { ru: А, en: A } }], default: a', { options: [{ value: 'a', label: { ru: 'А', en: 'A' } }], default: 'a', settings: { scalar: 'string' } }],
    ['kind: choice, options: [{ value: 1, label: { ru: А, en: A }, hint: first }]', { settings: { scalar: 'integer' }, options: [{ value: 1, label: { ru: 'А', en: 'A' }, hint: 'first' }] }],
    ['kind: choice, options: [{ value: 1.5, label: { ru: А, en: A } }]', { settings: { scalar: 'decimal' } }],
    ['kind: choice, scalar: integer, options: { on: warehouse, sql: "SELECT 1 AS value, name AS label FROM t WHERE name ILIKE {{search}}" }', { searchesItself: true, settings: { scalar: 'integer' }, optionsQuery: { on: 'warehouse' } }],
    ['kind: choices, required: false, options: [{ value: a, label: { ru: А, en: A } }], default: [a]', { default: ['a'], required: false }],
    ['kind: list, known: { on: warehouse, sql: SELECT city FROM cards }', { known: { on: 'warehouse' }, settings: { scalar: 'string', maxItems: 100_000 } }],
    ['kind: date, default: { on: warehouse, sql: SELECT today() }', { defaultQuery: { on: 'warehouse' } }],
  ])('%s', async (yaml, expected) => {
    expect(await field(yaml)).toMatchObject({ name: 'x', label: { ru: 'Поле', en: 'Field' }, ...expected });
  });

  test('what a field depends on is found in its options and its default, not in search or in known', async () => {
    const { fields } = await onlyTask(
      task(`form:
  a: { kind: text, ${label} }
  b: { kind: choice, ${label}, options: { on: warehouse, sql: "SELECT x AS value, y AS label FROM t WHERE a = {{a}} [[ AND y = {{search}} ]]" } }
  c: { kind: dateRange, ${label}, default: { on: warehouse, sql: "SELECT {{b}} AS until" } }
  d: { kind: list, ${label}, known: { on: warehouse, sql: "SELECT x FROM t WHERE a = {{a}}" } }`),
    );
    expect(fields.map(({ name, dependsOn }) => [name, dependsOn])).toEqual([['a', []], ['b', ['a']], ['c', ['b']], ['d', []]]);
  });

  test('labels of options title the columns that their text makes', async () => {
    const { columns } = await onlyTask(
      task(
        `columns:
  renamed: { title: { ru: Свой, en: Own } }
form:
  columns:
    kind: choices
    ${label}
    options:
      - { value: a, label: { ru: А, en: A }, sql: card_number }
      - { value: b, label: { ru: Б, en: B }, sql: c.city }
      - { value: c, label: { ru: В, en: C }, sql: "if(x, 'a AS no', 'b') AS kind" }
      - { value: d, label: { ru: Г, en: D }, sql: "a AS renamed" }
      - { value: e, label: { ru: Д, en: E }, sql: a + b }
      - { value: f, label: { ru: Е, en: F }, sql: "\`odd name\`" }`,
        '-- step cards on warehouse\nSELECT {{columns}} FROM cards AS c\n',
      ),
    );
    expect(Object.entries(columns).map(([name, { title }]) => [name, title.ru])).toEqual([['card_number', 'А'], ['city', 'Б'], ['kind', 'В'], ['renamed', 'Свой'], ['odd name', 'Е']]);
  });
});

describe('shared pieces', () => {
  const files = {
    'fields/partner.yaml': 'kind: choice\nlabel: { ru: Партнёр, en: Partner }\nscalar: integer\noptions: { on: warehouse, sql: "SELECT id AS value, name AS label FROM views.brands" }\n',
    'views/brands.sql': 'SELECT * FROM views.all_brands WHERE active\n',
    'views/all_brands.sql': '-- every brand\nSELECT * FROM brands;\n',
  };
  const using = task('form:\n  partner: { use: partner, required: false, label: { ru: Бренд, en: Brand } }', '-- step cards on warehouse\nSELECT * FROM cards [[ WHERE partner = {{partner}} ]]\n');

  test('a field is used with what the task says otherwise', async () => {
    const { fields } = await onlyTask(using, files);
    expect(fields[0]).toMatchObject({ name: 'partner', kind: 'choice', label: { ru: 'Бренд', en: 'Brand' }, required: false, settings: { scalar: 'integer' } });
    expect(fields[0]?.optionsQuery?.template.views).toEqual(['brands', 'all_brands']);
  });

  test('a change of anything that a task is made from changes its version; a change of anything else does not', async () => {
    const version = async (changes: Record<string, string>, text = using) => (await onlyTask(text, { ...files, ...changes })).version;
    const before = await version({});
    expect(before).toMatch(/^[0-9a-f]{12}$/);
    expect(await version({})).toBe(before);
    expect(await version({ 'fields/other.yaml': 'kind: text\nlabel: { ru: А, en: A }\n', 'views/other.sql': 'SELECT 2\n' })).toBe(before);
    const changed = [await version({ 'fields/partner.yaml': `${files['fields/partner.yaml']}# note\n` }), await version({ 'views/all_brands.sql': 'SELECT 1\n' }), await version({}, `${using}\n`)];
    expect(new Set([before, ...changed]).size).toBe(4);
  });

  test('the body of a step may stand in a file of its own', async () => {
    const body = (sql: string) => ({ 'tasks/cards/all.sql': sql });
    const text = `${header()}-- step cards on warehouse from cards/all.sql\n`;
    const found = await onlyTask(text, body('SELECT 1 AS one\n'));
    expect(found.steps[0]?.template.source).toBe('SELECT 1 AS one\n');
    expect((await onlyTask(text, body('SELECT 2 AS one\n'))).version).not.toBe(found.version);
  });
});
