import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openNightlyExamples, type NightlyParts } from '../../backend/examples/nightly-examples.ts';
import { startProduct, type RunningProduct } from '../running-product.ts';

let running: RunningProduct;
const told: { key: string; lines: { en: string }[] }[] = [];
let today = '2026-11-22T02:00:00Z';

beforeAll(async () => {
  running = await startProduct();
});
afterAll(() => running.close());

/** A column of the task was renamed behind its back. */
async function renameColumn(): Promise<void> {
  const path = join(running.catalog, 'tasks/metric-recount.sql');
  await writeFile(path, (await readFile(path, 'utf8')).replace(/columns: \[[^\]]*\]/, 'columns: [renamed]'));
  await expect.poll(() => JSON.stringify(running.product.catalog.task('metric-recount')?.examples), { timeout: 10_000 }).toContain('renamed');
}

/** Two of the tasks: all would only take time. */
function open(changes: Partial<NightlyParts> = {}) {
  const { runs, state, catalog, log, timeZone } = running.product;
  const few = { ...catalog, tasks: () => catalog.tasks().filter(({ id }) => ['metric-recount', 'push-report'].includes(id)) };
  return openNightlyExamples({ runs, state, catalog: few, log, timeZone, hour: 5, now: () => new Date(today), withFiles: (_task, values) => Promise.resolve(values), tell: async (news) => void told.push(news), ...changes });
}

test('a round runs the examples of published tasks once a day, and tells the owner of the one that fails', async () => {
  await renameColumn();
  const [one, other] = [open(), open()];
  expect((await Promise.all([one.runRound(), other.runRound()])).filter((failed) => failed !== undefined)).toEqual([1]);
  expect(told.map(({ key }) => key)).toEqual(['examples/2026-11-22/metric-recount']);
  expect(told[0]?.lines[0]?.en).toContain('renamed');
  const checks = await one.last();
  expect(checks.filter(({ faults }) => faults.length > 0).map(({ task }) => task)).toEqual(['metric-recount']);
  expect(checks.some(({ task, faults }) => task === 'push-report' && faults.length === 0)).toBe(true);
  expect(await one.runRound()).toBeUndefined();
  today = '2026-11-23T02:00:00Z';
  expect(await one.runRound()).toBe(1);
  await Promise.all([one.close(), other.close()]);
});

test('authors see in the form what the night found, colleagues do not', async () => {
  const analyst = await running.api.signInAs('analyst');
  const manager = await running.api.signInAs('manager');
  expect((await analyst.call('task', { params: { id: 'metric-recount' } })).failedCheck?.faults.join()).toContain('renamed');
  expect((await manager.call('task', { params: { id: 'metric-recount' } })).failedCheck).toBeUndefined();
  expect((await analyst.call('task', { params: { id: 'push-report' } })).failedCheck).toBeUndefined();
});
