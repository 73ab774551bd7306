import { createHash, randomUUID } from 'node:crypto';
import { DateTime } from 'luxon';
import type { FieldContext } from '../../shared/fields/field-kind.ts';
import type { FormValues } from '../../shared/form.ts';
import type { Language } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import { todayIn } from '../../shared/relative-period.ts';
import type { Run } from '../../shared/run.ts';
import { maySeePersonal, maySeeRun, rightsKey, type Access } from '../access/access.ts';
import { recordAudit } from '../access/audit.ts';
import type { Catalog, Task } from '../catalog/task.ts';
import type { Forms, UnknownEntries } from '../forms/index.ts';
import type { State } from '../state/state.ts';
import type { Uploads } from '../uploads/index.ts';
import { renderFileName } from '../template/index.ts';
import { admit, findOrAddExecution, waitingOf, type Slots } from './execution-store.ts';
import type { StoredResult } from './executor.ts';
import { fileWords } from './file-words.ts';
import type { KindRunners } from './kind-runner.ts';
import { runnableTask } from './person-tasks.ts';
import { makePlan, planKind, type Sources } from './plan.ts';
import { addRun, cancelRun, listRuns, readRun, viewOf, type RunFilter, type RunRow } from './run-store.ts';
import { watchRun, type RunListener } from './watch.ts';
import type { ExecutionWorker } from './worker.ts';

export interface RunsParts {
  state: State;
  catalog: Catalog;
  sources: Sources;
  kinds: KindRunners;
  forms: Forms;
  worker: ExecutionWorker;
  uploads: Uploads;
  /** The git commit of the catalog, where there is one. */
  catalogCommit: () => string | undefined;
  timeZone: string;
  slots: Slots;
  now: () => Date;
}

export interface SubmitOptions {
  language: Language;
  unknown: UnknownEntries;
}

/** Accepting, following, stopping and finding runs. A run belongs to its person; analysts see those that they are asked about. */
export interface Runs {
  submit(access: Access, taskId: string, values: FormValues, options: SubmitOptions): Promise<Run>;
  get(access: Access, id: string): Promise<Run>;
  list(access: Access, filter: RunFilter): Promise<{ runs: Run[]; more: boolean }>;
  cancel(access: Access, id: string): Promise<Run>;
  /** Calls back at each change until stopped; also at least every second, for changes made by other backends. */
  watch(access: Access, id: string, listener: RunListener): Promise<() => void>;
  /** A finished run's results, as stored, for somebody who may see it. */
  results(access: Access, id: string): Promise<{ run: Run; results: StoredResult[] }>;
  /** The values that this person entered the last time. */
  lastValues(access: Access, taskId: string): Promise<FormValues | undefined>;
  lastRunAt(access: Access): Promise<Map<string, string>>;
  /** Resolves when the run has ended, or at the signal. */
  wait(access: Access, id: string, signal: AbortSignal): Promise<Run>;
}

export const notFoundRun = () => new Problem('not_found', { ru: 'Такого запуска нет среди ваших.', en: 'There is no such run among yours.' });

/** Tables that a kind makes have words of one language in them, and so are not shared with readers of the other. */
function mergeKey(task: Task, resolved: FormValues, rights: string, language: Language): string {
  const sorted = Object.fromEntries(Object.entries(resolved).sort(([one], [other]) => (one < other ? -1 : 1)));
  return createHash('sha256').update(JSON.stringify([task.id, task.version, rights, sorted, ...(task.kind === 'query' ? [] : [language])])).digest('hex');
}

/** Beyond this a person asks by a mistake of a workbook or program, not by hand. */
const mostWaiting = 200;
const tooManyWaiting = () => new Problem('too_many', { ru: `В очереди уже ${mostWaiting} ваших запусков. Дождитесь их или отмените лишние.`, en: `${mostWaiting} of your runs are waiting already. Wait for them or cancel some.` });

const personalResult = () =>
  new Problem('not_allowed', { ru: 'В этом результате есть персональные данные, а права на них нет. Запустите задачу сами: их столбцы не попадут в результат.', en: 'This result holds personal data that you have no right to. Run the task yourself: those columns will be left out.' });

export function hasEnded(run: Run): boolean {
  return run.status.state !== 'queued' && run.status.state !== 'running';
}

