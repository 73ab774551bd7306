import erfc from '@stdlib/math-base-special-erfc';
import erfcinv from '@stdlib/math-base-special-erfcinv';
import jstat from 'jstat';
import { pValueOf } from './smallest-p-value.ts';

/**
 * How likely a standard normal value lies above `z`.
 *
 * Relative error below 1e-12 down to 1e-300; 0 below 1e-323 (use {@link normalTwoSided} for p-values).
 *
 * @example normalUpperTail(1.959963984540054)
 *          // 0.025   R: pnorm(1.959963984540054, lower.tail = FALSE)
 */
export function normalUpperTail(z: number): number {
  return erfc(z / Math.SQRT2) / 2;
}

/**
 * The two-sided p-value of a standard normal statistic, never 0.
 *
 * @returns `null` for NaN.
 * @example normalTwoSided(20)
 *          // 5.50724823721e-89   R: 2 * pnorm(-20)
 */
export function normalTwoSided(z: number): number | null {
  return Number.isNaN(z) ? null : pValueOf(erfc(Math.abs(z) / Math.SQRT2));
}

/**
 * The value below which a standard normal value lies with this probability.
 *
 * Relative error below 1e-11 for every probability from 1e-300 to 1 − 1e-16; −∞ at 0, ∞ at 1, NaN outside.
 *
 * @example normalQuantile(0.975)
 *          // 1.959963984540054   R: qnorm(0.975)
 */
export function normalQuantile(probability: number): number {
  const tail = Math.min(probability, 1 - probability);
  if (!(tail >= 0)) return NaN;
  const depth = jstatIsExact(tail) ? -jstat.jStat.normal.inv(tail, 0, 1) : Math.SQRT2 * erfcinv(2 * tail);
  return probability < 0.5 ? -depth : depth;
}

/** jStat loses digits in the far tail, where 1 − erf cancels, and beside the centre, where it stops at an absolute step. */
function jstatIsExact(tail: number): boolean {
  return tail >= 1e-6 && tail <= 0.4;
}
