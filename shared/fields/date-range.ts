import { z } from 'zod';
import { periodWords } from '../period-words.ts';
import { addDays, isoDate, periodOf, relativeWord, startOfDay } from '../relative-period.ts';
import { checkDay, dateSettings } from './date.ts';
import { fieldKind } from './field-kind.ts';

const period = z.strictObject({ from: isoDate, until: isoDate });
const value = z.union([relativeWord, period]);

/** A period of local days: people read it inclusive, it is held half-open (`until` is the first day after it). */
export const dateRange = fieldKind({
  kind: 'dateRange',
  settings: dateSettings.extend({ maxDays: z.number().int().positive().optional() }),
  value,
  parts: ['from', 'until', 'start', 'end'],
  parseText: (written) => {
    const word = relativeWord.safeParse(written.trim());
    if (word.success) return word.data;
    const days = written.split('..').map((day) => isoDate.safeParse(day.trim()).data);
    if (days.length !== 2 || days[0] === undefined || days[1] === undefined) return undefined;
    return { from: days[0], until: addDays(days[1], 1) };
  },
  isEmpty: () => false,
  resolve: (written, { today }) => (typeof written === 'string' ? periodOf(written, today) : written),
  check: (written, settings) => {
    if (typeof written === 'string') return null;
    const last = addDays(written.until, -1);
    if (last < written.from) return { ru: 'Период заканчивается раньше, чем начинается.', en: 'The period ends before it starts.' };
    const days = (Date.parse(written.until) - Date.parse(written.from)) / 86_400_000;
    if (settings.maxDays !== undefined && days > settings.maxDays)
      return { ru: `Не длиннее ${settings.maxDays} дн., а здесь ${days}.`, en: `At most ${settings.maxDays} days, this is ${days}.` };
    return checkDay(written.from, settings) ?? checkDay(last, settings);
  },
  describe: (written, language) => (typeof written === 'string' ? written : periodWords(written, language)),
  bind: (written, _settings, { zone, today }) => {
    const { from, until } = typeof written === 'string' ? periodOf(written, today) : written;
    return {
      from: { scalar: 'date', value: from },
      until: { scalar: 'date', value: until },
      start: { scalar: 'instant', value: startOfDay(from, zone) },
      end: { scalar: 'instant', value: startOfDay(until, zone) },
    };
  },
});
