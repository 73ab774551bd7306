import type { History } from './history.ts';
import { medianOf } from './tails.ts';

/** Days whose median is the level: a change of level is taken over after half of them. */
const medianDays = 10;
/** Days of the mean that takes the median's place where days have few counts. */
const meanDays = 21;
/** Counts a day below which a median jumps too much. */
const fewCounts = 30;

const ratios = new Float64Array(meanDays);

/** How far `day` is above or below the shape of its week, judged by the days before it; NaN when none is known. */
export function levelOf(history: History, day: number, countsPerDay: number): number {
  const few = countsPerDay < fewCounts;
  const days = few ? meanDays : medianDays;
  let count = 0;
  for (let back = 1; back <= days; back += 1) {
    const ratio = history.ratio(day - back);
    if (ratio === ratio) ratios[count++] = ratio;
  }
  if (count === 0) return NaN;
  return few ? winsorizedMean(count, countsPerDay) : medianOf(ratios, 0, count);
}

/** Mean of the days with those cut off that are beyond what counting explains. */
function winsorizedMean(count: number, countsPerDay: number): number {
  let sum = 0;
  for (let at = 0; at < count; at += 1) sum += ratios[at] ?? 0;
  const mean = sum / count;
  const ceiling = countsPerDay > 0 ? mean * (1 + (3 * Math.sqrt(countsPerDay * 1.3) + 1) / countsPerDay) : mean;
  let kept = 0;
  for (let at = 0; at < count; at += 1) kept += Math.min(ratios[at] ?? 0, ceiling);
  return kept / count;
}
