import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sourceKinds } from '../../backend/sources/index.ts';
import type { Source } from '../../backend/sources/source.ts';
import { workbenchSource } from '../../backend/sources/workbench.ts';
import { context, scratchEngine, type ScratchEngine } from '../workbench/scratch-engine.ts';
import { describeSource } from './source-contract.ts';

let scratch: ScratchEngine;
let source: Source;

beforeAll(async () => {
  scratch = await scratchEngine();
  await scratch.workbench.command('CREATE DATABASE wallet');
  await scratch.workbench.command('CREATE TABLE wallet.numbered (id UInt64, city String) ENGINE = MergeTree ORDER BY id');
  await scratch.workbench.command("INSERT INTO wallet.numbered SELECT number + 1, concat('city', toString((number + 1) % 3)) FROM numbers(1000)");
  source = workbenchSource.open({ database: 'wallet' }, { name: 'warehouse', workbench: scratch.workbench, timeZone: 'Europe/Moscow' });
});
afterAll(() => scratch.close());

describeSource('the workbench', () => ({
  source,
  workbench: scratch.workbench,
  table: 'numbered',
  endlessSql: 'SELECT sum(sipHash64(number)) AS s FROM numbers(100000000000)',
  lateFailureSql: 'SELECT number, throwIf(number = 2500000) AS f FROM numbers(3000000)',
}));

describe('the workbench source', () => {
  test('is in the list of sources', () => {
    expect(sourceKinds.map(({ kind }) => kind)).toContain(workbenchSource.kind);
  });

  test('without a database reads only steps', async () => {
    const stepsOnly = workbenchSource.open(workbenchSource.settings.parse({}), { name: 'workbench', workbench: scratch.workbench, timeZone: 'Europe/Moscow' });
    const first = await source.run({ name: 'a', sql: 'SELECT id FROM numbered WHERE id < 4', parameters: {}, steps: {} }, 'steps_only', context());
    const read = { name: 'b', sql: `SELECT sum(id) FROM ${scratch.workbench.tableReference(first)}`, parameters: {}, steps: { first } };
    expect((await stepsOnly.select(read, context())).rows).toEqual([['6']]);
    await expect(stepsOnly.select({ ...read, steps: {} }, context())).rejects.toMatchObject({ code: 'query_refused' });
    await expect(stepsOnly.select({ ...read, sql: 'SELECT id FROM numbered' }, context())).rejects.toMatchObject({ code: 'query_failed' });
  });

  test.each([{ database: 'a b' }, { database: 'x`; DROP TABLE y' }, { database: '' }, { databse: 'wallet' }])('refuses the settings %j', (settings) => {
    expect(workbenchSource.settings.safeParse(settings).success).toBe(false);
  });
});
