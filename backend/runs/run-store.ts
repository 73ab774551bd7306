import type { FormValues } from '../../shared/form.ts';
import type { Language, LocalText } from '../../shared/language.ts';
import type { Outcome } from '../../shared/outcome.ts';
import type { Chart } from '../../shared/result.ts';
import type { Progress, Provenance, Run, RunState, StepFigures } from '../../shared/run.ts';
import { toJson, type State, type Transaction } from '../state/state.ts';
import { recordAudit } from '../access/audit.ts';
import { admit, type RecordedProblem, type Slots } from './execution-store.ts';
import type { StoredResult } from './executor.ts';

export interface NewRun {
  id: string;
  person: string;
  executionId: string;
  taskId: string;
  taskVersion: string;
  title: LocalText;
  entered: FormValues;
  resolved: FormValues;
  words: Provenance['values'];
  fileName: LocalText;
  chart: Chart | undefined;
  language: Language;
}

/** A run with its execution, as the database holds them. */
export interface RunRow {
  id: string;
  number: string;
  person: string;
  execution_id: string;
  task_id: string;
  task_version: string;
  title: LocalText;
  entered_values: FormValues;
  resolved_values: FormValues;
  values_in_words: Provenance['values'];
  file_name: LocalText;
  chart: Chart | null;
  language: Language;
  created_at: Date;
  cancelled_at: Date | null;
  state: RunState['state'];
  progress: Progress | null;
  problem: RecordedProblem | null;
  results: StoredResult[] | null;
  outcome: Outcome | null;
  data_as_of: Date | null;
  started_at: Date | null;
  finished_at: Date | null;
  dropped_at: Date | null;
  timings: StepFigures[] | Record<string, number> | null;
  ahead: number;
  recall_reason: LocalText | null;
  recalled_at: Date | null;
}

const select = `
  SELECT r.id, r.number, r.person, r.execution_id, r.task_id, r.task_version, r.title, r.entered_values, r.resolved_values, r.values_in_words,
         r.file_name, r.chart, r.language, r.created_at, r.cancelled_at,
         e.state, e.progress, e.problem, e.results, e.outcome, e.data_as_of, e.started_at, e.finished_at, e.dropped_at, e.timings, c.reason AS recall_reason, c.made_at AS recalled_at,
         CASE WHEN e.state = 'queued' THEN (SELECT count(*) FROM executions q WHERE q.state = 'queued' AND q.place < e.place) ELSE 0 END AS ahead
  FROM runs r JOIN executions e ON e.id = r.execution_id LEFT JOIN recalled_runs x ON x.run_id = r.id LEFT JOIN recalls c ON c.id = x.recall_id`;

