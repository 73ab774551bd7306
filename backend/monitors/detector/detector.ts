/** Width of a bucket: an hour or a day of local time. */
export type Grain = 'hour' | 'day';

/** Which way a deviation must go to be of interest. */
export type Direction = 'up' | 'down' | 'both';

/** How small an effect is worth telling: of a metric that everybody watches, a smaller one. */
export type Importance = 'critical' | 'high' | 'normal';

/**
 * What an alert is about.
 *
 * - `spike`: one bucket far above its range
 * - `burst`: too many over several buckets, none of which stands out alone
 * - `drop`: too few for less than a day (hourly) or in one day (daily)
 * - `shift`: a level that has been different for a day and longer (daily: two days)
 * - `drift`: a slow change, seen by comparing this week with the same week four weeks ago
 * - `vanished`: nothing at all, for longer than chance explains
 * - `conversion`: a share of successes outside its range
 */
export const anomalyKinds = ['spike', 'burst', 'drop', 'shift', 'drift', 'vanished', 'conversion'] as const;
export type AnomalyKind = (typeof anomalyKinds)[number];

/** What a series counted in a bucket. */
export interface Observation {
  /** Count, or successes where `trials` is given; `null` when it is not known (a load that is late or failed), which is not zero. */
  value: number | null;
  trials?: number;
}

/** What the detector says of one bucket of one series, knowing nothing later than it. */
export interface Verdict {
  /** Expected value and the range without alert, for this bucket alone; `null` while there is too little history, or the value is unknown; no `high` where only drops are of interest. */
  expected: number | null;
  low: number | null;
  high: number | null;
  /** 1 and above is an alert. */
  score: number;
  /** `null` when there is no alert. */
  kind: AnomalyKind | null;
  /** Which way it deviates. */
  isAbove: boolean;
  /** Buckets that the deviation was summed over; the newest is this one. */
  buckets: number;
}

export interface DetectorSettings {
  grain: Grain;
  /** IANA name; weekday, hour and day are local. */
  timeZone: string;
  direction: Direction;
  importance: Importance;
}
