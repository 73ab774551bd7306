import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { expectFaults, faultsOf, faultsOfTask, header, marked, task } from './temporary-catalog.ts';

const label = 'label: { ru: Поле, en: Field }';
const fixture = (name: string) => readFile(join(import.meta.dirname, 'fixtures', name), 'utf8');

test('a file with three faults reports all three, each with its place and what to write instead', async () => {
  await expectFaults(await fixture('three-faults.sql'), [
    'label has no English text — add en: …',
    '{{issued}}: a field of kind dateRange has no such part — write {{issued.from}} and {{issued.until}} for Date columns, {{issued.start}} and {{issued.end}} for DateTime columns',
    'there is no step "carts" — did you mean "cards"?',
  ]);
});

describe('headers', () => {
  const noHeader = 'the file does not begin with a header — begin with /*, then title, description, form and the rest, then */';
  const marker = 'write -- step NAME on SOURCE on a line of its own';
  test.each([
    ['▲▲', noHeader, `the task has no steps — ${marker}`],
    ['▲-- step a on warehouse\nSELECT 1', noHeader],
    [`${header()}▲SELECT 1 AS one\n-- step a on warehouse\nSELECT 2`, `text between the header and the first step — ${marker}`],
    [task('▲titel: x'), 'the header has no key "titel" — did you mean "title"?'],
    [task('▲owner: x'), 'this key is there twice — keep one of them'],
    [task().replace('published', '▲publised'), 'status is "publised" — did you mean "published"?'],
    [task('kind: ▲audience'), 'kind is "audience" — known: query'],
    [task().replace('group: exports', 'group: ▲export'), 'there is no group "export" — did you mean "exports"?, or add it to groups.yaml'],
    [task().replace('title: { ru: Карты, en: Cards }', 'title: ▲Карты'), 'title is "Карты" — write it in both languages: { ru: …, en: … }'],
    [task().replace(', en: Cards }', ', en: ▲"" }'), 'title has no English text — add en: …'],
    [task().replace('{ ru: Карты, ', '▲{ '), 'title has no Russian text — add ru: …'],
    [task('needs: ▲all'), 'needs is "all" — known: complete'],
    [task('saves: ▲soon'), 'saves is "soon" — a number is needed here'],
    [task('saves: ▲-5'), 'saves is -5 — minutes above 0'],
    [task('limits: { time: ▲5 days, rows: ▲1.5, memory: ▲4 }'), 'time is "5 days" — write seconds (120), or 120s, 5m, 1h', 'rows is 1.5 — a whole number is needed here', 'memory is 4 — write 500MB or 4GB'],
    [task('fresh: { on: ▲werehouse, sql: "SELECT max(▲{{x}}) FROM t" }'), 'there is no source "werehouse" — did you mean "warehouse"?', 'the form has no field "x" — there are none yet'],
    [task('fresh: ▲SELECT 1'), 'fresh is "SELECT 1" — write it as keys and values: on, sql, …'],
    [task(`fresh: { on: warehouse, sql: "SELECT ▲{{x}} [[ , {{x}} ]]" }\nform:\n  x: { kind: text, ${label} }`), '{{x}} may be left empty, and this place needs a value — put the condition into [[ … ]], or make the field required'],
    [task('replacedBy: ▲▲other'), 'replacedBy of a task that is published — set status: retired, or remove it', 'there is no other task "other" — there are none yet'],
    [task(`file: "▲{{citty}} ▲{{x.from}} ▲{{"\nform:\n  city: { kind: text, ${label} }`), 'file: the form has no field "citty" — did you mean "city"?', 'file: {{x.from}} has no parts here — write {{x}}: the whole value is put in, in words', '{{ is never closed — write {{name}}, with two braces on each side'],
    [task('changes: ▲{ a: b }'), 'changes is {"a":"b"} — a list [ … ] is needed here'],
  ])('%j', async (text, ...expected) => {
    await expectFaults(text, expected);
  });

  test('*/ inside a header is named as what ends it, and what is after it is not misread', async () => {
    await expectFaults(await fixture('comment-in-header.sql'), ['*/ ends the header here — remove the comment: inside a header */ can stand only at the very end']);
  });

  test('a header that never ends', async () => {
    const faults = await faultsOfTask('/*\ntitle: { ru: а, en: a }\n-- step a on warehouse\nSELECT 1');
    expect(faults[0]).toContain('1:1  the header is never closed');
  });
});

