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
  /** Series that were seen for the first time: news, not alerts. */
  born: string[];
  /** Hardly anything of what was expected arrived, for most series at once: all stopped, or the load is late. */
  isSuspect: boolean;
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
    if (state === undefined) return;
    if (state.grain !== settings.grain) throw new RangeError(`The stored state is by ${state.grain}, the monitor by ${settings.grain}: learn anew from the series' past.`);
    this.time = state.time;
    for (const [name, stored] of Object.entries(state.series)) this.series.set(name, new SeriesDetector(name, settings, stored));
  }

  /** Newest bucket that was taken; older ones are refused. */
  get newest(): number | null {
    return this.time;
  }

  /**
   * Takes the rows of one bucket, in order of time. A known series without a row had nothing: zero. No rows at all, or
   * a bucket that is not loaded to its end (the watermark of ingest, where there is one): nothing is known of it.
   * To judge anew what was loaded late, keep the state from before and push again.
   */
  push(time: number, rows: ReadonlyMap<string, Observation>, loadedUntil = Infinity): FamilyVerdict {
    if (this.time !== null && time <= this.time) throw new RangeError(`Buckets come in order: ${new Date(time).toISOString()} is not after ${new Date(this.time).toISOString()}.`);
    const moment = this.moments.at(time);
    if (rows.size === 0 || loadedUntil < moment.end) return { isUnknown: true, verdicts: new Map(), born: [], isSuspect: false, commonCause: null };
    this.time = time;
    const born = [...rows.keys()].filter((name) => !this.series.has(name));
    for (const name of born) this.series.set(name, new SeriesDetector(name, this.settings));
    const number = this.settings.grain === 'day' ? moment.day : Math.floor(time / 3_600_000);
    const verdicts = new Map<string, Verdict>();
    let [arrived, expected, silent, awaited] = [0, 0, 0, 0];
    for (const [name, detector] of this.series) {
      const observation = rows.get(name) ?? detector.nothing;
      const verdict = detector.observe(moment, number, observation);
      verdicts.set(name, verdict);
      if (observation.value === null || verdict.expected === null || verdict.expected < 1) continue;
      arrived += Math.min(observation.value, verdict.expected);
      expected += verdict.expected;
      awaited += 1;
      if (observation.value === 0) silent += 1;
    }
    const isSuspect = awaited >= fewestSeries && arrived < 0.1 * expected && silent > awaited / 2;
    return { isUnknown: false, verdicts, born, isSuspect, commonCause: commonCauseOf(verdicts) };
  }

  /** A person says that the level since that time is the new usual; from the next day on it is expected. */
  newNormal(name: string, since: number): void {
    this.series.get(name)?.newNormal(this.moments.at(since).day);
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
