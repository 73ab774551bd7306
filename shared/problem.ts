import { z } from 'zod';
import { localText, type LocalText } from './language.ts';

/** Every way in which a request can fail, stable for programs. The words are for people. */
export const problemCodes = [
  'invalid_request', // the request itself is malformed
  'invalid_values', // a form value does not pass; `fields` says which
  'not_signed_in',
  'not_allowed',
  'not_found',
  'link_gone', // expired, revoked, changed: all look the same
  'task_retired',
  'conflict',
  'too_large',
  'too_many', // a person's or the source's limit
  'query_refused', // the guard of analysts' SQL
  'query_failed', // the engine refused or failed
  'time_limit',
  'row_limit',
  'memory_limit',
  'result_expired',
  'interrupted', // the backend or the engine was stopped in the middle
  'source_unreachable',
  'disk_full',
  'not_ready',
  'internal',
] as const;
export type ProblemCode = (typeof problemCodes)[number];

export interface ProblemDetails {
  /** One message a field, for `invalid_values`. */
  fields?: Record<string, LocalText>;
  /** Entries of `list` fields that are not known, by field: the person decides whether to leave them out. */
  unknown?: Record<string, string[]>;
  /** What helps an author mend a task and is no colleague's business: the last lines of a script. */
  forAuthor?: string;
  cause?: unknown;
}

/**
 * The one error that crosses a border between parts. The message says what was expected, what came and what to do,
 * in both languages; the edge (route handler, runner, pane, command) picks the language or the status.
 */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly text: LocalText;
  readonly fields: Record<string, LocalText> | undefined;
  readonly unknown: Record<string, string[]> | undefined;

  readonly forAuthor: string | undefined;

  constructor(code: ProblemCode, text: LocalText, details: ProblemDetails = {}) {
    super(text.en, { cause: details.cause });
    this.name = 'Problem';
    this.code = code;
    this.text = text;
    this.fields = details.fields;
    this.unknown = details.unknown;
    this.forAuthor = details.forAuthor;
  }
}

/** `application/problem+json` (RFC 9457) as this API answers it: `detail` is in the person's language, `text` in both. */
export const problemAnswer = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(problemCodes),
  detail: z.string(),
  text: localText,
  reference: z.string(),
  fields: z.record(z.string(), localText).optional(),
  unknown: z.record(z.string(), z.array(z.string())).optional(),
});
export type ProblemAnswer = z.infer<typeof problemAnswer>;
