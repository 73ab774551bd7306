import { pValueOf } from './distributions/index.ts';
import { plannedSizes } from './sample-ratio.ts';
import type { SizedGroup } from './sample-ratio.ts';

/** Strengths of the prior around the plan, in users, half of the weight each: the strong one finds deviations of about 1 % in large tests, the weak one finds a broken split among the first hundreds. */
const priorStrengths = [100, 10_000];

/**
 * Did the users come into the groups as planned, asked at every look at a running test?
 *
 * Lindon and Malek's anytime-valid multinomial test (NeurIPS 2022): one over the Bayes factor of a Dirichlet-multinomial against
 * the plan, averaged over two strengths of the prior. Only the present sizes count, so it may be computed at any moments; report the smallest value seen so far.
 *
 * @returns at most 1, never 0; any user in a group planned to get none gives the smallest p-value; `null` for fewer than two groups
 *          with a share, no users, or negative or not finite numbers.
 * @example sequentialSampleRatio([{ users: 5100, share: 0.5 }, { users: 4900, share: 0.5 }])
 *          // 0.757147176   mpmath: 2 / (BF with 100 + BF with 10000), test/statistics/reference/exact.py
 */
export function sequentialSampleRatio(groups: SizedGroup[]): number | null {
  const planned = plannedSizes(groups);
  if (!planned) return null;
  const inPlan = groups.flatMap(({ users }, place) => ({ users, share: planned.shares[place] ?? 0 }));
  if (inPlan.some(({ users, share }) => share === 0 && users > 0)) return pValueOf(0);
  const factors = priorStrengths.map((strength) => logBayesFactor(inPlan.filter(({ share }) => share > 0), planned.users, strength));
  const largest = Math.max(...factors);
  const mean = factors.reduce((sum, factor) => sum + Math.exp(factor - largest), 0) / factors.length;
  return pValueOf(Math.exp(-largest) / mean);
}

/** By Stirling's formula with its remainder, arranged so that the terms that are as large as the number of users cancel on paper. */
function logBayesFactor(groups: SizedGroup[], users: number, strength: number): number {
  const terms = groups.map(({ users: own, share }) => {
    const prior = strength * share;
    const posterior = prior + own;
    const expected = (strength + users) * share;
    return deviance(posterior, expected) - Math.log(posterior / prior) / 2 + stirlingRemainder(posterior) - stirlingRemainder(prior);
  });
  const whole = Math.log((strength + users) / strength) / 2 - stirlingRemainder(strength + users) + stirlingRemainder(strength);
  return terms.reduce((total, term) => total + term, whole);
}

/** x ln(x / m) + m − x without cancellation; the last two add up to nothing over all groups. */
function deviance(x: number, m: number): number {
  const step = (x - m) / m;
  if (Math.abs(step) > 0.01) return x * Math.log(x / m) + m - x;
  // (1 + s) ln(1 + s) − s = Σ (−s)^k / (k (k − 1))
  let [sum, power] = [0, -step];
  for (let k = 2; k < 10; k += 1) {
    power *= -step;
    sum += power / (k * (k - 1));
  }
  return m * sum;
}

/** ln Γ(x) − ((x − ½) ln x − x + ½ ln 2π). */
function stirlingRemainder(x: number): number {
  if (x < 16) return stirlingRemainder(x + 1) + (x + 0.5) * Math.log1p(1 / x) - 1;
  const square = 1 / (x * x);
  return (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680))) / x;
}