export function openRuns(parts: RunsParts): Runs {
  const { state, worker } = parts;
  const context = (): FieldContext => ({ zone: parts.timeZone, today: todayIn(parts.timeZone, parts.now()) });
  const inZone = (instant: Date) => DateTime.fromJSDate(instant, { zone: parts.timeZone }).toISO({ suppressMilliseconds: true }) ?? '';

  const view = (row: RunRow, access: Access): Run => {
    const run = viewOf(row, inZone, access.may.has('author'));
    const progress = worker.progressOf(row.execution_id);
    return run.status.state === 'running' && progress !== undefined ? { ...run, status: { state: 'running', progress } } : run;
  };

  /** A person who asks about a result shows it to the analysts with the question. */
  const wasAskedAbout = async (access: Access, id: string): Promise<boolean> =>
    access.may.has('author') && (await state.query('SELECT 1 FROM questions WHERE run_id = $1 LIMIT 1', [id])).length > 0;

  const rowFor = async (access: Access, id: string): Promise<RunRow> => {
    const row = await readRun(state, id);
    if (row === undefined || !(maySeeRun(access, row) || (await wasAskedAbout(access, row.id)))) throw notFoundRun();
    return row;
  };

  const submit: Runs['submit'] = async (access, taskId, values, { language, unknown }) => {
    const task = runnableTask(parts.catalog, access, taskId);
    const fieldContext = context();
    const checked = await parts.forms.check(task, values, { person: { id: access.person }, context: fieldContext, unknown });
    const planned = makePlan(task, checked.resolved, { sources: parts.sources, context: fieldContext, personal: maySeePersonal(access), files: checked.files });
    const plan = await planKind(task, planned, { values: checked.resolved, person: access.person, language, runners: parts.kinds, sources: parts.sources, context: fieldContext });
    const id = randomUUID();
    const { weekNumber, weekYear } = DateTime.fromJSDate(parts.now(), { zone: parts.timeZone });
    await state.transaction(async (transaction) => {
      const executionId = await findOrAddExecution(transaction, {
        id: randomUUID(),
        mergeKey: mergeKey(task, checked.resolved, rightsKey(access), language),
        taskId: task.id,
        taskVersion: task.version,
        person: access.person,
        sources: [...new Set(task.steps.map((step) => step.on))],
        input: { plan, resolved: checked.resolved },
      });
      const run = {
        id,
        person: access.person,
        executionId,
        taskId: task.id,
        taskVersion: [task.version, parts.catalogCommit()].filter((part) => part !== undefined).join(' · '),
        title: task.title,
        entered: checked.entered,
        resolved: checked.resolved,
        words: checked.words,
        fileName: renderFileName(task, fileWords(task, checked.resolved, checked.fieldWords)),
        chart: task.chart,
        language,
      };
      if ((await waitingOf(transaction, access.person)) >= mostWaiting) throw tooManyWaiting();
      await addRun(transaction, run, { year: weekYear, week: weekNumber });
      await recordAudit(transaction, { person: access.person, action: 'run_submitted', subject: id, detail: { task: task.id } });
      await admit(state, transaction, parts.slots);
    });
    await parts.uploads.use(Object.values(checked.files).map(({ id: upload }) => upload));
    return view(await rowFor(access, id), access);
  };

  const watch: Runs['watch'] = async (access, id, listener) => {
    const { execution_id: executionId } = await rowFor(access, id);
    return watchRun({ executionId, changes: worker.changes, read: async () => view(await rowFor(access, id), access) }, listener);
  };

  return {
    submit,
    watch,
    get: async (access, id) => view(await rowFor(access, id), access),
    list: async (access, filter) => {
      const rows = await listRuns(state, access.person, filter);
      return { runs: rows.slice(0, filter.limit).map((row) => view(row, access)), more: rows.length > filter.limit };
    },
    cancel: async (access, id) => {
      const row = await readRun(state, id);
      if (row === undefined || !(maySeeRun(access, row) || access.may.has('operate'))) throw notFoundRun();
      const cancelled = await cancelRun(state, row.id, { by: access.person, slots: parts.slots });
      if (cancelled?.stop === true) worker.stop(cancelled.executionId);
      if (cancelled !== undefined) worker.changes.emit('change', cancelled.executionId, 'state');
      return view((await readRun(state, id)) ?? row, access);
    },
    results: async (access, id) => {
      const row = await rowFor(access, id);
      if (row.state !== 'succeeded' || row.cancelled_at !== null || row.results === null)
        throw new Problem('conflict', { ru: 'У этого запуска нет результата.', en: 'This run has no result.' });
      if (row.dropped_at !== null)
        throw new Problem('result_expired', { ru: 'Строки этого результата уже удалены: срок хранения вышел. Запустите задачу ещё раз.', en: 'The rows of this result are gone: their time is over. Run the task again.' });
      if (row.results.some((result) => result.personal) && !maySeePersonal(access)) throw personalResult();
      return { run: view(row, access), results: row.results };
    },
    lastValues: async (access, taskId) => {
      const rows = await state.query<{ entered_values: FormValues }>('SELECT entered_values FROM runs WHERE person = $1 AND task_id = $2 ORDER BY created_at DESC LIMIT 1', [access.person, taskId]);
      return rows[0]?.entered_values;
    },
    lastRunAt: async (access) => {
      const rows = await state.query<{ task_id: string; at: Date }>('SELECT task_id, max(created_at) AS at FROM runs WHERE person = $1 GROUP BY task_id', [access.person]);
      return new Map(rows.map(({ task_id: task, at }) => [task, at.toISOString()]));
    },
    wait: (access, id, signal) =>
      new Promise<Run>((resolve, reject) => {
        let stopWatching: (() => void) | undefined;
        let done = false;
        const end = (settle: () => void) => {
          done = true;
          stopWatching?.();
          settle();
        };
        const late = () => end(() => reject(new Problem('time_limit', { ru: 'Задача ещё выполняется; результат появится в истории.', en: 'The task is still running; its result will be in the history.' })));
        signal.addEventListener('abort', late, { once: true });
        const onRun = (run: Run) => {
          if (hasEnded(run)) end(() => resolve(run));
        };
        watch(access, id, { onRun, onLost: (problem) => end(() => reject(problem as Error)) }).then(
          (stop) => {
            stopWatching = stop;
            if (done) stop();
          },
          (error: unknown) => end(() => reject(error as Error)),
        );
      }),
  };
}
