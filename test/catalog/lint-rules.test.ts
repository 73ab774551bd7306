import { expect, test } from 'vitest';
import { formatFault, lintCatalog } from '../../backend/catalog/index.ts';
import { catalogDirectory, expectFaults, faultsOfTask, marked, task } from './temporary-catalog.ts';

const label = 'label: { ru: Поле, en: Field }';

/** Warnings of what is right but unwise, at the marks of the text. */
async function expectAdvice(markedText: string, expected: string[], files: Record<string, string> = {}): Promise<void> {
  const { text, places } = marked(markedText);
  const found = await lintCatalog(await catalogDirectory({ ...files, 'tasks/cards.sql': text }), undefined, { advice: true });
  expect(found.map(formatFault)).toEqual(expected.map((words, order) => expect.stringContaining(`tasks/cards.sql:${places[order]}  warning: ${words}`) as unknown));
}

test('a field that nothing uses is told of, one that only names the file or shows another field is not', async () => {
  await expectAdvice(
    task(
      `file: "Cards {{named}}"
form:
  used: { kind: text, ${label} }
  ▲idle: { kind: text, ${label} }
  named: { kind: text, ${label} }
  narrow: { kind: toggle, ${label} }
  shown: { kind: text, ${label}, visibleWhen: { field: narrow, is: [true] }, required: false }`,
      '-- step cards on warehouse\nSELECT {{used}} AS one [[ , {{shown}} AS two ]]\n',
    ),
    ['the form asks for "idle" and nothing uses it'],
  );
});

test('rows without an order are told of, those of one row or sorted are not', async () => {
  const words = 'the rows of step cards come in any order';
  await expectAdvice(task('', '▲-- step cards on warehouse\nSELECT city, count() AS n FROM cards GROUP BY city\n'), [words]);
  await expectAdvice(task('', '▲-- step cards on warehouse\nSELECT city FROM (SELECT city FROM cards ORDER BY city)\n'), [words]);
  await expectAdvice(task('', '-- step cards on warehouse\nSELECT city FROM cards ORDER BY city LIMIT 5\n'), []);
  await expectAdvice(task('', '-- step cards on warehouse\nSELECT count() AS cards, uniq(user_id) AS users FROM cards\n'), []);
  await expectAdvice(task('', '-- step all_cards on warehouse\nSELECT city FROM cards\n-- step cards on workbench\nSELECT city FROM steps.all_cards ORDER BY 1\n'), []);
});

test('an optional clause without a field is a fault, an array of arrays is not', async () => {
  await expectFaults(task('', '-- step cards on warehouse\nSELECT 1 AS one FROM cards WHERE 1 ▲[[ AND city = 5 ]]\n'), [
    '[[ … ]] without a {{field}} — an optional clause falls away when a field in it is empty: put one in, or remove the brackets',
  ]);
  expect(await faultsOfTask(task('', '-- step cards on warehouse\nSELECT [[1, 2], [3]] AS x\n'))).toEqual([]);
});

test.each([
  ['a comma', 'form:\n  partner: { kind: text label: { ru: Партнёр, en: Partner } }\n  city: { kind: text, label: { ru: Город, en: City } }'],
  ['a closing brace', 'form:\n  partner: { kind: text, label: { ru: Партнёр, en: Partner }\n  city: { kind: text, label: { ru: Город, en: City } }\ncolumns:\n  a: { title: { ru: а, en: a } }'],
  ['a closing quote', 'file: "Карты {{partner}}\nform:\n  partner: { kind: text, label: { ru: Партнёр, en: Partner } }'],
])('%s that is missing is one fault', async (_, more) => {
  expect(await faultsOfTask(task(more, '-- step cards on warehouse\nSELECT {{partner}} AS a, {{city}} AS b\n'))).toHaveLength(1);
});
