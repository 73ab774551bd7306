import type { MetricComparison, MetricReadout } from '../../shared/experiment.ts';
import type { Comparison, Margin, MetricVerdict } from '../../shared/statistics/index.ts';
import { MetricComparer, type Compared } from './compare-metric.ts';
import type { MetricSums } from './metric-facts.ts';
import { comparisonWords } from './metric-words.ts';
import type { PlannedMetric, PlannedReadout } from './planned.ts';
import type { Statistics } from './statistics.ts';
import type { Totals } from './totals.ts';

export interface ReadMetric {
  metric: PlannedMetric;
  comparer: MetricComparer;
  readout: MetricReadout;
  /** Of each group besides control, in their order. */
  verdicts: MetricVerdict[];
  comparisons: (Comparison | null)[];
  unreadable: number;
}

export interface ReadingParts {
  statistics: Statistics;
  planned: PlannedReadout;
  totals: Totals;
  comparable: boolean;
  running: boolean;
}

/** Users of a comparison that were planned, for intervals that may be looked at while the test runs. */
export function plannedOf({ planned: { section }, running, totals }: ReadingParts, place: number): { planned?: number } {
  if (!running) return {};
  const users = totals.groups.reduce((sum, group) => sum + group.users, 0);
  const whole = section.planned.users ?? users;
  const share = (section.groups[0]?.share ?? 0) + (section.groups[place - 1]?.share ?? 0);
  return { planned: Math.max(1, Math.round(whole * share)) };
}

/** Every metric in every group against control: figures, corrections for many claims, verdicts. */
export function readMetrics(sums: ReadonlyMap<string, MetricSums>, parts: ReadingParts): ReadMetric[] {
  const { statistics, planned, totals } = parts;
  const arms = planned.section.groups.slice(1);
  const compared = planned.metrics.map((metric) => {
    const own = sums.get(metric.id) ?? { groups: [], segments: [], days: [], unreadable: 0 };
    const comparer = new MetricComparer(statistics, metric, own, totals);
    return { metric, comparer, unreadable: own.unreadable, arms: arms.map((_, place) => comparer.compare(place + 2, plannedOf(parts, place + 2))) };
  });
  const adjusted = adjust(compared, statistics);
  return compared.map(({ metric, comparer, unreadable, arms: own }, row) => {
    const verdicts = own.map((one, place) => verdictOf(metric, one, { adjusted: adjusted[row]?.[place], parts }));
    const comparisons = own.map((one, place) => comparisonOf(metric, one, { group: arms[place]?.name ?? '', verdict: verdicts[place] as MetricVerdict, adjusted: adjusted[row]?.[place] ?? null, statistics }));
    return { metric, comparer, unreadable, verdicts, comparisons: own.map(({ comparison }) => comparison), readout: readoutOf(metric, comparer, comparisons, parts) };
  });
}

/** Claims beside the target are one family; the target is one of its own when several groups are compared with control. */
function adjust(compared: { metric: PlannedMetric; arms: Compared[] }[], { holm }: Statistics): (number | null | undefined)[][] {
  const pValue = ({ comparison }: Compared): number | null => comparison?.pValue ?? null;
  const others = compared.filter(({ metric }) => metric.role !== 'target').flatMap(({ arms }) => arms.map(pValue));
  const family = holm(others);
  let used = 0;
  return compared.map(({ metric, arms }) => {
    if (metric.role === 'target') return arms.length > 1 ? holm(arms.map(pValue)) : arms.map(() => undefined);
    used += arms.length;
    return family.slice(used - arms.length, used);
  });
}

function verdictOf(metric: PlannedMetric, { comparison, oneSided }: Compared, { adjusted, parts }: { adjusted: number | null | undefined; parts: ReadingParts }): MetricVerdict {
  return parts.statistics.metricVerdict({
    groupsComparable: parts.comparable,
    comparison,
    good: metric.good,
    margin: { relative: metric.margin } satisfies Margin,
    ...(metric.role === 'guardrail' ? { guardrail: { comparison: oneSided } } : {}),
    ...(adjusted === undefined ? {} : { adjustedPValue: adjusted }),
  });
}

interface ComparisonParts {
  group: string;
  verdict: MetricVerdict;
  adjusted: number | null;
  statistics: Statistics;
}

function comparisonOf(metric: PlannedMetric, { comparison, noiseReduction }: Compared, { group, verdict, adjusted, statistics }: ComparisonParts): MetricComparison {
  const shown =
    comparison === null
      ? null
      : {
          control: comparison.control,
          treatment: comparison.treatment,
          difference: comparison.difference,
          interval: comparison.interval,
          relative: comparison.relative,
          pValue: comparison.pValue,
          adjustedPValue: adjusted,
          small: comparison.small,
          borderline: comparison.borderline,
          noiseReduction,
          smallestVisible: statistics.smallestVisibleDifference(comparison.standardError),
        };
  const read = { group, figures: shown, verdict: verdict.verdict, because: verdict.because, guardrail: verdict.guardrail };
  return { ...read, text: comparisonWords(metric, read) };
}

function readoutOf({ id, title, unit, type, good, role, margin, windowDays }: PlannedMetric, comparer: MetricComparer, comparisons: MetricComparison[], { planned, statistics }: ReadingParts): MetricReadout {
  const reach = statistics.normalQuantile(0.975);
  const groups = planned.section.groups.map(({ name }, place) => {
    const { pair, hits } = comparer.group(place + 1);
    const moments = { users: pair.users, ...pair.y };
    const ratio = type === 'ratio' ? statistics.ratioMetric(pair) : null;
    const interval = type === 'share' ? statistics.wilsonInterval({ hits, users: pair.users }) : type === 'ratio' ? ratio && { low: ratio.ratio - reach * ratio.standardError, high: ratio.ratio + reach * ratio.standardError } : statistics.meanInterval(moments);
    const value = pair.users === 0 ? null : type === 'ratio' ? (ratio?.ratio ?? null) : type === 'share' ? hits / pair.users : pair.y.mean;
    return { name, users: pair.users, value, interval };
  });
  return { id, title, unit, type, good, role, margin, windowDays, groups, comparisons };
}
