import type { History } from './history.ts';
import { medianOf } from './tails.ts';

const week = 7;
/** Days between the weeks that are compared. */
const lag = 28;
const leastChange = 0.3;
/** Spreads of chance, or of the series' own past changes, from which a change is one. */
const spreads = 3.5;
const leastSpread = 0.06;
const knownDays = 5;
const pastChanges = 12;
/** Days lean on each other: the mean of a week errs more than seven free days would. */
const dependence = 1;

const past = new Float64Array(pastChanges);
const now = new Float64Array(week);
const then = new Float64Array(week);

/** How far the week before `day` has moved from the same weekdays four weeks earlier, in logs; NaN when too little is known. */
export function changeOf(history: History, day: number): number {
  let [days, nowSum, thenSum] = [0, 0, 0];
  for (let back = 1; back <= week; back += 1) {
    if (!sumPair(history, day - back, days)) continue;
    nowSum += now[days] ?? 0;
    thenSum += then[days] ?? 0;
    days += 1;
  }
  if (days < knownDays) return NaN;
  let change = logRatio(nowSum, thenSum);
  // One day beyond belief is no drift: what is left without any single day counts.
  for (let left = 0; left < days; left += 1) {
    const without = logRatio(nowSum - (now[left] ?? 0), thenSum - (then[left] ?? 0));
    change = change > 0 ? Math.max(0, Math.min(change, without)) : Math.min(0, Math.max(change, without));
  }
  return change;
}

/** Sums of the hours that are known on both days; false when fewer than half are. */
function sumPair(history: History, day: number, place: number): boolean {
  const [late, early] = [history.at(day), history.at(day - lag)];
  let [known, lateSum, earlySum] = [0, 0, 0];
  for (let hour = 0; hour < history.slotsPerDay; hour += 1) {
    const [after, before] = [history.clean[late + hour] ?? NaN, history.clean[early + hour] ?? NaN];
    if (after !== after || before !== before) continue;
    const weight = history.exposure === null ? 1 : (history.exposure[early + hour] ?? 1) / (history.exposure[late + hour] ?? 1);
    known += 1;
    lateSum += after * (Number.isFinite(weight) ? weight : 1);
    earlySum += before;
  }
  now[place] = lateSum;
  then[place] = earlySum;
  return 2 * known >= history.slotsPerDay;
}

/** Half a count on either side keeps zeros finite. */
function logRatio(one: number, other: number): number {
  return Math.log((one + 0.5) / (other + 0.5));
}

/** 1 and above is a drift; signed. `dayVariance` is the relative variance of a day's sum. */
export function driftScore(history: History, day: number, change: number, dayVariance: number): number {
  if (change !== change) return 0;
  let count = 0;
  for (let back = 1; back <= pastChanges; back += 1) {
    const earlier = history.change(day - week * back);
    if (earlier === earlier) past[count++] = Math.abs(earlier);
  }
  const own = count >= 4 ? 1.4826 * medianOf(past, 0, count) : 0;
  const chance = Math.sqrt((2 / week) * dayVariance * dependence);
  return change / Math.max(leastChange, spreads * Math.max(leastSpread, own, chance));
}
