import { z } from 'zod';
import { drawOutcome } from './draw.ts';
import { experimentOutcome } from './experiment.ts';

/**
 * What a run of a task that is more than a query came to, beside its tables. One shape a kind, each in the kind's own
 * file; a new kind adds its shape to this union.
 */
export const outcome = z.discriminatedUnion('kind', [experimentOutcome, drawOutcome]);
export type Outcome = z.infer<typeof outcome>;
