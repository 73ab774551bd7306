import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { counted, durationWords, numberWords, shortNumber } from '../../addin/taskpane/counted.ts';
import { staffTable } from '../../addin/taskpane/staff-words.ts';
import { relativeWordNames, table } from '../../addin/taskpane/words.ts';

const addin = join(import.meta.dirname, '../../addin');
const sources = readdirSync(addin, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && entry.name !== 'words.ts')
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
  .join('\n');

/** What each entry can say: functions are called with plain samples. */
function said(entry: unknown): string {
  return typeof entry === 'function' ? String((entry as (...given: unknown[]) => string)(2, 5, 7)) : String(entry);
}

test('every word is there in both languages, and is used', () => {
  const unused: string[] = [];
  for (const [name, { ru, en }] of [...Object.entries(table), ...Object.entries(staffTable)]) {
    expect(said(ru), name).not.toBe('');
    expect(said(en), name).not.toBe('');
    expect(said(en), name).not.toMatch(name === 'switchLanguage' ? /^$/ : /[а-яё]/i);
    if (!new RegExp(`\\b(words|table|staff)\\.${name}\\b`).test(sources)) unused.push(name);
  }
  expect(unused).toEqual([]);
});

test('the words that people do not use never appear', () => {
  const all = [...Object.values(table), ...Object.values(relativeWordNames)].flatMap(({ ru, en }) => [said(ru), said(en)]).join('\n');
  expect(all).not.toMatch(/источник|\bшаг|хеш|хэш|полуоткрыт|half-open|\bsource|\bstep|\bhash/i);
});

test('no sentence of a component is written outside of the table', () => {
  const components = readdirSync(addin, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.tsx'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8').replace(/\/\*\*[\s\S]*?\*\/|\/\/.*/g, ''));
  expect(components.flatMap((text) => text.match(/[а-яё]{2,}/gi) ?? [])).toEqual([]);
});

test.each([
  [0, '0 строк'],
  [1, '1 строка'],
  [2, '2 строки'],
  [4, '4 строки'],
  [5, '5 строк'],
  [11, '11 строк'],
  [14, '14 строк'],
  [21, '21 строка'],
  [112, '112 строк'],
  [1_000_001, '1\u00a0000\u00a0001 строка'],
  [12_480, '12\u00a0480 строк'],
])('%i is counted in right Russian', (count, words) => {
  expect(table.rows.ru(count)).toBe(words);
});

test('counts and durations are said in both languages', () => {
  expect(table.rows.en(1)).toBe('1 row');
  expect(table.rows.en(12_480)).toBe('12,480 rows');
  expect(counted('en', 2, { one: 'day', many: 'days' })).toBe('2 days');
  expect(numberWords('ru', 1234)).toBe('1\u00a0234');
  expect(shortNumber('ru', 2_100_000).replace(/\s/g, ' ')).toBe('2,1 млн');
  expect(durationWords('ru', 4000)).toBe('4 с');
  expect(durationWords('ru', 80_000)).toBe('1 мин 20 с');
  expect(durationWords('en', 7_500_000)).toBe('2 h 5 min');
  expect(durationWords('en', 7_200_000)).toBe('2 h');
});
