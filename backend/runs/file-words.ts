import { DateTime } from 'luxon';
import type { FormValues } from '../../shared/form.ts';
import { sameText, type LocalText } from '../../shared/language.ts';
import { addDays, type Period } from '../../shared/relative-period.ts';
import type { Task } from '../catalog/task.ts';

/** A period as a file name sorts by: `2026-10` for a whole month, `2026-10-05` for a day, otherwise first and last day. */
export function periodName({ from, until }: Period): string {
  const last = addDays(until, -1);
  if (from === last) return from;
  const end = DateTime.fromISO(last, { zone: 'utc' });
  if (from.slice(0, 7) === last.slice(0, 7) && from.endsWith('-01') && end.day === end.daysInMonth) return from.slice(0, 7);
  return `${from}–${last}`;
}

/** The words that a file's name is made of: labels of values, but days and periods by their numbers, so that files sort. */
export function fileWords(task: Task, resolved: FormValues, words: Record<string, LocalText>): Record<string, LocalText> {
  const dated = task.fields.flatMap(({ name, kind }): [string, LocalText][] => {
    const value = resolved[name];
    if (kind === 'dateRange' && typeof value === 'object' && value !== null && !Array.isArray(value)) return [[name, sameText(periodName({ from: String(value['from']), until: String(value['until']) }))]];
    return (kind === 'date' || kind === 'month') && typeof value === 'string' ? [[name, sameText(value)]] : [];
  });
  return { ...words, ...Object.fromEntries(dated) };
}
