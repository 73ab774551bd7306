import { isConfidence, usualConfidence } from './comparison.ts';
import type { Interval } from './comparison.ts';
import { normalQuantile } from './distributions/index.ts';
import { isShare } from './samples.ts';
import type { Share } from './samples.ts';

/**
 * Between what limits does the share of one group lie?
 *
 * Wilson's score interval (J Am Stat Assoc 1927;22:209), without continuity correction; never leaves 0 … 1, and says
 * something also where nobody did it.
 *
 * @returns `null` for an empty group, more hits than users, or a confidence outside 0 … 1.
 * @example wilsonInterval({ hits: 56, users: 70 })
 *          // { low: 0.691833555, high: 0.876952608 }   R: prop.test(56, 70, correct = FALSE)$conf.int
 */
export function wilsonInterval(share: Share, confidence: number = usualConfidence): Interval | null {
  if (!isConfidence(confidence)) return null;
  return wilsonLimits(share, normalQuantile((1 + confidence) / 2));
}

/** The same at a given number of standard errors. */
export function wilsonLimits(share: Share, z: number): Interval | null {
  const { hits, users } = share;
  if (!isShare(share) || users === 0) return null;
  return { low: lowerLimit(hits, users, z), high: 1 - lowerLimit(users - hits, users, z) };
}

/** Lower limit in the form without cancellation: the product of both limits over the upper one. */
function lowerLimit(hits: number, users: number, z: number): number {
  const square = z * z;
  const spread = z * Math.sqrt((hits * (users - hits)) / users + square / 4);
  return ((hits / users) * hits) / (hits + square / 2 + spread);
}
