import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { Problem } from '../../shared/problem.ts';
import { livenessOf, ownIdentity, type ProcessIdentity } from './process-identity.ts';

/** Where the running backend is reached from its own machine. */
export interface RunningBackend {
  url: string;
  token: string;
}

export interface DirectoryLock {
  /** Tells the command line where the running backend is; readable by this user alone. */
  publish(backend: RunningBackend): Promise<void>;
  /** Aborts when another process has taken the directory over, as it may from one that was frozen: stop at once. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

const record = z.object({
  place: z.string(),
  pid: z.number(),
  started: z.string(),
  held: z.boolean(),
  url: z.string().optional(),
  token: z.string().optional(),
});
type LockRecord = z.infer<typeof record>;
interface LockFile {
  path: string;
  content: LockRecord;
}

const heartbeatMs = 3_000;
const silenceMs = 20_000;
const attempts = 60;

/**
 * Makes this process the only owner of a directory, or refuses with Problem `conflict`.
 *
 * Each process writes a file of its own, under a name never used again, then reads all others: whoever comes second sees
 * the first. Only the file of a dead process is removed, so no race can remove a live one's. A process of another machine
 * or container that shares the disk is dead when its file has not been written for 20 s.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const own = join(directory, `owner-${process.pid}-${randomBytes(6).toString('hex')}.lock`);
  const identity = ownIdentity();
  for (let attempt = 0; attempt < attempts; attempt++) {
    await writeRecord(own, { ...identity, held: false });
    const rival = await liveRival(directory, own).catch(async (error: unknown) => {
      await unlink(own);
      throw error;
    });
    if (rival === undefined) {
      await writeRecord(own, { ...identity, held: true });
      return heldLock(own, identity);
    }
    await unlink(own);
    if (rival.content.held) throw refusal(directory, rival.content);
    await wait(20 + Math.random() * 200);
  }
  throw new Problem('conflict', {
    ru: `Каталог данных ${directory} одновременно открывают несколько процессов. Запустите один ещё раз.`,
    en: `Several processes are opening the data directory ${directory} at once. Start one of them again.`,
  });
}

/** The backend that runs on this directory and has published its address, if there is one. */
export async function readRunningBackend(directory: string): Promise<RunningBackend | undefined> {
  for (const { content } of await lockFiles(directory)) {
    const { held, url, token } = content;
    if (held && url !== undefined && token !== undefined && livenessOf(content) !== 'dead') return { url, token };
  }
  return undefined;
}

async function liveRival(directory: string, own: string): Promise<LockFile | undefined> {
  for (const file of await lockFiles(directory)) {
    if (file.path === own) continue;
    if (await isAlive(file, own)) return file;
    await unlink(file.path).catch(ignoreMissing);
  }
  return undefined;
}

async function isAlive(file: LockFile, own: string): Promise<boolean> {
  const liveness = livenessOf(file.content);
  if (liveness !== 'unknown') return liveness === 'alive';
  const until = Date.now() + silenceMs + heartbeatMs;
  while (Date.now() < until) {
    await beat(own);
    const [theirs, ours] = await Promise.all([modifiedAt(file.path), modifiedAt(own)]);
    if (theirs === undefined) return false;
    // Both times are the disk's own clock, so the machines' clocks need not agree.
    if (ours !== undefined && ours - theirs > silenceMs) return false;
    if (ours !== undefined && ours - theirs < 2 * heartbeatMs) return true;
    await wait(500);
  }
  return true;
}

function heldLock(own: string, identity: ProcessIdentity): DirectoryLock {
  const lost = new AbortController();
  const timer = setInterval(() => {
    beat(own).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') lost.abort();
    });
  }, heartbeatMs);
  timer.unref();
  return {
    lost: lost.signal,
    publish: (backend) => writeRecord(own, { ...identity, held: true, ...backend }),
    async release() {
      clearInterval(timer);
      await unlink(own).catch(ignoreMissing);
    },
  };
}

/** Writes the first byte again: the disk sets the time of change, and a reader sees the same content throughout. */
async function beat(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.write('{', 0);
  } finally {
    await file.close();
  }
}

async function writeRecord(path: string, content: LockRecord): Promise<void> {
  const draft = `${path}.draft`;
  await writeFile(draft, JSON.stringify(content), { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, path);
}

async function lockFiles(directory: string): Promise<LockFile[]> {
  const names = await readdir(directory).catch(() => []);
  const files = await Promise.all(
    names.filter((name) => /^owner-.*\.lock$/.test(name)).map((name) => readLockFile(join(directory, name))),
  );
  return files.filter((file) => file !== undefined);
}

async function readLockFile(path: string): Promise<LockFile | undefined> {
  try {
    return { path, content: record.parse(JSON.parse(await readFile(path, 'utf8'))) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Problem(
      'conflict',
      {
        ru: `Файл блокировки ${path} не читается. Если ни один процесс Tasksheet не работает, удалите его и запустите снова.`,
        en: `The lock file ${path} cannot be read. If no Tasksheet process is running, delete it and start again.`,
      },
      { cause: error },
    );
  }
}

async function modifiedAt(path: string): Promise<number | undefined> {
  return stat(path).then(
    (found) => found.mtimeMs,
    () => undefined,
  );
}

function refusal(directory: string, holder: LockRecord): Problem {
  const where = holder.url === undefined ? '' : ` (${holder.url})`;
  return new Problem('conflict', {
    ru:
      `Каталог данных ${directory} уже открыт процессом ${holder.pid}${where}: два процесса повредили бы данные. ` +
      'Остановите его, укажите другой каталог в TASKSHEET_DATA или подключите PostgreSQL через TASKSHEET_STATE_URL.',
    en:
      `The data directory ${directory} is already open in process ${holder.pid}${where}: two processes would damage the data. ` +
      'Stop that one, set another directory in TASKSHEET_DATA, or use a PostgreSQL server by TASKSHEET_STATE_URL.',
  });
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
