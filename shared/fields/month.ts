import { DateTime } from 'luxon';
import { z } from 'zod';
import { monthWords } from '../period-words.ts';
import { periodOf, relativeWord, startOfDay } from '../relative-period.ts';
import { fieldKind } from './field-kind.ts';

const isoMonth = z.string().regex(/^(19|[2-9]\d)\d{2}-(0[1-9]|1[0-2])$/);
const settings = z.object({ min: isoMonth.optional(), max: isoMonth.optional() });
const value = z.union([relativeWord, isoMonth]);

function nextMonth(month: string): string {
  return DateTime.fromISO(`${month}-01`, { zone: 'utc' }).plus({ months: 1 }).toISODate() ?? '';
}

/** A calendar month, `YYYY-MM`. `{{field}}` is its first day; `.from .until` are half-open days, `.start .end` instants. */
export const month = fieldKind({
  kind: 'month',
  settings,
  value,
  parts: ['', 'from', 'until', 'start', 'end'],
  parseText: (written) => value.safeParse(written.trim()).data,
  isEmpty: () => false,
  resolve: (written, { today }) => {
    const word = relativeWord.safeParse(written);
    return word.success ? periodOf(word.data, today).from.slice(0, 7) : written;
  },
  check: (written, { min, max }) => {
    if (min !== undefined && written < min) return { ru: `Не раньше: ${monthWords(`${min}-01`, 'ru')}.`, en: `Not before ${monthWords(`${min}-01`, 'en')}.` };
    if (max !== undefined && written > max) return { ru: `Не позже: ${monthWords(`${max}-01`, 'ru')}.`, en: `Not after ${monthWords(`${max}-01`, 'en')}.` };
    return null;
  },
  describe: (written, language) => monthWords(`${written}-01`, language),
  bind: (written, _settings, { zone }) => {
    const from = `${written}-01`;
    const until = nextMonth(written);
    return {
      '': { scalar: 'date', value: from },
      from: { scalar: 'date', value: from },
      until: { scalar: 'date', value: until },
      start: { scalar: 'instant', value: startOfDay(from, zone) },
      end: { scalar: 'instant', value: startOfDay(until, zone) },
    };
  },
});
