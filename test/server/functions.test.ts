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

describe('a plan of a test', () => {
  test('knows the level, the spread and how many come, as a test begun eight weeks ago would have', async () => {
    const { baseline } = await manager.call('baseline', { params: { id: 'support_contacts' }, query: { entry: 'active_days' } });
    const day = running.product.fieldContext().today;
    const start = `(toDate('${day}') - 56)`;
    const entrants = `SELECT user_id, min(event_on) AS entered FROM wallet.events WHERE event_name = 'app_open' AND event_on >= ${start} AND event_on < toDate('${day}') GROUP BY user_id`;
    const [row = []] = await count(`SELECT count(), countIf(entered = ${start}), countIf(entered <= toDate('${day}') - 14), countIf(entered <= toDate('${day}') - 14 AND user_id IN (
      SELECT contacts.user_id FROM wallet.support_contacts AS contacts INNER JOIN (${entrants}) AS e ON e.user_id = contacts.user_id WHERE toDate(contacted_at, 'Europe/Moscow') >= entered AND toDate(contacted_at, 'Europe/Moscow') < entered + 14)) FROM (${entrants})`);
    const [all, first, followed, hits] = row.map(Number) as [number, number, number, number];
    expect(baseline.arrivals).toHaveLength(56);
    expect([baseline.arrivals[55], baseline.arrivals[0], baseline.users]).toEqual([all, first, followed]);
    expect(baseline.level).toBeCloseTo(hits / followed, 12);
    expect(baseline.deviation).toBeNull();
  });

  test('a mean has its standard deviation, users without facts included', async () => {
    const { baseline } = await manager.call('baseline', { params: { id: 'card_issues' }, query: { entry: 'active_days' } });
    const day = running.product.fieldContext().today;
    const entrants = `SELECT user_id, min(event_on) AS entered FROM wallet.events WHERE event_name = 'app_open' AND event_on >= toDate('${day}') - 56 AND event_on < toDate('${day}') GROUP BY user_id HAVING entered <= toDate('${day}') - 14`;
    const [row = []] = await count(`SELECT avg(cards), stddevSamp(cards) FROM (SELECT e.user_id, countIf(c.user_id != 0 AND toDate(issued_at, 'Europe/Moscow') >= entered AND toDate(issued_at, 'Europe/Moscow') < entered + 14) AS cards FROM (${entrants}) AS e LEFT JOIN wallet.cards AS c ON c.user_id = e.user_id GROUP BY e.user_id)`);
    expect(baseline.level).toBeCloseTo(Number(row[0]), 9);
    expect(baseline.deviation).toBeCloseTo(Number(row[1]), 9);
  });

  test('a cell gets level and deviation as the planner does', async () => {
    const { baseline } = await manager.call('baseline', { params: { id: 'card_issues' }, query: { entry: 'active_days' } });
    const { results } = await manager.call('functions', { body: { calls: [{ name: 'BASELINE', arguments: ['card_issues', 'active_days'] }, { name: 'BASELINE', arguments: ['support_contacts', null] }, { name: 'BASELINE', arguments: ['nothing'] }, { name: 'BASELINE', arguments: [null] }] } });
    expect(results[0]).toEqual({ values: [[baseline.level, baseline.deviation]] });
    // Whoever enters by the metric itself has it for certain.
    expect(results[1]).toEqual({ values: [[1, '']] });
    expect(results.slice(2)).toMatchObject([{ problem: { code: 'not_found' } }, { problem: { code: 'invalid_request' } }]);
  });

  test('an unknown metric is told', async () => {
    expect(await manager.problem('baseline', { params: { id: 'nothing' }, query: { entry: 'active_days' } })).toMatchObject({ code: 'not_found' });
    expect((await manager.call('metrics')).metrics.map(({ id }) => id)).toContain('card_issues');
  });
});

async function count(sql: string): Promise<unknown[][]> {
  const { rows } = await running.product.workbench.select({ sql, parameters: {} }, { database: 'wallet', databases: [] }, { queryId: 'count-of-test', limits: { timeSeconds: 20, rows: 10, memoryBytes: 1_000_000_000 }, signal: AbortSignal.timeout(20_000) });
  return rows;
}
