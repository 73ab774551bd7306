import { mergePairMoments } from './moments.ts';
import { isPairMoments } from './samples.ts';
import type { Moments, PairMoments } from './samples.ts';
import { varianceOfMean } from './welch.ts';

/** What remains below this part of the variance is the rounding of its terms. */
const rounding = 1e-12;

export interface CupedResult {
  /** Moments of both groups with the part that was known before taken out: pass them to `compareMeans`. */
  control: Moments;
  treatment: Moments;
  /** How much of a user's head start is expected to remain. */
  theta: number;
  /** Part of the difference's variance that is gone: 0.65 is 65 % less noise, as if there were 1 / (1 − 0.65) times the users. */
  noiseReduction: number;
}

/**
 * How would the groups compare had they started equal?
 *
 * CUPED (Deng, Xu, Kohavi and Walker, WSDM 2013): takes θ (x − mean x) off every user's `y`, where `x` is the same user's value
 * from strictly before the test and θ is estimated over both groups together. Fill what is not known of some users with {@link withUnknownBefore}.
 *
 * @returns θ = 0 and everything unchanged when `x` does not vary; `null` for fewer than two users in a group or numbers that are not finite.
 * @example cuped({ users: 3, x: { mean: 2, m2: 2 }, y: { mean: 3, m2: 2 }, comoment: 1 }, { users: 3, x: { mean: 2, m2: 2 }, y: { mean: 4, m2: 2 }, comoment: 1 })
 *          // { control: { users: 3, mean: 3, m2: 1.5 }, treatment: { users: 3, mean: 4, m2: 1.5 }, theta: 0.5, noiseReduction: 0.25 }
 */
export function cuped(control: PairMoments, treatment: PairMoments): CupedResult | null {
  if (![control, treatment].every((group) => isPairMoments(group) && group.users >= 2)) return null;
  const all = mergePairMoments(control, treatment);
  const varies = all.x.m2 > all.users * (all.x.mean * 1e-15) ** 2;
  const theta = varies ? all.comoment / all.x.m2 : 0;
  const adjusted = (group: PairMoments) => adjust(group, theta, all.x.mean);
  const [first, second] = [adjusted(control), adjusted(treatment)];
  const before = varianceOfMean(plain(control)) + varianceOfMean(plain(treatment));
  const after = varianceOfMean(first) + varianceOfMean(second);
  return { control: first, treatment: second, theta, noiseReduction: before > 0 ? 1 - after / before : 0 };
}

/**
 * A group where some users were not there before: they get the mean over everyone, so that they neither help nor harm.
 *
 * @param known users with both values
 * @param unknown users whose value before is missing: the moments of `y`
 * @param meanBefore mean of `x` over the known users of both groups
 * @example withUnknownBefore({ users: 1, x: { mean: 4, m2: 0 }, y: { mean: 5, m2: 0 }, comoment: 0 }, { users: 1, mean: 7, m2: 0 }, 4)
 *          // { users: 2, x: { mean: 4, m2: 0 }, y: { mean: 6, m2: 2 }, comoment: 0 }
 */
export function withUnknownBefore(known: PairMoments, unknown: Moments, meanBefore: number): PairMoments {
  const { users, mean, m2 } = unknown;
  return mergePairMoments(known, { users, x: { mean: meanBefore, m2: 0 }, y: { mean, m2 }, comoment: 0 });
}

function adjust({ users, x, y, comoment }: PairMoments, theta: number, meanBefore: number): Moments {
  const spread = y.m2 + theta * theta * x.m2;
  const m2 = spread - 2 * theta * comoment;
  return { users, mean: y.mean - theta * (x.mean - meanBefore), m2: m2 > rounding * spread ? m2 : 0 };
}

function plain({ users, y }: PairMoments): Moments {
  return { users, ...y };
}
