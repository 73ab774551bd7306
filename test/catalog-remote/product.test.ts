import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../backend/config.ts';
import { askBackend } from '../../backend/command/carry-out.ts';
import { readRunningBackend, type RunningBackend } from '../../backend/state/directory-lock.ts';
import { startProduct } from '../running-product.ts';
import { broken, numbers, temporaryRemote, usual } from './temporary-remote.ts';

const token = 'told-by-the-git-server';

test('wrong settings are told without their values, which may hold a password', () => {
  const faults = (environment: Record<string, string>) => {
    try {
      readConfig(environment);
      return '';
    } catch (error) {
      return String(error);
    }
  };
  expect(faults({ TASKSHEET_CATALOG_GIT: 'ftp://robot:s3cret@x/y', TASKSHEET_CATALOG_HOOK_TOKEN: 's3cret' })).toMatch(/catalog\.git#main[\s\S]*at least 16/);
  expect(faults({ TASKSHEET_CATALOG_GIT: 'ftp://robot:s3cret@x/y', TASKSHEET_CATALOG_HOOK_TOKEN: 's3cret' })).not.toContain('s3cret');
  expect(faults({ TASKSHEET_CATALOG: '/srv/catalog', TASKSHEET_CATALOG_GIT: 'https://x/y.git' })).toContain('only one of them');
  expect(faults({ TASKSHEET_CATALOG_HOOK_TOKEN: token })).toContain('needs TASKSHEET_CATALOG_GIT');
});

test('the product runs on a branch: the hook brings a push, a bad one is shown and told, rollback and resume work on the command line', async () => {
  const remote = await temporaryRemote();
  const first = await remote.push({ ...usual, 'tasks/one.sql': numbers(1) });
  const running = await startProduct({ sample: false, environment: { TASKSHEET_CATALOG: '', TASKSHEET_CATALOG_GIT: remote.setting, TASKSHEET_CATALOG_HOOK_TOKEN: token, PATH: process.env['PATH'] ?? '' } });
  onTestFinished(() => running.close());
  const backend = (await readRunningBackend(join(running.directory, 'data'))) as RunningBackend;
  const version = () => running.product.catalog.task('one')?.version;
  const command = async (name: string, ...given: string[]) => {
    const lines: string[] = [];
    const code = await askBackend(backend, { name }, { arguments: given, workingDirectory: running.directory, output: { json: false, line: (line) => lines.push(line), warn: () => undefined, status: () => undefined }, signal: new AbortController().signal });
    return { code, out: lines.join('\n') };
  };
  const hook = async (headers: Record<string, string>, body = '{}') => (await fetch(`${running.address}/hooks/catalog`, { method: 'POST', headers, body })).status;
  expect(await command('status')).toMatchObject({ code: 0, out: expect.stringContaining(first.slice(0, 10)) as string });
  const versionOne = version();

  const second = await remote.push({ 'tasks/one.sql': numbers(2) });
  expect(await hook({})).toBe(401);
  expect(await hook({ Authorization: 'Bearer wrong' })).toBe(401);
  expect(await hook({ 'X-Hub-Signature-256': `sha256=${createHmac('sha256', token).update('{}').digest('hex')}` }, '{"other":1}')).toBe(401);
  expect(running.product.catalogRemote?.state().inUse.id).toBe(first);
  expect(await hook({ 'X-Gitlab-Token': token })).toBe(202);
  await expect.poll(() => running.product.catalogRemote?.state().inUse.id, { timeout: 10_000 }).toBe(second);
  await expect.poll(version, { timeout: 10_000 }).not.toBe(versionOne);
  const versionTwo = version();

  const bad = await remote.push({ 'tasks/one.sql': broken }, 'boris@company.example');
  expect(await hook({ 'X-Hub-Signature-256': `sha256=${createHmac('sha256', token).update('{"ref":"x"}').digest('hex')}` }, '{"ref":"x"}')).toBe(202);
  await expect.poll(() => running.product.catalogRemote?.state().refused?.newest.id, { timeout: 10_000 }).toBe(bad);
  const shown = await command('status');
  expect(shown).toMatchObject({ code: 1, out: expect.stringContaining('boris@company.example') as string });
  expect(shown.out).toContain('tasks/one.sql:');
  expect(running.log.some((line) => line.includes('nobody_told') && line.includes(`catalog/refused/${bad}`))).toBe(true);
  expect(version()).toBe(versionTwo);

  expect(await command('rollback')).toMatchObject({ code: 0, out: expect.stringContaining(first.slice(0, 10)) as string });
  await expect.poll(version, { timeout: 10_000 }).toBe(versionOne);
  expect(await command('rollback', '--resume')).toMatchObject({ code: 0 });
  await expect.poll(version, { timeout: 10_000 }).toBe(versionTwo);
  await expect(command('rollback', '--nonsense')).rejects.toThrow('--resume');
});
