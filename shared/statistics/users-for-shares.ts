import { quantilesOf } from './smallest-visible-difference.ts';
import type { Risks } from './smallest-visible-difference.ts';
import { wholeUsers } from './users-for-means.ts';
import type { GroupSizes } from './users-for-means.ts';

export interface SharesPlan extends Risks {
  /** Share of control, 0 … 1. */
  control: number;
  /** Share of treatment that must not be missed. */
  treatment: number;
  /** Treatment users per control user; 1 by default. */
  ratio?: number;
}

/**
 * How many users does a test of a share need?
 *
 * The formula of R's power.prop.test, pooled under "no difference" (Fleiss, Levin and Paik 2003, 4.14; unequal groups 4.19, without correction for continuity).
 *
 * @returns whole users, rounded up; `null` for equal shares, shares not between 0 and 1, or risks that are no plan.
 * @example usersForShares({ control: 0.1, treatment: 0.11 })
 *          // { control: 14751, treatment: 14751 }   R: power.prop.test(p1 = 0.1, p2 = 0.11, power = 0.8)
 */
export function usersForShares({ control, treatment, ratio = 1, ...risks }: SharesPlan): GroupSizes | null {
  const z = quantilesOf(risks);
  if (!z || !isRate(control) || !isRate(treatment) || control === treatment || !(ratio > 0)) return null;
  const { pooled, apart } = unitErrors({ control, treatment, ratio });
  return wholeUsers(((z.alpha * pooled + z.power * apart) / (treatment - control)) ** 2, ratio);
}

export function isRate(rate: number): boolean {
  return rate > 0 && rate < 1;
}

/** Standard errors of the difference with one control user: if both shares are one, and as they are. */
export function unitErrors({ control, treatment, ratio }: { control: number; treatment: number; ratio: number }): { pooled: number; apart: number } {
  const mean = (control + ratio * treatment) / (1 + ratio);
  return {
    pooled: Math.sqrt(mean * (1 - mean) * (1 + 1 / ratio)),
    apart: Math.sqrt(control * (1 - control) + (treatment * (1 - treatment)) / ratio),
  };
}
