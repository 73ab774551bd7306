import { toJson, type Transaction } from '../state/state.ts';

/** What is kept about who did what. Never a value that a person entered, nor a secret. */
export const auditActions = [
  'sign_in_code_issued',
  'signed_in',
  'sessions_ended',
  'link_created',
  'link_revoked',
  'run_submitted',
  'run_cancelled',
  'question_answered',
  'runs_recalled',
  'experiment_decided',
  'draw_held',
  'winner_replaced',
] as const;
export type AuditAction = (typeof auditActions)[number];

export interface AuditEntry {
  person: string;
  action: AuditAction;
  /** What it was done to: a link, a run, a person. */
  subject: string;
  detail?: Record<string, string | number | boolean | null>;
}

/** In the same transaction as the deed, so that neither is without the other. */
export async function recordAudit(transaction: Transaction, { person, action, subject, detail = {} }: AuditEntry): Promise<void> {
  await transaction.query('INSERT INTO audit (person, action, subject, detail) VALUES ($1, $2, $3, $4)', [person, action, subject, toJson(detail)]);
}

/** Newest first. */
export async function readAudit(state: Transaction, { person, limit = 100 }: { person?: string; limit?: number } = {}): Promise<(Required<AuditEntry> & { at: Date })[]> {
  return state.query('SELECT at, person, action, subject, detail FROM audit WHERE $1::text IS NULL OR person = $1 ORDER BY id DESC LIMIT $2', [person ?? null, limit]);
}
