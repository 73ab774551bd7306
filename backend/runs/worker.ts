import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { LocalText } from '../../shared/language.ts';
import { Problem, type ProblemCode } from '../../shared/problem.ts';
import type { Progress } from '../../shared/run.ts';
import type { Catalog } from '../catalog/task.ts';
import type { Log } from '../log.ts';
import type { State } from '../state/state.ts';
import type { ExecutionChanges } from './watch.ts';
import { claim, executionQueue, finish, recordProgress, recover, requeue, type ClaimedExecution, type Ending, type RecordedProblem, type Slots } from './execution-store.ts';
import { execute, plannedTables, type ExecutionOutcome, type ExecutorParts } from './executor.ts';

/** The engine went away in the middle. Steps only read, so they may be run once more. */
const retried: ProblemCode[] = ['interrupted', 'source_unreachable'];

export interface WorkerParts extends ExecutorParts {
  state: State;
  catalog: Catalog;
  log: Log;
  slots: Slots;
  /** How many executions this backend carries out at a time. */
  atOnce: number;
  keepDays: number;
}

/** Carries out executions of this backend, tells about their progress and stops them. */
export interface ExecutionWorker {
  /** Newest progress of an execution that runs here. */
  progressOf(executionId: string): Progress | undefined;
  /** Stops an execution that runs here, the engine included; others see the request within a second. */
  stop(executionId: string): void;
  /** Emits an execution's id whenever its state or progress has changed here. */
  changes: ExecutionChanges;
  close(): Promise<void>;
}

const retired = (replacement: LocalText | undefined) =>
  new Problem('task_retired', {
    ru: `Пока задача ждала очереди, её отключили.${replacement === undefined ? ' Спросите аналитика, чем её заменили.' : ` Вместо неё: «${replacement.ru}».`}`,
    en: `The task was retired while this run waited.${replacement === undefined ? ' Ask an analyst what replaces it.' : ` Use “${replacement.en}” instead.`}`,
  });

const interruptedText = {
  ru: 'Работа дважды прервалась: сервер или хранилище остановились посередине. Запустите ещё раз; если повторится, скажите оператору.',
  en: 'The work was interrupted twice: the server or the engine stopped in the middle. Run it again; if it happens again, tell the operator.',
};

function record(error: unknown, log: Log, executionId: string): RecordedProblem {
  const reference = randomBytes(4).toString('hex');
  const known = error instanceof Problem && error.code !== 'internal';
  if (!known) log.error('execution_failed', error, { reference, executionId });
  return error instanceof Problem
    ? { code: error.code, text: error.text, reference, ...(error.forAuthor === undefined ? {} : { forAuthor: error.forAuthor }) }
    : { code: 'internal', text: { ru: 'Ошибка на нашей стороне. Запустите ещё раз; если повторится, назовите аналитику код обращения.', en: 'A fault on our side. Run it again; if it happens again, give the reference to an analyst.' }, reference };
}

/**
 * Repeats a write until the database takes it: an outcome that is not recorded would be lost, and its run would stay
 * under way for ever. Given up only when the backend closes; then the next one takes the execution up.
 */
async function untilWritten(log: Log, closing: AbortSignal, write: () => Promise<void>): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await write();
      return;
    } catch (error) {
      if (closing.aborted) throw error;
      log.error('outcome_not_recorded', error, { attempt });
      await new Promise((resolve) => setTimeout(resolve, Math.min(200 * 2 ** attempt, 10_000)));
    }
  }
}

