import { plainNames, type Judged } from './baselines.ts';
import type { Grain } from './calendar.ts';

export interface Hardness {
  /** Which plain detector tells. */
  judged: string;
  f1: number;
  low: number;
  high: number;
  hard: boolean;
}

const agreed: Record<Grain, { judged: string; low: number; high: number }> = {
  hour: { judged: plainNames.median, low: 0.12, high: 0.25 },
  day: { judged: plainNames.sigma, low: 0.4, high: 0.6 },
};

/** A corpus counts only where a plain detector, given the best threshold, neither fails wholly nor does well. */
export function hardnessOf(grain: Grain, plain: Judged[]): Hardness {
  const { judged, low, high } = agreed[grain];
  const f1 = plain.find(({ name }) => name === judged)?.best.f1 ?? Number.NaN;
  return { judged, f1, low, high, hard: f1 >= low && f1 <= high };
}
