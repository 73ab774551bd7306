import { stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { Problem } from '../../shared/problem.ts';
import type { Config } from '../config.ts';
import { backupsIn, restoreBackup, statePaths } from '../state/backups.ts';
import { lockDirectory } from '../state/directory-lock.ts';
import { WrongUse, type ExitCode, type Output, type PlainCommand } from './command.ts';

/** Shows the backups of the embedded database, or puts one in its place. */
export const restore: PlainCommand = {
  name: 'restore',
  usage: 'tasksheet restore [BACKUP] [--json]',
  summary: 'List the backups of people, runs and settings, or go back to one',
  needs: 'nothing',
  run: async (config, { arguments: [name, ...rest], workingDirectory, output }) => {
    if (rest.length > 0) throw new WrongUse('At most one backup.');
    const { state, backups } = placesOf(config);
    if (name === undefined) return list(backups, output);
    const file = (await backupsIn(backups)).includes(name) ? join(backups, name) : isAbsolute(name) ? name : resolve(workingDirectory, name);
    await stat(file).catch((cause: unknown) => {
      throw new Problem('not_found', { ru: `Резервной копии ${name} нет. Список: tasksheet restore`, en: `There is no backup ${name}. tasksheet restore lists them.` }, { cause });
    });
    // A running backend would go on with the files of the old database.
    const lock = await lockDirectory(config.dataDirectory);
    try {
      await restoreBackup(file, state);
    } finally {
      await lock.release();
    }
    output.line(`${name} is in place. What was there before stays beside it, in ${state}. Rows of results are not part of a backup.`);
    return 0;
  },
};

function placesOf({ dataDirectory, stateUrl }: Config): { state: string; backups: string } {
  if (stateUrl !== undefined)
    throw new Problem('conflict', { ru: 'База данных на сервере: копии делает и возвращает сам PostgreSQL (pg_dump, pg_restore).', en: 'The database is a server: PostgreSQL itself makes and restores its backups (pg_dump, pg_restore).' });
  const state = join(dataDirectory, 'state');
  return { state, backups: statePaths(state).backups };
}

async function list(directory: string, output: Output): Promise<ExitCode> {
  const names = await backupsIn(directory);
  const files = await Promise.all(names.map(async (name) => ({ name, bytes: (await stat(join(directory, name))).size, writtenAt: (await stat(join(directory, name))).mtime.toISOString() })));
  if (output.json) output.line(JSON.stringify({ directory, backups: files }));
  else if (files.length === 0) output.line(`There are no backups in ${directory}.`);
  else files.forEach(({ name, bytes, writtenAt }) => output.line(`${name}  ${(bytes / 1e6).toFixed(1)} MB  ${writtenAt.slice(0, 16).replace('T', ' ')} UTC`));
  return 0;
}
