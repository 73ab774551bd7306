import { afterAll, beforeAll, expect, test } from 'vitest';
import { lintCatalog } from '../../backend/catalog/index.ts';
import { lintEngine } from '../../backend/command/lint.ts';
import { catalogRules } from '../../backend/kinds.ts';
import { builtInLanguages } from '../../backend/sources/open-sources.ts';
import { uploadAnswer } from '../../shared/upload.ts';
import type { Run } from '../../shared/run.ts';
import { startProduct, type RunningProduct } from '../running-product.ts';

let running: RunningProduct;

beforeAll(async () => {
  running = await startProduct();
});
afterAll(() => running.close());

async function finish(task: string, values: Record<string, unknown>) {
  const analyst = await running.api.signInAs('analyst');
  const { run } = await analyst.call('submit', { params: { id: task }, body: { values: values as never } });
  let newest: Run = run;
  await expect.poll(async () => (newest = (await analyst.call('run', { params: { id: run.id } })).run).status.state, { timeout: 60_000 }).not.toMatch(/queued|running/);
  const rows = async (result: string) => (await analyst.call('rows', { params: { id: run.id }, query: { result, offset: 0, limit: 20_000 } })).rows;
  return { status: newest.status, rows };
}

/** The same figure by a query of the test's own. */
async function figure(sql: string): Promise<number> {
  const context = { queryId: `truth-${Math.random().toString(36).slice(2)}`, limits: { timeSeconds: 30, rows: 10, memoryBytes: 2_000_000_000 }, signal: new AbortController().signal };
  const { rows } = await running.product.workbench.select({ sql, parameters: {} }, { database: 'wallet', databases: [] }, context);
  return Number(rows[0]?.[0]);
}

test('every source of the demo answers, and lint with the engines finds nothing in the sample catalog', async () => {
  for (const [, source] of running.product.sources) expect(await source.check(AbortSignal.timeout(20_000))).toMatchObject({ version: expect.stringMatching(/\d/) as string });
  expect(await lintCatalog(running.product.catalogDirectory, lintEngine(running.product), { ...catalogRules, builtInSources: builtInLanguages({}) })).toEqual([]);
});

test('one task takes a cohort from Amplitude, profiles from SQL Server and cards from ClickHouse', async () => {
  const { status, rows } = await finish('cohort-profiles', { cohort: 'https://analytics.eu.amplitude.com/wallet/cohort/1a2bc3d?view=1', sex: ['f'] });
  expect(status).toMatchObject({ state: 'succeeded', results: [{ name: 'cities' }, { name: 'people' }] });
  const cohort = 'SELECT DISTINCT user_id FROM cards WHERE partner_id = 12 AND NOT deleted';
  const known = await figure(`SELECT count() FROM users WHERE user_id IN (${cohort}) AND user_id % 40 != 0 AND sex = 'f'`);
  expect(known).toBeGreaterThan(10);
  const people = await rows('people');
  expect(people).toHaveLength(known);
  const first = people[0];
  expect(first?.[1]).toBe('f');
  expect(Number(first?.[4])).toBe(await figure(`SELECT count() FROM cards WHERE NOT deleted AND user_id = ${String(first?.[0])}`));
  const without = await figure(`SELECT count() FROM (${cohort}) WHERE user_id % 40 = 0`);
  const notices = status.state === 'succeeded' ? (status.results[0]?.notices ?? []).map(({ en }) => en) : [];
  expect(notices).toContainEqual(expect.stringContaining(String(without)));
});

test('days of an event by Amplitude and by the warehouse agree', async () => {
  const { status, rows } = await finish('event-check', { event: 'card_added', period: 'last7days' });
  expect(status.state).toBe('succeeded');
  const days = await rows('result');
  expect(days.length).toBeGreaterThanOrEqual(6);
  for (const [, amplitude, warehouse] of days) expect(amplitude).toBe(warehouse);
});

test('a partner\'s file in Windows-1251 is checked against our cards', async () => {
  const analyst = await running.api.signInAs('analyst');
  const context = { queryId: 'some-cards', limits: { timeSeconds: 30, rows: 10, memoryBytes: 2_000_000_000 }, signal: new AbortController().signal };
  const { rows: ours } = await running.product.workbench.select({ sql: 'SELECT card_number FROM cards WHERE partner_id = 12 AND NOT deleted ORDER BY card_number LIMIT 2', parameters: {} }, { database: 'wallet', databases: [] }, context);
  const heading = Buffer.from([0xcd, 0xee, 0xec, 0xe5, 0xf0, 0x20, 0xea, 0xe0, 0xf0, 0xf2, 0xfb]);
  const body = Buffer.concat([heading, Buffer.from(`;x\r\n${String(ours[0]?.[0])};1\r\n${String(ours[1]?.[0])};2\r\n0000000000000000001;3\r\n`)]);
  const response = await fetch(`${running.address}/api/uploads?name=list.csv`, { method: 'POST', headers: { Authorization: `Bearer ${analyst.token ?? ''}`, 'Content-Type': 'application/octet-stream' }, body });
  const { upload } = uploadAnswer.parse(await response.json());
  const { status, rows } = await finish('clients-from-file', { list: upload.id });
  expect(status.state).toBe('succeeded');
  expect((await rows('cards')).map((row) => row.slice(0, 2))).toEqual([['0000000000000000001', false], [ours[0]?.[0], true], [ours[1]?.[0], true]].sort());
});
