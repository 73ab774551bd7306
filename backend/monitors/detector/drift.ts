import type { History } from './history.ts';
import { medianOf } from './tails.ts';

const week = 7;
/** Days between the ends of the two weeks that are compared. */
const lag = 28;
const leastChange = 0.3;
/** Spreads of the series' own past changes from which a change is one. */
const spreads = 4.5;
const leastSpread = 0.07;
const knownDays = 5;
const pastChanges = 12;

const past = new Float64Array(pastChanges);

/** How far the week before `day` has moved from the same week four weeks earlier: 1 and above is a drift; signed. */
export function driftOf(history: History, day: number, countsPerDay: number, dispersionOfDay: number): number {
  const change = changeOf(history, day);
  if (change !== change) return 0;
  let count = 0;
  for (let back = 1; back <= pastChanges; back += 1) {
    const earlier = changeOf(history, day - week * back);
    if (earlier === earlier) past[count++] = Math.abs(earlier);
  }
  const own = count >= 4 ? 1.4826 * medianOf(past, 0, count) : 0;
  const counting = countsPerDay > 0 ? Math.sqrt((2 / week) * (1 / countsPerDay + dispersionOfDay)) : 1;
  return change / Math.max(leastChange, spreads * Math.max(leastSpread, own, counting));
}

/** Log ratio of the mean levels of two weeks. */
function changeOf(history: History, day: number): number {
  return Math.log(weekLevel(history, day) / weekLevel(history, day - lag));
}

function weekLevel(history: History, day: number): number {
  let [sum, days] = [0, 0];
  for (let back = 1; back <= week; back += 1) {
    const ratio = history.ratio(day - back);
    if (ratio !== ratio) continue;
    sum += ratio;
    days += 1;
  }
  return days >= knownDays ? sum / days : NaN;
}
