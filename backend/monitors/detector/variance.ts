import type { History } from './history.ts';
import { medianOf } from './tails.ts';

/** Days of one-day-ahead errors that noise is judged by. */
const days = 28;
/** Half of all normal deviations squared are below this. */
const medianOfSquare = 0.4549;
const largestDispersion = 4;

export interface Noise {
  /** Variance of a bucket beyond counting, relative to its mean squared. */
  dispersion: number;
  /** Standard deviation of what a whole day has in common, relative. */
  day: number;
}

/** How wide past days fell around what was expected of them: robust, and by clipped moments, in the middle. */
export function dispersionOf(history: History, day: number, unit: number): number {
  return (dispersionByMedian(history, day, unit) + dispersionByMoments(history, day, unit)) / 2;
}


function dispersionByMoments(history: History, day: number, unit: number): number {
  let [excess, weight] = [0, 0];
  for (let back = 1; back <= days; back += 1) {
    const start = history.at(day - back);
    for (let place = start; place < start + history.slotsPerDay; place += 1) {
      const mean = history.expected[place] ?? NaN;
      if (!(mean > 0)) continue;
      const error = (history.clean[place] ?? NaN) - mean;
      if (error !== error) continue;
      excess += error * error - unit * mean;
      weight += mean * mean;
    }
  }
  return weight > 0 ? Math.min(largestDispersion, Math.max(0, excess / weight)) : 0;
}

const errors = new Float64Array(28 * 24);
const means = new Float64Array(28 * 24);

/** The dispersion with which half of the errors are below the median that a normal distribution has. */
function dispersionByMedian(history: History, day: number, unit: number): number {
  let count = 0;
  for (let back = 1; back <= days; back += 1) {
    const start = history.at(day - back);
    for (let place = start; place < start + history.slotsPerDay; place += 1) {
      const mean = history.expected[place] ?? NaN;
      const error = (history.observed[place] ?? NaN) - mean;
      if (!(mean >= 2 * unit) || error !== error) continue;
      errors[count] = error * error;
      means[count++] = mean;
    }
  }
  if (count < 8) return dispersionByMoments(history, day, unit);
  let [low, high] = [0, largestDispersion];
  for (let step = 0; step < 14; step += 1) {
    const middle = step === 0 ? 0 : (low + high) / 2;
    let below = 0;
    for (let at = 0; at < count; at += 1) {
      const mean = means[at] ?? 0;
      if ((errors[at] ?? 0) < medianOfSquare * (unit * mean + middle * mean * mean)) below += 1;
    }
    if (2 * below >= count) high = middle;
    else low = middle;
    if (step === 0 && high === 0) return 0;
  }
  return (low + high) / 2;
}

const deviations = new Float64Array(days);

/** Noise that a whole day shares: what its sum errs by, beyond what its buckets explain. */
export function dayNoiseOf(history: History, day: number, unit: number, dispersion: number, floor: number): number {
  let [count, sampling] = [0, 0];
  for (let back = 1; back <= days; back += 1) {
    const start = history.at(day - back);
    let [sum, mean, variance] = [0, 0, 0];
    for (let place = start; place < start + history.slotsPerDay; place += 1) {
      const expected = history.expected[place] ?? NaN;
      const observed = history.clean[place] ?? NaN;
      if (expected !== expected || observed !== observed) continue;
      sum += observed;
      mean += expected;
      variance += unit * expected + dispersion * expected * expected;
    }
    if (!(mean > 0)) continue;
    deviations[count++] = Math.abs(sum / mean - 1);
    sampling += variance / (mean * mean);
  }
  if (count < 5) return Math.max(floor, 0.1);
  const spread = 1.4826 * medianOf(deviations, 0, count);
  return Math.max(floor, Math.sqrt(Math.max(0, spread * spread - sampling / count)));
}
