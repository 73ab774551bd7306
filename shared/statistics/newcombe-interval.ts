import { isConfidence, usualConfidence } from './comparison.ts';
import type { Interval } from './comparison.ts';
import { normalQuantile } from './distributions/index.ts';
import type { Share } from './samples.ts';
import { wilsonLimits } from './wilson-interval.ts';

/**
 * Between what limits does the difference of two shares lie?
 *
 * Newcombe's hybrid of two Wilson intervals (Stat Med 1998;17:873, method 10). It holds where the
 * usual interval collapses: nobody in one group, everybody in both.
 *
 * @returns treatment − control as shares (0.01 is one percentage point); `null` for an empty group, more hits than users,
 *          or a confidence outside 0 … 1.
 * @example newcombeInterval({ hits: 48, users: 80 }, { hits: 56, users: 70 })
 *          // { low: 0.0524315, high: 0.3338727 }   Newcombe 1998, table II: 56/70 − 48/80, 0.0524 to 0.3339
 */
export function newcombeInterval(control: Share, treatment: Share, confidence: number = usualConfidence): Interval | null {
  if (!isConfidence(confidence)) return null;
  return newcombeLimits(control, treatment, normalQuantile((1 + confidence) / 2));
}

/** The same at a given number of standard errors. */
export function newcombeLimits(control: Share, treatment: Share, z: number): Interval | null {
  const [first, second] = [wilsonLimits(control, z), wilsonLimits(treatment, z)];
  if (!first || !second) return null;
  const [p, q] = [control.hits / control.users, treatment.hits / treatment.users];
  return { low: q - p - Math.hypot(q - second.low, first.high - p), high: q - p + Math.hypot(second.high - q, p - first.low) };
}
