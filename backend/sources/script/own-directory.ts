import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readlink, rm, stat } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Of this machine: on a shared disk process numbers of others mean nothing here. */
const prefix = `tasksheet-script-${createHash('sha256').update(hostname()).digest('hex').slice(0, 8)}-`;

/** Has `work` done in a folder that is gone afterwards. */
export async function inOwnDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** In a container a restarted backend has the number of the one before it. */
async function isAbandoned(directory: string, owner: number): Promise<boolean> {
  if (owner !== process.pid) return !isAlive(owner);
  const made = await stat(directory).then(({ birthtimeMs, mtimeMs }) => Math.max(birthtimeMs, mtimeMs), () => Infinity);
  return made < Date.now() - process.uptime() * 1000;
}

/** Linux only, as the mark of a program's processes. */
async function endProgramsIn(directory: string): Promise<void> {
  for (const pid of (await readdir('/proc').catch((): string[] => [])).filter((name) => /^\d+$/.test(name))) {
    const place = await readlink(join('/proc', pid, 'cwd')).catch(() => '');
    if (place !== directory && !place.startsWith(`${directory}/`)) continue;
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

/** Ends programs of a backend that was killed, and removes the tables that they were given. */
export async function sweepAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir()).catch((): string[] => [])) {
    const owner = name.startsWith(prefix) ? /^(\d+)-/.exec(name.slice(prefix.length))?.[1] : undefined;
    const directory = join(tmpdir(), name);
    if (owner === undefined || !(await isAbandoned(directory, Number(owner)))) continue;
    await endProgramsIn(directory);
    await rm(directory, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}
