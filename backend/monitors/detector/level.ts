import type { History } from './history.ts';
import type { Shape } from './shape.ts';

/** Days whose median is the level: a change of level is taken over after half of them. */
const medianDays = 10;
/** Days of the mean that takes the median's place where days have few counts; and of the median where few days matter. */
const manyDays = 21;
/** Counts a day below which a median jumps too much. */
const fewCounts = 30;
/** Days that must matter for the shorter median: a series that lives by its weekly mailing has one a week. */
const daysThatMatter = 4;

const ratios = new Float64Array(manyDays);
const weights = new Float64Array(manyDays);
const order = new Uint8Array(manyDays);

/** How far `day` is above or below the shape of its week, judged by the days before it; NaN when none is known. */
export function levelOf(history: History, shape: Shape, { day, weekday, countsPerDay }: { day: number; weekday: number; countsPerDay: number }): number {
  if (countsPerDay < fewCounts) {
    const count = collect(history, shape, { day, weekday, days: manyDays });
    return count === 0 ? NaN : winsorizedMean(count, countsPerDay);
  }
  let count = collect(history, shape, { day, weekday, days: medianDays });
  if (matter(count) < daysThatMatter) count = collect(history, shape, { day, weekday, days: manyDays });
  return count === 0 ? NaN : weightedMedian(count);
}

/** Levels of the days before and what each weighs in its week. */
function collect(history: History, shape: Shape, { day, weekday, days }: { day: number; weekday: number; days: number }): number {
  let count = 0;
  for (let back = 1; back <= days; back += 1) {
    const ratio = history.ratio(day - back);
    if (ratio !== ratio) continue;
    ratios[count] = ratio;
    weights[count++] = shape.weightOfDay((weekday + 7 * days - back) % 7);
  }
  return count;
}

/** Days that matter: as many equal ones would weigh the same. */
function matter(count: number): number {
  let [sum, squares] = [0, 0];
  for (let at = 0; at < count; at += 1) {
    const weight = weights[at] ?? 0;
    sum += weight;
    squares += weight * weight;
  }
  return squares > 0 ? (sum * sum) / squares : count;
}

function weightedMedian(count: number): number {
  let total = 0;
  for (let at = 0; at < count; at += 1) {
    order[at] = at;
    total += weights[at] ?? 0;
  }
  const sorted = order.subarray(0, count).sort((one, other) => (ratios[one] ?? 0) - (ratios[other] ?? 0));
  let below = 0;
  for (let at = 0; at < count; at += 1) {
    const weight = weights[sorted[at] ?? 0] ?? 0;
    const value = ratios[sorted[at] ?? 0] ?? 0;
    if (below + weight > total / 2) return value;
    below += weight;
    if (below === total / 2) return (value + (ratios[sorted[at + 1] ?? 0] ?? value)) / 2;
  }
  return ratios[sorted[count - 1] ?? 0] ?? NaN;
}

/** Mean of the days with those cut off that are beyond what counting explains; a day weighs as much as it has of the week. */
function winsorizedMean(count: number, countsPerDay: number): number {
  const mean = meanBelow(count, () => Infinity);
  if (!(mean > 0) || countsPerDay <= 0) return mean;
  return meanBelow(count, (weight) => {
    const expected = countsPerDay * weight;
    return expected > 0 ? mean * (1 + (3 * Math.sqrt(expected * 1.3) + 1) / expected) : mean;
  });
}

function meanBelow(count: number, ceiling: (weight: number) => number): number {
  let [sum, total] = [0, 0];
  for (let at = 0; at < count; at += 1) {
    const weight = weights[at] ?? 0;
    sum += weight * Math.min(ratios[at] ?? 0, ceiling(weight));
    total += weight;
  }
  return total > 0 ? sum / total : NaN;
}

/** Level of a day of the last weeks against the shape of its weekday, NaN when nothing of it is known; and its counts. */
export function sumsOfDay(history: History, shape: Shape, { day, weekday }: { day: number; weekday: number }): { ratio: number; counts: number } {
  const start = history.at(day);
  let [counts, shaped] = [0, 0];
  for (let hour = 0; hour < history.slotsPerDay; hour += 1) {
    const clean = history.clean[start + hour] ?? NaN;
    if (clean !== clean) continue;
    counts += clean;
    shaped += shape.at(weekday, hour) * (history.exposure?.[start + hour] ?? 1);
  }
  return { ratio: shaped > 0 ? counts / shaped : NaN, counts };
}
