import { IANAZone, DateTime } from 'luxon';

/** The local text of an instant, as `YYYY-MM-DD hh:mm:ss.SSS`. */
export function localClock(instant: string, zone: string): string {
  return DateTime.fromISO(instant, { zone }).toFormat('yyyy-MM-dd HH:mm:ss.SSS');
}

interface Gap {
  from: string;
  until: string;
}

const wallText = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
const hour = 3_600_000;

/** Local times that a zone never shows, because its clock is put forward over them. */
export class ClockGaps {
  private readonly zone: IANAZone;
  private readonly years = new Map<string, Gap[]>();

  constructor(zone: string) {
    this.zone = IANAZone.create(zone);
  }

  /** Whether `YYYY-MM-DD hh:mm:ss…` never was on the clocks of the zone. */
  includes(text: string): boolean {
    const year = text.slice(0, 4);
    const gaps = this.years.get(year) ?? this.learn(year);
    return gaps.length > 0 && gaps.some(({ from, until }) => text >= from && text < until);
  }

  private learn(year: string): Gap[] {
    const gaps: Gap[] = [];
    const end = Date.UTC(Number(year) + 1, 0, 2);
    for (let at = Date.UTC(Number(year), 0, 1) - 24 * hour; at < end; at += 24 * hour) {
      if (this.zone.offset(at) < this.zone.offset(at + 24 * hour)) gaps.push(this.gapWithin(at, at + 24 * hour));
    }
    this.years.set(year, gaps);
    return gaps;
  }

  /** Halves the day until the second at which the clock is put forward. */
  private gapWithin(from: number, until: number): Gap {
    let [before, after] = [from, until];
    while (after - before > 1_000) {
      const middle = before + Math.floor((after - before) / 2_000) * 1_000;
      if (this.zone.offset(middle) === this.zone.offset(from)) before = middle;
      else after = middle;
    }
    return { from: wallText(after + this.zone.offset(from) * 60_000), until: wallText(after + this.zone.offset(until) * 60_000) };
  }
}
