import { isConfidence, usualConfidence } from './comparison.ts';
import type { Interval } from './comparison.ts';
import { studentQuantile, studentTwoSided } from './distributions/index.ts';
import { isMoments } from './samples.ts';
import type { Moments } from './samples.ts';

/** Spread this far below the mean is what engines leave of equal values when they merge their parts. */
const rounding = 1e-15;

export interface WelchResult {
  /** Treatment − control, in the metric's unit. */
  difference: number;
  standardError: number;
  /** Welch and Satterthwaite's, whole or not. */
  degreesOfFreedom: number;
  t: number;
  pValue: number;
  interval: Interval;
}

/**
 * Do two groups differ in their mean per user?
 *
 * Welch's t-test: the groups may differ in size and in spread. With thousands of users the values need not be
 * normal; with dozens of very uneven ones, distrust it.
 *
 * @returns `null` for fewer than two users in a group, no variation in either, or numbers that are not finite.
 * @example welch({ users: 10, mean: 0.75, m2: 28.805 }, { users: 10, mean: 2.33, m2: 36.081 })
 *          // { difference: 1.58, standardError: 0.849091, degreesOfFreedom: 17.77647, t: 1.860813, pValue: 0.0793941, interval: { low: -0.20548323, high: 3.36548323 } }   R: t.test(extra ~ group, data = sleep), with its sign turned
 */
export function welch(control: Moments, treatment: Moments, confidence: number = usualConfidence): WelchResult | null {
  const variance = [control, treatment].map(varianceOfMean);
  const [first, second] = variance;
  if (!isConfidence(confidence) || first === undefined || second === undefined || !(first >= 0 && second >= 0 && first + second > 0)) return null;
  const difference = treatment.mean - control.mean;
  const standardError = Math.sqrt(first + second);
  // Shares of the variance instead of its squares, which underflow.
  const [one, other] = [first / (first + second), second / (first + second)];
  const degreesOfFreedom = 1 / ((one * one) / (control.users - 1) + (other * other) / (treatment.users - 1));
  const t = difference / standardError;
  const pValue = studentTwoSided(t, degreesOfFreedom);
  if (pValue === null || !Number.isFinite(difference)) return null;
  const reach = studentQuantile((1 + confidence) / 2, degreesOfFreedom) * standardError;
  return { difference, standardError, degreesOfFreedom, t, pValue, interval: { low: difference - reach, high: difference + reach } };
}

/** Squared standard error of the mean; NaN where there is none. */
export function varianceOfMean(moments: Moments): number {
  const { users, mean, m2 } = moments;
  if (!isMoments(moments) || users < 2) return NaN;
  return m2 > users * (mean * rounding) ** 2 ? m2 / (users - 1) / users : 0;
}
