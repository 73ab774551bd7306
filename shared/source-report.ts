import { z } from 'zod';
import { localText } from './language.ts';
import { problemCodes } from './problem.ts';

/** One source as an operator sees it: what it is, who needs it, and whether it answers. Never its settings. */
export const sourceReport = z.strictObject({
  name: z.string(),
  kind: z.string(),
  /** Tasks and metrics in use that read it. */
  usedBy: z.number().int(),
  status: z.discriminatedUnion('state', [
    z.strictObject({ state: z.literal('works'), version: z.string(), latencyMs: z.number(), advice: z.array(localText) }),
    z.strictObject({ state: z.literal('fails'), code: z.enum(problemCodes), message: localText }),
  ]),
});
export type SourceReport = z.infer<typeof sourceReport>;

export const sourcesAnswer = z.strictObject({ sources: z.array(sourceReport) });
