import type { ArmReadout, EffectDay, ExperimentOutcome } from '../../shared/experiment.ts';
import type { LocalText } from '../../shared/language.ts';
import type { MetricVerdict } from '../../shared/statistics/index.ts';
import { armWords } from './arm-words.ts';
import type { Assignments } from './assignments.ts';
import { checkGroups } from './check-groups.ts';
import type { MetricSums } from './metric-facts.ts';
import { notesOf } from './note-words.ts';
import { isRunning, type PlannedReadout } from './planned.ts';
import { plannedOf, readMetrics, type ReadingParts, type ReadMetric } from './read-metrics.ts';
import { readSegments, type SegmentReadout } from './read-segments.ts';
import type { Statistics } from './statistics.ts';
import type { Totals } from './totals.ts';

const day = 86_400;

export interface ReadoutInput {
  planned: PlannedReadout;
  assignments: Assignments;
  totals: Totals;
  sums: ReadonlyMap<string, MetricSums>;
  /** Set when the plan is another than at the first look. */
  planChanged: LocalText | null;
}

/** From sums to figures, verdicts and words. Pure: the engine has done its part. */
export function readOut({ planned, assignments, totals, sums, planChanged }: ReadoutInput, statistics: Statistics): { outcome: ExperimentOutcome; segments: SegmentReadout[] } {
  const { counts } = assignments;
  const running = isRunning(planned, counts.usable);
  const groups = checkGroups(planned, totals, counts, { statistics, running });
  const parts: ReadingParts = { statistics, planned, totals, comparable: groups.comparable, running };
  const metrics = readMetrics(sums, parts);
  const daysLeft = planned.section.planned.until === undefined ? null : Math.max(0, Math.round(((planned.entriesUntil ?? 0) - planned.completeUntil) / day));
  const arms = planned.section.groups.slice(1).map(({ name }, place) => readArm(name, place, { metrics, parts, groups, daysLeft, assignments }));
  const outcome: ExperimentOutcome = {
    kind: 'experiment',
    experimentId: planned.experimentId,
    hypothesis: planned.section.hypothesis,
    running,
    daysSoFar: counts.usable === 0 ? 0 : Math.max(0, Math.round((planned.completeUntil - counts.firstEntry) / day)),
    daysLeft: running ? daysLeft : null,
    planned: planned.section.planned,
    users: counts.usable,
    arms,
    metrics: metrics.map(({ readout }) => readout),
    groups,
    days: groups.comparable ? effectDays(metrics[0], parts) : [],
    notes: notesOf({ planned, assignments, metrics, running, unfinished: unfinished(totals, metrics[0]), firstPlan: planChanged }),
  };
  return { outcome, segments: groups.comparable ? readSegments(metrics, assignments.segments.map(({ name }) => name), parts) : [] };
}

interface ArmContext {
  metrics: ReadMetric[];
  parts: ReadingParts;
  groups: ExperimentOutcome['groups'];
  daysLeft: number | null;
  assignments: Assignments;
}

function readArm(name: string, place: number, { metrics, parts, groups, daysLeft, assignments }: ArmContext): ArmReadout {
  const of = (read: ReadMetric) => ({ metric: read.metric, comparison: read.readout.comparisons[place] as ReadMetric['readout']['comparisons'][number] });
  const [target] = metrics;
  if (target === undefined) throw new TypeError('a read-out without a target');
  const guarded = metrics.filter(({ metric }) => metric.role === 'guardrail');
  const { running, statistics } = parts;
  const overall = statistics.overallVerdict({ target: target.verdicts[place] as MetricVerdict, guardrails: guarded.map(({ verdicts }) => verdicts[place] as MetricVerdict), running });
  const words = armWords({
    group: name,
    several: parts.planned.section.groups.length > 2,
    overall,
    target: of(target),
    guardrails: guarded.map(of),
    running,
    users: assignments.counts.usable,
    plannedUsers: parts.planned.section.planned.users ?? null,
    daysLeft,
    groups,
    settle: settleOf(target, place, { parts, assignments }),
  });
  return { group: name, verdict: overall.verdict, advice: overall.advice, ...words };
}

/** How long until a difference as large as the margin would be seen, and the smallest that can be seen now. */
function settleOf(target: ReadMetric, place: number, { parts, assignments: { counts } }: Pick<ArmContext, 'parts' | 'assignments'>): { moreDays: number | null; smallestVisible: number | null } {
  const comparison = target.comparisons[place];
  if (!comparison) return { moreDays: null, smallestVisible: null };
  const { statistics, planned } = parts;
  const users = parts.totals.groups.filter(({ group }) => group === 1 || group === place + 2).reduce((sum, group) => sum + group.users, 0);
  const perDay = users / Math.max(1, (Math.max(counts.lastEntry, planned.completeUntil) - counts.firstEntry) / day);
  const more = statistics.usersToSettle({ standardError: comparison.standardError, users, difference: target.metric.margin * Math.abs(comparison.control.value), ...plannedOf(parts, place + 2) });
  return { moreDays: more === null ? null : statistics.daysForUsers(more, perDay), smallestVisible: statistics.smallestVisibleDifference(comparison.standardError) };
}

/** The target's difference so far by days after entry; intervals that may be looked at together. */
function effectDays(target: ReadMetric | undefined, parts: ReadingParts): EffectDay[] {
  if (target === undefined) return [];
  const control = target.comparer.days(1);
  return parts.planned.section.groups.slice(1).flatMap(({ name }, at) =>
    target.comparer.days(at + 2).flatMap((treatment, place): EffectDay[] => {
      const first = control[place];
      const users = (first?.users ?? 0) + treatment.users;
      const compared = first && target.metric.type !== 'ratio' ? target.comparer.compareDays(first, treatment, { planned: plannedOf(parts, at + 2).planned ?? users }) : null;
      return compared === null ? [] : [{ group: name, day: place + 1, users, difference: compared.difference, interval: compared.interval }];
    }),
  );
}

function unfinished({ observed }: Totals, target: ReadMetric | undefined): number {
  return observed.filter(({ days }) => days < (target?.metric.windowDays ?? 0)).reduce((sum, { users }) => sum + users, 0);
}
