import { z } from 'zod';
import { dayWords } from '../period-words.ts';
import { addDays, isoDate, periodOf, relativeWord, startOfDay } from '../relative-period.ts';
import { fieldKind } from './field-kind.ts';

/** Bounds that an analyst may set on dates, inclusive. */
export const dateSettings = z.object({ min: isoDate.optional(), max: isoDate.optional() });

/** What is wrong with a day under these bounds. */
export function checkDay(day: string, { min, max }: z.infer<typeof dateSettings>) {
  if (min !== undefined && day < min) return { ru: `Не раньше ${dayWords(min, 'ru')}.`, en: `Not before ${dayWords(min, 'en')}.` };
  if (max !== undefined && day > max) return { ru: `Не позже ${dayWords(max, 'ru')}.`, en: `Not after ${dayWords(max, 'en')}.` };
  return null;
}

const value = z.union([relativeWord, isoDate]);

/** One local day; a relative word means the first day of its period. */
export const date = fieldKind({
  kind: 'date',
  settings: dateSettings,
  value,
  parts: ['', 'start', 'end'],
  parseText: (written) => value.safeParse(written.trim()).data,
  isEmpty: () => false,
  resolve: (day, { today }) => {
    const word = relativeWord.safeParse(day);
    return word.success ? periodOf(word.data, today).from : day;
  },
  check: checkDay,
  describe: (day, language) => dayWords(day, language),
  bind: (day, _settings, { zone }) => dayParts(day, zone),
});

function dayParts(day: string, zone: string) {
  return {
    '': { scalar: 'date' as const, value: day },
    start: { scalar: 'instant' as const, value: startOfDay(day, zone) },
    end: { scalar: 'instant' as const, value: startOfDay(addDays(day, 1), zone) },
  };
}
