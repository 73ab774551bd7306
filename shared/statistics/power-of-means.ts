import { normalQuantile, normalUpperTail } from './distributions/index.ts';

/**
 * How likely would a test of a mean (or a ratio) see this difference?
 *
 * The normal formula, turned around from `usersForMeans`. For planning; of a finished test it repeats the p-value in other words.
 *
 * @returns 0 … 1; `null` for an empty group, no deviation, or an alpha outside 0 … 1.
 * @example powerOfMeans({ deviation: 10, difference: 1, control: 1570, treatment: 1570 })
 *          // 0.8000560   R: pnorm(1 / (10 * sqrt(2 / 1570)) - qnorm(0.975))
 */
export function powerOfMeans(plan: { deviation: number; difference: number; control: number; treatment: number; alpha?: number }): number | null {
  const { deviation, difference, control, treatment, alpha = 0.05 } = plan;
  if (!(deviation > 0 && control > 0 && treatment > 0 && alpha > 0 && alpha < 1)) return null;
  const z = Math.abs(difference) / (deviation * Math.sqrt(1 / control + 1 / treatment));
  return Number.isNaN(z) ? null : normalUpperTail(normalQuantile(1 - alpha / 2) - z);
}
