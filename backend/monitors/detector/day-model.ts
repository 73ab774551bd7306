import type { Shape } from './shape.ts';
import type { Silence } from './vanished.ts';

/** What a series knows of the day that it is in. */
export interface DayModel {
  born: number;
  day: number;
  weekday: number;
  /** `null` while nothing is known. */
  level: number | null;
  dispersion: number;
  dayNoise: number;
  countsPerDay: number;
  monthly: number;
  /** What the day has had so far, and what a usual one would have had. */
  observed: number;
  usual: number;
  /** Drift against four weeks ago, told once with the day's first bucket. */
  drift: number;
  quietUntil: number;
  unit: number;
  silence: Silence | null;
  /** What was expected during the longest silence that ended by itself; slowly forgotten. */
  longestSilence: number;
  /** Buckets since the last alert; `null` when that is over. */
  calm: number | null;
  /** Successes of trials, not counts. */
  isShare: boolean;
}

export const unborn: DayModel = { born: -1, day: -1, weekday: 0, level: null, dispersion: 0, dayNoise: 0.1, countsPerDay: 0, monthly: 1, observed: 0, usual: 0, drift: 0, quietUntil: -1, unit: 1, silence: null, longestSilence: 0, calm: null, isShare: false };

/** Relative variance of a day's sum. */
export function dayVariance({ dispersion, dayNoise, countsPerDay, unit, weekday }: DayModel, shape: Shape): number {
  let [sum, squares] = [0, 0];
  for (let hour = 0; hour < shape.slotsPerDay; hour += 1) {
    const part = shape.at(weekday, hour);
    sum += part;
    squares += part * part;
  }
  const concentration = sum > 0 ? squares / (sum * sum) : 1;
  return dayNoise ** 2 + dispersion * concentration + (countsPerDay > 0 ? unit / countsPerDay : unit);
}
