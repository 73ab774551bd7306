import { expect, test } from 'vitest';
import { sameText } from '../../shared/language.ts';
import { renderFileName } from '../../backend/template/index.ts';

const name = (pattern: string, words: Record<string, string> = {}) =>
  renderFileName({ fileName: sameText(pattern), title: { ru: 'Карты партнёра', en: 'Cards of a partner' } }, Object.fromEntries(Object.entries(words).map(([key, text]) => [key, sameText(text)])));

test('fields are put in by their words, in each language', () => {
  const fileName = { ru: 'Карты {{partner}} {{issued}}', en: 'Cards {{partner}} {{issued}}' };
  const words = { partner: sameText('Лента'), issued: { ru: 'октябрь 2026', en: 'October 2026' } };
  expect(renderFileName({ fileName, title: sameText('') }, words)).toEqual({ ru: 'Карты Лента октябрь 2026', en: 'Cards Лента October 2026' });
});

test('a field without words leaves no trace', () => {
  expect(name('Карты {{partner}} {{issued}}', { issued: '2026' }).ru).toBe('Карты 2026');
});

test.each([
  ['../../etc/passwd', 'etc-passwd'],
  ['a/b\\c:d*e?f"g<h>i|j', 'a-b-c-d-e-f-g-h-i-j'],
  ['a\r\nSet-Cookie: x', 'a Set-Cookie- x'],
  ['\u0000\u202egpj.exe', 'gpj.exe'],
  ['.hidden', 'hidden'],
  ['-rf', 'rf'],
  ['con', '_con'],
  ['NUL.txt', '_NUL.txt'],
  ['trailing. . ', 'trailing'],
  ['{{other}}', '{{other}}'],
  ['$& $1', '$& $1'],
  ['\ud800x', 'x'],
  ['ё', 'ё'],
])('%j becomes %j', (text, expected) => {
  expect(name('{{a}}', { a: text, other: 'no' }).ru).toBe(expected);
});

test('nothing left means the title', () => {
  expect(name('{{a}}', { a: '///..' })).toEqual({ ru: 'Карты партнёра', en: 'Cards of a partner' });
});

test('a long name is cut by bytes, never inside a character', () => {
  const { ru } = name('{{a}}', { a: `${'я'.repeat(50)}${'😀'.repeat(10_000_000 / 2)}` });
  expect(Buffer.byteLength(ru)).toBeLessThanOrEqual(180);
  expect(Buffer.from(ru, 'utf8').toString('utf8')).toBe(ru);
});
