import type { CalendarEntry } from '../calendar.ts';
import type { DetectorSettings, Observation, Verdict } from './detector.ts';
import { MomentMaker } from './moment.ts';
import { SeriesDetector, type SeriesState } from './series.ts';

/** What is stored between runs: plain JSON. */
export interface FamilyState {
  version: 1;
  grain: DetectorSettings['grain'];
  time: number | null;
  series: Record<string, SeriesState>;
}

export interface FamilyVerdict {
  /** Whether this bucket has no data at all: unknown for every series, not zero. */
  isUnknown: boolean;
  verdicts: Map<string, Verdict>;
  /** A deviation that so many series share that it has one cause; `null` when there is none. */
  commonCause: { direction: 'up' | 'down'; series: string[] } | null;
}

/** Series from which deviations in the same direction are one incident; or the share of all. */
const manySeries = 8;
const manyShare = 0.05;
const fewestSeries = 3;

/** All series of one metric. Sees each bucket of time whole, so that it can tell zero from unknown. */
export class FamilyDetector {
  private readonly moments: MomentMaker;
  private readonly series = new Map<string, SeriesDetector>();
  private time: number | null = null;

  constructor(
    private readonly settings: DetectorSettings,
    calendar: readonly CalendarEntry[] = [],
    state?: FamilyState,
  ) {
    this.moments = new MomentMaker(settings.grain, settings.timeZone, calendar);
    if (state === undefined || state.grain !== settings.grain) return;
    this.time = state.time;
    for (const [name, stored] of Object.entries(state.series)) this.series.set(name, new SeriesDetector(name, settings, stored));
  }

  /** Newest bucket that was taken; older ones are refused. */
  get newest(): number | null {
    return this.time;
  }

  /**
   * Takes the rows of one bucket, in order of time. A known series without a row had nothing: zero. No rows at all:
   * nothing is known of this bucket.
   */
  push(time: number, rows: ReadonlyMap<string, Observation>): FamilyVerdict {
    if (this.time !== null && time <= this.time) throw new RangeError(`Buckets come in order: ${new Date(time).toISOString()} is not after ${new Date(this.time).toISOString()}.`);
    this.time = time;
    const verdicts = new Map<string, Verdict>();
    if (rows.size === 0) return { isUnknown: true, verdicts, commonCause: null };
    for (const name of rows.keys()) if (!this.series.has(name)) this.series.set(name, new SeriesDetector(name, this.settings));
    const moment = this.moments.at(time);
    const number = this.settings.grain === 'day' ? moment.day : Math.floor(time / 3_600_000);
    for (const [name, detector] of this.series) verdicts.set(name, detector.observe(moment, number, rows.get(name) ?? detector.nothing));
    return { isUnknown: false, verdicts, commonCause: commonCauseOf(verdicts) };
  }

  state(): FamilyState {
    return { version: 1, grain: this.settings.grain, time: this.time, series: Object.fromEntries([...this.series].map(([name, detector]) => [name, detector.state()])) };
  }
}

/** One message instead of one a series: many series that move the same way in the same bucket. */
function commonCauseOf(verdicts: ReadonlyMap<string, Verdict>): FamilyVerdict['commonCause'] {
  const moved: Record<'up' | 'down', string[]> = { up: [], down: [] };
  for (const [name, { score, isAbove }] of verdicts) if (score >= 1) moved[isAbove ? 'up' : 'down'].push(name);
  const direction = moved.down.length >= moved.up.length ? 'down' : 'up';
  const series = moved[direction];
  const many = Math.min(manySeries, Math.max(fewestSeries, manyShare * verdicts.size));
  return series.length >= many ? { direction, series } : null;
}
