import { cp, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isBackupDue, restoreBackup, statePaths, writeBackup } from '../../backend/state/backups.ts';
import { openState } from '../../backend/state/open-state.ts';
import type { State } from '../../backend/state/state.ts';
import { startProcess } from './processes.ts';

describe('an embedded state', () => {
  let fresh: string;
  let directory: string;
  let open: State | undefined;

  // Making a database takes seconds, copying one does not.
  beforeAll(async () => {
    fresh = await mkdtemp(join(tmpdir(), 'tasksheet-fresh-'));
    await (await openState({ directory: fresh })).close();
  });
  afterAll(() => rm(fresh, { recursive: true, force: true }));
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tasksheet-durable-'));
    await cp(fresh, directory, { recursive: true });
  });
  afterEach(async () => {
    await open?.close();
    open = undefined;
    await rm(directory, { recursive: true, force: true });
  });

  const reopen = async (): Promise<State> => {
    await open?.close();
    open = await openState({ directory });
    return open;
  };
  const favourites = async (state: State): Promise<string[]> =>
    (await state.query<{ task_id: string }>('SELECT task_id FROM favourites ORDER BY created_at, task_id')).map((row) => row.task_id);

  it('loses nothing that it acknowledged when its process is killed with -9, row and job alike', async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < 2; round++) {
      const writer = startProcess('./job-runner.ts', ['write', JSON.stringify({ directory })]);
      let count = 0;
      await writer.line((line) => line.startsWith('written') && ++count > 40);
      await writer.kill();
      acknowledged.push(...writer.lines.filter((line) => line.startsWith('written')).map((line) => line.slice('written '.length)));
    }
    const state = await reopen();
    const kept = await favourites(state);
    expect(acknowledged.filter((id) => !kept.includes(id))).toEqual([]);
    const [jobs] = await state.query<{ count: number }>(`SELECT count(*) FROM pgboss.job WHERE name = 'log'`);
    expect(jobs?.count).toBe(kept.length);
  });

  it('is refused to a second process before that one can touch it', async () => {
    const first = startProcess('./job-runner.ts', ['idle', JSON.stringify({ directory })]);
    await first.line((line) => line === 'open');
    await expect(openState({ directory })).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining(`process ${first.child.pid}`) as string });
    await first.kill();
  });

  it('does not start on broken files, says where the backups are, and gives the lock back', async () => {
    await (await reopen()).close();
    open = undefined;
    const { postgres } = statePaths(directory);
    await writeFile(join(postgres, 'PG_VERSION'), '7');
    await rm(join(postgres, 'global'), { recursive: true });
    await expect(openState({ directory })).rejects.toMatchObject({ code: 'not_ready', message: expect.stringContaining('backups') as string });
    expect((await readdir(directory)).filter((name) => name.endsWith('.lock'))).toEqual([]);
  });

  it('comes back from a backup as it was, with what was there before kept beside', async () => {
    const state = await reopen();
    await state.query(`INSERT INTO favourites VALUES ('anna', 'before')`);
    const file = (await state.backup?.()) ?? '';
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await state.query(`INSERT INTO favourites VALUES ('anna', 'after')`);
    await expect(restoreBackup(file, directory)).rejects.toMatchObject({ code: 'conflict' });
    await state.close();
    open = undefined;
    await restoreBackup(file, directory);
    expect(await favourites(await reopen())).toEqual(['before']);
    expect((await readdir(directory)).filter((name) => name.startsWith('postgres-before-'))).toHaveLength(1);
  });

  it('cannot be restored from a file that is no backup, and stays as it is', async () => {
    const state = await reopen();
    await state.query(`INSERT INTO favourites VALUES ('anna', 'kept')`);
    await state.close();
    open = undefined;
    const nonsense = join(directory, 'nonsense.tar.gz');
    await writeFile(nonsense, 'not a backup');
    await expect(restoreBackup(nonsense, directory)).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(restoreBackup(join(directory, 'none.tar.gz'), directory)).rejects.toMatchObject({ code: 'not_found' });
    expect(await favourites(await reopen())).toEqual(['kept']);
  });
});

describe('backups', () => {
  it('are due when there is none or the newest is old, and only the newest are kept', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tasksheet-backups-'));
    try {
      const plan = { directory, everyHours: 24, keep: 3 };
      expect(await isBackupDue(plan)).toBe(true);
      const dump = (): Promise<Blob> => Promise.resolve(new Blob(['content']));
      for (const day of [1, 2, 3, 4, 5]) await writeBackup(dump, plan, new Date(Date.UTC(2026, 0, day)));
      expect((await readdir(directory)).sort()).toEqual(['03', '04', '05'].map((day) => `state-2026-01-${day}T00-00-00-000Z.tar.gz`));
      expect(await isBackupDue(plan)).toBe(false);
      expect(await isBackupDue(plan, new Date(Date.now() + 24 * 3_600_000 + 1_000))).toBe(true);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('that fail half-way leave the earlier ones alone and no half of themselves', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tasksheet-backups-'));
    try {
      const plan = { directory, keep: 1 };
      await writeBackup(() => Promise.resolve(new Blob(['good'])), plan, new Date(0));
      await expect(writeBackup(() => Promise.reject(new Error('no memory')), plan)).rejects.toThrow('no memory');
      expect(await readdir(directory)).toEqual(['state-1970-01-01T00-00-00-000Z.tar.gz']);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
