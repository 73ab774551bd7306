import { PgBoss, type Db } from 'pg-boss';
import { databaseProblem } from './database-problem.ts';
import { startWorker, type WakeableWorker, type WorkerParts } from './job-worker.ts';
import type { Jobs, QueueOptions } from './jobs.ts';
import type { Transaction } from './state.ts';

/** The channel on which a sent job is announced; its payload is the queue. */
export const jobsChannel = 'tasksheet_jobs';

export interface RunningJobs extends Jobs {
  /** Wakes the workers of one queue, or of all. */
  wake(queue?: string): void;
  stop(): Promise<void>;
}

const daySeconds = 86_400;

/** Jobs carried by pg-boss: its tables and retries, our loop and our knowledge of who is alive. */
export async function startJobs({ engine, instanceId, onError }: Omit<WorkerParts, 'boss'>, bossOf: (transaction: Transaction) => Db): Promise<RunningJobs> {
  const boss = new PgBoss({
    ...engine.bossOptions,
    schedule: false,
    registerInstance: false,
    persistWarnings: false,
    openTelemetry: { enabled: false },
    reindex: !engine.embedded,
    monitorVacuum: !engine.embedded,
  });
  boss.on('error', onError);
  await boss.start();
  const parts: WorkerParts = { engine, boss, instanceId, onError };
  const workers = new Set<WakeableWorker>();
  const defined = new Set<string>();
  // Of a queue that it does not know pg-boss would ask on its own connection, which on the embedded engine is the one in our transaction.
  const requireDefined = (queue: string): void => {
    if (!defined.has(queue)) throw new Error(`The queue ${queue} must be defined first.`);
  };
  return {
    async define(queue, options = {}) {
      await defineQueue(boss, queue, options);
      defined.add(queue);
    },
    async send(transaction, queue, data, options = {}) {
      requireDefined(queue);
      const db = bossOf(transaction);
      const sendOptions = { priority: options.priority ?? 0, ...(options.startAfter && { startAfter: options.startAfter }), db };
      const id = await boss.send(queue, data, sendOptions).catch((error: unknown) => {
        throw databaseProblem(error);
      });
      if (id === null) throw new Error(`The queue ${queue} did not take the job.`);
      await transaction.query('SELECT pg_notify($1, $2)', [jobsChannel, queue]);
      return id;
    },
    async work(queue, { slots }, handler) {
      requireDefined(queue);
      const worker = startWorker(parts, { queue, slots, handler });
      workers.add(worker);
      return {
        async stop(graceMs) {
          workers.delete(worker);
          await worker.stop(graceMs);
        },
      };
    },
    wake(queue) {
      for (const worker of workers) if (queue === undefined || worker.queue === queue) worker.wake();
    },
    async stop() {
      await Promise.all([...workers].map((worker) => worker.stop()));
      workers.clear();
      await boss.stop({ graceful: true, timeout: 5_000 });
    },
  };
}

async function defineQueue(boss: PgBoss, queue: string, { retries = 2, retryDelaySeconds = 1 }: QueueOptions): Promise<void> {
  const options = {
    retryLimit: retries,
    retryDelay: retryDelaySeconds,
    retryBackoff: true,
    // The longest that pg-boss takes: whether a job's process lives is judged by us, not by time.
    expireInSeconds: daySeconds,
    retentionSeconds: 365 * daySeconds,
    deleteAfterSeconds: daySeconds,
  };
  await boss.createQueue(queue, options);
  await boss.updateQueue(queue, options);
}
