import { normalQuantile, normalUpperTail } from './distributions/index.ts';
import { isRate, unitErrors } from './users-for-shares.ts';

export interface SharesTest {
  /** Share of control, 0 … 1. */
  controlRate: number;
  treatmentRate: number;
  /** Users. */
  control: number;
  treatment: number;
  alpha?: number;
}

/**
 * How likely would a test of a share see this difference?
 *
 * The formula of R's power.prop.test, pooled under "no difference".
 *
 * @returns 0 … 1; `null` for an empty group, shares not between 0 and 1, or an alpha outside 0 … 1.
 * @example powerOfShares({ controlRate: 0.1, treatmentRate: 0.12, control: 2000, treatment: 2000 })
 *          // 0.52448128   R: power.prop.test(n = 2000, p1 = 0.1, p2 = 0.12)$power
 */
export function powerOfShares({ controlRate, treatmentRate, control, treatment, alpha = 0.05 }: SharesTest): number | null {
  if (!isRate(controlRate) || !isRate(treatmentRate) || !(control > 0 && treatment > 0 && alpha > 0 && alpha < 1)) return null;
  const { pooled, apart } = unitErrors({ control: controlRate, treatment: treatmentRate, ratio: treatment / control });
  const reach = Math.abs(treatmentRate - controlRate) * Math.sqrt(control);
  return normalUpperTail((normalQuantile(1 - alpha / 2) * pooled - reach) / apart);
}
