import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatFault, lintCatalog, type LintEngine } from '../../backend/catalog/index.ts';
import { workbenchSource } from '../../backend/sources/workbench.ts';
import type { Source } from '../../backend/sources/source.ts';
import { scratchEngine, type ScratchEngine } from '../workbench/scratch-engine.ts';
import { catalogDirectory, marked, task } from './temporary-catalog.ts';

let scratch: ScratchEngine;
let engine: LintEngine;

beforeAll(async () => {
  scratch = await scratchEngine('Europe/Moscow');
  const { workbench } = scratch;
  for (const sql of [
    'CREATE DATABASE wallet',
    'CREATE TABLE wallet.cards (number UInt64, city LowCardinality(String), issued_on Date, issued_at DateTime, seen_at Nullable(DateTime64(3)), deleted Bool) ENGINE = MergeTree ORDER BY number',
    'CREATE TABLE wallet.brands (brand_id UInt32, name String) ENGINE = MergeTree ORDER BY brand_id',
  ])
    await workbench.command(sql);
  const sources: Record<string, Source> = { warehouse: workbenchSource.open({ database: 'wallet' }, { name: 'warehouse', workbench, timeZone: 'Europe/Moscow' }), workbench: workbenchSource.open({}, { name: 'workbench', workbench, timeZone: 'Europe/Moscow' }) };
  const named = (on: string): Source => {
    const source = sources[on];
    if (source === undefined) throw new Error(on);
    return source;
  };
  engine = {
    placeholder: (on, name, value) => named(on).placeholder(name, value),
    emptyTable: (on, columns) => named(on).dialect?.emptyTable(columns) ?? '',
    describe: (on, query) => named(on).describe({ name: 'lint', ...query, steps: {} }),
  };
});
afterAll(() => scratch.close());

/** Faults of one task on the real engine: each with its place, which the marks of the text give. */
async function expectEngineFaults(markedText: string, expected: unknown[]): Promise<void> {
  const { text, places } = marked(markedText);
  const found = await lintCatalog(await catalogDirectory({ 'tasks/cards.sql': text }), engine);
  expect(found.map(({ message, advice, warning }) => `${warning === true ? 'warning: ' : ''}${message} — ${advice}`)).toEqual(expected);
  expect(found.map(({ line, column }) => `${line}:${column}`)).toEqual(places);
}

const label = 'label: { ru: Поле, en: Field }';
const title = 'title: { ru: Столбец, en: Column }';

