import { DateTime } from 'luxon';
import type { LocalText } from '../../shared/language.ts';
import type { Catalog, Task } from '../catalog/task.ts';
import type { Log } from '../log.ts';
import { toJson, type State } from '../state/state.ts';
import { tryExample, type ExampleOutcome, type ExampleParts } from './try-example.ts';

/** The newest round's word on one example. */
export interface CheckedExample extends ExampleOutcome {
  checkedAt: Date;
}

export interface NightlyExamples {
  /** What the newest round found of a task, or of all; only examples that a file still has. */
  last(taskId?: string): Promise<CheckedExample[]>;
  /** Runs the round now, unless it ran today or another backend is at it; tells how many examples failed. */
  runRound(): Promise<number | undefined>;
  close(): Promise<void>;
}

export interface NightlyParts extends ExampleParts {
  state: State;
  catalog: Catalog;
  log: Log;
  timeZone: string;
  /** Local hour at which the round begins. */
  hour: number;
  /** Tells a task's owner that its examples fail: once a day and task. */
  tell(news: { key: string; title: LocalText; lines: LocalText[] }): Promise<void>;
  now: () => Date;
}

const lookEveryMs = 300_000;
/** A backend that starts in the middle of the day makes up for the night only this long after it. */
const hoursOpen = 4;
const exampleMs = 600_000;

/**
 * Every night the examples of all published tasks run on the real sources, so that whoever owns a task hears of a renamed
 * column before the people who use it. One backend does it: the first to claim the day.
 */
export function openNightlyExamples(parts: NightlyParts): NightlyExamples {
  const { state, catalog, log } = parts;
  const stop = new AbortController();
  const localNow = (): DateTime => DateTime.fromJSDate(parts.now(), { zone: parts.timeZone });

  const claim = async (day: string): Promise<boolean> => {
    const rows = await state.query(
      `INSERT INTO example_rounds (day) VALUES ($1) ON CONFLICT (day) DO UPDATE SET started_at = now()
       WHERE example_rounds.finished_at IS NULL AND example_rounds.started_at < now() - interval '2 hours' RETURNING day`,
      [day],
    );
    return rows.length > 0;
  };
  const record = ({ task, example, rows, faults }: ExampleOutcome, version: string): Promise<unknown> =>
    state.query(
      `INSERT INTO example_checks (task_id, example, task_version, rows, faults) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (task_id, example) DO UPDATE SET task_version = excluded.task_version, rows = excluded.rows, faults = excluded.faults, checked_at = now()`,
      [task, example, version, rows ?? null, toJson(faults)],
    );

  const runTask = async (task: Task, day: string): Promise<number> => {
    const failed: ExampleOutcome[] = [];
    for (let example = 0; example < task.examples.length; example += 1) {
      const outcome = await tryExample(parts, task, example, AbortSignal.any([stop.signal, AbortSignal.timeout(exampleMs)]));
      if (stop.signal.aborted) return failed.length;
      await record(outcome, task.version);
      if (outcome.faults.length > 0) failed.push(outcome);
    }
    if (failed.length > 0) await parts.tell({ key: `examples/${day}/${task.id}`, ...newsOf(task, failed) });
    return failed.length;
  };
  const runRound = async (): Promise<number | undefined> => {
    const day = localNow().toISODate() ?? '';
    if (!(await claim(day))) return undefined;
    let failed = 0;
    for (const task of catalog.tasks().filter(({ status }) => status === 'published')) {
      if (stop.signal.aborted) return failed;
      failed += await runTask(task, day);
    }
    await state.query('UPDATE example_rounds SET finished_at = now(), failed = $2 WHERE day = $1', [day, failed]);
    log.info('examples_checked', { day, failed });
    return failed;
  };

  let running: Promise<unknown> = Promise.resolve();
  let busy = false;
  const look = (): void => {
    const hour = localNow().hour - parts.hour;
    if (busy || hour < 0 || hour >= hoursOpen) return;
    busy = true;
    running = runRound()
      .catch((error: unknown) => log.error('examples_not_checked', error))
      .finally(() => (busy = false));
  };
  const timer = setInterval(look, lookEveryMs);
  return {
    runRound,
    last: async (taskId) => {
      const rows = await state.query<{ task: string; example: number; rows: number | null; faults: string[]; checkedAt: Date }>(
        `SELECT task_id AS task, example, rows, faults, checked_at AS "checkedAt" FROM example_checks WHERE $1::text IS NULL OR task_id = $1 ORDER BY task_id, example`,
        [taskId ?? null],
      );
      return rows.filter(({ task, example }) => example < (catalog.task(task)?.examples.length ?? 0)).map((row) => ({ ...row, rows: row.rows ?? undefined }));
    },
    close: async () => {
      clearInterval(timer);
      stop.abort();
      await running;
    },
  };
}

function newsOf(task: Task, failed: ExampleOutcome[]): { title: LocalText; lines: LocalText[] } {
  const lines = failed.flatMap(({ example, faults }) => faults.map((fault) => ({ ru: `Пример ${example + 1}: ${fault}`, en: `Example ${example + 1}: ${fault}` })));
  return {
    title: { ru: `Проверка не прошла: «${task.title.ru}» (${task.owner})`, en: `Check failed: “${task.title.en}” (${task.owner})` },
    lines: lines.slice(0, 10),
  };
}
