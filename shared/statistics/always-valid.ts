import { pValueOf } from './distributions/index.ts';

/** What an always-valid answer depends on. */
export interface Look {
  /** Users of both groups together so far. */
  users: number;
  /** Users of both groups together that were planned: there the interval is narrowest beside a fixed one. */
  planned: number;
  /** 0.05 for 95 % intervals. */
  alpha: number;
}

/**
 * How many standard errors must an interval reach to hold at every look at a running test?
 *
 * The Gaussian mixture's confidence sequence (Howard et al. 2021; Waudby-Smith et al., arXiv 2103.06476, eq. 9), which is the
 * mixture SPRT of Johari et al. 2017. At the planned size it reaches 1.55 times as far as the fixed interval.
 *
 * @returns `null` unless users and planned are at least 1 and alpha is between 0 and 1.
 * @example alwaysValidReach({ users: 10000, planned: 10000, alpha: 0.05 })
 *          // 3.0352   √(2 (s + 1) ln(√(s + 1) / 0.05) / s) with s = 7.93615; 1.55 times 1.96
 */
export function alwaysValidReach(look: Look): number | null {
  const scale = scaleOf(look);
  if (scale === null) return null;
  return Math.sqrt((2 * (scale + 1) * (Math.log1p(scale) / 2 - Math.log(look.alpha))) / scale);
}

/**
 * The p-value of a running test that may be looked at as often as one likes.
 *
 * Report the smallest one seen so far. It is below alpha exactly when {@link alwaysValidReach} standard errors do not reach zero.
 *
 * @param z difference over its standard error
 * @returns at most 1, never 0; `null` for NaN and where there is no {@link alwaysValidReach}.
 * @example alwaysValidPValue(3.3, { users: 10000, planned: 10000, alpha: 0.05 })
 *          // 0.0237393   √(s + 1) exp(−s z² / 2(s + 1)) with s = 7.93615
 */
export function alwaysValidPValue(z: number, look: Look): number | null {
  const scale = scaleOf(look);
  if (scale === null || Number.isNaN(z)) return null;
  return pValueOf(Math.exp(Math.log1p(scale) / 2 - (scale * Math.min(z * z, 1e300)) / (2 * (scale + 1))));
}

/** N ρ²: the mixture's width, tuned to the planned size. */
function scaleOf({ users, planned, alpha }: Look): number | null {
  if (!(users >= 1 && planned >= 1 && alpha > 0 && alpha < 1) || !Number.isFinite(users) || !Number.isFinite(planned)) return null;
  const doubled = -2 * Math.log(alpha);
  return ((doubled + Math.log(doubled + 1)) * users) / planned;
}