describe('queries of a catalog, asked of the real engine', () => {
  test('a right task has nothing to mend: steps on two sources, lists, options, optional clauses', async () => {
    await expectEngineFaults(
      task(
        `form:
  brand: { kind: choice, scalar: integer, ${label}, options: { on: warehouse, sql: "SELECT brand_id AS value, name AS label FROM brands WHERE name ILIKE {{search}}" } }
  cities: { kind: list, required: false, ${label}, known: { on: warehouse, sql: "SELECT DISTINCT city FROM cards" } }
  issued: { kind: dateRange, ${label}, default: { on: warehouse, sql: "SELECT toDate('2026-01-01') AS from, max(issued_on) AS until FROM cards WHERE number = {{brand}}" } }
columns:
  number: { ${title}, type: code }
  first: { ${title}, type: date }
fresh: { on: warehouse, sql: "SELECT max(issued_at) FROM cards" }
chart: { kind: line, x: first, y: number }`,
        `-- step all_cards on warehouse
SELECT number, issued_on AS \`first\`, seen_at, city FROM cards
WHERE number = {{brand}} AND issued_on >= {{issued.from}} AND issued_at < {{issued.end}} [[ AND city IN {{cities}} ]]
-- step list on workbench
SELECT number, min(first) AS first FROM steps.all_cards GROUP BY number
`,
      ),
      [],
    );
  });

  test('wrong SQL is told in the words of the engine, at its step; steps that read it are not blamed', async () => {
    await expectEngineFaults(task('columns: { number: { ' + title + ' } }', '-- step a on warehouse\nSELECT ▲numbr AS number FROM cards\n-- step b on workbench\nSELECT number FROM steps.a ORDER BY number\n'), [
      expect.stringMatching(/^step a: .*numbr.* — did you mean "number"\?$/),
    ]);
  });

  test('a query that breaks only when optional fields are empty', async () => {
    await expectEngineFaults(
      task(`form:\n  city: { kind: text, required: false, ${label} }\ncolumns: { number: { ${title} } }`, '-- step a on warehouse\nSELECT number FROM cards WHERE▲ [[ city = {{city}} ]]\n'),
      [expect.stringContaining('step a, with everything optional left empty: ')],
    );
  });

  test('columns: promised and not returned, returned and not titled, of another type; a chart of what is not there', async () => {
    await expectEngineFaults(
      task(
        `columns:
  number: { ${title} }
  ▲town: { ${title} }
  ▲city: { ${title}, type: date }
▲chart: { kind: bar, x: city, y: deleted }`,
        '▲-- step a on warehouse\nSELECT * EXCEPT (deleted, seen_at, issued_at) FROM cards\n',
      ),
      [
        'no result has the column "town" — known: number, city, issued_on',
        'warning: column "city" is LowCardinality(String), which is not shown as date — convert it in the query or change its type',
        'chart: its result has no column "deleted" — known: number, city, issued_on',
        'warning: column "issued_on" has no title — add it to columns: issued_on: { title: { ru: …, en: … } }',
      ],
    );
  });

  test('options need value and label, and the type that values are bound as', async () => {
    await expectEngineFaults(
      task(
        `form:
  a: { kind: choice, ${label}, options: { on: warehouse, sql: "▲SELECT brand_id AS value, name AS label FROM brands" } }
  b: { kind: choice, ${label}, options: { on: warehouse, sql: "▲SELECT name FROM brands" } }
  c: { kind: list, scalar: integer, ${label}, known: { on: warehouse, sql: "▲SELECT city FROM cards" } }
columns: { number: { ${title} } }`,
        '-- step a on warehouse\nSELECT number FROM cards\n',
      ),
      [
        'values of a are UInt32 in the query and bound as string — add scalar: integer to the field, or convert the column',
        'options of b have no column value — write SELECT … AS value, … AS label (and … AS hint, if it helps)',
        'values of c are LowCardinality(String) in the query and bound as integer — add scalar: string to the field, or convert the column',
      ],
    );
  });

  test('a day that meets a DateTime column is warned about, a Date column and an instant are not', async () => {
    await expectEngineFaults(
      task(
        `form:
  issued: { kind: dateRange, ${label} }
  day: { kind: date, required: false, ${label} }
columns: { number: { ${title} } }`,
        `-- step a on warehouse
SELECT number FROM cards AS c
WHERE issued_at >= ▲{{issued.from}} AND issued_at < {{issued.end}} AND c.issued_on < {{issued.until}} AND seen_at < ▲{{issued.until}}
  [[ AND c.issued_at = ▲{{day}} AND toDate(issued_at) = {{day}} ]]
`,
      ),
      [
        'warning: issued_at is a DateTime, {{issued.from}} is a day — write {{issued.start}}: the moment of local midnight',
        'warning: seen_at is a DateTime, {{issued.until}} is a day — write {{issued.end}}: the moment of local midnight',
        'warning: c.issued_at is a DateTime, {{day}} is a day — write {{day.start}}: the moment of local midnight',
      ],
    );
  });

  test('faults of the files come together with those of the engine', async () => {
    const directory = await catalogDirectory({ 'tasks/one.sql': task('', '-- step a on warehouse\nSELECT x FROM cards\n'), 'tasks/two.sql': task('titel: x') });
    expect((await lintCatalog(directory, engine)).map(formatFault)).toEqual([
      expect.stringMatching(/^tasks\/one\.sql:10:8 {2}step a: /),
      expect.stringMatching(/^tasks\/two\.sql:7:1 {2}the header has no key "titel"/),
    ]);
  });
});

describe('places of what the engine finds wrong', () => {
  test('a syntax error is shown where it stands in the file, after values, Cyrillic letters and clauses that are left out', async () => {
    await expectEngineFaults(
      task(
        `form:\n  city: { kind: text, ${label} }\n  day: { kind: dateRange, required: false, ${label} }\ncolumns: { number: { ${title} } }`,
        "-- step a on warehouse\nSELECT number FROM cards -- карты\nWHERE city = {{city}} OR city = 'Москва'\n  [[ AND issued_on >= {{day.from}} ]]\n▲ORDR BY number\n",
      ),
      [expect.stringMatching(/^step a: .*Syntax error near ORDR/)],
    );
  });

  test('a name that is not known is shown where it stands, with what the engine proposes', async () => {
    await expectEngineFaults(task('', '-- step a on warehouse\nSELECT\n  number,\n  c.▲sity\nFROM cards AS c\n'), [expect.stringMatching(/— did you mean .*city/)]);
    await expectEngineFaults(task('', '-- step a on warehouse\nSELECT number\nFROM ▲cadrs\n'), [expect.stringMatching(/cadrs.*— did you mean .*cards/)]);
  });

  test('a fault in the query of a shared field or in the body of a step is shown in its own file', async () => {
    const files = {
      'fields/brand.yaml': `kind: choice\nscalar: integer\n${label}\noptions:\n  on: warehouse\n  sql: SELECT brand_id AS value, nme AS label FROM brands\n`,
      'tasks/bodies/rows.sql': 'SELECT number,\n  town\nFROM cards\n',
      'tasks/cards.sql': task('form: { brand: { use: brand } }', '-- step a on warehouse\nSELECT {{brand}} AS one\n-- step b on warehouse from bodies/rows.sql\n'),
    };
    const found = await lintCatalog(await catalogDirectory(files), engine);
    expect(found.filter(({ warning }) => warning !== true).map(({ file, line, column }) => `${file}:${line}:${column}`)).toEqual(['fields/brand.yaml:6:34', 'tasks/bodies/rows.sql:2:3']);
  });
});
