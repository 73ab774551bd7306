import { isConfidence, usualConfidence } from './comparison.ts';
import type { Interval } from './comparison.ts';
import { studentQuantile } from './distributions/index.ts';
import type { Moments } from './samples.ts';
import { varianceOfMean } from './welch.ts';

/**
 * Between what limits does the mean of one group lie?
 *
 * Student's interval. A group without variation gives an interval without width.
 *
 * @returns in the metric's unit; `null` for fewer than two users, a confidence outside 0 … 1, or numbers that are not finite.
 * @example meanInterval({ users: 10, mean: 2.33, m2: 36.081 })
 *          // { low: 0.8976775, high: 3.7623225 }   R: t.test(sleep$extra[11:20])$conf.int
 */
export function meanInterval(moments: Moments, confidence: number = usualConfidence): Interval | null {
  const reach = studentQuantile((1 + confidence) / 2, moments.users - 1) * Math.sqrt(varianceOfMean(moments));
  return isConfidence(confidence) && Number.isFinite(reach) ? { low: moments.mean - reach, high: moments.mean + reach } : null;
}
