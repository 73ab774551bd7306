/** What goes wrong with an answer, so many times; always without `times`. */
export type SlackFault = { times?: number } & (
  | { kind: 'answer'; status: number; body?: string; headers?: Record<string, string> }
  /** Takes the message and never says so. */
  | { kind: 'hang' }
  /** The connection breaks once the message is here. */
  | { kind: 'reset' }
);

/** The faults that Slack documents, by name. */
export const slackFaults = {
  gone: { kind: 'answer', status: 404, body: 'no_service' },
  archived: { kind: 'answer', status: 410, body: 'channel_is_archived' },
  forbidden: { kind: 'answer', status: 403, body: 'action_prohibited' },
  limited: { kind: 'answer', status: 429, body: '{"retry_after":2}', headers: { 'Retry-After': '2' } },
  failing: { kind: 'answer', status: 500, body: 'rollup_error' },
  hanging: { kind: 'hang' },
} as const satisfies Record<string, SlackFault>;
