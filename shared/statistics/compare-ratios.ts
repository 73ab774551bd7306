import { compareNormal } from './compare-normal.ts';
import { isConfidence, usualConfidence } from './comparison.ts';
import type { Comparison, ComparisonOptions } from './comparison.ts';
import { normalQuantile, normalTwoSided } from './distributions/index.ts';
import { ratioMetric } from './ratio-metric.ts';
import type { PairMoments } from './samples.ts';

/**
 * All that a read-out says of a ratio metric: both ratios with intervals, the z-test of their difference by the delta method, the relative change by Fieller.
 *
 * For a test that still runs (`planned` given) interval and p-value are always valid. Holds for groups of some hundreds and more.
 *
 * @returns `null` where a group has no {@link ratioMetric} (or, while it runs, fewer than 30 users), and for no variation in either.
 * @example compareRatios({ users: 4, x: { mean: 2.5, m2: 5 }, y: { mean: 1.75, m2: 2.75 }, comoment: 3 }, { users: 4, x: { mean: 2.5, m2: 5 }, y: { mean: 1.75, m2: 2.75 }, comoment: 3 })?.pValue
 *          // 1
 */
export function compareRatios(control: PairMoments, treatment: PairMoments, { confidence = usualConfidence, planned }: ComparisonOptions = {}): Comparison | null {
  const [first, second] = [ratioMetric(control), ratioMetric(treatment)];
  if (!first || !second || !isConfidence(confidence)) return null;
  const difference = second.ratio - first.ratio;
  const standardError = Math.hypot(first.standardError, second.standardError);
  const pValue = standardError > 0 ? normalTwoSided(difference / standardError) : null;
  if (pValue === null) return null;
  const test = { difference, standardError, degreesOfFreedom: Infinity, reach: normalQuantile((1 + confidence) / 2), pValue };
  const figure = ({ ratio, standardError: error }: { ratio: number; standardError: number }, { users }: PairMoments) => ({ value: ratio, error, users });
  return compareNormal(figure(first, control), figure(second, treatment), test, { alpha: 1 - confidence, planned });
}
