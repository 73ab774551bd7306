import { z } from 'zod';

/**
 * What a run of a task that is more than a query came to, beside its tables. One shape a kind, each in the kind's own
 * file; a new kind adds its shape to this union.
 */
export const outcome = z.looseObject({ kind: z.string() });
export type Outcome = z.infer<typeof outcome>;
