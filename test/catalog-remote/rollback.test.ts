import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { broken, numbers, opened, temporaryRemote, usual } from './temporary-remote.ts';

async function three() {
  const remote = await temporaryRemote();
  const first = await remote.push({ ...usual, 'tasks/one.sql': numbers(1) });
  const catalog = await opened(remote);
  const second = await remote.push({ 'tasks/one.sql': numbers(2) });
  await catalog.pull();
  const third = await remote.push({ 'tasks/one.sql': numbers(3) });
  await catalog.pull();
  return { remote, catalog, first, second, third };
}

test('rollback goes one good commit back each time, stays over pulls and restarts, and the next push is taken', async () => {
  const { remote, catalog, first, second, third } = await three();
  expect((await catalog.rollback()).id).toBe(second);
  expect(await readFile(join(catalog.directory, 'tasks/one.sql'), 'utf8')).toBe(numbers(2));
  await catalog.pull();
  expect(catalog.state()).toMatchObject({ inUse: { id: second }, newest: { id: third }, held: true });
  await catalog.close();
  const again = await opened(remote);
  expect(again.state()).toMatchObject({ inUse: { id: second }, held: true });
  expect((await again.rollback()).id).toBe(first);
  await expect(again.rollback()).rejects.toMatchObject({ code: 'not_found', text: { ru: expect.stringContaining('rollback COMMIT') as string } });
  const next = await remote.push({ 'tasks/one.sql': numbers(4) });
  await again.pull();
  expect(again.state()).toMatchObject({ inUse: { id: next }, held: false });
  // What was rolled back is no place to go back to.
  expect((await again.rollback()).id).toBe(first);
});

test('resume takes the newest commit again, or what was in use before the rollback when the newest is refused', async () => {
  const { remote, catalog, third } = await three();
  await catalog.rollback();
  await catalog.resume();
  expect(catalog.state()).toMatchObject({ inUse: { id: third }, held: false });
  await remote.push({ 'tasks/one.sql': broken });
  await catalog.pull();
  await catalog.rollback();
  await catalog.rollback();
  await catalog.resume();
  expect(catalog.state()).toMatchObject({ inUse: { id: third }, held: false, refused: { reports: [{ commit: { email: 'anna@company.example' } }] } });
});

test('a commit may be named by its first digits; one that is unknown, or has faults of its own, is refused', async () => {
  const remote = await temporaryRemote();
  const first = await remote.push({ ...usual, 'tasks/one.sql': numbers(1) });
  const bad = await remote.push({ 'tasks/one.sql': broken });
  const good = await remote.push({ 'tasks/one.sql': numbers(3) });
  const catalog = await opened(remote);
  await expect(catalog.rollback(bad.slice(0, 10))).rejects.toMatchObject({ code: 'conflict', text: { en: expect.stringContaining('tasks/one.sql') as string } });
  for (const unknown of ['deadbeef', 'main', 'HEAD~1', '--help', '']) await expect(catalog.rollback(unknown), unknown).rejects.toMatchObject({ code: 'not_found' });
  expect(catalog.state()).toMatchObject({ inUse: { id: good }, held: false });
  // No commit before was in use here: the bad one is passed over.
  expect((await catalog.rollback()).id).toBe(first);
  expect((await catalog.rollback(good.slice(0, 8))).id).toBe(good);
});
