import { normalTwoSided } from './distributions/index.ts';
import { isShare } from './samples.ts';
import type { Share } from './samples.ts';

/**
 * Do two groups convert at different rates?
 *
 * Two-sided z-test with pooled variance; the same as a chi-square test without
 * continuity correction. Trust it from about 5 expected conversions and misses per group; below, use {@link fisherExact}.
 *
 * @returns difference in rates (treatment − control; 0.01 is one percentage point) and its p-value;
 *          `null` when a group is empty, has more hits than users, or nobody (or everybody) converted.
 * @example twoProportions({ hits: 200, users: 4000 }, { hits: 250, users: 4000 })
 *          // { difference: 0.0125, z: 2.42624842, pValue: 0.0152558237 }   R: prop.test(c(200,250), c(4000,4000), correct = FALSE)
 */
export function twoProportions(control: Share, treatment: Share): { difference: number; z: number; pValue: number } | null {
  if (!isShare(control) || !isShare(treatment) || control.users === 0 || treatment.users === 0) return null;
  const users = control.users + treatment.users;
  const hits = control.hits + treatment.hits;
  const variance = (hits / users) * ((users - hits) / users) * (1 / control.users + 1 / treatment.users);
  const difference = treatment.hits / treatment.users - control.hits / control.users;
  const z = difference / Math.sqrt(variance);
  const pValue = variance > 0 ? normalTwoSided(z) : null;
  return pValue === null ? null : { difference, z, pValue };
}
