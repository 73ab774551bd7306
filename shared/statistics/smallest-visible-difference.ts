import { normalQuantile } from './distributions/index.ts';

/** The two risks of a plan. */
export interface Risks {
  /** Chance to see a difference that is not there (two-sided); 0.05 by default. */
  alpha?: number;
  /** Chance to see the difference that is there; 0.8 by default. */
  power?: number;
}

/**
 * How small a difference could this test reliably see?
 *
 * (z for 1 − α/2 + z for the power) standard errors. It tells what the size could do, not whether the result is true.
 *
 * @param standardError of the difference
 * @returns in the unit of the standard error; `null` for risks outside 0 … 1, a power not above alpha, or no standard error.
 * @example smallestVisibleDifference(0.001)
 *          // 0.00280158522   R: (qnorm(0.975) + qnorm(0.8)) * 0.001
 */
export function smallestVisibleDifference(standardError: number, risks: Risks = {}): number | null {
  const z = quantilesOf(risks);
  return z && standardError >= 0 && Number.isFinite(standardError) ? (z.alpha + z.power) * standardError : null;
}

/** Normal quantiles of both risks, or `null` where they are no plan. */
export function quantilesOf({ alpha = 0.05, power = 0.8 }: Risks): { alpha: number; power: number } | null {
  if (!(alpha > 0 && power > alpha && power < 1)) return null;
  return { alpha: normalQuantile(1 - alpha / 2), power: normalQuantile(power) };
}
