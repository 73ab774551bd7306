import { DateTime } from 'luxon';
import type { CalendarEntry } from '../calendar.ts';
import type { Grain } from './detector.ts';

/** One bucket of local time, the same for all series. */
export interface Moment {
  /** Its start, milliseconds since 1970. */
  time: number;
  /** Its end. */
  end: number;
  /** Local days since 1970-01-01. */
  day: number;
  /** Local hour of its start; 0 for days. Where clocks go back, two buckets share one. */
  hour: number;
  /** Monday is 0. */
  weekday: number;
  dayOfMonth: number;
  daysInMonth: number;
  /** Calendar entries that shape what is expected. */
  entries: readonly CalendarEntry[];
}

const dayLength = 86_400_000;

/** Makes moments of instants, in one time zone and grain, with one calendar. */
export class MomentMaker {
  readonly #grain: Grain;
  readonly #zone: string;
  readonly #shaping: CalendarEntry[];

  constructor(grain: Grain, timeZone: string, calendar: readonly CalendarEntry[] = []) {
    this.#grain = grain;
    this.#zone = timeZone;
    this.#shaping = calendar.filter(({ expected, likeSunday }) => likeSunday || expected !== undefined);
  }

  at(time: number): Moment {
    const local = DateTime.fromMillis(time, { zone: this.#zone });
    const day = Math.round(Date.UTC(local.year, local.month - 1, local.day) / dayLength);
    const end = local.plus(this.#grain === 'day' ? { days: 1 } : { hours: 1 }).toMillis();
    return {
      time,
      end,
      day,
      hour: this.#grain === 'day' ? 0 : local.hour,
      weekday: local.weekday - 1,
      dayOfMonth: local.day,
      daysInMonth: local.daysInMonth ?? 31,
      entries: this.#shaping.filter((entry) => entry.start < end && entry.end > time),
    };
  }

  /** The start of the local bucket that an instant lies in. */
  startOf(time: number): number {
    const local = DateTime.fromMillis(time, { zone: this.#zone });
    // The hour that comes twice: luxon's startOf would leap to its first occurrence.
    return this.#grain === 'day' ? local.startOf('day').toMillis() : time - (local.minute * 60 + local.second) * 1000 - local.millisecond;
  }
}
