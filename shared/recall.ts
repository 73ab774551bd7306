import { z } from 'zod';
import { localText } from './language.ts';

/** An analyst has found a result to be wrong. It stays, with this mark. */
export const recallMark = z.strictObject({ reason: localText, recalledAt: z.string() });
export type RecallMark = z.infer<typeof recallMark>;

export const recalledRun = recallMark.extend({ runId: z.string(), number: z.string(), title: localText });
export type RecalledRun = z.infer<typeof recalledRun>;

/** What differs between one result of a recalled run and the same result of a newer one. The order of rows does not count. */
export const resultChanges = z.strictObject({
  name: z.string(),
  title: localText,
  rowsBefore: z.number().int(),
  rowsAfter: z.number().int(),
  /** Rows that are no longer there, and rows that are new; `null` when the old rows are gone and only their fingerprints are left. */
  removed: z.number().int().nullable(),
  added: z.number().int().nullable(),
  columns: z.array(
    z.strictObject({
      name: z.string(),
      title: localText,
      change: z.enum(['same', 'changed', 'added', 'removed']),
      /** Values of a changed column that differ; `null` when they cannot be counted any more. */
      values: z.number().int().nullable(),
    }),
  ),
});
export type ResultChanges = z.infer<typeof resultChanges>;

export const recallsAnswer = z.strictObject({ recalls: z.array(recalledRun) });
export const changesAnswer = z.strictObject({ changes: z.array(resultChanges) });
