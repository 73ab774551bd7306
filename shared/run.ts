import { z } from 'zod';
import { formValues } from './form.ts';
import { localText } from './language.ts';
import { outcome } from './outcome.ts';
import { problemCodes } from './problem.ts';
import { recallMark } from './recall.ts';
import { chart, resultSummary } from './result.ts';

export const runStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;

/** Rows that the engine has read so far, of how many it expects (0 while unknown). */
export const progress = z.strictObject({
  step: z.string(),
  stepNumber: z.number().int(),
  steps: z.number().int(),
  readRows: z.number(),
  totalRows: z.number(),
  elapsedMs: z.number(),
});
export type Progress = z.infer<typeof progress>;

/** How one step of a run went. */
export const stepFigures = z.strictObject({ name: z.string(), rows: z.number().nullable(), ms: z.number(), kept: z.boolean() });
export type StepFigures = z.infer<typeof stepFigures>;

const state = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('queued'), position: z.number().int() }),
  z.strictObject({ state: z.literal('running'), progress: progress.nullable() }),
  z.strictObject({ state: z.literal('succeeded'), results: z.array(resultSummary), outcome: outcome.optional(), finishedAt: z.string(), elapsedMs: z.number() }),
  z.strictObject({
    state: z.literal('failed'),
    code: z.enum(problemCodes),
    message: localText,
    reference: z.string(),
    finishedAt: z.string(),
    /** The last lines of a script, for those who may author. */
    forAuthor: z.string().optional(),
  }),
  z.strictObject({ state: z.literal('cancelled'), finishedAt: z.string() }),
]);
export type RunState = z.infer<typeof state>;

/** Where a result comes from, in words that last: kept in history, workbook, XLSX and link page. */
export const provenance = z.strictObject({
  taskId: z.string(),
  title: localText,
  /** `№ 48-213`: ISO week and count within it; finds the run again. */
  number: z.string(),
  version: z.string(),
  person: z.string(),
  startedAt: z.string(),
  dataAsOf: z.string().nullable(),
  /** Field labels with their values in words, filled fields only. */
  values: z.array(z.strictObject({ label: localText, text: localText })),
});
export type Provenance = z.infer<typeof provenance>;

/** One run as its person sees it. `status` is a union: exactly one state with what belongs to it. */
export const run = z.strictObject({
  id: z.string(),
  provenance,
  /** As entered (relative words kept) and as they were resolved. */
  values: formValues,
  resolvedValues: formValues,
  chart: chart.optional(),
  /** File name without its ending: `Карты Лента 2026-10`. */
  fileName: localText,
  createdAt: z.string(),
  /** For those who may author. */
  steps: z.array(stepFigures).optional(),
  /** Absent unless its result was found to be wrong. */
  recalled: recallMark.optional(),
  status: state,
});
export type Run = z.infer<typeof run>;

export const submitRequest = z.strictObject({
  values: formValues,
  locale: z.enum(['ru', 'en']).optional(),
  /** Entries of `list` fields that are not known: asked first, then left out on the person's word. */
  unknown: z.enum(['ask', 'leaveOut', 'keep']).optional(),
});
export const runAnswer = z.strictObject({ run });
export const runsAnswer = z.strictObject({ runs: z.array(run), more: z.boolean() });

export const linkFormats = ['xlsx', 'csv', 'csv-systems'] as const;
export type LinkFormat = (typeof linkFormats)[number];

export const linkRequest = z.strictObject({
  format: z.enum(linkFormats),
  /** One result of several; absent means all of them in an XLSX, the first in a CSV. */
  result: z.string().optional(),
  /** Seconds; the configured default when absent. */
  expiresIn: z.number().int().positive().optional(),
  /** A clean file for a partner: no internal names, no provenance sheet. */
  partner: z.boolean().optional(),
  locale: z.enum(['ru', 'en']).optional(),
});
export const linkAnswer = z.strictObject({ id: z.string(), url: z.string(), expiresAt: z.string() });
export type LinkAnswer = z.infer<typeof linkAnswer>;

/** A link that still works, for whoever may take it back. The address itself is shown only once, when it is made. */
export const madeLink = z.strictObject({ id: z.string(), format: z.enum(linkFormats), partner: z.boolean(), createdAt: z.string(), expiresAt: z.string(), downloads: z.number().int() });
export type MadeLink = z.infer<typeof madeLink>;
