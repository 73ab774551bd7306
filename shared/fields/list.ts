import { z } from 'zod';
import { fieldKind } from './field-kind.ts';

const settings = z.object({ maxItems: z.number().int().min(1).max(1_000_000).default(100_000), scalar: z.enum(['string', 'integer']).default('string') });

/** Entries of a pasted text: one a line or a cell; spaces around and inside numbers, blanks and quotes are dropped. */
export function listEntries(pasted: string): string[] {
  return pasted
    .split(/[\r\n\t;]+|,(?=\s|$)/)
    .map((entry) => entry.trim().replace(/^["«“„](.*)["»”“]$/s, '$1').replace(/^'(?=[\d=+@-])/, '').trim())
    .map((entry) => (/^\d[\d\s\u00a0\u202f]*\d$/.test(entry) ? entry.replace(/[\s\u00a0\u202f]/g, '') : entry))
    .filter((entry) => entry !== '');
}

/** A pasted list: duplicates count once, order is kept. */
export const list = fieldKind({
  kind: 'list',
  settings,
  value: z.array(z.string()),
  parts: [''],
  parseText: listEntries,
  isEmpty: (value) => value.every((entry) => entry.trim() === ''),
  resolve: (value) => [...new Set(value.map((entry) => entry.trim()).filter((entry) => entry !== ''))],
  check: (value, { maxItems, scalar }) => {
    if (value.length > maxItems) return { ru: `Не больше ${maxItems} строк, а здесь ${value.length}.`, en: `At most ${maxItems} entries, this has ${value.length}.` };
    const long = value.find((entry) => entry.length > 1000);
    if (long !== undefined) return { ru: `Запись длиннее 1000 знаков: «${long.slice(0, 40)}…».`, en: `An entry is longer than 1000 characters: “${long.slice(0, 40)}…”.` };
    const notNumber = scalar === 'integer' ? value.find((entry) => !/^-?\d{1,18}$/.test(entry)) : undefined;
    return notNumber === undefined ? null : { ru: `Нужны целые числа, а здесь «${notNumber.slice(0, 40)}».`, en: `Whole numbers are needed, this is “${notNumber.slice(0, 40)}”.` };
  },
  describe: (value, language) => (value.length <= 3 ? value.join(', ') : `${value[0]}… (${value.length.toLocaleString(language)})`),
  bind: (value, { scalar }) => ({ '': { scalar, value } }),
});
