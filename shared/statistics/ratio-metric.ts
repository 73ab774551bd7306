import { isPairMoments } from './samples.ts';
import type { PairMoments } from './samples.ts';

/** Variance below this part of its terms is their rounding. */
const rounding = 1e-12;

/**
 * What is the ratio of two sums in one group, and how surely is it known?
 *
 * Sum of `y` over sum of `x` (contacts per active day), with the standard error by the delta method, since the user and
 * not the day is what was assigned (Deng, Knoblich and Lu, KDD 2018). Users with `x` = 0 stay in.
 *
 * @returns `deviation` is the spread of one user's share in the ratio, as sample sizes need it; `null` for fewer than two users,
 *          a sum of `x` that is 0, or numbers that are not finite.
 * @example ratioMetric({ users: 4, x: { mean: 2.5, m2: 5 }, y: { mean: 1.75, m2: 2.75 }, comoment: 3.5 })
 *          // { ratio: 0.7, standardError: 0.0632455532, deviation: 0.1264911064 }   by hand: √(2.75 − 2 · 0.7 · 3.5 + 0.49 · 5) / √3 / 2.5
 */
export function ratioMetric(pair: PairMoments): { ratio: number; standardError: number; deviation: number } | null {
  const { users, x, y, comoment } = pair;
  if (!isPairMoments(pair) || users < 2 || x.mean === 0) return null;
  const ratio = y.mean / x.mean;
  const spread = y.m2 + ratio * ratio * x.m2;
  const residual = spread - 2 * ratio * comoment;
  const deviation = residual > rounding * spread ? Math.sqrt(residual / (users - 1)) / Math.abs(x.mean) : 0;
  return Number.isFinite(ratio) && Number.isFinite(deviation) ? { ratio, standardError: deviation / Math.sqrt(users), deviation } : null;
}
