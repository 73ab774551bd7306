import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiClient } from '../api-client.ts';
import { startProduct, type RunningProduct } from '../running-product.ts';

let running: RunningProduct;
let manager: ApiClient;

beforeAll(async () => {
  running = await startProduct();
  manager = await running.api.signInAs('manager');
});
afterAll(() => running.close());

const metric = (...given: (string | number | null | string[][])[]) => ({ name: 'METRIC' as const, arguments: given });

describe('values of metrics in cells', () => {
  test('every metric of the sample catalog answers for the last month, and tasks beside it', async () => {
    const ids = running.product.catalog.metrics().map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['active_days', 'card_issues', 'support_contacts', 'unsubscribes']));
    const { results } = await manager.call('functions', { body: { calls: [...ids.map((id) => metric(id, 'lastMonth')), { name: 'RUN', arguments: ['no-such-task'] }, metric('no_such_metric', 'lastMonth')] } });
    for (const result of results.slice(0, ids.length)) expect(result).toEqual({ values: [[expect.any(Number)]] });
    expect(results.slice(ids.length)).toMatchObject([{ problem: { code: 'not_found' } }, { problem: { code: 'not_found' } }]);
  });

  test('cards issued in a month are as many as the engine counts, by city and by day too', async () => {
    const [counted] = await count("SELECT count() AS cards, countIf(ifNull(toString(city), '') != '') AS placed, groupUniqArray(ifNull(toString(city), '')) AS cities FROM wallet.cards WHERE toStartOfMonth(issued_on) = toStartOfMonth(toDate(" + `'${running.product.fieldContext().today}') - INTERVAL 1 MONTH)`);
    const [cards, placed, cities] = counted as [number | string, number | string, string[]];
    const { results } = await manager.call('functions', { body: { calls: [metric('card_issues', 'lastMonth'), metric('card_issues', 'lastMonth', null, 'city', [cities.filter((city) => city !== '')]), metric('card_issues', 'lastMonth', 'day')] } });
    expect(results[0]).toEqual({ values: [[Number(cards)]] });
    const days = (results[2] as { values: [number, number][] }).values;
    expect(days.reduce((sum, [, value]) => sum + value, 0)).toBe(Number(cards));
    expect(results[1]).toEqual({ values: [[Number(placed)]] });
  });

  test('more tasks than one request takes are refused, more values of metrics are not', async () => {
    const flood = Array.from({ length: 201 }, () => ({ name: 'RUN' as const, arguments: ['no-such-task'] }));
    expect(await manager.problem('functions', { body: { calls: flood } })).toMatchObject({ code: 'too_many' });
    const { results } = await manager.call('functions', { body: { calls: Array.from({ length: 1000 }, (_cell, at) => metric('card_issues', 'lastMonth', null, 'city', `город ${at}`)) } });
    expect(results).toHaveLength(1000);
    expect(results.every((result) => 'values' in result)).toBe(true);
  });

  test('nobody is answered before sign-in', async () => {
    expect((await running.api.problem('functions', { body: { calls: [metric('card_issues', 'lastMonth')] } })).code).toBe('not_signed_in');
  });
});

async function count(sql: string): Promise<unknown[][]> {
  const { rows } = await running.product.workbench.select({ sql, parameters: {} }, { database: 'wallet', databases: [] }, { queryId: 'count-of-test', limits: { timeSeconds: 20, rows: 10, memoryBytes: 1_000_000_000 }, signal: AbortSignal.timeout(20_000) });
  return rows;
}
