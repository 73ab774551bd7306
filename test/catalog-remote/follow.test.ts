import { access, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalogAddress, shownAddress } from '../../backend/catalog-remote/address.ts';
import type { RefusedPush } from '../../backend/catalog-remote/index.ts';
import { broken, numbers, opened, temporaryRemote, usual } from './temporary-remote.ts';

test('a remote and branch is an address by https, ssh or file; anything git could take as an option or a program is none', () => {
  expect(catalogAddress('https://git.company.example/catalog.git#release/2')).toEqual({ url: 'https://git.company.example/catalog.git', protocol: 'https', branch: 'release/2' });
  expect(catalogAddress('git@git.company.example:data/catalog.git')).toMatchObject({ protocol: 'ssh', branch: 'main' });
  expect(catalogAddress('ssh://git@git.company.example:22/catalog.git#main')).toMatchObject({ protocol: 'ssh' });
  for (const wrong of ['', '#main', 'ext::sh -c id', 'http://git.company.example/x', '--upload-pack=id', 'ssh://-oProxyCommand=id/x', 'ssh://git@-oProxyCommand=id/x', '-oProxyCommand=id:x', '/srv/catalog', 'https://a/b#', 'https://a/b#-x', 'https://a/b#x..y', 'https://a/b#x:y', 'https://a/b#x#y', 'https://a/b #x', 'fd::17', 'https://a:%zz@b/c', 'https://:99999/c'])
    expect(catalogAddress(wrong), wrong).toBeUndefined();
  expect(shownAddress({ url: 'https://robot:s3cret@git.company.example/c.git', protocol: 'https', branch: 'main' })).toBe('https://git.company.example/c.git#main');
});

test('the branch is cloned, followed push by push, and deleted files go', async () => {
  const remote = await temporaryRemote();
  const first = await remote.push({ ...usual, 'tasks/one.sql': numbers(1) });
  const catalog = await opened(remote);
  let changes = 0;
  catalog.onChange(() => changes++);
  expect(catalog.state()).toMatchObject({ address: remote.setting, inUse: { id: first, email: 'anna@company.example', subject: expect.stringContaining('tasks/one.sql') as string }, held: false, refused: undefined, trouble: undefined });
  const second = await remote.push({ 'tasks/one.sql': null, 'tasks/two.sql': numbers(2) });
  await Promise.all([catalog.pull(), catalog.pull(), catalog.pull()]);
  expect(catalog.state().inUse.id).toBe(second);
  expect(changes).toBe(1);
  expect(await readFile(join(catalog.directory, 'tasks/two.sql'), 'utf8')).toBe(numbers(2));
  await expect(access(join(catalog.directory, 'tasks/one.sql'))).rejects.toThrow('ENOENT');
});

test('a push with new faults is told to those who brought them, and what was good stays, also over a restart', async () => {
  const remote = await temporaryRemote();
  const good = await remote.push({ ...usual, 'tasks/one.sql': numbers(1), 'tasks/two.sql': numbers(2) });
  const log: string[] = [];
  const catalog = await opened(remote, log);
  const told: RefusedPush[] = [];
  catalog.onRefused((push) => told.push(push));
  const bad = await remote.push({ 'tasks/one.sql': broken }, 'boris@company.example');
  await remote.push({ 'tasks/two.sql': numbers(3) }, 'vera@company.example');
  await catalog.pull();
  await catalog.pull();
  expect(catalog.state()).toMatchObject({ inUse: { id: good }, refused: { newest: { email: 'vera@company.example' }, reports: [{ commit: { id: bad, email: 'boris@company.example' } }] } });
  expect(told).toHaveLength(1);
  expect(told[0]?.reports[0]?.faults.map(({ file }) => file)).toContain('tasks/one.sql');
  expect(log.filter((line) => line.includes('catalog_push_refused')).map((line) => (JSON.parse(line) as { author: string }).author)).toEqual(['boris@company.example']);
  expect(await readFile(join(catalog.directory, 'tasks/two.sql'), 'utf8')).toBe(numbers(2));
  await catalog.close();
  const again = await opened(remote);
  expect(again.state()).toMatchObject({ inUse: { id: good }, refused: { reports: [{ commit: { id: bad } }] } });
  const mended = await remote.push({ 'tasks/one.sql': numbers(4) }, 'boris@company.example');
  await again.pull();
  expect(again.state()).toMatchObject({ inUse: { id: mended }, refused: undefined });
});

test('a first commit with faults is used as far as it is good, and its old faults keep no later push out', async () => {
  const remote = await temporaryRemote();
  await remote.push({ ...usual, 'tasks/one.sql': numbers(1), 'tasks/two.sql': broken });
  const catalog = await opened(remote);
  const later = await remote.push({ 'tasks/one.sql': numbers(5) });
  await catalog.pull();
  expect(catalog.state().inUse.id).toBe(later);
});

test('a remote that is away is said, without a password, and stops only the very first start', async () => {
  const remote = await temporaryRemote();
  const good = await remote.push({ ...usual, 'tasks/one.sql': numbers(1) });
  await (await opened(remote)).close();
  await rm(join(remote.place, 'server.git'), { recursive: true });
  const catalog = await opened(remote);
  expect(catalog.state()).toMatchObject({ inUse: { id: good }, trouble: { en: expect.stringContaining('could not be pulled') as string, ru: expect.stringContaining('не получен') as string } });
  await expect(catalog.pull()).rejects.toMatchObject({ code: 'source_unreachable' });
  const empty = await temporaryRemote();
  await expect(opened(empty)).rejects.toMatchObject({ code: 'source_unreachable', text: { ru: expect.stringContaining('main') as string } });
  const log: string[] = [];
  const problem = await opened({ place: empty.place, setting: 'https://robot:s3cret@127.0.0.1:9/c.git#main' }, log).then(() => undefined, (error: Error) => error);
  expect(problem?.message).toContain('https://127.0.0.1:9/c.git#main');
  expect(`${problem?.message} ${String(problem?.cause)} ${log.join('')}`).not.toContain('s3cret');
  expect(await readFile(join(empty.place, 'catalog/.git/config'), 'utf8')).not.toContain('s3cret');
});

test('links in the repository lead nowhere', async () => {
  const remote = await temporaryRemote();
  await symlink('/etc/passwd', join(remote.place, 'clone/channels.yaml'));
  await remote.push({ ...usual, 'tasks/one.sql': numbers(1) });
  const catalog = await opened(remote);
  expect(await readFile(join(catalog.directory, 'channels.yaml'), 'utf8')).toBe('/etc/passwd');
});

test('a branch whose history was written anew is followed', async () => {
  const remote = await temporaryRemote();
  await remote.push({ ...usual, 'tasks/one.sql': numbers(1) });
  const dropped = await remote.push({ 'tasks/one.sql': numbers(2) });
  const catalog = await opened(remote);
  remote.git('reset', '--quiet', '--hard', 'HEAD~1');
  const other = await remote.push({ 'tasks/one.sql': numbers(3) });
  await catalog.pull();
  expect(catalog.state().inUse.id).toBe(other);
  expect((await catalog.rollback()).id).toBe(dropped);
});
