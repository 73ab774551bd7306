import { powerOfShares } from './power-of-shares.ts';
import { quantilesOf } from './smallest-visible-difference.ts';
import type { Risks } from './smallest-visible-difference.ts';
import { isRate } from './users-for-shares.ts';

/**
 * How small a change of a share could a test of this size reliably see?
 *
 * The root of `powerOfShares`, since the variance changes with the share; the short formula with one variance is up to a fifth too hopeful.
 *
 * @param direction whether a rise or a fall is looked for; they differ when the share is not near one half
 * @returns treatment − control, positive or negative (0.004 is 0.4 percentage points); `null` when no share up to 1 (down to 0) would be
 *          seen, for an empty group, a share not between 0 and 1, or risks that are no plan.
 * @example smallestVisibleShare({ rate: 0.1, control: 2000, treatment: 2000 })
 *          // 0.0281562443   R: power.prop.test(n = 2000, p1 = 0.1, power = 0.8)$p2 - 0.1
 */
export function smallestVisibleShare(plan: Risks & { rate: number; control: number; treatment: number; direction?: 'up' | 'down' }): number | null {
  const { rate, control, treatment, alpha = 0.05, power = 0.8, direction = 'up' } = plan;
  if (!quantilesOf({ alpha, power }) || !isRate(rate)) return null;
  const room = direction === 'up' ? 1 - rate : -rate;
  const enough = (part: number) => (powerOfShares({ controlRate: rate, treatmentRate: rate + room * part, control, treatment, alpha }) ?? 0) >= power;
  // The last rates before 0 and 1 stand for them: the formula has no variance there.
  let [low, high] = [0, 1 - 1e-9];
  if (!enough(high)) return null;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return room * high;
}
