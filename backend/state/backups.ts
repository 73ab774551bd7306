import { mkdir, open, readdir, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Problem } from '../../shared/problem.ts';
import { lockDirectory } from './directory-lock.ts';
import { openEmbeddedEngine } from './embedded-engine.ts';

export interface BackupPlan {
  directory: string;
  everyHours: number;
  keep: number;
}

const compressed = promisify(gzip);
const named = /^state-.*\.tar\.gz$/;

/** Where an embedded state keeps its parts. */
export function statePaths(directory: string): { postgres: string; backups: string } {
  return { postgres: join(directory, 'postgres'), backups: join(directory, 'backups') };
}

/** Writes a copy of all data, whole or not at all, and removes the oldest beyond `keep`. Returns its path. */
export async function writeBackup(dump: () => Promise<Blob>, { directory, keep }: Pick<BackupPlan, 'directory' | 'keep'>, now = new Date()): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, `state-${now.toISOString().replace(/[:.]/g, '-')}.tar.gz`);
  const content = await compressed(Buffer.from(await (await dump()).arrayBuffer()));
  await writeWhole(`${path}.part`, content).catch(async (error: unknown) => {
    await rm(`${path}.part`, { force: true });
    throw error;
  });
  await rename(`${path}.part`, path);
  const old = (await backupsIn(directory)).slice(0, -keep);
  for (const name of old) await unlink(join(directory, name));
  return path;
}

async function writeWhole(path: string, content: Buffer): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Whether the newest backup is older than the plan allows. */
export async function isBackupDue({ directory, everyHours }: BackupPlan, now = new Date()): Promise<boolean> {
  const newest = (await backupsIn(directory)).at(-1);
  if (newest === undefined) return true;
  const { mtimeMs } = await stat(join(directory, newest));
  return now.getTime() - mtimeMs >= everyHours * 3_600_000;
}

/** Puts a backup in the place of an embedded state that is not running. What was there stays beside it, renamed. */
export async function restoreBackup(file: string, directory: string, now = new Date()): Promise<void> {
  const lock = await lockDirectory(directory);
  try {
    const { postgres } = statePaths(directory);
    const content = await readFile(file).catch((error: unknown) => {
      throw new Problem('not_found', { ru: `Резервная копия ${file} не читается.`, en: `The backup ${file} cannot be read.` }, { cause: error });
    });
    const draft = `${postgres}-restoring`;
    await rm(draft, { recursive: true, force: true });
    await unpack(content, draft).catch(async (error: unknown) => {
      await rm(draft, { recursive: true, force: true });
      throw new Problem('invalid_request', { ru: `Файл ${file} не похож на резервную копию Tasksheet.`, en: `The file ${file} is not a backup of Tasksheet.` }, { cause: error });
    });
    await rename(postgres, `${postgres}-before-${now.toISOString().replace(/[:.]/g, '-')}`).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rename(draft, postgres);
  } finally {
    await lock.release();
  }
}

/** Opens it once, so that only what PostgreSQL can read takes the place of what is there. */
async function unpack(content: Buffer, directory: string): Promise<void> {
  const engine = await openEmbeddedEngine(directory, new Blob([new Uint8Array(content)]));
  try {
    await engine.query('SELECT count(*) FROM schema_migrations', []);
  } finally {
    await engine.close();
  }
}

/** Names of the backups in a folder, oldest first. */
export async function backupsIn(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => named.test(name)).sort();
}
