import type { History } from './history.ts';
import type { Moment } from './moment.ts';
import { medianOf } from './tails.ts';

/** What a day must have been of the expected to be a monthly effect, in every month that was seen. */
const leastFactor = 1.6;
const months = 6;
const mostFactor = 20;

const first = (moment: Moment, back: number): number => {
  const then = new Date(Date.UTC(1970, 0, 1 + moment.day));
  return Math.round(Date.UTC(then.getUTCFullYear(), then.getUTCMonth() - back, 1) / 86_400_000);
};

/** How much above the usual this day of the month has always been; 1 when it has not. The last days of a month count from its end too. */
export function monthlyFactor(history: History, moment: Moment): number {
  const fromStart = factorOf(history, (back) => {
    const start = first(moment, back);
    const day = start + moment.dayOfMonth - 1;
    return day < first(moment, back - 1) ? day : NaN;
  });
  const fromEnd = moment.daysInMonth - moment.dayOfMonth;
  if (fromStart > 1 || fromEnd > 2) return fromStart;
  return factorOf(history, (back) => first(moment, back - 1) - 1 - fromEnd);
}

function factorOf(history: History, dayOf: (monthsBack: number) => number): number {
  let [least, seen, sum] = [Infinity, 0, 0];
  for (let back = 1; back <= months; back += 1) {
    const day = dayOf(back);
    const relative = day === day ? relativeOf(history, day) : NaN;
    if (relative !== relative) continue;
    least = Math.min(least, relative);
    sum += relative;
    seen += 1;
  }
  return seen > 0 && least > leastFactor ? Math.min(mostFactor, sum / seen) : 1;
}

const around = new Float64Array(21);

/** A day's sum against what was expected of it; in a series' first days, when nothing was, against the days around it. */
function relativeOf(history: History, day: number): number {
  const relative = history.relative(day);
  if (relative === relative) return relative;
  for (let offset = 0; offset < around.length; offset += 1) around[offset] = history.ratio(day - 10 + offset);
  return history.ratio(day) / medianOf(around);
}
