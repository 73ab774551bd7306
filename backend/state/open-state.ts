import { randomUUID } from 'node:crypto';
import { Problem } from '../../shared/problem.ts';
import { isBackupDue, statePaths, writeBackup, type BackupPlan } from './backups.ts';
import { jobsChannel, startJobs, type RunningJobs } from './boss-jobs.ts';
import { cleanUp } from './clean-up.ts';
import { databaseProblem } from './database-problem.ts';
import { lockDirectory, type DirectoryLock } from './directory-lock.ts';
import { openEmbeddedEngine } from './embedded-engine.ts';
import type { Engine } from './engine.ts';
import { guardAccess, type GuardedAccess } from './guarded-access.ts';
import { beatInstance, liveInstances, recoverJobs, registerInstance, sessionLockOf, stopInstance } from './instances.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { openServerEngine, type ServerOptions } from './server-engine.ts';
import type { State } from './state.ts';

export interface StateOptions {
  /** Folder of an embedded PostgreSQL, locked for this process: `postgres/`, `backups/` and the lock are in it. */
  directory?: string;
  /** Address of a PostgreSQL server. One of the two must be given. */
  url?: string;
  /** Version of this program, for the list of instances. */
  version?: string;
  /** Connections to a server, beside four of the queue's own. */
  connections?: number;
  /** Backups of an embedded state: daily, the last seven, by default; `false` for none. */
  backups?: { everyHours?: number; keep?: number } | false;
  /** Told of failures in the background: a lost connection, a job's error. */
  onError?: (error: unknown) => void;
}

const heartbeatMs = 2_000;
const housekeepingMs = 3_600_000;
/** Soon after the start, so that a backend which is started again often is backed up too. */
const firstHousekeepingMs = 60_000;

/** Opens the state: lock, engine, migrations, queue; takes up the jobs of instances that died. */
export async function openState(options: StateOptions): Promise<State> {
  const onError = options.onError ?? (() => undefined);
  const { engine, lock } = await openEngine(options, onError);
  try {
    return await runState({ engine, lock, options, onError });
  } catch (error) {
    await engine.close();
    await lock?.release();
    throw databaseProblem(error);
  }
}

async function openEngine({ directory, url, connections = 8 }: StateOptions, onError: (error: unknown) => void): Promise<{ engine: Engine; lock?: DirectoryLock }> {
  if (url !== undefined && directory === undefined) return { engine: await openServer({ url, connections, onError }) };
  if (directory === undefined || url !== undefined) throw new TypeError('openState needs either a directory or a url.');
  const lock = await lockDirectory(directory);
  try {
    return { engine: await openEmbeddedEngine(statePaths(directory).postgres), lock };
  } catch (error) {
    await lock.release();
    throw brokenDirectory(directory, error);
  }
}

async function openServer(options: ServerOptions): Promise<Engine> {
  try {
    return await openServerEngine(options);
  } catch (error) {
    throw databaseProblem(error);
  }
}

interface Parts {
  engine: Engine;
  lock: DirectoryLock | undefined;
  options: StateOptions;
  onError: (error: unknown) => void;
}

async function runState(parts: Parts): Promise<State> {
  const { engine, lock, options, onError } = parts;
  const instanceId = randomUUID();
  await migrate(engine, migrations);
  await registerInstance(engine, instanceId, options.version ?? '');
  const access = guardAccess(engine);
  const jobs = await startJobs({ engine, instanceId, onError }, access.bossOf);
  const stopListening = await begin(engine, instanceId, jobs);
  const plan = backupPlan(options);
  const timers = [
    every(housekeepingMs, onError, () => keepHouse(engine, access, plan), firstHousekeepingMs),
    ...(engine.embedded ? [] : [every(heartbeatMs, onError, () => beat(engine, instanceId, jobs))]),
  ];
  const { dump } = engine;
  let closing: Promise<void> | undefined;
  return {
    query: access.query,
    transaction: access.transaction,
    jobs,
    embedded: engine.embedded,
    instanceId,
    lost: lock?.lost ?? new AbortController().signal,
    liveInstances: () => liveInstances(engine, instanceId),
    ...(dump && plan && { backup: () => writeBackup(dump, plan) }),
    close() {
      for (const stop of timers) stop();
      closing ??= inTurn([jobs.stop, stopListening, () => stopInstance(engine, instanceId), () => engine.close(), async () => lock?.release()]);
      return closing;
    },
  };
}

/** Does each, also when an earlier one failed; then throws the first failure. */
async function inTurn(steps: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw databaseProblem(failures[0]);
}

/** Takes up what dead instances left, and listens from then on. */
async function begin(engine: Engine, instanceId: string, jobs: RunningJobs): Promise<() => Promise<void>> {
  try {
    await recoverJobs(engine, await liveInstances(engine, instanceId));
    return await engine.listen({ channel: jobsChannel, onNotify: jobs.wake, sessionLock: sessionLockOf(instanceId) });
  } catch (error) {
    await jobs.stop();
    throw error;
  }
}

async function beat(engine: Engine, instanceId: string, jobs: RunningJobs): Promise<void> {
  await beatInstance(engine, instanceId);
  for (const queue of await recoverJobs(engine, await liveInstances(engine, instanceId))) jobs.wake(queue);
}

async function keepHouse(engine: Engine, access: GuardedAccess, plan: BackupPlan | undefined): Promise<void> {
  await cleanUp(access);
  if (engine.dump && plan && (await isBackupDue(plan))) await writeBackup(engine.dump, plan);
}

function backupPlan({ directory, backups }: StateOptions): BackupPlan | undefined {
  if (directory === undefined || backups === false) return undefined;
  return { directory: statePaths(directory).backups, everyHours: backups?.everyHours ?? 24, keep: backups?.keep ?? 7 };
}

/** Repeats without overlapping, and without keeping the process alive. Returns how to stop. */
function every(ms: number, onError: (error: unknown) => void, work: () => Promise<void>, firstMs = ms): () => void {
  let busy = false;
  const attempt = () => {
    if (busy) return;
    busy = true;
    void work()
      .catch(onError)
      .finally(() => {
        busy = false;
      });
  };
  const first = firstMs === ms ? undefined : setTimeout(attempt, firstMs);
  const timer = setInterval(attempt, ms);
  first?.unref();
  timer.unref();
  return () => {
    clearTimeout(first);
    clearInterval(timer);
  };
}

function brokenDirectory(directory: string, cause: unknown): Problem {
  const { backups } = statePaths(directory);
  return new Problem(
    'not_ready',
    {
      ru: `Встроенная база состояния в ${directory} не открывается. Резервные копии лежат в ${backups}.`,
      en: `The embedded state database in ${directory} does not open. Its backups are in ${backups}.`,
    },
    { cause },
  );
}
