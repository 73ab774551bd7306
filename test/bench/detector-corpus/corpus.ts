import type { CalendarDay, Grain, Zone } from './calendar.ts';

export const anomalyKinds = ['vanished', 'drop', 'partial drop', 'spike', 'level shift', 'drift', 'conversion drop', 'error burst'] as const;
export type AnomalyKind = (typeof anomalyKinds)[number];
export type Role = 'event' | 'error' | 'conversion';

export interface Series {
  name: string;
  role: Role;
  /** Which way is bad news: errors up, everything else both. */
  direction: 'up' | 'both';
  /** Its rows of zero are left out of the file, as GROUP BY would. */
  sparse: boolean;
  /** First bucket that it exists in. */
  born: number;
  /** One a bucket; NaN where unknown. */
  values: Float64Array;
  /** Of conversions. */
  trials: Float64Array | null;
  /** What the generator expected, before noise and while no anomaly is going on: successes for conversions. */
  expected: Float64Array;
  /** Expected successes a trial, of conversions. */
  rates: Float64Array | null;
  /** How noisy sums of it are; only the ceiling may look. */
  noise: Noise;
}

export interface Noise {
  /** Relative, one draw a day. */
  day: number;
  /** Relative, within the day, one draw a bucket, correlated from bucket to bucket by `memory`. */
  wave: number;
  memory: number;
  /** Squared coefficient of variation of what is independent from bucket to bucket. */
  dispersion: number;
}

/** Buckets `[start, end)` in which an alert counts as a find, and `[end, tail)` in which it counts as nothing. */
export interface Anomaly {
  series: string;
  kind: AnomalyKind;
  start: number;
  end: number;
  tail: number;
  faint: boolean;
  /** What it changed stays so. */
  lasts: boolean;
  /** Factor on the expectation at its strongest. */
  factor: number;
  /** Deviations that one would see who knew the true expectation and noise. */
  evidence: number;
}

export interface Corpus {
  seed: number;
  grain: Grain;
  zone: Zone;
  times: string[];
  /** For each bucket the one of the same local hour seven days before; -1 where there is none. */
  weekBefore: Int32Array;
  series: Series[];
  anomalies: Anomaly[];
  holidays: CalendarDay[];
  /** Days on which something was sent or released that explains nothing. */
  notes: CalendarDay[];
}

export const bucketsPerDay: Record<Grain, number> = { hour: 24, day: 1 };

/** The first days are for learning: nothing is planted in them and alerts in them are not counted. */
export const learningDays = 28;
