import type { Estimate, Interval } from './comparison.ts';

/**
 * By how many per cent did the treatment change the figure?
 *
 * (treatment − control) / |control|, with the interval recovered from both groups' own limits (Donner and Zou, Stat Methods
 * Med 2012;21:347). With symmetric limits this is Fieller's interval; with Wilson's it agrees with Newcombe's
 * interval of the difference: one excludes zero exactly when the other does.
 *
 * @param control the figure and its limits; both groups' limits stand at the same number of standard errors
 * @returns 0.05 is +5 %; `null` when control's limits reach zero: dividing by what may be zero tells nothing.
 * @example relativeEffect({ value: 10, interval: { low: 9, high: 11 } }, { value: 12, interval: { low: 11, high: 13 } })
 *          // { value: 0.2, interval: { low: 0.05466205, high: 0.36958038 } }   Fieller by hand: (1.2 ± 0.1 √(1.44 + 1 − 0.01)) / 0.99 − 1
 */
export function relativeEffect(control: Estimate, treatment: Estimate): Estimate | null {
  const negative = control.value < 0;
  const [first, second] = negative ? [mirrored(control), mirrored(treatment)] : [control, treatment];
  if (!(first.interval.low > 0)) return null;
  const { low, high } = ratioLimits(first, second);
  if (!Number.isFinite(low) || !Number.isFinite(high)) return null;
  const relative = { value: (second.value - first.value) / first.value, interval: { low: low - 1, high: high - 1 } };
  return negative ? mirrored(relative) : relative;
}

/** Limits of second / first: the ratios r at which second − r·first lies just as far from zero as its own limits reach. */
function ratioLimits(first: Estimate, second: Estimate): Interval {
  const [below, above] = [second.value - second.interval.low, second.interval.high - second.value];
  return { low: -largestRatio(first, -second.value, below), high: largestRatio(first, second.value, above) };
}

/** The largest r with (r·first − second)² = reach² + (r·side)²; a positive r meets first's lower side, a negative one its upper. */
function largestRatio(first: Estimate, second: number, reach: number): number {
  const ratio = largestRoot(first.value, second, reach, first.value - first.interval.low);
  return ratio >= 0 ? ratio : largestRoot(first.value, second, reach, first.interval.high - first.value);
}

function largestRoot(first: number, second: number, reach: number, side: number): number {
  const a = (first - side) * (first + side);
  const b = first * second;
  const c = (second - reach) * (second + reach);
  // b² − a c, written out so that nothing cancels when the ratio is close to 1 and the reach is short.
  const spread = Math.sqrt((first * reach) ** 2 + side * side * c);
  return b >= 0 ? (b + spread) / a : c / (b - spread);
}

function mirrored({ value, interval }: Estimate): Estimate {
  return { value: -value, interval: { low: -interval.high, high: -interval.low } };
}
