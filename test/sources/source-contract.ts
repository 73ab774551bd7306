import { describe, expect, test } from 'vitest';
import type { BoundValue } from '../../shared/fields/field-kind.ts';
import { Problem } from '../../shared/problem.ts';
import type { BoundStep, Source } from '../../backend/sources/source.ts';
import type { Workbench } from '../../backend/workbench/workbench.ts';
import { context, textOf } from '../workbench/scratch-engine.ts';

/** What a source must offer to be tested: the same small table in its own system, and how to write some things in its language. */
export interface SourceUnderTest {
  source: Source;
  workbench: Workbench;
  /** Name of a table with `id` 1 … 1000 (whole numbers) and `city` ('city' and id modulo 3). */
  table: string;
  /** A query that runs for minutes. */
  endlessSql: string;
  /** A query that fails only after it has returned rows. */
  lateFailureSql: string;
}

const never = new AbortController().signal;
let count = 0;

/** The promises of `Source`, checked on any source. */
export function describeSource(name: string, start: () => SourceUnderTest): void {
  const step = (sql: string, parameters: Record<string, BoundValue> = {}, steps: BoundStep['steps'] = {}): BoundStep => ({ name: 'step', sql, parameters, steps });
  const id = (): string => `contract_${(count += 1)}`;
  const rowsOf = async (tableId: string, sql: string, parameters: Record<string, BoundValue> = {}): Promise<unknown[][]> => {
    const { source, workbench } = start();
    const table = await source.run(step(sql, parameters), tableId, context());
    const text = await textOf(await workbench.stream(table, { format: 'JSONCompactEachRow' }, never));
    return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as unknown[]);
  };

  describe(`${name} as a source`, () => {
    test('keeps the rows of a step in their order, with their count and columns', async () => {
      const { source, table } = start();
      const stored = await source.run(step(`SELECT id, city FROM ${table} WHERE id <= 3 ORDER BY id DESC`), id(), context());
      expect(stored).toMatchObject({ rows: 3, columns: [{ name: 'id' }, { name: 'city' }] });
      expect((await rowsOf(id(), `SELECT city FROM ${table} WHERE id <= 3 ORDER BY id DESC`)).flat()).toEqual(['city0', 'city2', 'city1']);
    });

    test('binds every kind of value by its own placeholder', async () => {
      const { source, table } = start();
      const values: Record<string, BoundValue> = {
        text: { scalar: 'string', value: "city1' OR 1=1 --" },
        low: { scalar: 'integer', value: '10' },
        high: { scalar: 'decimal', value: '12.5' },
        cities: { scalar: 'string', value: ['city1', "it's", 'back\\slash', '😀'] },
        ids: { scalar: 'integer', value: ['10', '11', '12'] },
      };
      const at = (field: string): string => source.placeholder(field, values[field]!);
      expect(await rowsOf(id(), `SELECT id FROM ${table} WHERE city = ${at('text')}`, values)).toEqual([]);
      const rows = await rowsOf(id(), `SELECT city FROM ${table} WHERE id >= ${at('low')} AND id < ${at('high')} AND city IN ${at('cities')} AND id IN ${at('ids')}`, values);
      expect(rows).toEqual([['city1']]);
    });

    test('takes a list of 20,000 entries', async () => {
      const { source, table } = start();
      const ids: BoundValue = { scalar: 'integer', value: Array.from({ length: 20_000 }, (_, at) => String(at + 900)) };
      const rows = await rowsOf(id(), `SELECT count(*) AS n FROM ${table} WHERE id IN ${source.placeholder('ids', ids)}`, { ids });
      expect(rows.map((row) => row.map(Number))).toEqual([[101]]);
    });

    test('reads earlier steps', async () => {
      const { source, table } = start();
      const first = await source.run(step(`SELECT id FROM ${table} WHERE id <= 5`), id(), context());
      const second = await source.run(step(`SELECT id, city FROM ${table} WHERE id IN (SELECT id FROM ${source.stepReference('first', first)})`, {}, { first }), id(), context());
      expect(second.rows).toBe(5);
    });

    test('gives columns the types that the author wrote, and says which one is not there', async () => {
      const { source, table } = start();
      const typed = await source.run({ ...step(`SELECT id FROM ${table} WHERE id <= 2`), casts: { id: 'string' } }, id(), context());
      expect(typed.columns).toEqual([{ name: 'id', engineType: expect.stringMatching(/^(Nullable\()?String\)?$/) }]);
      await expect(source.run({ ...step(`SELECT id FROM ${table}`), casts: { user: 'string' } }, id(), context())).rejects.toMatchObject({ code: 'query_failed', message: expect.stringContaining('user') });
    });

    test('queries are put around its queries, and an empty table stands for a step', async () => {
      const { source, table } = start();
      const { dialect } = source;
      if (dialect === undefined) return;
      const few = await source.select(step(dialect.firstRows(`SELECT id FROM ${table} ORDER BY id`, 2)), context());
      expect(few.rows.map((row) => row.map(Number))).toEqual([[1], [2]]);
      const wanted: BoundValue = { scalar: 'string', value: ['city1', 'nowhere'] };
      const where = { column: 'city', placeholder: source.placeholder('wanted', wanted), distinct: true };
      expect((await source.select(step(dialect.rowsWhere(`SELECT id, city FROM ${table}`, where), { wanted }), context())).rows).toEqual([['city1']]);
      const columns = await source.describe(step(`SELECT id, city FROM ${table}`));
      expect(await source.describe(step(`SELECT * FROM ${dialect.emptyTable(columns)} AS earlier`))).toEqual(columns);
    });

    test('answers small reads and descriptions without storing', async () => {
      const { source, workbench, table } = start();
      const before = await workbench.storedTableIds();
      const answer = await source.select(step(`SELECT city FROM ${table} WHERE id = 1`), context());
      expect(answer.columns[0]?.name).toBe('city');
      expect(answer.rows).toEqual([['city1']]);
      expect((await source.describe(step(`SELECT id, city FROM ${table}`))).map(({ name: column }) => column)).toEqual(['id', 'city']);
      expect(await workbench.storedTableIds()).toEqual(before);
    });

    test('refuses one row too many instead of cutting', async () => {
      const { source, workbench, table } = start();
      const tableId = id();
      await expect(source.run(step(`SELECT id FROM ${table}`), tableId, context({ rows: 999 }))).rejects.toMatchObject({ code: 'row_limit' });
      await expect(source.select(step(`SELECT id FROM ${table}`), context({ rows: 10 }))).rejects.toMatchObject({ code: 'row_limit' });
      expect(await workbench.storedTableIds()).not.toContain(tableId);
    });

    test('leaves nothing behind when the query fails late', async () => {
      const { source, workbench, lateFailureSql } = start();
      const tableId = id();
      await expect(source.run(step(lateFailureSql), tableId, context({ rows: 100_000_000 }))).rejects.toBeInstanceOf(Problem);
      expect(await workbench.storedTableIds()).not.toContain(tableId);
    });

    test('stops within a second when the signal says so', async () => {
      const { source, workbench, endlessSql } = start();
      const tableId = id();
      const stop = new AbortController();
      const work = source.run(step(endlessSql), tableId, context({ signal: stop.signal, rows: 1_000_000_000 }));
      work.catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 500));
      const asked = performance.now();
      stop.abort();
      await expect(work).rejects.toMatchObject({ code: 'interrupted' });
      expect(performance.now() - asked).toBeLessThan(1_000);
      expect(await workbench.storedTableIds()).not.toContain(tableId);
    });

    test('says that a query took too long', async () => {
      const { source, endlessSql } = start();
      await expect(source.run(step(endlessSql), id(), context({ timeSeconds: 1, rows: 1_000_000_000 }))).rejects.toMatchObject({ code: 'time_limit' });
    });

    test('tells wrong SQL in both languages', async () => {
      const { source, table } = start();
      const problem: unknown = await source.describe(step(`SELECT nobody FROM ${table}`)).catch((error: unknown) => error);
      expect(problem).toBeInstanceOf(Problem);
      expect((problem as Problem).text.ru).toContain('nobody');
      expect((problem as Problem).text.en).toContain('nobody');
    });

    test('is checked by version and latency', async () => {
      const { version, latencyMs } = await start().source.check(never);
      expect(version).toMatch(/\d/);
      expect(latencyMs).toBeGreaterThanOrEqual(0);
    });
  });
}
