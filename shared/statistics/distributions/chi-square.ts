import gammainc from '@stdlib/math-base-special-gammainc';
import { pValueOf } from './smallest-p-value.ts';

/**
 * The p-value of a chi-square statistic (its upper tail), never 0.
 *
 * Relative error below 1e-9 down to 1e-300.
 *
 * @returns `null` for a negative statistic, NaN, and degrees of freedom that are not positive.
 * @example chiSquareUpperTail(3.84, 1)
 *          // 0.0500435212487051   R: pchisq(3.84, 1, lower.tail = FALSE)
 */
export function chiSquareUpperTail(statistic: number, degreesOfFreedom: number): number | null {
  if (!(statistic >= 0) || !(degreesOfFreedom > 0)) return null;
  if (statistic === Infinity) return pValueOf(0);
  return pValueOf(gammainc(statistic / 2, degreesOfFreedom / 2, true, true));
}
