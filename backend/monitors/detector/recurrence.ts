import type { History } from './history.ts';
import type { Moment } from './moment.ts';

/** What a day must have been of the expected to be a monthly effect, in every month that was seen. */
const leastFactor = 1.6;
const months = 6;

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
    const relative = day === day ? history.relative(day) : NaN;
    if (relative !== relative) continue;
    least = Math.min(least, relative);
    sum += relative;
    seen += 1;
  }
  return seen > 0 && least > leastFactor ? sum / seen : 1;
}
