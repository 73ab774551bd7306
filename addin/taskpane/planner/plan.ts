import type { Baseline, MetricSummary } from '../../../shared/baseline.ts';
import type * as StatisticsModule from '../../../shared/statistics/index.ts';

export type Statistics = typeof StatisticsModule;

/** What a person says of a test before it begins; all as parts of one. */
export interface PlannedTest {
  /** Relative change that must not be missed, without its direction. */
  change: number;
  /** Part of the users who come into treatment. */
  treatment: number;
  power: number;
}

export interface TestPlan {
  /** `null` when no number of users would do. */
  users: { control: number; treatment: number } | null;
  /** Whole weeks, in days, until so many have come; `null` when the weeks looked back on brought fewer. */
  days: number | null;
  /** The smallest relative change that a test of so many weeks reliably sees; `null` for none. */
  visible: { weeks: number; change: number | null }[];
}

const lengths = [1, 2, 4, 8];

/** The plan that the last weeks promise, or `null` when they show no level to start from. */
export function planOf(statistics: Statistics, { good, type }: Pick<MetricSummary, 'good' | 'type'>, { level, deviation, arrivals }: Baseline, { change, treatment, power }: PlannedTest): TestPlan | null {
  if (level === null || level <= 0 || (type === 'share' ? level >= 1 : deviation === null || deviation <= 0)) return null;
  const wanted = level * (1 + (good === 'up' ? change : -change));
  const ratio = treatment / (1 - treatment);
  const users = deviation === null ? statistics.usersForShares({ control: level, treatment: wanted, ratio, power }) : statistics.usersForMeans({ deviation, difference: wanted - level, ratio, power });
  const total = users === null ? Infinity : users.control + users.treatment;
  const reached = arrivals.findIndex((count) => count >= total);
  return {
    users,
    days: reached < 0 ? null : Math.ceil((reached + 1) / 7) * 7,
    visible: lengths.map((weeks) => {
      const all = arrivals[weeks * 7 - 1] ?? 0;
      const sizes = { control: Math.floor(all * (1 - treatment)), treatment: Math.floor(all * treatment) };
      if (sizes.control === 0 || sizes.treatment === 0) return { weeks, change: null };
      const seen = deviation === null ? statistics.smallestVisibleShare({ rate: level, ...sizes, power, direction: good }) : statistics.smallestVisibleDifference(deviation * Math.sqrt(1 / sizes.control + 1 / sizes.treatment), { power });
      const change = seen === null ? null : Math.abs(seen) / level;
      // Nothing falls by more than all of it.
      return { weeks, change: change === null || (good === 'down' && change >= 1) ? null : change };
    }),
  };
}

/** A percentage as people type it, as a part of one; `null` where it is none or not within the limits. */
export function partTyped(text: string, { above, below }: { above: number; below: number }): number | null {
  const digits = /^\s*(\d{1,4}(?:[.,]\d{1,4})?)\s*%?\s*$/.exec(text)?.[1];
  const part = digits === undefined ? NaN : Number(digits.replace(',', '.')) / 100;
  return part > above && part < below ? part : null;
}
