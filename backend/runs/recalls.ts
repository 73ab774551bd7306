import { randomUUID } from 'node:crypto';
import { DateTime } from 'luxon';
import type { LocalText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import type { RecalledRun } from '../../shared/recall.ts';
import type { Access } from '../access/access.ts';
import { recordAudit } from '../access/audit.ts';
import { toJson, type Parameter, type State } from '../state/state.ts';

/** Which results of a task were wrong: by the versions that made them, by the days on which they were asked for, or both. */
export interface RecallScope {
  taskId: string;
  /** Beginnings of task versions or of catalog commits. */
  versions?: string[] | undefined;
  /** Local days, both inclusive. */
  from?: string | undefined;
  to?: string | undefined;
}

export interface AffectedRun {
  id: string;
  number: string;
  person: string;
  version: string;
  createdAt: Date;
  /** Files that were taken by links to it. */
  downloads: number;
  /** An earlier recall has marked it already. */
  recalled: boolean;
}

/** Marks that results carry when they are found to be wrong. Nothing is ever deleted. */
export interface Recalls {
  /** Every run that a recall would mark, oldest first. */
  affected(scope: RecallScope): Promise<AffectedRun[]>;
  /** Marks them; answers those that were not marked before. */
  recall(scope: RecallScope, reason: LocalText, by: string): Promise<AffectedRun[]>;
  /** This person's recalled runs that they have not put away yet, newest first. */
  unseen(access: Access): Promise<RecalledRun[]>;
  markSeen(access: Access, runId: string): Promise<void>;
  /** The marks of these runs, whoever made them: a workbook goes from hand to hand. */
  marksOf(runIds: string[]): Promise<RecalledRun[]>;
}

interface MarkRow {
  run_id: string;
  number: string;
  title: LocalText;
  reason: LocalText;
  made_at: Date;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const marks = 'SELECT x.run_id, r.number, r.title, c.reason, c.made_at FROM recalled_runs x JOIN recalls c ON c.id = x.recall_id JOIN runs r ON r.id = x.run_id';
const mostUnseen = 50;

function markOf(row: MarkRow): RecalledRun {
  return { runId: row.run_id, number: row.number, title: row.title, reason: row.reason, recalledAt: row.made_at.toISOString() };
}

function tooWide(): Problem {
  return new Problem('invalid_request', {
    ru: 'Скажите, какие запуски отозвать: версии задачи (--versions) или дни (--from, --to).',
    en: 'Say which runs to recall: versions of the task (--versions) or days (--from, --to).',
  });
}

/** Runs that gave a result, or still may give one, of a version that was wrong. */
function chosen({ taskId, versions, from, to }: RecallScope, timeZone: string): { where: string; parameters: Parameter[] } {
  if (versions === undefined && from === undefined && to === undefined) throw tooWide();
  const startOf = (day: string | undefined, days: number) => (day === undefined ? null : DateTime.fromISO(day, { zone: timeZone }).startOf('day').plus({ days }).toJSDate());
  return {
    where: `r.task_id = $1 AND r.cancelled_at IS NULL AND e.state IN ('queued', 'running', 'succeeded')
      AND ($2::text[] IS NULL OR EXISTS (SELECT 1 FROM unnest($2::text[]) AS v, unnest(string_to_array(r.task_version, ' · ')) AS part WHERE starts_with(part, v)))
      AND ($3::timestamptz IS NULL OR r.created_at >= $3) AND ($4::timestamptz IS NULL OR r.created_at < $4)`,
    parameters: [taskId, versions ?? null, startOf(from, 0), startOf(to, 1)],
  };
}

export function openRecalls({ state, timeZone }: { state: State; timeZone: string }): Recalls {
  const affected: Recalls['affected'] = async (scope) => {
    const { where, parameters } = chosen(scope, timeZone);
    const rows = await state.query<{ id: string; number: string; person: string; task_version: string; created_at: Date; downloads: number; recalled: boolean }>(
      `SELECT r.id, r.number, r.person, r.task_version, r.created_at, EXISTS (SELECT 1 FROM recalled_runs x WHERE x.run_id = r.id) AS recalled,
         (SELECT count(*) FROM downloads d JOIN links l ON l.id = d.link_id WHERE l.run_id = r.id AND d.bytes > 0) AS downloads
       FROM runs r JOIN executions e ON e.id = r.execution_id WHERE ${where} ORDER BY r.created_at, r.id`,
      parameters,
    );
    return rows.map((row) => ({ id: row.id, number: row.number, person: row.person, version: row.task_version, createdAt: row.created_at, downloads: row.downloads, recalled: row.recalled }));
  };
  return {
    affected,
    recall: async (scope, reason, by) => {
      const runs = await affected(scope);
      const fresh = runs.filter(({ recalled }) => !recalled);
      if (fresh.length === 0) return [];
      const id = randomUUID();
      return state.transaction(async (transaction) => {
        await transaction.query('INSERT INTO recalls (id, task_id, reason, made_by) VALUES ($1, $2, $3, $4)', [id, scope.taskId, toJson(reason), by]);
        const marked = await transaction.query<{ run_id: string }>('INSERT INTO recalled_runs (run_id, recall_id) SELECT unnest($1::uuid[]), $2 ON CONFLICT DO NOTHING RETURNING run_id', [fresh.map((run) => run.id), id]);
        await recordAudit(transaction, { person: by, action: 'runs_recalled', subject: scope.taskId, detail: { recall: id, runs: marked.length } });
        const ids = new Set(marked.map((row) => row.run_id));
        return fresh.filter((run) => ids.has(run.id));
      });
    },
    unseen: async (access) => (await state.query<MarkRow>(`${marks} WHERE r.person = $1 AND x.seen_at IS NULL ORDER BY c.made_at DESC, r.created_at DESC LIMIT ${mostUnseen}`, [access.person])).map(markOf),
    markSeen: async (access, runId) => {
      if (!uuid.test(runId)) return;
      await state.query('UPDATE recalled_runs SET seen_at = now() WHERE run_id = $1 AND seen_at IS NULL AND EXISTS (SELECT 1 FROM runs r WHERE r.id = $1 AND r.person = $2)', [runId, access.person]);
    },
    marksOf: async (runIds) => (await state.query<MarkRow>(`${marks} WHERE x.run_id = ANY ($1::uuid[])`, [runIds.filter((id) => uuid.test(id))])).map(markOf),
  };
}
