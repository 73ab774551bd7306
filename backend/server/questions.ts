import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { Question, QuestionChange, questionRequest } from '../../shared/question.ts';
import { sameText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import type { Catalog, Task } from '../catalog/task.ts';
import { isKnown, accessOf, mayAnswer, mayRun, maySee, type Access } from '../access/access.ts';
import { recordAudit } from '../access/audit.ts';
import type { Log } from '../log.ts';
import type { Runs } from '../runs/runs.ts';
import type { State, Transaction } from '../state/state.ts';

interface QuestionRow {
  id: string;
  text: string;
  for_what: string | null;
  by_when: string | null;
  run_id: string | null;
  number: string | null;
  task_id: string | null;
  asked_by: string;
  owner: string | null;
  state: Question['state'];
  taken_by: string | null;
  answer: string | null;
  answered_by: string | null;
  became_task: string | null;
  created_at: Date;
}

const select = 'SELECT q.*, r.number FROM questions q LEFT JOIN runs r ON r.id = q.run_id';
const mostShown = 300;

/** A task that is not theirs to see looks as if it were not there; one that is retired may still be asked about. */
function visibleTask(catalog: Catalog, access: Access, id: string): Task {
  const task = catalog.task(id);
  if (task === undefined || !maySee(access, task)) throw new Problem('not_found', { ru: 'Такой задачи нет, или она вам не открыта.', en: 'There is no such task, or it is not open to you.' });
  return task;
}

/** "This is now a task" must be true for the one who asked. */
function taskFor(catalog: Catalog, asker: string, id: string): Task {
  const task = catalog.task(id.trim());
  if (task === undefined) throw new Problem('invalid_request', { ru: `Задачи «${id}» нет. Напишите имя её файла без .sql, например partner-cards.`, en: `There is no task “${id}”. Give its file's name without .sql, such as partner-cards.` });
  const rules = catalog.access();
  if (task.status === 'published' && (!isKnown(rules, asker) || mayRun(accessOf(rules, asker), task))) return task;
  throw new Problem('invalid_request', {
    ru: `Задача «${task.title.ru}» не открыта тому, кто просил (${asker}). Опубликуйте её и откройте её группу (${task.group}) его роли в access.yaml.`,
    en: `The task “${task.title.en}” is not open to ${asker}, who asked. Publish it, and open its group (${task.group}) to their role in access.yaml.`,
  });
}

async function takenAlready(transaction: Transaction, { id }: QuestionRow): Promise<Problem> {
  const [now] = await transaction.query<{ taken_by: string | null }>('SELECT taken_by FROM questions WHERE id = $1', [id]);
  const by = now?.taken_by ?? '';
  return new Problem('conflict', { ru: `Этот запрос уже в работе или закрыт: ${by}. Ответить всё равно можно.`, en: `This request is already in work or closed: ${by}. You may still answer it.` });
}
const notTaken = () => new Problem('conflict', { ru: 'Вернуть можно только запрос, который взят и не закрыт.', en: 'Only a request that is taken and not closed can be put back.' });

/** The new state in one statement, so that of two who take the same question one is told. */
async function apply(transaction: Transaction, row: QuestionRow, person: string, change: QuestionChange): Promise<void> {
  const changed = (sql: string, ...given: (string | null)[]) => transaction.query(`UPDATE questions SET ${sql} RETURNING id`, [row.id, ...given]);
  const close = "answered_by = $2, answered_at = now(), taken_by = coalesce(taken_by, $2), taken_at = coalesce(taken_at, now())";
  switch (change.state) {
    case 'new':
      if ((await changed("state = 'new', taken_by = NULL, taken_at = NULL WHERE id = $1 AND state = 'taken'")).length === 0) throw notTaken();
      return;
    case 'taken':
      if ((await changed("state = 'taken', taken_by = $2, taken_at = now() WHERE id = $1 AND (state = 'new' OR state = 'taken' AND taken_by = $2)", person)).length === 0) throw await takenAlready(transaction, row);
      return;
    case 'done':
    case 'declined':
      await changed(`state = '${change.state}', answer = $3, became_task = NULL, ${close} WHERE id = $1`, person, change.answer);
      return;
    case 'became_task':
      await changed(`state = 'became_task', answer = $3, became_task = $4, ${close} WHERE id = $1`, person, change.answer ?? null, change.task);
      return;
  }
}

/** What colleagues ask analysts for: kept for the task's owner, open to every analyst. */
export interface Questions {
  ask(access: Access, request: z.output<typeof questionRequest>): Promise<Question>;
  list(access: Access): Promise<Question[]>;
  change(access: Access, id: string, change: QuestionChange): Promise<Question>;
}

export interface QuestionsParts {
  state: State;
  catalog: Catalog;
  runs: Runs;
  log: Log;
  onQuestion?: (question: Question) => void;
}

export function openQuestions({ state, catalog, runs, log, onQuestion }: QuestionsParts): Questions {
  const read = async (id: string): Promise<QuestionRow | undefined> => (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? (await state.query<QuestionRow>(`${select} WHERE q.id = $1`, [id]))[0] : undefined);
  const viewOf = (row: QuestionRow): Question => ({
    id: row.id,
    text: row.text,
    forWhat: row.for_what,
    byWhen: row.by_when,
    runId: row.run_id,
    runNumber: row.number,
    taskId: row.task_id,
    askedBy: row.asked_by,
    owner: row.owner,
    state: row.state,
    takenBy: row.taken_by,
    answer: row.answer,
    answeredBy: row.answered_by,
    becameTask: row.became_task === null ? null : { id: row.became_task, title: catalog.task(row.became_task)?.title ?? sameText(row.became_task) },
    createdAt: row.created_at.toISOString(),
  });
  /** The deed is done; whoever listens may fail by themselves. */
  const told = async (id: string): Promise<Question> => {
    const question = viewOf((await read(id)) as QuestionRow);
    try {
      onQuestion?.(question);
    } catch (error) {
      log.error('question_not_told', error, { question: id });
    }
    return question;
  };
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
      return told(id);
    },
    list: async (access) => {
      const rows = await state.query<QuestionRow>(
        `${select} WHERE q.asked_by = $1 OR lower(q.owner) = $1 OR $2 ORDER BY q.state IN ('new', 'taken') DESC, q.created_at DESC LIMIT ${mostShown}`,
        [access.person, access.may.has('author')],
      );
      return rows.map(viewOf);
    },
    change: async (access, id, change) => {
      const row = await read(id);
      if (row === undefined || !mayAnswer(access, row)) throw new Problem('not_found', { ru: 'Такого вопроса к вам нет.', en: 'There is no such question to you.' });
      const checked = change.state === 'became_task' ? { ...change, task: taskFor(catalog, row.asked_by, change.task).id } : change;
      await state.transaction(async (transaction) => {
        await apply(transaction, row, access.person, checked);
        await recordAudit(transaction, { person: access.person, action: 'question_answered', subject: id, detail: { state: change.state } });
      });
      return told(id);
    },
  };
}
