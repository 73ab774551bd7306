import { DateTime } from 'luxon';
import { dateRange } from '../../shared/fields/date-range.ts';
import type { FieldContext } from '../../shared/fields/field-kind.ts';
import { Problem } from '../../shared/problem.ts';
import { addDays, isoDate, periodOf, relativeWords, type Period, type RelativeWord } from '../../shared/relative-period.ts';

/** As people write them in a cell; blanks and case do not matter. */
const russianWords: Record<RelativeWord, string> = {
  today: 'сегодня',
  yesterday: 'вчера',
  last7days: 'последние 7 дней',
  last30days: 'последние 30 дней',
  thisWeek: 'эта неделя',
  lastCalendarWeek: 'прошлая неделя',
  thisMonth: 'этот месяц',
  lastMonth: 'прошлый месяц',
  thisQuarter: 'этот квартал',
  lastQuarter: 'прошлый квартал',
  thisYear: 'этот год',
};

const bare = (text: string): string => text.toLowerCase().replace(/\s/g, '');
const words = new Map(relativeWords.flatMap((word) => [[bare(word), word] as const, [bare(russianWords[word]), word] as const]));

function notUnderstood(shown: string): Problem {
  return new Problem('invalid_values', {
    ru: `Период «${shown.slice(0, 40)}» не понят. Можно: "lastMonth" или "прошлый месяц", "2026-10", "2026-10-01..2026-10-15", дата или две ячейки с датами.`,
    en: `The period “${shown.slice(0, 40)}” is not understood. There are: "lastMonth", "2026-10", "2026-10-01..2026-10-15", a date, or two cells with dates.`,
  });
}

/** Excel's day number; day 60 is 1900's false leap day, so only later days are exact. */
function dayOfSerial(serial: number): string | undefined {
  return serial >= 61 && serial < 2_958_466 ? (DateTime.fromISO('1899-12-30', { zone: 'utc' }).plus({ days: Math.floor(serial) }).toISODate() ?? undefined) : undefined;
}

function dayOf(written: unknown): string | undefined {
  if (typeof written === 'number') return dayOfSerial(written);
  if (typeof written !== 'string') return undefined;
  const [, day, month, year] = /^(\d{2})\.(\d{2})\.(\d{4})$/.exec(written.trim()) ?? [];
  return isoDate.safeParse(year === undefined ? written.trim() : `${year}-${month}-${day}`).data;
}

/** `2026`, `2026-10`. */
function calendarPeriod(text: string): Period | undefined {
  const [, year, month] = /^(\d{4})(?:-(\d{2}))?$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  const from = DateTime.fromISO(`${year}-${month ?? '01'}-01`, { zone: 'utc' });
  return from.isValid ? { from: from.toISODate(), until: from.plus(month === undefined ? { years: 1 } : { months: 1 }).toISODate() } : undefined;
}

/** The local days that a cell means; two cells are the first and the last day. Throws `invalid_values`. */
export function readPeriod(written: unknown, context: FieldContext): Period {
  const cells = (Array.isArray(written) ? (written as unknown[]).flat(2) : [written]).filter((cell) => cell !== null && cell !== '');
  const shown = cells.map(String).join(' … ');
  const period = cells.length === 2 ? between(dayOf(cells[0]), dayOf(cells[1])) : cells.length === 1 ? readOne(cells[0], context) : undefined;
  if (period === undefined) throw notUnderstood(shown);
  if (period.until <= period.from) throw new Problem('invalid_values', { ru: `Период «${shown}» заканчивается раньше, чем начинается.`, en: `The period “${shown}” ends before it starts.` });
  if (period.from > context.today) throw new Problem('invalid_values', { ru: `Период «${shown}» ещё не начался.`, en: `The period “${shown}” has not begun yet.` });
  return period;
}

function readOne(cell: unknown, context: FieldContext): Period | undefined {
  const day = dayOf(cell);
  if (day !== undefined) return between(day, day);
  if (typeof cell !== 'string') return undefined;
  const word = words.get(bare(cell));
  if (word !== undefined) return periodOf(word, context.today);
  const ends = cell.split('..');
  if (ends.length === 2) return between(dayOf(ends[0]), dayOf(ends[1]));
  const read = dateRange.parseText(cell.trim(), context);
  return calendarPeriod(cell.trim()) ?? (typeof read === 'object' ? read : undefined);
}

function between(from: string | undefined, last: string | undefined): Period | undefined {
  return from === undefined || last === undefined ? undefined : { from, until: addDays(last, 1) };
}
