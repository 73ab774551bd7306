import { z } from 'zod';
import { localText } from './language.ts';

/** One bucket of a watched series with the range it was expected in; `value` is null where nothing is known. */
export const alertPoint = z.strictObject({ time: z.string(), value: z.number().nullable(), low: z.number().nullable(), high: z.number().nullable() });
export type AlertPoint = z.infer<typeof alertPoint>;

export const importances = ['critical', 'normal', 'low'] as const;
export type Importance = (typeof importances)[number];

/**
 * `pending`: seen once, not told yet. `firing`: told, or about to be. `ongoing`: told and still there. `resolved`: back within its range.
 * `absorbed`: the new level has become normal. `muted`: a person has silenced it; it is followed and not told.
 */
export const incidentStates = ['pending', 'firing', 'ongoing', 'resolved', 'absorbed', 'muted'] as const;
export const incidentState = z.enum(incidentStates);
export type IncidentState = z.infer<typeof incidentState>;

/** What a person says about an incident. */
export const incidentDecision = z.discriminatedUnion('decision', [
  /** Seen; no reminders. */
  z.strictObject({ decision: z.literal('acknowledged') }),
  z.strictObject({ decision: z.literal('muted'), until: z.iso.datetime({ offset: true }), reason: z.string().max(500).optional() }),
  /** From the incident's begin on this is the usual level. */
  z.strictObject({ decision: z.literal('newNormal'), reason: z.string().min(1).max(500) }),
  /** It had a reason and is no example to learn from. */
  z.strictObject({ decision: z.literal('expected'), reason: z.string().min(1).max(500) }),
]);
export type IncidentDecision = z.infer<typeof incidentDecision>;

/** A decision as it was made: detectors leave `expected` stretches out and learn `newNormal` from `from` on. */
export interface MadeDecision {
  decision: IncidentDecision['decision'];
  monitor: string;
  series: string;
  from: string;
  until: string | null;
  reason: string | null;
  person: string;
  madeAt: string;
}

export const incident = z.strictObject({
  id: z.string(),
  /** Short, for people: "№ 17". */
  number: z.number().int(),
  state: incidentState,
  monitor: z.string(),
  series: z.string(),
  title: localText,
  direction: z.enum(['up', 'down']),
  kind: z.string(),
  importance: z.enum(importances),
  owner: z.string().nullable(),
  since: z.string(),
  openedAt: z.string(),
  closedAt: z.string().nullable(),
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  points: z.array(alertPoint),
  /** The incident that explains this one. */
  cause: z.string().nullable(),
  mutedUntil: z.string().nullable(),
  acknowledgedBy: z.string().nullable(),
});
export type Incident = z.infer<typeof incident>;

/** How a channel does: for operators. */
export const channelReport = z.strictObject({
  name: z.string(),
  kind: z.string(),
  waiting: z.number().int(),
  lastSentAt: z.string().nullable(),
  /** Why nothing can be delivered, and what to do; null when all is well. */
  trouble: localText.nullable(),
});
export type ChannelReport = z.infer<typeof channelReport>;

export const alertsAnswer = z.strictObject({ incidents: z.array(incident), channels: z.array(channelReport) });
