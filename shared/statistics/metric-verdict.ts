import type { Comparison, Interval } from './comparison.ts';
import { nonInferiority } from './non-inferiority.ts';
import type { GoodDirection, NonInferiority } from './non-inferiority.ts';

export type Verdict = 'better' | 'worse' | 'noVisibleDifference' | 'unclear' | 'notValid';

/**
 * What the verdict rests on. `interval`: where the interval lies. `oneSided`: a guardrail's one-sided check, where the usual interval still touches
 * zero. `manyMetrics`: better by itself, but not once all metrics looked at are counted. `notComputable`: too few users or no variation.
 * `groups`: the groups cannot be compared.
 */
export type VerdictReason = 'interval' | 'oneSided' | 'manyMetrics' | 'notComputable' | 'groups';

/** The smallest change that matters: a part of control's figure (0.02 is 2 %), or in the metric's own unit. */
export type Margin = { relative: number } | { absolute: number };

type Compared = Pick<Comparison, 'interval' | 'relative'>;

export interface MetricEvidence {
  /** Whether users came into the groups as they should. */
  groupsComparable: boolean;
  /** At 95 %, always valid while the test runs; `null` where it could not be computed. */
  comparison: Compared | null;
  good: GoodDirection;
  margin: Margin | null;
  /** For guardrails only: the same comparison at 90 %, for one-sided answers at 5 %. */
  guardrail?: { comparison: Compared | null };
  /** For metrics beside the target: the p-value after Holm, which a claim of improvement must pass too. */
  adjustedPValue?: number | null;
  /** 0.05 by default. */
  alpha?: number;
}

export interface MetricVerdict {
  verdict: Verdict;
  because: VerdictReason;
  /** The whole interval is smaller than the margin: whatever changed, it is too little to matter. */
  withinMargin: boolean;
  /** Only of guardrails. */
  guardrail: NonInferiority | null;
}

/**
 * What came of one metric?
 *
 * Decided by where the interval lies, never by a p-value alone: wholly on the bad side is `worse`, wholly on the good side `better`, inside
 * the margin around zero `noVisibleDifference`, all else `unclear`. Harm is looked for first and without correction for many
 * metrics, since missing it costs more than a false alarm.
 *
 * @example metricVerdict({ groupsComparable: true, comparison: { interval: { low: 0.01, high: 0.03 }, relative: null }, good: 'up', margin: null })
 *          // { verdict: 'better', because: 'interval', withinMargin: false, guardrail: null }
 */
export function metricVerdict(evidence: MetricEvidence): MetricVerdict {
  const { groupsComparable, comparison, good, margin } = evidence;
  const guardrail = evidence.guardrail ? guardrailState(evidence) : null;
  const withinMargin = comparison !== null && isInside(comparison, margin);
  const is = (verdict: Verdict, because: VerdictReason): MetricVerdict => ({ verdict, because, withinMargin, guardrail });
  if (!groupsComparable) return { verdict: 'notValid', because: 'groups', withinMargin: false, guardrail: null };
  if (!comparison) return is('unclear', 'notComputable');
  const gain = good === 'up' ? comparison.interval : turned(comparison.interval);
  if (gain.high < 0) return is('worse', 'interval');
  if (guardrail === 'harmed' || guardrail === 'harmedWithinMargin') return is('worse', 'oneSided');
  if (gain.low > 0) return passesCorrection(evidence) ? is('better', 'interval') : is('unclear', 'manyMetrics');
  return is(withinMargin ? 'noVisibleDifference' : 'unclear', 'interval');
}

function guardrailState({ guardrail, good, margin }: MetricEvidence): NonInferiority {
  const comparison = guardrail?.comparison;
  if (!comparison) return 'notProvenSafe';
  const { interval, relative } = comparison;
  if (margin && 'relative' in margin && relative) return nonInferiority(relative.interval, good, margin.relative) ?? 'notProvenSafe';
  return nonInferiority(interval, good, margin && 'absolute' in margin ? margin.absolute : null) ?? 'notProvenSafe';
}

function isInside({ interval, relative }: Compared, margin: Margin | null): boolean {
  if (!margin) return false;
  if ('absolute' in margin) return interval.low > -margin.absolute && interval.high < margin.absolute;
  return relative !== null && relative.interval.low > -margin.relative && relative.interval.high < margin.relative;
}

function passesCorrection({ adjustedPValue, alpha = 0.05 }: MetricEvidence): boolean {
  return adjustedPValue === undefined || (adjustedPValue !== null && adjustedPValue < alpha);
}

function turned({ low, high }: Interval): Interval {
  return { low: -high, high: -low };
}
