import { isMoments } from './samples.ts';
import type { Moments, PairMoments, Share } from './samples.ts';

/**
 * The moments of values that are at hand one by one, by Welford's method.
 *
 * @returns zero users with mean 0 for no values; a NaN among the values makes the moments NaN, which every statistic answers with `null`.
 * @example momentsOf([2, 4, 4, 4, 5, 5, 7, 9])
 *          // { users: 8, mean: 5, m2: 32 }
 */
export function momentsOf(values: Iterable<number>): Moments {
  let [users, mean, m2] = [0, 0, 0];
  for (const value of values) {
    users += 1;
    const step = value - mean;
    mean += step / users;
    m2 += step * (value - mean);
  }
  return { users, mean, m2 };
}

/**
 * The moments from a plain sum and sum of squares, for engines that give nothing better.
 *
 * Loses about twice as many digits as the mean has above the spread; nothing is left at a mean 1e8 times the spread.
 *
 * @returns `null` for no users, values that are not finite, and sums that no values can have.
 * @example momentsFromSums({ users: 8, sum: 40, sumOfSquares: 232 })
 *          // { users: 8, mean: 5, m2: 32 }
 */
export function momentsFromSums({ users, sum, sumOfSquares }: { users: number; sum: number; sumOfSquares: number }): Moments | null {
  const mean = sum / users;
  const m2 = sumOfSquares - sum * mean;
  const rounding = 1e-12 * sumOfSquares;
  const moments = { users, mean, m2: Math.max(0, m2) };
  return users > 0 && m2 >= -rounding && isMoments(moments) ? moments : null;
}

/**
 * A share as the moments of zeros and ones.
 *
 * @example momentsOfShare({ hits: 1, users: 4 })
 *          // { users: 4, mean: 0.25, m2: 0.75 }
 */
export function momentsOfShare({ hits, users }: Share): Moments {
  return { users, mean: hits / users, m2: (hits / users) * (users - hits) };
}

/**
 * The moments of two sets of users together (Chan, Golub and LeVeque 1979): segments, days, or users without facts, who are `{ users, mean: 0, m2: 0 }`.
 *
 * @example mergeMoments({ users: 2, mean: 1, m2: 2 }, { users: 2, mean: 5, m2: 2 })
 *          // { users: 4, mean: 3, m2: 20 }
 */
export function mergeMoments(one: Moments, other: Moments): Moments {
  const { users, x } = mergePairMoments(asPair(one), asPair(other));
  return { users, ...x };
}

/**
 * The same for two values per user.
 *
 * @example mergePairMoments({ users: 1, x: { mean: 1, m2: 0 }, y: { mean: 2, m2: 0 }, comoment: 0 }, { users: 1, x: { mean: 3, m2: 0 }, y: { mean: 8, m2: 0 }, comoment: 0 })
 *          // { users: 2, x: { mean: 2, m2: 2 }, y: { mean: 5, m2: 18 }, comoment: 6 }
 */
export function mergePairMoments(one: PairMoments, other: PairMoments): PairMoments {
  const users = one.users + other.users;
  if (users === 0) return one;
  const weight = (one.users * other.users) / users;
  const merged = (name: 'x' | 'y') => {
    const step = other[name].mean - one[name].mean;
    return { mean: one[name].mean + (step * other.users) / users, m2: one[name].m2 + other[name].m2 + step * step * weight };
  };
  const comoment = one.comoment + other.comoment + (other.x.mean - one.x.mean) * (other.y.mean - one.y.mean) * weight;
  return { users, x: merged('x'), y: merged('y'), comoment };
}

function asPair({ users, mean, m2 }: Moments): PairMoments {
  return { users, x: { mean, m2 }, y: { mean: 0, m2: 0 }, comoment: 0 };
}
