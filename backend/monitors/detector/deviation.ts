import { isWatched, type Calibration } from './calibration.ts';
import type { Direction } from './detector.ts';
import type { SelfCalibration } from './self-calibration.ts';
import { tailDeviation, tailQuantile } from './tails.ts';
import { newestPart, type Sums } from './windows.ts';

export interface Deviation {
  score: number;
  /** Standard deviations, with sign. */
  deviation: number;
  buckets: number;
}

export interface Limits {
  calibration: Calibration;
  direction: Direction;
  /** 1 for counts; 0 for sums of measures, which have no smallest step. */
  unit: number;
  dayNoise: number;
  isShare: boolean;
  /** Wider than usual while the series is young. */
  caution: number;
}

const nearlyAlert = 0.99;
/** Deviations that the newest quarter and eighth of a sum must show by themselves. */
const stillGoingOn = 0.7;

/** Deviation of the sum over the newest `buckets`; 0 inside what is believable. */
export function deviationOf(sums: Sums, buckets: number, { unit, dayNoise }: Pick<Limits, 'unit' | 'dayNoise'>): number {
  const observed = sums.observed[buckets] ?? 0;
  const reference = referenceOf(sums, buckets, observed);
  const expected = sums.expected[buckets] ?? 0;
  const scale = expected > 0 ? reference / expected : 1;
  const variance = (sums.variance[buckets] ?? 0) * scale + (dayNoise * reference) ** 2;
  return tailDeviation(observed, reference, variance, unit);
}

/** The end of the believable range that an observed sum is nearest to; itself when inside. */
function referenceOf(sums: Sums, buckets: number, observed: number): number {
  return Math.min(Math.max(observed, sums.low[buckets] ?? 0), sums.high[buckets] ?? 0);
}

/** The strongest deviation among the widths of sums, and what each contributes to the series' own calibration. */
export function strongestDeviation(sums: Sums, limits: Limits, widening: SelfCalibration, record: boolean): Deviation {
  let strongest: Deviation = { score: 0, deviation: 0, buckets: 1 };
  const { calibration } = limits;
  for (let window = 0; window < calibration.windows.length; window += 1) {
    const buckets = calibration.windows[window] ?? 1;
    if ((sums.known[buckets] ?? 0) < buckets / 2) continue;
    const deviation = deviationOf(sums, buckets, limits);
    if (record) widening.record(window, deviation);
    if (!isWatched(limits.direction, deviation)) continue;
    const threshold = (deviation < 0 ? calibration.threshold.down : calibration.threshold.up) * (widening.widening[window] ?? 1) * limits.caution;
    const score = Math.abs(deviation) / threshold;
    if (score <= strongest.score) continue;
    const passed = score < 1 || passesGates(sums, buckets, deviation < 0 ? -1 : 1, limits);
    const bounded = passed ? score : nearlyAlert;
    if (bounded > strongest.score) strongest = { score: bounded, deviation, buckets };
  }
  return strongest;
}

/** Large enough to matter, in share and in counts, and still going on. */
function passesGates(sums: Sums, buckets: number, sign: number, limits: Limits): boolean {
  const { calibration, unit, isShare } = limits;
  const observed = sums.observed[buckets] ?? 0;
  const reference = referenceOf(sums, buckets, observed);
  const difference = Math.abs(observed - reference);
  const least = isShare ? calibration.effect.conversion : sign < 0 ? calibration.effect.down : calibration.effect.up;
  if (difference < least * reference || difference < calibration.leastDifference * unit) return false;
  return goesOn(sums, newestPart(buckets, 4), sign * least, limits) && goesOn(sums, newestPart(buckets, 8), sign * least, limits);
}

/** Whether the newest buckets deviate by themselves: what is over raises no alert, though it is still in the sums. */
function goesOn(sums: Sums, newest: number, least: number, limits: Limits): boolean {
  const sign = Math.sign(least);
  const observed = sums.observed[newest] ?? 0;
  const edge = (sign < 0 ? sums.low : sums.high)[newest] ?? 0;
  return sign * (observed - edge * (1 + least / 2)) > 0 && sign * deviationOf(sums, newest, limits) >= stillGoingOn;
}

/** The range of a single bucket in which no alert is given for itself. */
export function bandOf(bucket: { low: number; high: number; expected: number; variance: number }, limits: Limits, widening: number): { low: number; high: number } {
  const { calibration, dayNoise, unit } = limits;
  const edge = (reference: number, sign: number): number => {
    const scale = bucket.expected > 0 ? reference / bucket.expected : 1;
    const variance = bucket.variance * scale + (dayNoise * reference) ** 2;
    const threshold = (sign < 0 ? calibration.threshold.down : calibration.threshold.up) * widening * limits.caution;
    const least = limits.isShare ? calibration.effect.conversion : sign < 0 ? calibration.effect.down : calibration.effect.up;
    const byChance = tailQuantile(sign * threshold, reference, variance, unit);
    const byEffect = reference + sign * Math.max(least * reference, calibration.leastDifference * unit);
    return sign < 0 ? Math.max(0, Math.min(byChance, byEffect)) : Math.max(byChance, byEffect);
  };
  return { low: edge(bucket.low, -1), high: edge(bucket.high, 1) };
}
