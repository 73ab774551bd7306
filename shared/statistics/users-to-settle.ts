import { alwaysValidReach } from './always-valid.ts';
import { quantilesOf } from './smallest-visible-difference.ts';
import type { Risks } from './smallest-visible-difference.ts';

export interface OpenQuestion extends Risks {
  /** Standard error of the difference now. */
  standardError: number;
  /** Users of both groups together now. */
  users: number;
  /** The smallest difference that matters, in the unit of the standard error: the margin, or the effect hoped for. */
  difference: number;
  /** Users planned, for a test read by always-valid intervals, which need more of them. */
  planned?: number;
}

/**
 * How many more users would settle what is unclear now?
 *
 * As many as let a true difference of this size be seen with the asked power, when the standard error shrinks with √users. Divided by the users
 * a day that is "about 9 more days". It does not look at the difference seen so far, which would only flatter the plan.
 *
 * @returns whole users of both groups together, 0 when there are enough already; `null` for no users, no standard error, no difference, or risks that are no plan.
 * @example usersToSettle({ standardError: 0.004, users: 20000, difference: 0.01 })
 *          // 5117   R: 20000 * ((qnorm(0.975) + qnorm(0.8)) * 0.004 / 0.01)^2 - 20000 = 5116.84
 */
export function usersToSettle({ standardError, users, difference, planned, ...risks }: OpenQuestion): number | null {
  const z = quantilesOf(risks);
  const perUser = (standardError * Math.sqrt(users)) / Math.abs(difference);
  if (!z || !(users > 0) || !(perUser > 0) || !Number.isFinite(perUser)) return null;
  const needed = planned === undefined ? ((z.alpha + z.power) * perUser) ** 2 : neededAlwaysValid(perUser, z.power, { planned, alpha: risks.alpha ?? 0.05 });
  return needed === null ? null : Math.max(0, Math.ceil(needed - users - 1e-6));
}

/** The reach itself changes with the users, so the size is searched for; the distance it covers only falls. */
function neededAlwaysValid(perUser: number, power: number, plan: { planned: number; alpha: number }): number | null {
  const enough = (users: number) => ((alwaysValidReach({ users, ...plan }) ?? Infinity) + power) * perUser <= Math.sqrt(users);
  let [low, high] = [1, 2];
  while (high < 1e15 && !enough(high)) [low, high] = [high, high * 2];
  if (!enough(high)) return null;
  while (high - low > 0.5) {
    const middle = (low + high) / 2;
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return Math.floor(high);
}
