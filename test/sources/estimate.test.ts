import { afterAll, beforeAll, expect, test } from 'vitest';
import { clickhouseSource } from '../../backend/sources/clickhouse.ts';
import { workbenchSource } from '../../backend/sources/workbench.ts';
import type { BoundStep, Source } from '../../backend/sources/source.ts';
import { Problem } from '../../shared/problem.ts';
import { context, scratchEngine, type ScratchEngine } from '../workbench/scratch-engine.ts';

const timeZone = 'Europe/Moscow';
let engines: ScratchEngine[];
let sources: Record<'inside' | 'server', Source>;

beforeAll(async () => {
  engines = await Promise.all([scratchEngine(timeZone), scratchEngine(timeZone)]);
  const [near, far] = engines as [ScratchEngine, ScratchEngine];
  for (const { workbench } of engines) {
    await workbench.command('CREATE DATABASE wallet');
    await workbench.command('CREATE TABLE wallet.cards (id UInt64) ENGINE = MergeTree ORDER BY id SETTINGS index_granularity = 1000');
    await workbench.command('INSERT INTO wallet.cards SELECT number FROM numbers(100000)');
  }
  const { url, username, password } = await far.engine.endpoint();
  const parts = { name: 'warehouse', workbench: near.workbench, timeZone };
  sources = { inside: workbenchSource.open({ database: 'wallet' }, parts), server: clickhouseSource.open(clickhouseSource.settings.parse({ url, user: username, password, database: 'wallet' }), parts) };
});
afterAll(async () => {
  await sources.server.close();
  await Promise.all(engines.map((engine) => engine.close()));
});

const step = (sql: string, parameters: BoundStep['parameters'] = {}): BoundStep => ({ name: 'cards', sql, parameters, steps: {} });

test.each(['inside', 'server'] as const)('%s: a query is estimated by the rows that its index leaves to be read', async (which) => {
  const source = sources[which];
  expect(await source.estimate?.(step('SELECT id FROM cards ORDER BY id'))).toBe(100_000);
  const narrow = await source.estimate?.(step('SELECT id FROM cards WHERE id < {most:Int64} ORDER BY id', { most: { scalar: 'integer', value: '500' } }));
  expect(narrow).toBeLessThanOrEqual(2_000);
});

test.each(['inside', 'server'] as const)('%s: what reads no stored table has no estimate, what is wrong is said', async (which) => {
  const source = sources[which];
  expect(await source.estimate?.(step('SELECT number FROM numbers(10)'))).toBeNull();
  await expect(source.estimate?.(step('SELECT nobody FROM cards'))).rejects.toBeInstanceOf(Problem);
});

test('words of throwIf reach the author of the query', async () => {
  const failed = await sources.inside.select(step("SELECT throwIf(count() > 0, 'Choose a partner first') FROM cards"), context()).catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 'query_failed', forAuthor: expect.stringContaining('Choose a partner first') as unknown });
});