export async function startWorker(parts: WorkerParts): Promise<ExecutionWorker> {
  const { state, log } = parts;
  const running = new Map<string, { stop: AbortController; progress: Progress | null; recorded: Progress | null }>();
  const changes: ExecutionChanges = new EventEmitter();
  changes.setMaxListeners(0);
  const closing = new AbortController();
  const changed = (id: string) => changes.emit('change', id, 'state');

  const carryOut = async (execution: ClaimedExecution, signal: AbortSignal): Promise<ExecutionOutcome> => {
    const task = parts.catalog.task(execution.taskId);
    if (task?.status === 'retired') throw retired(task.replacedBy === undefined ? undefined : parts.catalog.task(task.replacedBy)?.title);
    // What an interrupted attempt left behind would be in the way of this one.
    if (execution.attempts > 1) await parts.workbench.drop(plannedTables(execution.input.plan, parts.kinds, execution.id));
    return execute(execution.input.plan, parts, {
      executionId: execution.id,
      signal,
      progress: (progress) => {
        const entry = running.get(execution.id);
        if (entry !== undefined) entry.progress = progress;
        changes.emit('change', execution.id, 'progress');
      },
    });
  };

  const settling = new Set<Promise<void>>();
  const settle = (outcome: ExecutionOutcome): void => {
    const work = parts.workbench
      .settle(outcome.results.map(({ table }) => table))
      .catch((error: unknown) => log.error('tables_not_settled', error))
      .finally(() => settling.delete(work));
    settling.add(work);
  };

  /** How the work ended; `undefined` when it should be done once more. Recording that is another matter. */
  const endingOf = async (execution: ClaimedExecution, signal: AbortSignal, stop: AbortSignal): Promise<Ending | undefined> => {
    try {
      return { state: 'succeeded', outcome: await carryOut(execution, AbortSignal.any([signal, stop])), keepDays: parts.keepDays };
    } catch (error) {
      if (stop.aborted) return { state: 'cancelled' };
      const interrupted = signal.aborted || (error instanceof Problem && retried.includes(error.code));
      return interrupted && execution.attempts < 2 ? undefined : { state: 'failed', problem: record(error, log, execution.id) };
    }
  };

  const handle = async (executionId: string, signal: AbortSignal): Promise<void> => {
    if (running.has(executionId)) return;
    const stop = new AbortController();
    running.set(executionId, { stop, progress: null, recorded: null });
    try {
      const execution = await claim(state, executionId);
      if (execution === undefined) return;
      changed(executionId);
      const ending = await endingOf(execution, signal, stop.signal);
      await untilWritten(log, closing.signal, () => (ending === undefined ? requeue(state, executionId) : finish(state, executionId, ending, parts.slots)));
      if (ending?.state === 'succeeded') settle(ending.outcome);
    } finally {
      running.delete(executionId);
      changed(executionId);
    }
  };

  const tick = async () => {
    for (const [id, entry] of running) {
      const news = entry.progress === entry.recorded ? null : entry.progress;
      entry.recorded = entry.progress;
      if (await recordProgress(state, id, news)) entry.stop.abort();
    }
  };
  const timer = setInterval(() => void tick().catch((error: unknown) => log.error('progress_not_recorded', error)), 700);

  await state.jobs.define(executionQueue, { retries: 2, retryDelaySeconds: 1 });
  const recoverLost = async () => {
    const found = await recover(state, parts.slots, { interrupted: () => ({ code: 'interrupted', text: interruptedText, reference: randomBytes(4).toString('hex') }), inHand: [...running.keys()] });
    if (found.resumed + found.failed > 0) log.warn('executions_recovered', found);
  };
  await recoverLost();
  const recovery = setInterval(() => void recoverLost().catch((error: unknown) => log.error('recovery_failed', error)), 15_000);
  const worker = await state.jobs.work(executionQueue, { slots: parts.atOnce }, async (job) => handle((job.data as { executionId: string }).executionId, job.signal));

  return {
    progressOf: (id) => running.get(id)?.progress ?? undefined,
    stop: (id) => running.get(id)?.stop.abort(),
    changes,
    close: async () => {
      clearInterval(timer);
      clearInterval(recovery);
      closing.abort();
      await worker.stop(2000);
      await Promise.all(settling);
    },
  };
}
