import type { Interval } from './comparison.ts';

/** Which way of a metric is good. */
export type GoodDirection = 'up' | 'down';

/** `harmedWithinMargin`: it did get worse, and certainly by less than the margin that was agreed to be bearable. */
export type NonInferiority = 'harmed' | 'harmedWithinMargin' | 'safe' | 'notProvenSafe';

/**
 * Did a guardrail hold?
 *
 * Harm is called when the interval lies wholly on the bad side; safety when even its bad end stays short of the margin.
 * Both are one-sided questions: a two-sided 90 % interval answers each at 5 %.
 *
 * @param interval of the difference, or of the relative change; the margin in the same unit
 * @param margin how much harm is bearable; `null` when nobody said, and then nothing is proven safe
 * @returns `null` for NaN in the interval or a margin that is not positive.
 * @example nonInferiority({ low: -0.01, high: 0.03 }, 'up', 0.02)
 *          // 'safe'
 */
export function nonInferiority(interval: Interval, good: GoodDirection, margin: number | null): NonInferiority | null {
  const loss = good === 'up' ? { low: -interval.high, high: -interval.low } : interval;
  if (!(loss.low <= loss.high) || (margin !== null && !(margin > 0))) return null;
  const safe = margin !== null && loss.high < margin;
  if (loss.low > 0) return safe ? 'harmedWithinMargin' : 'harmed';
  return safe ? 'safe' : 'notProvenSafe';
}
