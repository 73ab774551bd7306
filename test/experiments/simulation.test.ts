import { expect, test } from 'vitest';
import { MetricComparer } from '../../backend/experiments/compare-metric.ts';
import { isRunning, type PlannedMetric } from '../../backend/experiments/planned.ts';
import * as statistics from '../../shared/statistics/index.ts';

/** Mulberry32: a seeded source of numbers from 0 to 1. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const metric: PlannedMetric = { id: 'goal', title: { ru: 'Ц', en: 'G' }, type: 'share', good: 'up', guardrail: false, margin: 0.02, windowDays: 14, unit: { ru: '', en: '' }, role: 'target', steps: [], marks: {} };

function comparison(users: number, hits: [number, number], planned?: number) {
  const pair = (count: number) => ({ users: count, x: { mean: 0, m2: 0 }, y: { mean: 1, m2: 0 }, comoment: 0 });
  const sums = { groups: hits.map((count, place) => ({ group: place + 1, active: count, known: true, pair: pair(count) })), segments: [], days: [], unreadable: 0 };
  const totals = { groups: hits.map((_, place) => ({ group: place + 1, known: true, users })), segments: [], observed: [] };
  const comparer = new MetricComparer(statistics, metric, sums, totals);
  return comparer.compare(2, planned === undefined ? {} : { planned }).comparison!;
}

const calls = ({ interval: { low, high } }: { interval: { low: number; high: number } }): boolean => low > 0 || high < 0;

test('without an effect about 5 % of ended tests are called, and of running ones looked at daily fewer', () => {
  const random = seeded(20_261_123);
  const rounds = 400;
  let [ended, peeked] = [0, 0];
  for (let round = 0; round < rounds; round += 1) {
    const hits: [number, number] = [0, 0];
    let called = false;
    for (let day = 1; day <= 10; day += 1) {
      for (const group of [0, 1] as const) for (let user = 0; user < 100; user += 1) if (random() < 0.2) hits[group] += 1;
      called ||= calls(comparison(day * 100, hits, 2_000));
    }
    if (called) peeked += 1;
    if (calls(comparison(1_000, hits))) ended += 1;
  }
  expect(ended / rounds).toBeGreaterThan(0.025);
  expect(ended / rounds).toBeLessThan(0.08);
  expect(peeked / rounds).toBeLessThan(0.05);
});

test('a test runs until its planned end, or, where only a size is planned, until that', () => {
  const planned = (until: string | undefined, users: number | undefined, today: string) => ({ section: { planned: { ...(until === undefined ? {} : { until }), ...(users === undefined ? {} : { users }) } }, today }) as Parameters<typeof isRunning>[0];
  expect([isRunning(planned('2026-03-31', undefined, '2026-03-31'), 10), isRunning(planned('2026-03-31', 5, '2026-03-31'), 10), isRunning(planned('2026-03-31', 500, '2026-04-01'), 10), isRunning(planned(undefined, 11, '2026-04-01'), 10), isRunning(planned(undefined, 10, '2026-04-01'), 10)]).toEqual([true, true, false, true, false]);
});
