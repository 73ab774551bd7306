import { setTimeout as wait } from 'node:timers/promises';
import type { JobWithMetadata, PgBoss } from 'pg-boss';
import type { Engine } from './engine.ts';
import type { Job, JobWorker } from './jobs.ts';

/** What every worker of one process shares. */
export interface WorkerParts {
  engine: Engine;
  boss: PgBoss;
  instanceId: string;
  onError: (error: unknown) => void;
}

export interface WorkerSettings {
  queue: string;
  slots: number;
  handler: (job: Job) => Promise<void>;
}

/** A worker that can be told that its queue has something. */
export interface WakeableWorker extends JobWorker {
  queue: string;
  wake(): void;
}

interface RunningJob {
  controller: AbortController;
  done: Promise<void>;
  taken: JobWithMetadata<unknown>;
}

const pollMs = 1_000;
const abortGraceMs = 2_000;

/**
 * Our own loop: take → run → settle → take again at once. pg-boss' `work()` takes one job a poll and then sleeps, so that
 * a backlog starves. Woken by NOTIFY, with a poll for what NOTIFY cannot say (retries, delayed jobs).
 */
export function startWorker(parts: WorkerParts, settings: WorkerSettings): WakeableWorker {
  const running = new Map<string, RunningJob>();
  let stopped = false;
  let taking: Promise<void> | undefined;
  let askedAgain = false;

  const fill = async (): Promise<void> => {
    do {
      askedAgain = false;
      const free = settings.slots - running.size;
      if (stopped || free <= 0) return;
      const jobs = await takeJobs(parts, settings.queue, free);
      jobs.forEach(start);
      if (jobs.length === free) askedAgain = true;
    } while (askedAgain);
  };
  const wake = (): void => {
    if (stopped) return;
    askedAgain = true;
    taking ??= fill()
      .catch(parts.onError)
      .finally(() => {
        taking = undefined;
      });
  };
  const start = (taken: JobWithMetadata<unknown>): void => {
    const controller = new AbortController();
    const done = runJob({ ...parts, isStopped: () => stopped }, settings, taken, controller.signal)
      .catch(parts.onError)
      .finally(() => {
        running.delete(taken.id);
        wake();
      });
    running.set(taken.id, { controller, done, taken });
  };
  const timer = setInterval(wake, pollMs);
  wake();

  return {
    queue: settings.queue,
    wake,
    async stop(graceMs = 10_000) {
      stopped = true;
      clearInterval(timer);
      await taking;
      const jobs = [...running.values()];
      const all = Promise.all(jobs.map(({ done }) => done));
      await within(all, graceMs);
      for (const { controller } of running.values()) controller.abort();
      await within(all, abortGraceMs);
      await giveBack(parts, settings.queue, [...running.keys()]);
    },
  };
}

async function takeJobs({ engine, boss, instanceId }: WorkerParts, queue: string, count: number): Promise<JobWithMetadata<unknown>[]> {
  return engine.transaction(async (transaction) => {
    const jobs = await boss.fetch<unknown>(queue, { batchSize: count, includeMetadata: true, db: transaction.boss });
    if (jobs.length > 0)
      await transaction.query(
        `INSERT INTO job_claims (job_id, queue, instance_id) SELECT unnest($1::uuid[]), $2, $3
         ON CONFLICT (job_id) DO UPDATE SET instance_id = excluded.instance_id`,
        [jobs.map(({ id }) => id), queue, instanceId],
      );
    return jobs;
  });
}

interface JobParts extends WorkerParts {
  isStopped: () => boolean;
}

async function runJob(parts: JobParts, { queue, handler }: WorkerSettings, taken: JobWithMetadata<unknown>, signal: AbortSignal): Promise<void> {
  const { id, data, retryCount, retryLimit } = taken;
  let failure: { reason: string } | undefined;
  try {
    await handler({ id, data, retry: retryCount, lastTry: retryCount >= retryLimit, signal });
  } catch (error) {
    failure = { reason: error instanceof Error ? error.message : String(error) };
    if (!signal.aborted) parts.onError(error);
  }
  if (signal.aborted && failure) await giveBack(parts, queue, [id]);
  else await settle(parts, queue, taken, failure);
}

/** Tries until the database takes it: a job that stayed active under a live instance would never be run again. A stopped one's is recovered. */
async function settle(parts: JobParts, queue: string, taken: JobWithMetadata<unknown>, failure: { reason: string } | undefined): Promise<void> {
  const { engine, boss, onError } = parts;
  for (let pauseMs = 200; ; pauseMs = Math.min(pauseMs * 2, 5_000)) {
    try {
      await engine.transaction(async (transaction) => {
        if (failure) await boss.fail(queue, taken, failure, { db: transaction.boss });
        else await boss.complete(queue, taken, null, { db: transaction.boss });
        await transaction.query('DELETE FROM job_claims WHERE job_id = $1 AND instance_id = $2', [taken.id, parts.instanceId]);
      });
      return;
    } catch (error) {
      onError(error);
      if (parts.isStopped()) return;
      await wait(pauseMs);
    }
  }
}

/** Back to the queue for another worker, without waiting for this instance to be found dead. */
async function giveBack({ engine, instanceId }: WorkerParts, queue: string, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await engine.transaction(async (transaction) => {
    await transaction.query(
      `UPDATE pgboss.job SET state = 'retry', start_after = now() WHERE name = $1 AND id IN
         (SELECT job_id FROM job_claims WHERE job_id = ANY($2::uuid[]) AND instance_id = $3) AND state = 'active'`,
      [queue, ids, instanceId],
    );
    await transaction.query('DELETE FROM job_claims WHERE job_id = ANY($1::uuid[]) AND instance_id = $2', [ids, instanceId]);
  });
}

async function within(work: Promise<unknown>, ms: number): Promise<void> {
  const timer = new AbortController();
  await Promise.race([work, wait(ms, undefined, { signal: timer.signal }).catch(() => undefined)]);
  timer.abort();
}
