import type { Moment } from './moment.ts';

/** What is told beforehand about a day is rough: this much is believed on either side. */
const slack = 0.25;

export interface ExpectedRange {
  expected: number;
  low: number;
  high: number;
}

/**
 * What is believable for a bucket, before chance. On a usual day a single value; on a holiday anything between the
 * usual and a Sunday; on a day with a told or monthly factor anything between the usual and that.
 */
export function expectedRange(series: string, { entries }: Moment, { usual, sunday, monthly }: { usual: number; sunday: number; monthly: number }): ExpectedRange {
  let [low, high, expected] = [usual, usual, usual];
  const allow = (value: number): void => {
    expected = value;
    low = Math.min(low, value * (1 - slack));
    high = Math.max(high, value * (1 + slack));
  };
  if (monthly !== 1) allow(usual * monthly);
  let product = 1;
  for (const entry of entries) {
    if (entry.scope !== null && !entry.scope.test(series)) continue;
    if (entry.likeSunday) {
      low = Math.min(low, usual * (1 - slack));
      high = Math.max(high, usual * (1 + slack));
      allow(sunday);
    }
    if (entry.expected !== undefined) allow(usual * (product *= entry.expected));
  }
  return { expected, low, high };
}
