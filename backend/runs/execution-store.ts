import type { FormValues } from '../../shared/form.ts';
import type { LocalText } from '../../shared/language.ts';
import type { ProblemCode } from '../../shared/problem.ts';
import type { Progress } from '../../shared/run.ts';
import { toJson, type State, type Transaction } from '../state/state.ts';
import { uploadTables } from '../uploads/index.ts';
import { keptTables } from './kept-steps.ts';
import type { ExecutionOutcome, StoredResult } from './executor.ts';
import type { Plan } from './plan.ts';

export const executionQueue = 'executions';

/** What is recorded of the work before it begins. */
export interface NewExecution {
  id: string;
  mergeKey: string;
  taskId: string;
  taskVersion: string;
  person: string;
  sources: string[];
  input: ExecutionInput;
}

export interface ExecutionInput {
  plan: Plan;
  resolved: FormValues;
}

export interface RecordedProblem {
  code: ProblemCode;
  text: LocalText;
  reference: string;
  forAuthor?: string;
}

export interface ClaimedExecution {
  id: string;
  taskId: string;
  attempts: number;
  input: ExecutionInput;
}

/** The execution that answers this question: one that is under way for the same key, or a new one. */
export async function findOrAddExecution(transaction: Transaction, execution: NewExecution): Promise<string> {
  const added = await transaction.query<{ id: string }>(
    `INSERT INTO executions (id, merge_key, task_id, task_version, person, sources, input) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (merge_key) WHERE state IN ('queued', 'running') DO NOTHING RETURNING id`,
    [execution.id, execution.mergeKey, execution.taskId, execution.taskVersion, execution.person, execution.sources, toJson(execution.input)],
  );
  if (added[0] !== undefined) return added[0].id;
  const found = await transaction.query<{ id: string }>(`SELECT id FROM executions WHERE merge_key = $1 AND state IN ('queued', 'running') FOR UPDATE`, [execution.mergeKey]);
  return found[0]?.id ?? findOrAddExecution(transaction, execution);
}

export interface Slots {
  perPerson: number;
  perSource: number;
}

interface Waiting {
  id: string;
  person: string;
  sources: string[];
}

const admissionLock = 7_201_001;

/** How many executions of a person wait for a slot. */
export async function waitingOf(transaction: Transaction, person: string): Promise<number> {
  const [row] = await transaction.query<{ count: number }>(`SELECT count(*) AS count FROM executions WHERE person = $1 AND state = 'queued'`, [person]);
  return row?.count ?? 0;
}

/** Lets as many waiting executions go to the workers as limits allow, in order; one that must wait does not hold up others. */
export async function admit(state: State, transaction: Transaction, slots: Slots): Promise<void> {
  await transaction.query('SELECT pg_advisory_xact_lock($1)', [admissionLock]);
  const waiting = await transaction.query<Waiting>(
    `SELECT id, person, sources FROM (
       SELECT id, person, sources, place, row_number() OVER (PARTITION BY person ORDER BY place) AS turn FROM executions WHERE state = 'queued' AND admitted_at IS NULL
     ) AS waiting WHERE turn <= $1 ORDER BY place LIMIT 500`,
    [slots.perPerson],
  );
  if (waiting.length === 0) return;
  const active = await transaction.query<Waiting>(`SELECT id, person, sources FROM executions WHERE state IN ('queued', 'running') AND admitted_at IS NOT NULL`);
  const taken = new Map<string, number>();
  const count = (key: string, by: number) => taken.set(key, (taken.get(key) ?? 0) + by);
  const keys = (one: Waiting) => [`person ${one.person}`, ...one.sources.map((source) => `source ${source}`)];
  active.flatMap(keys).forEach((key) => count(key, 1));
  for (const one of waiting) {
    const full = keys(one).some((key) => (taken.get(key) ?? 0) >= (key.startsWith('person ') ? slots.perPerson : slots.perSource));
    if (full) continue;
    keys(one).forEach((key) => count(key, 1));
    await transaction.query('UPDATE executions SET admitted_at = now() WHERE id = $1', [one.id]);
    await state.jobs.send(transaction, executionQueue, { executionId: one.id });
  }
}

/** Takes an admitted execution; `undefined` when it is no longer wanted or another worker has it. */
export async function claim(state: State, id: string): Promise<ClaimedExecution | undefined> {
  const rows = await state.query<{ id: string; task_id: string; attempts: number; input: ExecutionInput }>(
    `UPDATE executions SET state = 'running', owner_instance = $2, attempts = attempts + 1, started_at = now()
     WHERE id = $1 AND state = 'queued' AND cancel_requested_at IS NULL RETURNING id, task_id, attempts, input`,
    [id, state.instanceId],
  );
  const row = rows[0];
  return row === undefined ? undefined : { id: row.id, taskId: row.task_id, attempts: row.attempts, input: row.input };
}

