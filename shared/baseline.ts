import { z } from 'zod';
import { localText } from './language.ts';

/** A metric as people choose it. */
export const metricSummary = z.strictObject({
  id: z.string(),
  title: localText,
  description: localText,
  unit: localText,
  type: z.enum(['share', 'mean', 'ratio', 'count']),
  good: z.enum(['up', 'down']),
  /** Relative change that does not matter. */
  margin: z.number(),
  windowDays: z.number().int(),
});
export type MetricSummary = z.infer<typeof metricSummary>;
export const metricsAnswer = z.strictObject({ metrics: z.array(metricSummary) });

/**
 * What a test without any change would have shown, had it begun `arrivals.length` days ago: everybody enters on the first day
 * on which the entry metric has a fact of theirs, and the metric is summed up over `windowDays` from then on.
 */
export const baseline = z.strictObject({
  from: z.string(),
  until: z.string(),
  windowDays: z.number().int(),
  /** Those who entered early enough to be followed for the whole window. */
  users: z.number().int(),
  level: z.number().nullable(),
  /** Of one user's value; `null` for a share, whose level tells it. */
  deviation: z.number().nullable(),
  /** Users who had entered by the end of each day. */
  arrivals: z.array(z.number().int()),
});
export type Baseline = z.infer<typeof baseline>;
export const baselineAnswer = z.strictObject({ baseline });
/** `entry`: the metric whose first fact brings a user into the test. */
export const baselineQuery = z.object({ entry: z.string().max(100) });
