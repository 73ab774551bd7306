import type { DetectorSettings, Direction, Grain, Importance } from './detector.ts';

/** Everything that tells hourly detection from daily. Found on corpora of the bench, seeds 1 to 3. */
export interface Calibration {
  slotsPerDay: number;
  /** Widths of the sums that are tested, in buckets. */
  windows: readonly number[];
  /** For each width, the largest deviation of a day that one day in ten exceeds by chance. */
  nominal: readonly number[];
  /** Standard deviations at which a deviation is an alert: downwards, upwards. */
  threshold: { down: number; up: number };
  /** Relative change below which no deviation is an alert: counts down, counts up, conversions. */
  effect: { down: number; up: number; conversion: number };
  /** Counts below which no deviation is an alert. */
  leastDifference: number;
  /** Days of history before the first score. */
  warmUpDays: number;
  /** Buckets without alert after which a deviation is over, and is left out of later sums. */
  calmAfter: number;
  /** Buckets from which a sum speaks of a level. */
  shiftFrom: number;
}

const byGrain: Record<Grain, Omit<Calibration, 'effect'>> = {
  hour: { slotsPerDay: 24, windows: [1, 2, 4, 8, 24, 48], nominal: [2.85, 2.75, 2.6, 2.4, 2.0, 1.8], threshold: { down: 5, up: 5.5 }, leastDifference: 6, warmUpDays: 14, calmAfter: 3, shiftFrom: 24 },
  day: { slotsPerDay: 1, windows: [1, 2, 3], nominal: [1.75, 1.75, 1.75], threshold: { down: 4.2, up: 4.7 }, leastDifference: 6, warmUpDays: 14, calmAfter: 1, shiftFrom: 2 },
};

const effects: Record<Importance, Calibration['effect']> = {
  critical: { down: 0.08, up: 0.1, conversion: 0.05 },
  high: { down: 0.15, up: 0.18, conversion: 0.07 },
  normal: { down: 0.25, up: 0.3, conversion: 0.1 },
};

export function calibrationOf({ grain, importance }: Pick<DetectorSettings, 'grain' | 'importance'>): Calibration {
  return { ...byGrain[grain], effect: effects[importance] };
}

export function isWatched(direction: Direction, z: number): boolean {
  return direction === 'both' || (direction === 'up' ? z > 0 : z < 0);
}
