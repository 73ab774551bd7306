import { mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Problem } from '../../shared/problem.ts';
import { lockDirectory, readRunningBackend } from '../../backend/state/directory-lock.ts';
import { livenessOf, ownIdentity } from '../../backend/state/process-identity.ts';
import { startProcess, type TestProcess } from './processes.ts';

describe('the lock of a data directory', () => {
  let directory: string;
  let processes: TestProcess[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tasksheet-lock-'));
    processes = [];
  });
  afterEach(async () => {
    await Promise.all(processes.filter(({ child }) => child.exitCode === null && child.signalCode === null).map((one) => one.kill()));
    await rm(directory, { recursive: true, force: true });
  });

  const hold = (): TestProcess => {
    const holder = startProcess('./lock-holder.ts', [directory]);
    processes.push(holder);
    return holder;
  };
  const verdict = (holder: TestProcess): Promise<string> => holder.line((line) => /^(held|refused)/.test(line));
  const refusal = async (): Promise<Problem> => {
    const error: unknown = await lockDirectory(directory).then(
      () => new Error('it was not refused'),
      (problem: unknown) => problem,
    );
    expect(error).toBeInstanceOf(Problem);
    return error as Problem;
  };

  it('is held by one process; the other is told which, and what to do, in both languages', async () => {
    const holder = hold();
    expect(await verdict(holder)).toBe('held');
    const problem = await refusal();
    expect(problem.code).toBe('conflict');
    expect(problem.text.en).toContain(`process ${holder.child.pid}`);
    expect(problem.text.ru).toContain(`процессом ${holder.child.pid}`);
    expect(problem.text.en).toContain('TASKSHEET_STATE_URL');
  });

  it('is refused to the process that holds it already', async () => {
    const lock = await lockDirectory(directory);
    expect((await refusal()).text.en).toContain(`process ${process.pid}`);
    await lock.release();
    await (await lockDirectory(directory)).release();
  });

  it('has exactly one winner of six processes that race for it', async () => {
    const racers = Array.from({ length: 6 }, hold);
    const outcomes = await Promise.all(racers.map(verdict));
    expect(outcomes.filter((line) => line === 'held')).toHaveLength(1);
    expect(outcomes.filter((line) => line.startsWith('refused'))).toHaveLength(5);
  });

  it('has exactly one winner of six that race for what a killed process left', async () => {
    const holder = hold();
    await verdict(holder);
    await holder.kill();
    const outcomes = await Promise.all(Array.from({ length: 6 }, hold).map(verdict));
    expect(outcomes.filter((line) => line === 'held')).toHaveLength(1);
  });

  it('is taken over at once after kill -9, and what the dead process published is gone', async () => {
    const holder = hold();
    await verdict(holder);
    expect(await readRunningBackend(directory)).toEqual({ url: 'http://127.0.0.1:3999', token: 'token-of-the-holder' });
    await holder.kill();
    expect(await readRunningBackend(directory)).toBeUndefined();
    const lock = await lockDirectory(directory);
    expect(await readdir(directory)).toHaveLength(1);
    await lock.release();
    expect(await readdir(directory)).toEqual([]);
  });

  it('is free after an orderly release in another process', async () => {
    const holder = hold();
    await verdict(holder);
    holder.child.stdin?.write('release\n');
    await new Promise((resolve) => holder.child.once('exit', resolve));
    await (await lockDirectory(directory)).release();
  });

  it('is taken over when the number of the dead process belongs to another one now', async () => {
    const lock = await lockDirectory(directory);
    const [file = ''] = await readdir(directory);
    const record = JSON.parse(await readFile(join(directory, file), 'utf8')) as object;
    await lock.release();
    // The parent of this process lives, but did not start when the record says.
    await writeFile(join(directory, 'owner-1-abc.lock'), JSON.stringify({ ...record, pid: process.ppid, started: '1' }));
    await (await lockDirectory(directory)).release();
  });

  it('is refused while a process of another machine writes to its file, and taken over when that has stopped', async () => {
    const elsewhere = join(directory, 'owner-7-elsewhere.lock');
    const record = { place: 'another-container', pid: 7, started: '1', held: true };
    await writeFile(elsewhere, JSON.stringify(record));
    expect((await refusal()).text.en).toContain('process 7');
    const aMinuteAgo = new Date(Date.now() - 60_000);
    await utimes(elsewhere, aMinuteAgo, aMinuteAgo);
    await (await lockDirectory(directory)).release();
  });

  it('is refused, with the file named, when a lock file cannot be read', async () => {
    await writeFile(join(directory, 'owner-7-broken.lock'), '{');
    expect((await refusal()).text.en).toContain('owner-7-broken.lock');
    expect((await readdir(directory)).filter((name) => !name.includes('broken'))).toEqual([]);
  });

  it('publishes the address and token to this user alone', async () => {
    const lock = await lockDirectory(directory);
    expect(await readRunningBackend(directory)).toBeUndefined();
    await lock.publish({ url: 'http://127.0.0.1:3000', token: 'secret' });
    expect(await readRunningBackend(directory)).toEqual({ url: 'http://127.0.0.1:3000', token: 'secret' });
    const [file = ''] = await readdir(directory);
    expect((await stat(join(directory, file))).mode & 0o777).toBe(0o600);
    await lock.release();
    expect(await readRunningBackend(directory)).toBeUndefined();
  });

  it('tells a process that was thought dead that it has lost the directory', async () => {
    const lock = await lockDirectory(directory);
    const [file = ''] = await readdir(directory);
    await rm(join(directory, file));
    await new Promise((resolve) => {
      lock.lost.addEventListener('abort', resolve);
    });
    await lock.release();
  });

  it('finds no running backend where there is no directory', async () => {
    expect(await readRunningBackend(join(directory, 'none'))).toBeUndefined();
  });
});

describe('the identity of a process', () => {
  it('is alive for this process, dead for an unused number, unknown elsewhere', () => {
    const own = ownIdentity();
    expect(livenessOf(own)).toBe('alive');
    expect(livenessOf({ ...own, pid: 2 ** 22 + 1 })).toBe('dead');
    expect(livenessOf({ ...own, started: 'before' })).toBe('dead');
    expect(livenessOf({ ...own, place: 'elsewhere' })).toBe('unknown');
  });
});
