import betainc from '@stdlib/math-base-special-betainc';
import quantile from '@stdlib/stats-base-dists-t-quantile';
import { normalQuantile, normalTwoSided } from './normal.ts';
import { pValueOf } from './smallest-p-value.ts';

/** Beyond this t the tail is an exact power of t, and its square is about to overflow. */
const hugeT = 1e60;

/** From here on the expansion around the normal quantile is exact to rounding, and stdlib loses the centre. */
const manyDegrees = 1e4;

/**
 * The two-sided p-value of Student's t, never 0.
 *
 * Relative error below 1e-9 down to 1e-300 for any degrees of freedom, whole or not; ∞ degrees are the normal distribution.
 *
 * @returns `null` for NaN and for degrees of freedom that are not positive.
 * @example studentTwoSided(2.5, 17.3)
 *          // 0.0227475001758   R: 2 * pt(-2.5, 17.3)
 */
export function studentTwoSided(t: number, degreesOfFreedom: number): number | null {
  if (Number.isNaN(t) || !(degreesOfFreedom > 0)) return null;
  if (degreesOfFreedom === Infinity) return normalTwoSided(t);
  const size = Math.abs(t);
  if (size === Infinity) return pValueOf(0);
  return pValueOf(size > hugeT ? outside(hugeT, degreesOfFreedom) * (hugeT / size) ** degreesOfFreedom : outside(size, degreesOfFreedom));
}

/**
 * The value below which Student's t lies with this probability.
 *
 * Relative error below 1e-9 for probabilities from 1e-15 to 1 − 1e-15.
 *
 * @returns NaN for a probability outside 0 … 1 and for degrees of freedom that are not positive.
 * @example studentQuantile(0.975, 10)
 *          // 2.2281388519863   R: qt(0.975, 10)
 */
export function studentQuantile(probability: number, degreesOfFreedom: number): number {
  if (!(degreesOfFreedom > 0)) return NaN;
  if (degreesOfFreedom >= manyDegrees) return nearNormal(normalQuantile(probability), degreesOfFreedom);
  if (Math.abs(probability - 0.5) < 1e-3) return nearCentre(probability - 0.5, degreesOfFreedom);
  return probability < 0.5 ? quantile(probability, degreesOfFreedom) : -quantile(1 - probability, degreesOfFreedom);
}

function outside(t: number, df: number): number {
  const square = t * t;
  return df > 2 * square ? betainc(square / (df + square), 0.5, df / 2, true, true) : betainc(df / (df + square), df / 2, 0.5, true, false);
}

/** Cornish and Fisher's expansion (Abramowitz and Stegun 26.7.5). */
function nearNormal(z: number, df: number): number {
  if (!Number.isFinite(z) || df === Infinity) return z;
  const s = z * z;
  const terms = [(s + 1) / 4, ((5 * s + 16) * s + 3) / 96, (((3 * s + 19) * s + 17) * s - 15) / 384, ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 92160];
  return z * (1 + terms.reduceRight((sum, term) => (sum + term) / df, 0));
}

/** Beside the centre the probability grows almost in proportion to t, so scaling a guess converges at once. */
function nearCentre(excess: number, df: number): number {
  if (excess === 0) return 0;
  let t = normalQuantile(0.5 + Math.abs(excess));
  for (let step = 0; step < 5; step += 1) t *= (2 * Math.abs(excess)) / betainc((t * t) / (df + t * t), 0.5, df / 2, true, false);
  return excess < 0 ? -t : t;
}
