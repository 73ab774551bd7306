import { DateTime } from 'luxon';
import { z } from 'zod';
import type { LocalText } from '../../shared/language.ts';
import { localised } from '../catalog/shapes.ts';
import { normalized, SourceText } from '../catalog/source-text.ts';
import type { Fault } from '../catalog/task.ts';
import { items, readYaml, type YamlValue } from '../catalog/yaml-value.ts';
import { readKeys } from '../catalog/yaml-shape.ts';

/** A holiday or company event. It explains alerts; it changes what is expected only where it says how. */
export interface CalendarEntry {
  /** From this instant on, up to and without `end`; milliseconds since 1970. */
  start: number;
  end: number;
  name: LocalText;
  /** Names of the series that it concerns, `*` for any letters; all when absent. */
  scope: RegExp | null;
  /** The usual value times this. */
  expected?: number;
  /** The day goes as a Sunday does. */
  likeSunday: boolean;
}

const dayOrHour = z.string('write a day as 2026-03-08, or an hour as 2026-03-08T14:00');
const wholeDay = z.string('write a day as 2026-03-08').regex(/^[^T]*$/, 'write a day as 2026-03-08; for hours use from and until');
const names = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)], { error: 'write a name of a series, or a list of them; * stands for any letters' });

/**
 * Keys of one entry of a calendar file. `from` and `until` are days, both included, or hours (`until` then excluded).
 * An entry without `expected` and `day` explains alerts and shapes nothing; where entries overlap, all are believable.
 */
export const calendarEntryShape = {
  date: wholeDay.optional(),
  from: dayOrHour.optional(),
  until: dayOrHour.optional(),
  name: localised,
  scope: names.optional(),
  expected: z.number('write a number: 1.5 for half as many again').min(0, 'not below 0').max(1000, 'at most 1000').optional(),
  day: z.literal('like-sunday').optional(),
};

/** Reads a calendar file: a list of entries. Wrong entries are faults with their line and leave the others in use. */
export function readCalendar(text: string, file: string, timeZone: string): { entries: CalendarEntry[]; faults: Fault[] } {
  const source = new SourceText(file, normalized(text));
  const { root, faults } = readYaml(source);
  if (root === undefined || root.value === null || root.value === undefined) return { entries: [], faults };
  const list = items(root);
  if (list === null) return { entries: [], faults: [...faults, source.fault(root.offset, 'the calendar is not a list', 'begin each entry with "- date: 2026-03-08"')] };
  return { entries: list.flatMap((entry) => readEntry(entry, timeZone, faults) ?? []), faults };
}

function readEntry(of: YamlValue, timeZone: string, faults: Fault[]): CalendarEntry | undefined {
  const before = faults.length;
  const read = readKeys(of, calendarEntryShape, 'entry', faults);
  const fault = (message: string, advice: string) => void faults.push(of.source.fault(of.offset, message, advice));
  const span = faults.length > before ? undefined : spanOf(read, timeZone, fault);
  if (span === undefined || read.name === undefined) return undefined;
  const { name, scope, expected, day } = read;
  return { ...span, name, scope: scope === undefined ? null : pattern([scope].flat()), ...(expected === undefined ? {} : { expected }), likeSunday: day === 'like-sunday' };
}

function spanOf({ date, from, until }: { date?: string; from?: string; until?: string }, timeZone: string, fault: (message: string, advice: string) => void): { start: number; end: number } | undefined {
  if (date !== undefined && (from !== undefined || until !== undefined)) return void fault('entry has both date and from/until', 'keep date for one day, or from and until for several');
  const [first, last] = [date ?? from, date ?? until];
  if (first === undefined || last === undefined) return void fault('entry does not say when', 'add date: 2026-03-08, or from: and until:');
  const wrong = [first, last].find((written) => instant(written, timeZone) === undefined);
  if (wrong !== undefined) return void fault(`${wrong} is no day of the calendar`, 'write a day as 2026-03-08, or an hour as 2026-03-08T14:00');
  const start = instant(first, timeZone)?.from ?? 0;
  const end = instant(last, timeZone)?.until ?? 0;
  if (end <= start) return void fault(`entry ends (${last}) before it begins (${first})`, 'exchange from and until');
  return { start, end };
}

/** A day as a whole (`until` is then its end: people write periods inclusively), or a moment. */
function instant(written: string, timeZone: string): { from: number; until: number } | undefined {
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$/.test(written)) return undefined;
  const local = DateTime.fromISO(written, { zone: timeZone });
  if (!local.isValid) return undefined;
  return { from: local.toMillis(), until: written.length > 10 ? local.toMillis() : local.plus({ days: 1 }).toMillis() };
}

function pattern(scope: string[]): RegExp {
  const alternatives = scope.map((name) => name.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*'));
  return new RegExp(`^(?:${alternatives.join('|')})$`, 'su');
}