export type Ending = { state: 'succeeded'; outcome: ExecutionOutcome; keepDays: number } | { state: 'failed'; problem: RecordedProblem } | { state: 'cancelled' };

/** Ends a running execution once, and lets the next ones in. */
export async function finish(state: State, id: string, ending: Ending, slots: Slots): Promise<void> {
  const outcome = ending.state === 'succeeded' ? ending.outcome : undefined;
  await state.transaction(async (transaction) => {
    await transaction.query(
      `UPDATE executions SET state = $2, finished_at = now(), progress = NULL, problem = $3, results = $4, data_as_of = $5, timings = $6, outcome = $9,
         expires_at = CASE WHEN $2 = 'succeeded' THEN now() + make_interval(days => $7::int) END
       WHERE id = $1 AND state = 'running' AND owner_instance = $8`,
      [
        id,
        ending.state,
        ending.state === 'failed' ? toJson(ending.problem) : null,
        outcome === undefined ? null : toJson(outcome.results),
        outcome?.dataAsOf ?? null,
        outcome === undefined ? null : toJson(outcome.steps),
        ending.state === 'succeeded' ? ending.keepDays : 0,
        state.instanceId,
        outcome?.outcome === undefined ? null : toJson(outcome.outcome),
      ],
    );
    await admit(state, transaction, slots);
  });
}

/** Gives an interrupted execution back to the queue, keeping its slot. */
export async function requeue(state: State, id: string): Promise<void> {
  await state.transaction(async (transaction) => {
    await transaction.query(`UPDATE executions SET state = 'queued', owner_instance = NULL, started_at = NULL, progress = NULL WHERE id = $1 AND state = 'running'`, [id]);
    await state.jobs.send(transaction, executionQueue, { executionId: id });
  });
}

/** Records progress; tells whether someone, perhaps through another backend, wants it stopped. */
export async function recordProgress(state: State, id: string, progress: Progress | null): Promise<boolean> {
  const rows = await state.query<{ stop: boolean }>(
    'UPDATE executions SET progress = coalesce($2::jsonb, progress) WHERE id = $1 RETURNING cancel_requested_at IS NOT NULL AS stop',
    [id, progress === null ? null : toJson(progress)],
  );
  return rows[0]?.stop ?? true;
}

/**
 * What dead backends, or a failed write of this one, left running: once more from the beginning, since every step only reads; the second time it fails
 * with a reason.
 */
export async function recover(state: State, slots: Slots, { interrupted, inHand }: { interrupted: () => RecordedProblem; inHand: string[] }): Promise<{ resumed: number; failed: number }> {
  const live = await state.liveInstances();
  return state.transaction(async (transaction) => {
    const lost = `state = 'running' AND (owner_instance <> ALL($1::uuid[]) OR (owner_instance = $2 AND id <> ALL($3::uuid[])))`;
    const owners = [live, state.instanceId, inHand];
    await transaction.query(
      `UPDATE executions SET state = 'cancelled', finished_at = now(), progress = NULL WHERE ${lost} AND cancel_requested_at IS NOT NULL`,
      owners,
    );
    const failed = await transaction.query(
      `UPDATE executions SET state = 'failed', finished_at = now(), progress = NULL, problem = $4 WHERE ${lost} AND attempts >= 2 RETURNING id`,
      [...owners, toJson(interrupted())],
    );
    const resumed = await transaction.query(
      `UPDATE executions SET state = 'queued', owner_instance = NULL, started_at = NULL, progress = NULL, admitted_at = NULL WHERE ${lost} RETURNING id`,
      owners,
    );
    await admit(state, transaction, slots);
    return { resumed: resumed.length, failed: failed.length };
  });
}

/** Executions whose rows may go, with the tables that hold them. */
export async function expired(state: State): Promise<{ id: string; results: StoredResult[] }[]> {
  return state.query(`SELECT id, results FROM executions WHERE state = 'succeeded' AND dropped_at IS NULL AND expires_at < now() LIMIT 200`);
}

export async function markDropped(state: State, id: string): Promise<void> {
  await state.query('UPDATE executions SET dropped_at = now() WHERE id = $1', [id]);
}

/** Ids of tables that something still needs, or may: results that are kept, and everything of an execution under way. */
export async function neededTables(state: State): Promise<{ tables: Set<string>; underWay: string[] }> {
  // In this order: what ends in between is found by the second question at the latest.
  const active = await state.query<{ id: string }>(`SELECT id FROM executions WHERE state IN ('queued', 'running')`);
  const kept = await state.query<{ results: StoredResult[] }>(`SELECT results FROM executions WHERE state = 'succeeded' AND dropped_at IS NULL`);
  const shared = [...(await keptTables(state)), ...(await uploadTables(state))];
  return { tables: new Set([...kept.flatMap(({ results }) => results.map(({ table }) => table.id)), ...shared]), underWay: active.map(({ id }) => id.replace(/-/g, '')) };
}
