import { isMoments } from './samples.ts';
import type { Moments } from './samples.ts';

/**
 * Were the groups alike before the test?
 *
 * The difference of the means in standard deviations (Austin, Stat Med 2009;28:3083); beyond 0.1 look for a cause. It does not
 * shrink or grow with the number of users. For a share pass `momentsOfShare`.
 *
 * @returns `null` for fewer than two users in a group, no variation in either, or numbers that are not finite.
 * @example standardizedDifference({ users: 5, mean: 10, m2: 16 }, { users: 5, mean: 11, m2: 16 })
 *          // 0.5
 */
export function standardizedDifference(control: Moments, treatment: Moments): number | null {
  if (![control, treatment].every((group) => isMoments(group) && group.users >= 2)) return null;
  const variance = (control.m2 / (control.users - 1) + treatment.m2 / (treatment.users - 1)) / 2;
  return variance > 0 ? (treatment.mean - control.mean) / Math.sqrt(variance) : null;
}