/** Adds a run under the next number of this ISO week in the company's time zone. */
export async function addRun(transaction: Transaction, run: NewRun, week: { year: number; week: number }): Promise<void> {
  const [next] = await transaction.query<{ last: number }>(
    `INSERT INTO run_numbers (iso_year, iso_week, last) VALUES ($1, $2, 1)
     ON CONFLICT (iso_year, iso_week) DO UPDATE SET last = run_numbers.last + 1 RETURNING last`,
    [week.year, week.week],
  );
  await transaction.query(
    `INSERT INTO runs (id, iso_year, iso_week, sequence, person, execution_id, task_id, task_version, title, entered_values, resolved_values,
       values_in_words, file_name, chart, language) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      run.id,
      week.year,
      week.week,
      next?.last ?? 1,
      run.person,
      run.executionId,
      run.taskId,
      run.taskVersion,
      toJson(run.title),
      toJson(run.entered),
      toJson(run.resolved),
      toJson(run.words),
      toJson(run.fileName),
      run.chart === undefined ? null : toJson(run.chart),
      run.language,
    ],
  );
}

export async function readRun(state: Transaction, id: string): Promise<RunRow | undefined> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return undefined;
  return (await state.query<RunRow>(`${select} WHERE r.id = $1`, [id]))[0];
}

export interface RunFilter {
  task?: string | undefined;
  state?: RunState['state'] | undefined;
  /** A run number, or words of the title. */
  search?: string | undefined;
  offset: number;
  limit: number;
}

/** A person's runs, newest first; one more than asked when there are more. */
export async function listRuns(state: State, person: string, filter: RunFilter): Promise<RunRow[]> {
  const number = /^№?\s*(\d{1,2}-\d{1,6})$/.exec(filter.search?.trim() ?? '')?.[1] ?? null;
  const words = filter.search === undefined || number !== null ? null : filter.search.trim();
  return state.query<RunRow>(
    `${select} WHERE r.person = $1 AND ($2::text IS NULL OR r.task_id = $2)
       AND ($3::text IS NULL OR CASE WHEN r.cancelled_at IS NOT NULL THEN 'cancelled' ELSE e.state END = $3)
       AND ($4::text IS NULL OR r.number = $4) AND ($5::text IS NULL OR strpos(lower(concat(r.title->>'ru', ' ', r.title->>'en')), lower($5)) > 0)
     ORDER BY r.created_at DESC, r.id LIMIT $6 OFFSET $7`,
    [person, filter.task ?? null, filter.state ?? null, number, words, filter.limit + 1, filter.offset],
  );
}

/** The person no longer wants it. The execution stops when nobody does; its key is freed at once for a new one. */
export async function cancelRun(state: State, id: string, { by, slots }: { by: string; slots: Slots }): Promise<{ executionId: string; stop: boolean } | undefined> {
  return state.transaction(async (transaction) => {
    // Whoever cancels or joins this execution at the same moment takes turns.
    await transaction.query('SELECT 1 FROM executions WHERE id = (SELECT execution_id FROM runs WHERE id = $1) FOR UPDATE', [id]);
    const [run] = await transaction.query<{ execution_id: string }>(
      `UPDATE runs r SET cancelled_at = now() FROM executions e
       WHERE r.id = $1 AND e.id = r.execution_id AND r.cancelled_at IS NULL AND e.state IN ('queued', 'running') RETURNING r.execution_id`,
      [id],
    );
    if (run === undefined) return undefined;
    const [stopped] = await transaction.query<{ id: string }>(
      `UPDATE executions SET cancel_requested_at = now(), merge_key = merge_key || ' cancelled ' || id::text,
         state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END,
         finished_at = CASE WHEN state = 'queued' THEN now() END
       WHERE id = $1 AND state IN ('queued', 'running') AND NOT EXISTS (SELECT 1 FROM runs WHERE execution_id = $1 AND cancelled_at IS NULL) RETURNING id`,
      [run.execution_id],
    );
    await recordAudit(transaction, { person: by, action: 'run_cancelled', subject: id });
    if (stopped !== undefined) await admit(state, transaction, slots);
    return { executionId: run.execution_id, stop: stopped !== undefined };
  });
}

function statusOf(row: RunRow): RunState {
  if (row.cancelled_at !== null) return { state: 'cancelled', finishedAt: row.cancelled_at.toISOString() };
  const finishedAt = (row.finished_at ?? row.created_at).toISOString();
  switch (row.state) {
    case 'queued':
      return { state: 'queued', position: row.ahead + 1 };
    case 'running':
      return { state: 'running', progress: row.progress };
    case 'succeeded':
      return {
        state: 'succeeded',
        finishedAt,
        elapsedMs: (row.finished_at?.getTime() ?? 0) - (row.started_at?.getTime() ?? 0),
        results: (row.results ?? []).map(({ name, title, table, columns, bytes, notices }) => ({ name, title, rows: table.rows, bytes, columns, notices, available: row.dropped_at === null })),
        ...(row.outcome === null ? {} : { outcome: row.outcome }),
      };
    case 'failed':
      return { state: 'failed', code: row.problem?.code ?? 'internal', message: row.problem?.text ?? { ru: '', en: '' }, reference: row.problem?.reference ?? '', finishedAt };
    case 'cancelled':
      return { state: 'cancelled', finishedAt };
  }
}

/** Version 0.1.0 recorded milliseconds alone. */
function figuresOf(timings: RunRow['timings']): StepFigures[] {
  if (timings === null || Array.isArray(timings)) return timings ?? [];
  return Object.entries(timings).map(([name, ms]) => ({ name, rows: null, ms, kept: false }));
}

/** A run as people and programs see it; `author` sees how it was made too. */
export function viewOf(row: RunRow, isoInZone: (instant: Date) => string, author: boolean): Run {
  const status = statusOf(row);
  const forAuthor = author ? row.problem?.forAuthor : undefined;
  const steps = author ? figuresOf(row.timings) : [];
  return {
    id: row.id,
    provenance: {
      taskId: row.task_id,
      title: row.title,
      number: row.number,
      version: row.task_version,
      person: row.person,
      startedAt: (row.started_at ?? row.created_at).toISOString(),
      dataAsOf: row.data_as_of === null ? null : isoInZone(row.data_as_of),
      values: row.values_in_words,
    },
    values: row.entered_values,
    resolvedValues: row.resolved_values,
    ...(row.chart === null ? {} : { chart: row.chart }),
    fileName: row.file_name,
    createdAt: row.created_at.toISOString(),
    ...(steps.length === 0 ? {} : { steps }),
    ...(row.recall_reason === null || row.recalled_at === null ? {} : { recalled: { reason: row.recall_reason, recalledAt: row.recalled_at.toISOString() } }),
    status: status.state === 'failed' && forAuthor !== undefined ? { ...status, forAuthor } : status,
  };
}
