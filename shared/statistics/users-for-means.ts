import { quantilesOf } from './smallest-visible-difference.ts';
import type { Risks } from './smallest-visible-difference.ts';

export interface MeansPlan extends Risks {
  /** Standard deviation of one user's value; of a ratio metric, `deviation` of `ratioMetric`. With CUPED, times √(1 − correlation²). */
  deviation: number;
  /** The difference of the means that must not be missed, in the metric's unit. */
  difference: number;
  /** Treatment users per control user; 1 by default. */
  ratio?: number;
}

export interface GroupSizes {
  control: number;
  treatment: number;
}

/**
 * How many users does a test of a mean (or a ratio) need?
 *
 * n₁ = (z₁₋α⸝₂ + z_power)² σ² (1 + 1/k) / Δ², n₂ = k n₁: the normal formula (Chow, Shao and Wang 2008, 3.2.1).
 * For groups under some dozens it is a little short of Student's.
 *
 * @returns whole users, rounded up; `null` for no difference, no deviation, or risks that are no plan.
 * @example usersForMeans({ deviation: 10, difference: 1 })
 *          // { control: 1570, treatment: 1570 }   R: 2 * (qnorm(0.975) + qnorm(0.8))^2 * 10^2 = 1569.776
 */
export function usersForMeans({ deviation, difference, ratio = 1, ...risks }: MeansPlan): GroupSizes | null {
  const z = quantilesOf(risks);
  if (!z || !(deviation > 0) || !(Math.abs(difference) > 0) || !(ratio > 0)) return null;
  const reach = ((z.alpha + z.power) * deviation) / difference;
  return wholeUsers(reach * reach * (1 + 1 / ratio), ratio);
}

/** Both groups in whole users; `null` when no number of users would do. */
export function wholeUsers(control: number, ratio: number): GroupSizes | null {
  const up = (users: number) => Math.max(2, Math.ceil(users * (1 - 1e-12)));
  return Number.isFinite(control) && Number.isFinite(control * ratio) ? { control: up(control), treatment: up(control * ratio) } : null;
}
