import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clickhouseSource } from '../../backend/sources/clickhouse.ts';
import { sourceKinds } from '../../backend/sources/index.ts';
import type { BoundStep, Source } from '../../backend/sources/source.ts';
import type { BoundValue } from '../../shared/fields/field-kind.ts';
import { context, scratchEngine, textOf, type ScratchEngine } from '../workbench/scratch-engine.ts';
import { describeSource } from './source-contract.ts';

const timeZone = 'Europe/Moscow';
const never = new AbortController().signal;
let near: ScratchEngine;
/** Another ClickHouse process, reached over HTTP. */
let far: ScratchEngine;
let source: Source;
let count = 0;

async function settings(more: Record<string, unknown> = {}) {
  const { url, username, password } = await far.engine.endpoint();
  return clickhouseSource.settings.parse({ url, user: username, password, database: 'wallet', ...more });
}

beforeAll(async () => {
  [near, far] = await Promise.all([scratchEngine(timeZone), scratchEngine('UTC')]);
  await far.workbench.command('CREATE DATABASE wallet');
  await far.workbench.command('CREATE TABLE wallet.numbered (id UInt64, city String) ENGINE = MergeTree ORDER BY id');
  await far.workbench.command("INSERT INTO wallet.numbered SELECT number + 1, concat('city', toString((number + 1) % 3)) FROM numbers(1000)");
  source = clickhouseSource.open(await settings(), { name: 'warehouse', workbench: near.workbench, timeZone });
});
afterAll(async () => {
  await source.close();
  await Promise.all([near.close(), far.close()]);
});

describeSource('another ClickHouse', () => ({
  source,
  workbench: near.workbench,
  table: 'numbered',
  endlessSql: 'SELECT sum(sipHash64(number)) AS s FROM numbers(100000000000)',
  lateFailureSql: 'SELECT number, throwIf(number = 2500000) AS f FROM numbers(3000000)',
}));

const step = (sql: string, parameters: Record<string, BoundValue> = {}, steps: BoundStep['steps'] = {}): BoundStep => ({ name: 'step', sql, parameters, steps });
const run = (one: BoundStep, changes: Parameters<typeof context>[0] = {}) => source.run(one, `far_${(count += 1)}`, context(changes));
