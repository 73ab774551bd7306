import { z } from 'zod';
import { localText } from './language.ts';

export const verdicts = ['better', 'worse', 'noVisibleDifference', 'unclear', 'notValid'] as const;
export const verdict = z.enum(verdicts);

const interval = z.strictObject({ low: z.number(), high: z.number() });
const estimate = z.strictObject({ value: z.number(), interval });

/** Why the groups can't be compared, or what should be known though they can. */
export const groupFindings = ['splitBroken', 'splitSuspicious', 'leak', 'mixedUsers', 'someMixedUsers', 'emptyGroup', 'noEntryTime', 'unknownGroup', 'tooFewToCheck'] as const;

/** One metric compared in one group with control. Differences are treatment − control; shares are 0 … 1. */
export const metricComparison = z.strictObject({
  group: z.string(),
  /** `null` where nothing could be computed. */
  figures: z
    .strictObject({
      control: estimate,
      treatment: estimate,
      difference: z.number(),
      interval,
      relative: estimate.nullable(),
      pValue: z.number().nullable(),
      adjustedPValue: z.number().nullable(),
      small: z.boolean(),
      borderline: z.boolean(),
      /** Part of the noise that the days before the test took out. */
      noiseReduction: z.number(),
      /** What could reliably be seen with this size. */
      smallestVisible: z.number().nullable(),
    })
    .nullable(),
  verdict,
  because: z.enum(['interval', 'oneSided', 'manyMetrics', 'notComputable', 'groups']),
  guardrail: z.enum(['harmed', 'harmedWithinMargin', 'safe', 'notProvenSafe']).nullable(),
  /** One sentence for people. */
  text: localText,
});
export type MetricComparison = z.infer<typeof metricComparison>;

export const metricReadout = z.strictObject({
  id: z.string(),
  title: localText,
  unit: localText,
  type: z.enum(['share', 'mean', 'ratio', 'count']),
  good: z.enum(['up', 'down']),
  role: z.enum(['target', 'guardrail', 'other']),
  margin: z.number(),
  windowDays: z.number().int(),
  /** Control first; the value of everyone in the group. */
  groups: z.array(z.strictObject({ name: z.string(), users: z.number().int(), value: z.number().nullable(), interval: interval.nullable() })),
  comparisons: z.array(metricComparison),
});
export type MetricReadout = z.infer<typeof metricReadout>;

/** How the target's difference came about, by whole days after entry. */
export const effectDay = z.strictObject({ group: z.string(), day: z.number().int(), users: z.number().int(), difference: z.number(), interval });
export type EffectDay = z.infer<typeof effectDay>;

export const advices = ['rollOut', 'doNotRollOut', 'review', 'keepRunning', 'decideByOtherReasons', 'doNotCompare'] as const;

export const armReadout = z.strictObject({
  group: z.string(),
  verdict,
  advice: z.enum(advices),
  /** The first line without jargon, and what to do. */
  sentence: localText,
  advised: localText,
  /** What else decides: harmed metrics, what would settle it. */
  remarks: z.array(localText),
});
export type ArmReadout = z.infer<typeof armReadout>;

/** What a run of a task of kind `experiment` came to. */
export const experimentOutcome = z.strictObject({
  kind: z.literal('experiment'),
  experimentId: z.string(),
  hypothesis: localText,
  running: z.boolean(),
  /** Whole days from the first entry to today, and to the planned end. */
  daysSoFar: z.number().int(),
  daysLeft: z.number().int().nullable(),
  planned: z.strictObject({ users: z.number().int().optional(), until: z.string().optional() }),
  users: z.number().int(),
  arms: z.array(armReadout),
  metrics: z.array(metricReadout),
  groups: z.strictObject({
    comparable: z.boolean(),
    findings: z.array(z.strictObject({ kind: z.enum(groupFindings), text: localText })),
    sizes: z.array(z.strictObject({ name: z.string(), users: z.number().int(), expected: z.number(), share: z.number(), plannedShare: z.number() })),
    pValue: z.number().nullable(),
    sequential: z.boolean(),
  }),
  days: z.array(effectDay),
  /** Method and data, for those who ask. */
  notes: z.array(localText),
});
export type ExperimentOutcome = z.infer<typeof experimentOutcome>;

export const decisions = ['rollOut', 'doNotRollOut', 'continue', 'stop'] as const;
export const decision = z.strictObject({ decision: z.enum(decisions), why: z.string(), person: z.string(), at: z.string(), runNumber: z.string().nullable() });
export type Decision = z.infer<typeof decision>;

/** One test in the archive. */
export const experimentSummary = z.strictObject({
  id: z.string(),
  taskId: z.string(),
  title: localText,
  hypothesis: localText,
  target: localText,
  registeredAt: z.string(),
  registeredBy: z.string(),
  state: z.enum(['planned', 'running', 'readOut', 'decided']),
  looks: z.number().int(),
  /** Of the latest look. */
  latest: z.strictObject({ at: z.string(), running: z.boolean(), users: z.number().int(), arms: z.array(armReadout) }).nullable(),
  decisions: z.array(decision),
});
export type ExperimentSummary = z.infer<typeof experimentSummary>;

export const experimentsQuery = z.object({ search: z.string().max(100).optional(), state: z.enum(['planned', 'running', 'readOut', 'decided']).optional() });
export const decisionRequest = z.strictObject({ decision: z.enum(decisions), why: z.string().trim().min(3).max(2000), runId: z.string().optional() });
