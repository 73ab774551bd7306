import { DateTime } from 'luxon';
import { z } from 'zod';

/** Words for days and periods that move with the calendar; the pane offers them, schedules live by them. */
export const relativeWords = [
  'today',
  'yesterday',
  'last7days',
  'last30days',
  'thisWeek',
  'lastCalendarWeek',
  'thisMonth',
  'lastMonth',
  'thisQuarter',
  'lastQuarter',
  'thisYear',
] as const;
export type RelativeWord = (typeof relativeWords)[number];
export const relativeWord = z.enum(relativeWords);

/** Local days `YYYY-MM-DD`; `until` is the first day after the period. */
export interface Period {
  from: string;
  until: string;
}

/**
 * The local days that a word means on `today`. Weeks start on Monday (ISO 8601). `last7days` and `last30days` end
 * yesterday: today is not loaded yet. `this…` runs up to and including today.
 */
export function periodOf(word: RelativeWord, today: string): Period {
  const day = DateTime.fromISO(today, { zone: 'utc' });
  const tomorrow = day.plus({ days: 1 });
  const span = (from: DateTime, until: DateTime): Period => ({ from: from.toISODate() ?? '', until: until.toISODate() ?? '' });
  switch (word) {
    case 'today':
      return span(day, tomorrow);
    case 'yesterday':
      return span(day.minus({ days: 1 }), day);
    case 'last7days':
      return span(day.minus({ days: 7 }), day);
    case 'last30days':
      return span(day.minus({ days: 30 }), day);
    case 'thisWeek':
      return span(day.startOf('week'), tomorrow);
    case 'lastCalendarWeek':
      return span(day.startOf('week').minus({ weeks: 1 }), day.startOf('week'));
    case 'thisMonth':
      return span(day.startOf('month'), tomorrow);
    case 'lastMonth':
      return span(day.startOf('month').minus({ months: 1 }), day.startOf('month'));
    case 'thisQuarter':
      return span(day.startOf('quarter'), tomorrow);
    case 'lastQuarter':
      return span(day.startOf('quarter').minus({ quarters: 1 }), day.startOf('quarter'));
    case 'thisYear':
      return span(day.startOf('year'), tomorrow);
  }
}

/** A real day of the calendar between 1900 and 9999. */
export const isoDate = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .refine((day) => DateTime.fromISO(day, { zone: 'utc' }).isValid && day >= '1900-01-01', { message: 'not a day of the calendar' });

/** The current local day in a zone. */
export function todayIn(zone: string, now: Date): string {
  return DateTime.fromJSDate(now, { zone }).toISODate() ?? '';
}

/** The instant, in UTC, at which a local day begins. Where a change of clock skips midnight, the first instant that exists. */
export function startOfDay(day: string, zone: string): string {
  return DateTime.fromISO(day, { zone }).startOf('day').toUTC().toISO() ?? '';
}

export function addDays(day: string, days: number): string {
  return DateTime.fromISO(day, { zone: 'utc' }).plus({ days }).toISODate() ?? '';
}