describe('YAML', () => {
  test('a bomb of aliases is refused at once, without unfolding', async () => {
    const started = performance.now();
    const faults = await faultsOfTask(await fixture('yaml-bomb.sql'));
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(faults.some((line) => line.includes('an alias (*name)'))).toBe(true);
    expect(faults.some((line) => line.includes('an anchor (&name)'))).toBe(true);
  });

  test.each([
    ['brackets', '['.repeat(200_000)],
    ['braces', '{a: '.repeat(50_000)],
    ['dashes', '- '.repeat(50_000)],
    ['indentation', Array.from({ length: 2_000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['questions', '? '.repeat(50_000)],
  ])('%s nested without end are a fault, not a crash', async (_, text) => {
    expect((await faultsOf({ 'fields/deep.yaml': `kind: text\n${text}` })).length).toBeGreaterThan(0);
    expect((await faultsOfTask(task(text))).length).toBeGreaterThan(0);
  });

  test.each([
    ['{{ }} without quotes', 'fresh: { on: warehouse, sql: SELECT {{x}} }', 'put text that holds {{ }} into quotes'],
    ['a tab', 'form:\n\tx: 1', 'indent with spaces'],
    ['a colon in text', 'file: Карты: все', 'put text that holds ": " into quotes'],
    ['a custom tag', 'file: !!js/function "x"', 'check quotes'],
  ])('%s gets advice', async (_, yaml, advice) => {
    expect((await faultsOfTask(task(yaml))).join('\n')).toContain(advice);
  });

  test('numbers that would lose digits must be quoted', async () => {
    const option = (value: string) => `form:\n  x: { kind: choice, ${label}, options: [ { value: ${value}, label: { ru: а, en: a } } ] }`;
    expect(await faultsOfTask(task(option('7701200001868759530')))).toEqual([expect.stringContaining('the number 7701200001868759530 would change to 7701200001868759000 — put it into quotes: "7701200001868759530"')]);
    expect(await faultsOfTask(task(option('0012')))).toEqual([expect.stringContaining('the number 0012 would change to 12')]);
    expect(await faultsOfTask(task(option('"0012"')))).toEqual([]);
  });

  test('__proto__ is a key like any other', async () => {
    expect(await faultsOfTask(task('__proto__: { x: 1 }'))).toEqual([expect.stringContaining('7:1  the header has no key "__proto__"')]);
    expect(await faultsOfTask(task(`form:\n  __proto__: { kind: text, ${label} }`))).toEqual([expect.stringContaining(`8:3  "__proto__" can't be the name of a field`)]);
  });
});

describe('fields', () => {
  const options = 'options: [ { value: a, label: { ru: А, en: A }';
  test.each([
    [`kind: ▲txt, ${label}`, 'kind is "txt" — did you mean "text"?'],
    [`kind: ▲place, ${label}`, 'kind is "place" — known: text, number, numberRange, toggle, date, month, dateRange, choice, choices, list, cohort, file'],
    ['▲kind: text', 'label is missing — add label: { ru: …, en: … }'],
    [`kind: text, ${label}, ▲maxLenght: 5`, 'a field of kind text has no key "maxLenght" — did you mean "maxLength"?'],
    [`kind: text, ${label}, ▲options: []`, 'a field of kind text has no key "options" — known: use, kind, label, help, placeholder, required, default, visibleWhen, maxLength, multiline'],
    [`kind: text, ${label}, maxLength: ▲long`, 'maxLength is "long" — a number is needed here'],
    [`kind: number, ${label}, min: ▲5, max: 1`, 'min (5) is above max (1) — swap them'],
    [`kind: number, ${label}, default: ▲1.5`, `default: 1.5 does not pass the field's own settings — A whole number is needed, this is 1.5.`],
    [`kind: number, ${label}, default: ▲many`, 'default: "many" is not a value of kind number — write a number, such as 12 or "12.50"'],
    [`kind: dateRange, ${label}, default: ▲lastMoth`, 'default: "lastMoth" is not a value of kind dateRange — did you mean "lastMonth"?'],
    [`kind: dateRange, ${label}, default: ▲{ from: 2026-05-01, until: 2026-04-01 }`, `default: {"from":"2026-05-01","until":"2026-04-01"} does not pass the field's own settings — The period ends before it starts.`],
    [`kind: date, ${label}, default: ▲2026-02-30`, 'default: "2026-02-30" is not a value of kind date — write 2026-03-01 or one of: today, yesterday, last7days, last30days, thisWeek, lastCalendarWeek, thisMonth, lastMonth, thisQuarter, lastQuarter, thisYear'],
    [`▲kind: choice, ${label}`, 'a field of kind choice without options — add options: [ { value: …, label: { ru: …, en: … } } ] or options: { on: …, sql: … }'],
    [`kind: choice, ${label}, options: ▲[]`, 'options is empty — add { value: …, label: { ru: …, en: … } }'],
    [`kind: choice, ${label}, options: [ { value: a, label: ▲А } ]`, 'label is "А" — write it in both languages: { ru: …, en: … }'],
    [`kind: choice, ${label}, ${options} }, ▲{ value: a, label: { ru: Б, en: B } } ]`, 'the option "a" is there twice — give each option its own value'],
    [`kind: choice, ${label}, ${options.replace('[', '▲[')}, sql: x }, { value: b, label: { ru: Б, en: B } } ]`, '1 of 2 options have sql — give it to all of them, or to none'],
    [`kind: choice, ${label}, ${options}, sql: "x ▲-- y" } ]`, 'a comment in the sql of an option — remove it: it would swallow what follows'],
    [`kind: choice, ${label}, ${options}, sql: "x ▲{{y}}" } ]`, '{{ in the sql of an option — it can name only columns; use a step for what depends on another field'],
    [`kind: choice, ${label}, ${options}, sql: "x▲; DROP TABLE t" } ]`, '; in the sql of an option — remove it: this is a piece of one query'],
    [`kind: choice, ${label}, ${options}, sql: "x ▲'y" } ]`, 'this quote is never closed — add the closing quote'],
    [`kind: choice, ${label}, ${options}, sql: "▲f(x" } ]`, '( and ) in the sql of an option do not match — close what is opened'],
    [`kind: choice, ${label}, ${options}, sql: "▲ " } ]`, 'sql of an option is empty — write the column or expression that stands for it'],
    [`kind: choice, ${label}, ${options} } ], default: ▲b`, 'default: "b" is not among the options — known: a'],
    [`kind: choice, ${label}, options: { on: ▲crm, sql: SELECT 1 }`, 'there is no source "crm" — known: workbench, warehouse'],
    [`kind: choice, ${label}, options: ▲{ on: warehouse, ▲sqll: SELECT 1 }`, 'sql is missing — add sql', 'options has no key "sqll" — did you mean "sql"?'],
    [`kind: choice, ${label}, options: { on: warehouse, sql: "SELECT 1 FROM ▲steps.cards" }`, `steps.cards can't be read here — only steps read steps; use a view for what several queries share`],
    [`kind: text, ${label}, visibleWhen: ▲{ field: other, is: a }`, 'visibleWhen of x: there is no other field "other" — there are none yet'],
    ['use: ▲parner', 'there is no shared field "parner" — there are none yet'],
  ])('%s', async (yaml, ...expected) => {
    const at = yaml.startsWith('▲') ? { open: '▲{ ', yaml: yaml.slice(1) } : { open: '{ ', yaml };
    await expectFaults(task(`form:\n  x: ${at.open}${at.yaml} }`), expected);
  });

  test.each([
    ['Partner', `"Partner" can't be the name of a field — use latin letters, digits and _, beginning with a small letter`],
    ['партнёр', `"партнёр" can't be the name of a field — use latin letters, digits and _, beginning with a small letter`],
    ['search', '"search" is a reserved name — choose another name'],
    ['constructor', '"constructor" is a reserved name — choose another name'],
  ])('the name %s is refused', async (name, message) => {
    await expectFaults(task(`form:\n  ▲${name}: { kind: text, ${label} }`), [message]);
  });

  test('fields that hide or fill each other in a circle', async () => {
    await expectFaults(
      task(`form:
  a: ▲{ kind: text, ${label}, visibleWhen: { field: b, is: [x] } }
  b: { kind: choice, ${label}, options: { on: warehouse, sql: "SELECT {{a}} AS value" } }
  c: { kind: choice, ${label}, options: { on: warehouse, sql: "▲SELECT {{c}} AS value" } }
  d: { kind: toggle, ${label} }
  e: { kind: text, ${label}, visibleWhen: ▲{ field: d, is: [yes] } }`),
      [
        'fields depend on each other: a → b → a — let one of them stand without the others',
        'options of c use {{c}} itself — use other fields, or {{search}} for what the person types',
        'visibleWhen of e: d is never "yes" — known: true, false',
      ],
    );
  });

  test('queries in YAML report the place in the file, in every manner of writing', async () => {
    const query = (name: string, sql: string) => `  ${name}:\n    kind: choice\n    ${label}\n    options:\n      on: warehouse\n      sql: ${sql}\n`;
    const text = [
      query('a', '|\n        SELECT x AS value\n        FROM t WHERE y = ▲{{one}}'),
      query('b', '>-\n        SELECT x\n        FROM t\n\n        WHERE y = ▲{{two}}'),
      query('c', String.raw`"SELECT \"x\\y\", '\u0041', ▲{{three}}"`),
      query('d', "'SELECT ''x'', ▲{{four}}'"),
      query('e', 'SELECT x\n        FROM t WHERE ▲{{five}}'),
      query('f', '|2\n          SELECT x\n         , ▲{{six}}'),
      query('g', '"SELECT x,\\\n        ▲{{seven}}"'),
    ].join('');
    await expectFaults(task(`form:\n${text}`), ['one', 'two', 'three', 'four', 'five', 'six', 'seven'].map((name) => `the form has no field "${name}" — known: a, b, c, d, e, f, g`));
  });
});

describe('steps', () => {
  const form = `form:
  a: { kind: text, ${label}, required: false }
  b: { kind: list, ${label} }
  c: { kind: date, ${label}, visibleWhen: { field: d, is: [true] } }
  d: { kind: toggle, ${label} }
  e: { kind: numberRange, ${label} }`;
  test.each([
    ['-- step a on ▲werehouse\nSELECT 1', 'there is no source "werehouse" — did you mean "warehouse"?'],
    ['▲-- step a warehouse\nSELECT 1', 'this line does not begin a step — write -- step NAME on SOURCE on a line of its own'],
    ['-- step ▲step-a on warehouse\nSELECT 1', `"step-a" can't be the name of a step — use latin letters, digits and _: later steps read it as steps.NAME`],
    ['-- step ▲a on warehouse\n-- nothing\n', 'step a is empty — write its query on the lines after it'],
    ['-- step a on warehouse\nSELECT 1\n-- step ▲a on warehouse\nSELECT 1', 'there are two steps "a" — give each step its own name'],
    ['-- step a on warehouse ▲(x: text)\nSELECT 1', '"text" is not a type — known: string, integer, decimal, date, datetime, boolean'],
    ['-- step a on warehouse ▲(x)\nSELECT 1', '"(x)" does not give types to columns — write (column: string, other: integer)'],
    ['-- step a on warehouse keep ▲90d\nSELECT 1', '"keep 90d" is not a time — write keep 30m, keep 1h or keep 7d; 30d at most'],
    ['-- step a on warehouse reads ▲b\nSELECT 1', '"reads" of a step on warehouse — read them in the query: FROM steps.b'],
    ['-- step ▲a on warehouse\nSELECT * FROM steps.b\n-- step b on warehouse\nSELECT * FROM steps.a', 'steps read each other: a → b → a — break the circle: a step can read only what is ready before it'],
    ['-- step ▲a on warehouse\nSELECT * FROM steps.a', 'steps read each other: a → a — break the circle: a step can read only what is ready before it'],
    ['-- step a on warehouse\nSELECT * FROM ▲views.live', 'there is no view "live" — there are none yet'],
    ["-- step a on warehouse\nSELECT ▲'\n-- step b on warehouse\nSELECT * FROM ▲steps.c", 'this quote is never closed — add the closing quote; inside a string write a quote twice', 'there is no step "c" — known: a, b'],
    ['-- step a on warehouse from ▲cards/all.sql\n', 'there is no file cards/all.sql inside tasks/ — there are none yet'],
    ['-- step a on warehouse from ▲../../etc/passwd\n', 'there is no file ../../etc/passwd inside tasks/ — there are none yet'],
    ['-- step ▲a on warehouse\nSELECT 1 AS x\n-- step b on warehouse\nSELECT 2 AS y', 'warning: nothing reads step a — read it as steps.a, name it in results, or remove it'],
  ])('%j', async (text, ...expected) => {
    await expectFaults(task('', text), expected);
  });

  test.each([
    ['WHERE x = ▲{{a}}', '{{a}} may be left empty, and this place needs a value — put the condition into [[ … ]], or make the field required'],
    ['WHERE x = ▲{{b}}', '{{b}} is a list — write it directly after IN or NOT IN, without brackets: column IN {{b}}'],
    ['WHERE x IN (▲{{b}})', '{{b}} is a list — write it directly after IN or NOT IN, without brackets: column IN {{b}}'],
    ['[[ WHERE x IN ▲{{a}} ]]', '{{a}} is one value, after IN a list is needed — write column = {{a}}, or make the field a list or choices'],
    ['WHERE x = ▲{{c}}', '{{c}} is empty while it is hidden, and this place needs a value — put the condition into [[ … ]]'],
    ['WHERE x = ▲{{e}}', '{{e}}: a field of kind numberRange has no such part — write {{e.from}} and {{e.until}}'],
    ['WHERE x = ▲{{d.from}}', '{{d.from}}: a field of kind toggle has no such part — write {{d}}'],
    ['WHERE x = ▲{{search}}', '{{search}} outside the options of a field — it is what a person types to find an option: use it in "options: { on, sql }"'],
    ["WHERE x = '▲{{a}}'", '{{a}} in a string — write {{a}} without quotes: it is a value, not text of the query'],
    ['WHERE ▲{{other}}', 'the form has no field "other" — known: a, b, c, d, e'],
  ])('%s', async (where, expected) => {
    await expectFaults(task(form, `-- step s on warehouse\n${where}`), [expected]);
  });

  test('lists after IN and NOT IN, and toggles anywhere, are right', async () => {
    expect(await faultsOfTask(task(form, '-- step s on warehouse\nSELECT {{d}} FROM t WHERE x IN {{b}} AND y not in /* all */ {{b}}'))).toEqual([]);
  });
});

describe('results, charts, columns and examples', () => {
  test('name what is there', async () => {
    await expectFaults(
      task(
        `form:
  city: { kind: text, ${label} }
results: { all: ▲card, other: ▲{ step: cards } }
columns:
  numbr: { title: { ru: а, en: a }, type: ▲cod }
chart: { kind: ▲colum, x: number, y: ▲[], result: ▲everything }
examples:
  - values: { ▲town: x, city: ▲[1] }
    expect: { rows: ▲many, ▲row: 1 }`,
        '-- step cards on warehouse\nSELECT number FROM cards WHERE city = {{city}}\n',
      ),
      [
        'there is no step "card" — did you mean "cards"?',
        'title is missing — add title: { ru: …, en: … }',
        'type is "cod" — did you mean "code"?',
        'kind is "colum" — did you mean "column"?',
        'y is [] — name a column',
        'there is no result "everything" — known: all',
        'an example fills in "town", which the form does not have — known: city',
        'example: [1] is not a value of kind text — write text in quotes',
        'expect.rows is "many" — a number is needed here',
        'expect has no key "row" — did you mean "rows"?',
      ],
    );
  });

  test('columns that no query mentions', async () => {
    const columns = 'columns:\n  ▲numbr: { title: { ru: а, en: a } }\nchart: { kind: bar, x: ▲day, y: number }';
    await expectFaults(task(columns, "-- step cards on warehouse\nSELECT number, 'day' AS x, count(*) FROM cards\n"), [
      'no step returns a column "numbr" — did you mean "number"?',
      'no step returns a column "day" — known: SELECT, number, AS, x, count, FROM, cards',
    ]);
    expect(await faultsOfTask(marked(task(columns, '-- step cards on warehouse\nSELECT * FROM cards\n')).text)).toEqual([]);
  });
});

describe('shared files', () => {
  test('views: circles, fields, unknown names; tasks that read them say so', async () => {
    expect(
      await faultsOf({
        'views/a.sql': 'SELECT * FROM views.b',
        'views/b.sql': 'SELECT * FROM views.a',
        'views/c.sql': 'SELECT {{x}} FROM steps.s, views.d',
        'views/e-f.sql': '',
        'tasks/cards.sql': task('', '-- step s on warehouse\nSELECT * FROM views.a, views.c\n'),
      }),
    ).toEqual([
      'tasks/cards.sql:10:15  views.a has faults — mend views/a.sql',
      'tasks/cards.sql:10:24  views.c has faults — mend views/c.sql',
      'views/a.sql:1:15  views read each other: a → b → a — break the circle',
      'views/c.sql:1:8  a view uses {{x}} — views have no fields: filter in the step that reads the view',
      'views/c.sql:1:19  a view reads steps.s — views read tables and other views only',
      'views/c.sql:1:28  there is no view "d" — known: a, b, c, e-f',
      `views/e-f.sql:1:1  "e-f" can't be the name of a view — use latin letters, digits and _: it is read as views.NAME`,
      'views/e-f.sql:1:1  the view is empty — write a SELECT',
    ]);
  });

  test('a faulty shared field is reported once, and named where it is used', async () => {
    const using = (name: string) => task(`form:\n  ${name}: { use: partner }`);
    expect(await faultsOf({ 'fields/partner.yaml': 'kind: text\nlable: { ru: а, en: a }\n', 'tasks/one.sql': using('x'), 'tasks/two.sql': using('y') })).toEqual([
      'fields/partner.yaml:1:1  label is missing — add label: { ru: …, en: … }',
      'fields/partner.yaml:2:1  a field of kind text has no key "lable" — did you mean "label"?',
      'tasks/one.sql:8:13  the shared field "partner" has faults — mend fields/partner.yaml',
      'tasks/two.sql:8:13  the shared field "partner" has faults — mend fields/partner.yaml',
    ]);
  });

  test('a shared field whose options need a field that the form lacks', async () => {
    const files = { 'fields/push.yaml': `kind: choice\n${label}\noptions: { on: warehouse, sql: "SELECT {{partner}} AS value" }\n` };
    expect(await faultsOf({ ...files, 'tasks/cards.sql': task('form:\n  push: { use: push }') })).toEqual([
      'fields/push.yaml:3:40  the form has no field "partner" (as used in tasks/cards.sql) — known: push',
    ]);
  });

  test('sources.yaml and access.yaml', async () => {
    expect(
      await faultsOf(
        {
          'tasks/cards.sql': task(),
          'sources.yaml': 'workbench: { kind: workbench }\nbad-name: { kind: workbench }\nother: { kind: oracle }\nnone: {}\nlast: 1\nmore: { kind: workbench, databse: x }\n',
          'access.yaml': 'roles:\n  manager: { may: [runn], groups: [exports] }\n  marketer: { may: [run], groups: [export] }\n  analyst: { may: run, groups: all }\n  boss: { my: [run] }\npeople:\n  a@b: managr\n  c@d: marketer\nrole: x\n',
        },
        { sourceKinds: [{ kind: 'workbench', language: 'sql', settings: z.object({ database: z.string().optional() }) }] },
      ),
    ).toEqual([
      'access.yaml:2:20  may.0 is "runn" — did you mean "run"?',
      'access.yaml:3:13  role marketer opens an unknown group "export" — did you mean "exports"?',
      'access.yaml:4:19  may is "run" — a list [ … ] is needed here',
      'access.yaml:5:9  may is missing — add may',
      'access.yaml:5:11  role boss has no key "my" — did you mean "may"?',
      'access.yaml:7:8  a@b has an unknown role "managr" — known: marketer',
      'access.yaml:9:1  access.yaml has no key "role" — did you mean "roles"?',
      'sources.yaml:1:1  the source workbench is built in — choose another name',
      `sources.yaml:2:1  "bad-name" can't be the name of a source — use latin letters, digits and _`,
      'sources.yaml:3:8  source other has an unknown kind "oracle" — known: workbench',
      'sources.yaml:4:7  source none has no kind — add kind: …',
      'sources.yaml:5:7  source last has no kind — add kind: …',
      'sources.yaml:6:26  source more has no setting "databse" — did you mean "database"?',
      'tasks/cards.sql:9:18  there is no source "warehouse" — known: workbench, other, more',
    ]);
  });

  test('former ids lead to one task only', async () => {
    expect(await faultsOf({ 'tasks/a.sql': task('was: old'), 'tasks/b.sql': task('was: [old, a]'), 'tasks/c.sql': task('was: c') })).toEqual([
      expect.stringContaining('tasks/b.sql:7:'),
      expect.stringContaining(`tasks/c.sql:7:6  was: "c" is this task's own id`),
    ]);
  });
});

describe('files', () => {
  test.each([
    ['tasks/Bad Name.sql', task(), `tasks/Bad Name.sql:1:1  "Bad Name" can't be the id of a task`],
    ['tasks/cards.SQL', task(), 'tasks/cards.SQL:1:1  a file that nothing reads — name it tasks/cards.sql'],
    ['fields/partner.yml', 'kind: text', 'fields/partner.yml:1:1  a file that nothing reads — name it fields/partner.yaml'],
    ['tasks/exports/cards.sql', task(), 'tasks/exports/cards.sql:1:1  warning: no step reads this file'],
    ['tasks/cards.sql', Buffer.from([0x2f, 0x2a, 0xcf, 0xf0, 0xe8]), 'tasks/cards.sql:1:1  the file is not UTF-8 text — save it as UTF-8'],
    ['tasks/cards.sql', 'x'.repeat(500_001), 'tasks/cards.sql:1:1  the file is 500001 bytes long'],
  ])('%s', async (path, content, expected) => {
    expect((await faultsOf({ [path]: content })).join('\n')).toContain(expected);
  });
});
