import { logChanceOfZero } from './tails.ts';

/** Expected counts below which a silence says nothing. */
const leastExpected = 15;
/** Log of the chance below which a silence is no chance. */
const logChance = Math.log(1e-6);

/** Times the longest silence of the past from which a silence is no habit. */
const beyondHabit = 1.5;

/** A silence that is going on: since when, and how unlikely it is. */
export interface Silence {
  buckets: number;
  expected: number;
  logChance: number;
  /** Day on which it began. */
  since: number;
}

export function continueSilence(silence: Silence | null, expected: number, dispersion: number, day: number): Silence {
  const { buckets, expected: before, logChance: chance, since } = silence ?? { buckets: 0, expected: 0, logChance: 0, since: day };
  return { buckets: buckets + 1, expected: before + expected, logChance: chance + logChanceOfZero(expected, dispersion), since };
}

/** 1 and above: the series has vanished. `longest` is what was expected during the longest silence that ended by itself. */
export function vanishedScore({ expected, logChance: chance }: Silence, longest: number, caution: number): number {
  return Math.min(expected / Math.max(leastExpected, beyondHabit * longest), chance / logChance) / caution;
}
