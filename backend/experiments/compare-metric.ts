import type { Comparison, Moments, PairMoments } from '../../shared/statistics/index.ts';
import type { MetricSums } from './metric-facts.ts';
import type { PlannedMetric } from './planned.ts';
import type { Statistics } from './statistics.ts';
import { usersOf, type Totals } from './totals.ts';

/** One group compared with control in one metric, before any verdict. */
export interface Compared {
  comparison: Comparison | null;
  /** The same at 90 %, for one-sided answers about guardrails. */
  oneSided: Comparison | null;
  noiseReduction: number;
}

interface Looked {
  /** Users of both groups together that were planned, while the test runs. */
  planned?: number;
}

/** A group's value without comparison: users without facts count as 0. */
export interface GroupSums {
  hits: number;
  pair: PairMoments;
}

const nobody: PairMoments = { users: 0, x: { mean: 0, m2: 0 }, y: { mean: 0, m2: 0 }, comoment: 0 };

/** Adds the users who did nothing, whose values are 0. */
function withIdle(merge: Statistics['mergePairMoments'], parts: PairMoments[], users: number): PairMoments {
  const active = parts.reduce((sum, part) => (sum.users === 0 ? part : merge(sum, part)), nobody);
  const idle = Math.max(0, users - active.users);
  return idle === 0 ? active : active.users === 0 ? { ...nobody, users: idle } : merge(active, { ...nobody, users: idle });
}

function hitsOf({ users, mean }: Moments): number {
  return Math.round(users * mean);
}

function onlyY({ users, y }: PairMoments): Moments {
  return { users, ...y };
}

/** Compares groups of one metric from its sums. */
export class MetricComparer {
  constructor(
    private readonly statistics: Statistics,
    private readonly metric: PlannedMetric,
    private readonly sums: MetricSums,
    private readonly totals: Totals,
  ) {}

  /** Everything of one group, by its place from 1. */
  group(place: number): GroupSums {
    return this.sumsOf(this.sums.groups.filter(({ group }) => group === place).map(({ pair }) => pair), usersOf(this.totals, place));
  }

  segment(place: number, column: string, value: string): GroupSums {
    const is = (one: { group: number; column: string; value: string }): boolean => one.group === place && one.column === column && one.value === value;
    return this.sumsOf(this.sums.segments.filter(is).map(({ pair }) => pair), this.totals.segments.find(is)?.users ?? 0);
  }

  /** The target's value so far after each whole day, over users followed so long. */
  days(place: number): Moments[] {
    const parts = this.sums.days.filter(({ group }) => group === place);
    const longest = Math.min(this.metric.windowDays, Math.max(0, ...this.totals.observed.map(({ days }) => days)));
    return Array.from({ length: longest }, (_, day) => {
      const followed = this.totals.observed.filter(({ group, days }) => group === place && days > day).reduce((sum, { users }) => sum + users, 0);
      const pairs = parts.flatMap(({ days }) => (days[day] === undefined ? [] : [{ ...nobody, users: days[day].users, y: { mean: days[day].mean, m2: days[day].m2 } }]));
      return onlyY(withIdle(this.statistics.mergePairMoments, pairs, followed));
    });
  }

  /** With the noise of habits taken out where it can be. */
  compare(place: number, looked: Looked): Compared {
    const cuped = this.metric.type === 'mean' || this.metric.type === 'count' ? this.withoutHabits(place) : null;
    if (cuped === null || cuped.noiseReduction <= 0) return this.plain(this.group(1), this.group(place), looked);
    const compare = (confidence: number): Comparison | null => this.statistics.compareMeans(cuped.control, cuped.treatment, { ...looked, confidence });
    return { comparison: compare(0.95), oneSided: compare(0.9), noiseReduction: cuped.noiseReduction };
  }

  plain(control: GroupSums, treatment: GroupSums, looked: Looked): Compared {
    const compare = (confidence: number): Comparison | null => this.comparison(control, treatment, { ...looked, confidence });
    return { comparison: compare(0.95), oneSided: compare(0.9), noiseReduction: 0 };
  }

  /** Of day values, which are means or shares. */
  compareDays(control: Moments, treatment: Moments, looked: Looked): Comparison | null {
    if (this.metric.type !== 'share') return this.statistics.compareMeans(control, treatment, looked);
    return this.statistics.compareShares({ hits: hitsOf(control), users: control.users }, { hits: hitsOf(treatment), users: treatment.users }, looked);
  }

  private sumsOf(parts: PairMoments[], users: number): GroupSums {
    const pair = withIdle(this.statistics.mergePairMoments, parts, users);
    return { pair, hits: hitsOf(onlyY(pair)) };
  }

  private comparison(control: GroupSums, treatment: GroupSums, options: Looked & { confidence: number }): Comparison | null {
    const { compareShares, compareRatios, compareMeans } = this.statistics;
    if (this.metric.type === 'share') return compareShares({ hits: control.hits, users: control.pair.users }, { hits: treatment.hits, users: treatment.pair.users }, options);
    if (this.metric.type === 'ratio') return compareRatios(control.pair, treatment.pair, options);
    return compareMeans(onlyY(control.pair), onlyY(treatment.pair), options);
  }

  /** Users whose days before are not known whole get the mean of the others. */
  private withoutHabits(place: number): { control: Moments; treatment: Moments; noiseReduction: number } | null {
    const { mergePairMoments, cuped, withUnknownBefore } = this.statistics;
    const half = (group: number, isKnown: boolean): PairMoments => {
      const users = this.totals.groups.filter((one) => one.group === group && one.known === isKnown).reduce((sum, one) => sum + one.users, 0);
      return withIdle(mergePairMoments, this.sums.groups.filter((one) => one.group === group && one.known === isKnown).map(({ pair }) => pair), users);
    };
    const known = [half(1, true), half(place, true)] as const;
    const meanBefore = mergePairMoments(known[0], known[1]).x.mean;
    const whole = (at: 0 | 1, group: number): PairMoments => {
      const unknown = half(group, false);
      return unknown.users === 0 ? known[at] : withUnknownBefore(known[at], onlyY(unknown), meanBefore);
    };
    return cuped(whole(0, 1), whole(1, place));
  }
}
