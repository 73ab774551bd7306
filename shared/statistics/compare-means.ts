import { compareNormal } from './compare-normal.ts';
import { usualConfidence } from './comparison.ts';
import type { Comparison, ComparisonOptions } from './comparison.ts';
import { studentQuantile } from './distributions/index.ts';
import { meanInterval } from './mean-interval.ts';
import type { Moments } from './samples.ts';
import { varianceOfMean, welch } from './welch.ts';

/**
 * All that a read-out says of a mean per user: both means with intervals, Welch's test of their difference, the relative change by Fieller.
 *
 * For a test that still runs (`planned` given) interval and p-value are always valid, as far as the mean of the smaller group is normal: with
 * a few very large values among some hundred users, distrust both kinds.
 *
 * @returns `null` for fewer than two users in a group (30 while it runs), no variation in either, or numbers that are not finite.
 * @example compareMeans({ users: 10, mean: 0.75, m2: 28.805 }, { users: 10, mean: 2.33, m2: 36.081 })?.pValue
 *          // 0.0793941401873582   R: t.test(extra ~ group, data = sleep)
 */
export function compareMeans(control: Moments, treatment: Moments, { confidence = usualConfidence, planned }: ComparisonOptions = {}): Comparison | null {
  const test = welch(control, treatment, confidence);
  if (!test) return null;
  const reach = studentQuantile((1 + confidence) / 2, test.degreesOfFreedom);
  const compared = compareNormal(figure(control), figure(treatment), { ...test, reach }, { alpha: 1 - confidence, planned });
  if (!compared || planned !== undefined) return compared;
  const [first, second] = [meanInterval(control, confidence), meanInterval(treatment, confidence)];
  return first && second && { ...compared, control: { value: control.mean, interval: first }, treatment: { value: treatment.mean, interval: second } };
}

function figure(group: Moments) {
  return { value: group.mean, error: Math.sqrt(varianceOfMean(group)), users: group.users };
}
