import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OwnView } from '../../backend/sources/own-view.ts';
import type { Source } from '../../backend/sources/source.ts';
import { tasksheetSource } from '../../backend/sources/tasksheet.ts';
import { context, scratchEngine, type ScratchEngine } from '../workbench/scratch-engine.ts';
import { describeSource } from './source-contract.ts';

let scratch: ScratchEngine;
let source: Source;
let reads = 0;

const numbered: OwnView = {
  name: 'numbered',
  columns: [{ name: 'id', engineType: 'UInt64' }, { name: 'city', engineType: 'String' }],
  rows: async function* () {
    for (let id = 1; id <= 1000; id += 1) yield [id, `city${id % 3}`];
  },
};
const counter: OwnView = {
  name: 'counter',
  columns: [{ name: 'read', engineType: 'UInt64' }],
  rows: async function* () {
    reads += 1;
    yield [reads];
  },
};
const failing: OwnView = {
  name: 'failing',
  columns: [{ name: 'id', engineType: 'UInt64' }],
  rows: async function* () {
    yield [1];
    await Promise.reject(new Error('the database went away'));
  },
};

function opened(freshSeconds: number): Source {
  return tasksheetSource.open({ freshSeconds }, { name: 'tasksheet', workbench: scratch.workbench, timeZone: 'Europe/Moscow', ownViews: [numbered, counter, failing] });
}
const step = (sql: string) => ({ name: 'step', sql, parameters: {}, steps: {} });

beforeAll(async () => {
  scratch = await scratchEngine();
  source = opened(600);
});
afterAll(() => scratch.close());

describeSource('our own data', () => ({
  source,
  workbench: scratch.workbench,
  table: 'numbered',
  endlessSql: 'SELECT sum(sipHash64(number)) AS s FROM numbers(100000000000)',
  lateFailureSql: 'SELECT number, throwIf(number = 2500000) AS f FROM numbers(3000000)',
}));

describe('the source of our own data', () => {
  test('reads anew only when the rows are old, and leaves no table behind', async () => {
    const always = opened(0);
    const before = await scratch.workbench.storedTableIds();
    const read = async (from: Source): Promise<number> => Number((await from.select(step('SELECT read FROM counter'), context())).rows[0]?.[0]);
    const first = await read(always);
    expect(await read(always)).toBe(first + 1);
    const seldom = opened(600);
    const kept = await read(seldom);
    expect(await read(seldom)).toBe(kept);
    await Promise.all([always.close(), seldom.close()]);
    expect(await scratch.workbench.storedTableIds()).toEqual(before);
  });

  test('many queries at once share one reading, and none loses its table to the next', async () => {
    const always = opened(0);
    const before = reads;
    const answers = await Promise.all(Array.from({ length: 12 }, async (_, at) => {
      await new Promise((resolve) => setTimeout(resolve, at * 15));
      return (await always.select(step('SELECT count() AS n FROM counter'), context())).rows[0]?.[0];
    }));
    expect(answers).toEqual(Array(12).fill('1'));
    expect(reads - before).toBeLessThan(13);
    await always.close();
  });

  test('WITH of its own, equal names and order stay as they are elsewhere', async () => {
    const table = await source.run(step('WITH big AS (SELECT id FROM numbered WHERE id > 997) SELECT id, id FROM big ORDER BY id DESC -- so'), 'own_order', context());
    expect(table).toMatchObject({ rows: 3, columns: [{ name: 'id' }, { name: 'id_2' }] });
    const both = await source.select(step('SELECT count() AS n FROM numbered UNION ALL SELECT 7'), context());
    expect(both.rows.map(String).sort()).toEqual(['1000', '7']);
  });

  test('what cannot be read fails in words and may be asked again', async () => {
    const before = await scratch.workbench.storedTableIds();
    const again = () => expect(source.select(step('SELECT * FROM failing'), context())).rejects.toMatchObject({ text: { ru: expect.any(String) as string } });
    await again();
    await again();
    expect(await scratch.workbench.storedTableIds()).toEqual(before);
  });

  test.each(['SELECT * FROM tasksheet.small_1', 'SELECT * FROM system.tables', "SELECT * FROM file('x')", 'SELECT * FROM numbered) UNION ALL (SELECT 1, name FROM system.databases', 'SELECT * FROM nothing'])('reads nothing else: %s', async (sql) => {
    await expect(source.select(step(sql), context())).rejects.toMatchObject({ code: expect.stringMatching(/^query_(refused|failed)$/) as string });
  });
});
