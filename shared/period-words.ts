import { DateTime } from 'luxon';
import type { Language } from './language.ts';
import { addDays, type Period } from './relative-period.ts';

const months: Record<Language, { alone: string[]; withDay: string[] }> = {
  ru: {
    alone: ['январь', 'февраль', 'март', 'апрель', 'май', 'июнь', 'июль', 'август', 'сентябрь', 'октябрь', 'ноябрь', 'декабрь'],
    withDay: ['января', 'февраля', 'марта', 'апреля', 'мая', 'июня', 'июля', 'августа', 'сентября', 'октября', 'ноября', 'декабря'],
  },
  en: {
    alone: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
    withDay: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
  },
};

/** `5 октября 2026`, `5 October 2026`. */
export function dayWords(day: string, language: Language): string {
  const { year, month, day: number } = DateTime.fromISO(day, { zone: 'utc' });
  return `${number} ${months[language].withDay[month - 1]} ${year}`;
}

/** `октябрь 2026`, `October 2026`, of any day in that month. */
export function monthWords(day: string, language: Language): string {
  const { year, month } = DateTime.fromISO(day, { zone: 'utc' });
  return `${months[language].alone[month - 1]} ${year}`;
}

/**
 * A half-open period as people say it, inclusive and as short as it stays clear: `октябрь 2026` for a whole month,
 * `1–15 октября 2026`, `28 сентября – 4 октября 2026`, `5 октября 2026` for one day.
 */
export function periodWords({ from, until }: Period, language: Language): string {
  const last = addDays(until, -1);
  if (from === last) return dayWords(from, language);
  const start = DateTime.fromISO(from, { zone: 'utc' });
  const end = DateTime.fromISO(last, { zone: 'utc' });
  if (start.day === 1 && start.hasSame(end, 'month') && end.day === end.daysInMonth) return monthWords(from, language);
  if (start.hasSame(end, 'month')) return `${start.day}–${dayWords(last, language)}`;
  if (start.hasSame(end, 'year')) return `${start.day} ${months[language].withDay[start.month - 1]} – ${dayWords(last, language)}`;
  return `${dayWords(from, language)} – ${dayWords(last, language)}`;
}
