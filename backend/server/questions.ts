import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { Question, questionRequest } from '../../shared/api.ts';
import { Problem } from '../../shared/problem.ts';
import type { Catalog, Task } from '../catalog/task.ts';
import { mayAnswer, maySee, type Access } from '../access/access.ts';
import { recordAudit } from '../access/audit.ts';
import type { Runs } from '../runs/runs.ts';
import type { State } from '../state/state.ts';

interface QuestionRow {
  id: string;
  text: string;
  for_what: string | null;
  by_when: string | null;
  number: string | null;
  task_id: string | null;
  asked_by: string;
  owner: string | null;
  state: Question['state'];
  answer: string | null;
  created_at: Date;
}

const select = 'SELECT q.*, r.number FROM questions q LEFT JOIN runs r ON r.id = q.run_id';

function viewOf(row: QuestionRow): Question {
  return {
    id: row.id,
    text: row.text,
    forWhat: row.for_what,
    byWhen: row.by_when,
    runNumber: row.number,
    taskId: row.task_id,
    askedBy: row.asked_by,
    owner: row.owner,
    state: row.state,
    answer: row.answer,
    createdAt: row.created_at.toISOString(),
  };
}

/** A task that is not theirs to see looks as if it were not there; one that is retired may still be asked about. */
function visibleTask(catalog: Catalog, access: Access, id: string): Task {
  const task = catalog.task(id);
  if (task === undefined || !maySee(access, task)) throw new Problem('not_found', { ru: 'Такой задачи нет, или она вам не открыта.', en: 'There is no such task, or it is not open to you.' });
  return task;
}

/** Questions to analysts, kept for the task's owner; those about no task are for every analyst. */
export interface Questions {
  ask(access: Access, request: z.output<typeof questionRequest>): Promise<Question>;
  list(access: Access): Promise<Question[]>;
  answer(access: Access, id: string, state: Question['state'], answer: string): Promise<Question>;
}

export function openQuestions({ state, catalog, runs }: { state: State; catalog: Catalog; runs: Runs }): Questions {
  const read = async (id: string): Promise<QuestionRow | undefined> => (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? (await state.query<QuestionRow>(`${select} WHERE q.id = $1`, [id]))[0] : undefined);
  return {
    ask: async (access, request) => {
      const run = request.runId === undefined ? undefined : await runs.get(access, request.runId);
      const task = run === undefined ? (request.taskId === undefined ? undefined : visibleTask(catalog, access, request.taskId)) : catalog.task(run.provenance.taskId);
      const id = randomUUID();
      await state.query('INSERT INTO questions (id, text, for_what, by_when, run_id, task_id, asked_by, owner) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)', [
        id,
        request.text,
        request.forWhat ?? null,
        request.byWhen ?? null,
        run?.id ?? null,
        run?.provenance.taskId ?? task?.id ?? null,
        access.person,
        task?.owner ?? null,
      ]);
      return viewOf((await read(id)) as QuestionRow);
    },
    list: async (access) => {
      const rows = await state.query<QuestionRow>(`${select} WHERE q.asked_by = $1 OR lower(q.owner) = $1 OR ($2 AND q.owner IS NULL) ORDER BY q.created_at DESC LIMIT 200`, [access.person, access.may.has('author')]);
      return rows.map(viewOf);
    },
    answer: async (access, id, newState, answer) => {
      const row = await read(id);
      if (row === undefined || !mayAnswer(access, row)) throw new Problem('not_found', { ru: 'Такого вопроса к вам нет.', en: 'There is no such question to you.' });
      await state.transaction(async (transaction) => {
        await transaction.query('UPDATE questions SET state = $2, answer = $3, answered_by = $4, answered_at = now() WHERE id = $1', [id, newState, answer, access.person]);
        await recordAudit(transaction, { person: access.person, action: 'question_answered', subject: id, detail: { state: newState } });
      });
      return viewOf((await read(id)) as QuestionRow);
    },
  };
}
