import { z } from 'zod';
import { fieldView } from './form.ts';
import { localText } from './language.ts';
import { chart } from './result.ts';

/** How far a task's data is loaded. `until` is ISO 8601 with offset; `null` when the query found nothing. */
export const freshness = z.strictObject({ until: z.string().nullable() });
export type Freshness = z.infer<typeof freshness>;

/** A task as a list shows it. */
export const taskSummary = z.strictObject({
  id: z.string(),
  /** `query`: its rows are the result; others have an outcome of their own. */
  kind: z.string(),
  title: localText,
  description: localText,
  group: z.string(),
  groupTitle: localText,
  owner: z.string(),
  status: z.enum(['draft', 'published', 'retired']),
  /** The task to use instead of a retired one. */
  replacedBy: z.string().optional(),
  favourite: z.boolean(),
  /** When this person last ran it, ISO 8601. */
  lastRunAt: z.string().optional(),
});
export type TaskSummary = z.infer<typeof taskSummary>;

/** One task with its form. */
export const taskDetail = taskSummary.extend({
  version: z.string(),
  fields: z.array(fieldView),
  results: z.array(z.strictObject({ name: z.string(), title: localText })),
  chart: chart.optional(),
  fresh: freshness.optional(),
  /** Whether a period that is not fully loaded is refused (`needs: complete`) rather than warned about. */
  needsComplete: z.boolean(),
  /** For those who may author: what the nightly check of its examples found wrong. */
  failedCheck: z.strictObject({ checkedAt: z.string(), faults: z.array(z.string()) }).optional(),
  /** This person's values of the last run that they made, for "as last time". */
  lastValues: z.record(z.string(), z.json()).optional(),
});
export type TaskDetail = z.infer<typeof taskDetail>;
