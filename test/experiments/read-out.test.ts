import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLaboratory, type Laboratory, type Trial } from './laboratory.ts';

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await openLaboratory();
});
afterAll(() => laboratory.close());

/** Users 1 … control + treatment, all entered on 1 March at noon. */
const users = (control: number, treatment: number): string => `SELECT number + 1 AS user_id, if(number < ${control}, 'control', 'new') AS group, toDateTime('2026-03-01 12:00:00') AS entered_at FROM numbers(${control + treatment})`;
/** One fact a day after entry for the first of each group. */
const facts = (control: number, hits: [control: number, treatment: number], value = '1'): string =>
  `SELECT number + 1 AS user_id, toDateTime('2026-03-02 12:00:00') AS time, ${value} AS value FROM numbers(100000) WHERE number < ${hits[0]} OR (number >= ${control} AND number < ${control + hits[1]})`;
const shares = (sizes: [number, number], hits: [number, number], more: Partial<Trial> = {}): Trial => ({ assignments: users(...sizes), metric: { facts: facts(sizes[0], hits) }, ...more });
const first = async (trial: Trial) => {
  const { outcome } = await laboratory.read(trial);
  const comparison = outcome.metrics[0]!.comparisons[0]!;
  return { outcome, comparison, figures: comparison.figures, arm: outcome.arms[0]! };
};

describe('figures come out of the engine as R gives them', () => {
  it('of shares', async () => {
    // R: prop.test(c(200, 250), c(4000, 4000), correct = FALSE)$p.value = 0.01530; the difference is 0.0125.
    const { figures, outcome, arm } = await first(shares([4000, 4000], [200, 250]));
    expect(figures?.difference).toBeCloseTo(0.0125, 12);
    expect(figures?.pValue).toBeCloseTo(0.0153, 4);
    expect(outcome.metrics[0]?.groups.map(({ users: count, value }) => [count, value])).toEqual([[4000, 0.05], [4000, 0.0625]]);
    expect([arm.verdict, arm.advice]).toEqual(['better', 'rollOut']);
    expect(arm.sentence.en).toContain('6.25% against 5.00%, difference +1.25\u00a0pp (+25.0%)');
    expect(arm.sentence.ru).toContain('6,25\u00a0% против 5,00\u00a0%, разница +1,25\u00a0п.\u00a0п. (+25,0\u00a0%)');
  });

  it('of means, and of a lower figure that is better', async () => {
    // R: t.test(extra ~ group, data = sleep): means 0.75 and 2.33, p = 0.0793941401873582
    const extra = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2, 1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    const sleep = `SELECT number + 1 AS user_id, toDateTime('2026-03-03 13:00:00') AS time, [${extra.join(', ')}][number + 1] AS value FROM numbers(20)`;
    const { figures, outcome, comparison } = await first({ assignments: users(10, 10), metric: { type: 'mean', good: 'down', facts: sleep } });
    expect(figures?.pValue).toBeCloseTo(0.0793941401873582, 12);
    expect([figures?.control.value, figures?.treatment.value].map((value) => value?.toFixed(10))).toEqual(['0.7500000000', '2.3300000000']);
    expect(comparison.verdict).toBe('unclear');
    // Curves over days may be looked at day by day, which needs 30 users a group.
    expect(outcome.days).toEqual([]);
  });

  it('of ratios, by the delta method', async () => {
    const text = "SELECT number + 1 AS user_id, toDateTime('2026-03-02 12:00:00') AS time, number % 3 + if(number < 300, 0, 1) AS value, 1 + number % 4 AS denominator FROM numbers(600)";
    const { figures } = await first({ assignments: users(300, 300), metric: { type: 'ratio', facts: text } });
    const group = (from: number, more: number) => Array.from({ length: 300 }, (_, place) => from + place).map((number) => ({ y: (number % 3) + more, x: 1 + (number % 4) }));
    const [control, treatment] = [group(0, 0), group(300, 1)].map((pairs) => {
      const [sumY, sumX] = [pairs.reduce((sum, { y }) => sum + y, 0), pairs.reduce((sum, { x }) => sum + x, 0)];
      const ratio = sumY / sumX;
      const residuals = pairs.map(({ x, y }) => y - ratio * x);
      const variance = residuals.reduce((sum, one) => sum + one * one, 0) / (pairs.length - 1);
      return { ratio, error: Math.sqrt(variance / pairs.length) / (sumX / pairs.length) };
    }) as [{ ratio: number; error: number }, { ratio: number; error: number }];
    expect(figures?.difference).toBeCloseTo(treatment.ratio - control.ratio, 10);
    const half = ((figures?.interval.high ?? 0) - (figures?.interval.low ?? 0)) / 2;
    expect(half).toBeCloseTo(1.959963984540054 * Math.hypot(control.error, treatment.error), 8);
  });

  it('with the noise of habits taken out, as far as the days before are known', async () => {
    const text = `SELECT number + 1 AS user_id, toDateTime('2026-03-02 12:00:00') AS time, number % 10 + if(number < 200, 0, 1) + number % 3 AS value FROM numbers(400)
      UNION ALL SELECT number + 1 AS user_id, toDateTime('2026-02-25 12:00:00') AS time, number % 10 AS value FROM numbers(400)`;
    const trial: Trial = { assignments: users(200, 200), metric: { type: 'mean', facts: text }, section: { before: '14d' } };
    const { figures, outcome: whole } = await first(trial);
    const values = Array.from({ length: 400 }, (_, number) => ({ x: number % 10, y: (number % 10) + (number < 200 ? 0 : 1) + (number % 3), treated: number >= 200 }));
    const mean = (list: number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;
    const within = [false, true].map((side) => values.filter(({ treated }) => treated === side));
    const [mx, my] = [mean(values.map(({ x }) => x)), mean(values.map(({ y }) => y))];
    const theta = values.reduce((sum, { x, y }) => sum + (x - mx) * (y - my), 0) / values.reduce((sum, { x }) => sum + (x - mx) ** 2, 0);
    const [control, treatment] = within.map((group) => mean(group.map(({ x, y }) => y - theta * (x - mx)))) as [number, number];
    expect(figures?.difference).toBeCloseTo(treatment - control, 10);
    expect(figures?.noiseReduction).toBeGreaterThan(0.85);
    // 24 hours after entry is the second day; the curve shows the plain difference, with all that chance did.
    expect(whole.days.map(({ day }) => day)).toEqual(Array.from({ length: 13 }, (_, place) => place + 2));
    expect(whole.days[0]?.difference).toBeCloseTo(mean(within[1]!.map(({ y }) => y)) - mean(within[0]!.map(({ y }) => y)), 10);
    const { outcome } = await first({ ...trial, assignments: `SELECT *, toDateTime('2026-02-20 00:00:00') AS since FROM (${users(200, 200)})`, section: { before: '14d', knownSince: 'since' } });
    expect(outcome.metrics[0]?.comparisons[0]?.figures?.noiseReduction).toBe(0);
    expect(outcome.notes.map(({ en }) => en).join(' ')).toContain('Users whose days before the test are not known, taken with the mean: 400');
  });

  it('counts every user of a group, facts of others or of other days do not count', async () => {
    const text = `${facts(4, [2, 2])} UNION ALL SELECT 999 AS user_id, toDateTime('2026-03-02 12:00:00') AS time, 1 AS value
      UNION ALL SELECT 3 AS user_id, toDateTime('2026-03-01 11:59:59') AS time, 1 AS value UNION ALL SELECT 3 AS user_id, toDateTime('2026-03-15 12:00:00') AS time, 1 AS value`;
    const { outcome } = await first({ assignments: users(4, 4), metric: { facts: text } });
    expect(outcome.metrics[0]?.groups.map(({ users: count, value }) => [count, value])).toEqual([[4, 0.5], [4, 0.5]]);
  });

  it('meets users as numbers and as text, facts by days, and metrics of several steps', async () => {
    const text = "SELECT toString(user_id) AS user_id, toDate(time) AS time, value FROM steps.raw";
    const { outcome } = await first({ assignments: users(100, 100), metric: { steps: `-- step raw on warehouse\n${facts(100, [10, 30])}\n`, facts: text } });
    expect(outcome.metrics[0]?.groups.map(({ value }) => value)).toEqual([0.1, 0.3]);
    const words = await first({ assignments: `SELECT concat(' u', toString(user_id)) AS user_id, group, toString(entered_at) AS entered_at FROM (${users(100, 100)})`, metric: { facts: `SELECT concat('u', toString(user_id)) AS user_id, time, value FROM (${facts(100, [10, 30])})` } });
    expect(words.outcome.metrics[0]?.groups.map(({ value }) => value)).toEqual([0.1, 0.3]);
  });
});

describe('segments, guardrails and running tests', () => {
  it('compares parts of the users, corrected, on a table of their own', async () => {
    const { rows, results } = await laboratory.read(shares([4000, 4000], [200, 250], { assignments: `SELECT *, if(user_id % 2 = 0, 'ios', NULL) AS platform FROM (${users(4000, 4000)})`, section: { segments: '[platform]' } }));
    expect(results).toContain('segments');
    const table = await rows('segments');
    expect(table.map((row) => [row[0], row[1], row[5], row[6], row[7], row[8]])).toEqual([['platform', 'unknown', '2000', '2000', 5, 6.25], ['platform', 'ios', '2000', '2000', 5, 6.25]]);
    expect(table[0]![13]).toBeCloseTo(Number(table[0]![14]), 12);
  });

  it('stops at harm to a guardrail, though the target is better', async () => {
    const { arm, outcome } = await first(shares([4000, 4000], [400, 520], { others: { harm: { good: 'down', guardrail: true, margin: '10%', facts: facts(4000, [40, 90]) } } }));
    expect([arm.verdict, arm.advice, outcome.metrics[1]?.comparisons[0]?.verdict]).toEqual(['worse', 'review', 'worse']);
    expect(arm.sentence.en).toContain('But this suffered');
  });

  it('says that a test still runs, looks at it with wider intervals, and what would settle it', async () => {
    const trial = shares([4000, 4000], [200, 230]);
    const ended = await first(trial);
    const running = await first({ ...trial, now: '2026-03-20T09:00:00Z' });
    expect([ended.outcome.running, running.outcome.running, running.outcome.daysLeft]).toEqual([false, true, 12]);
    const width = ({ figures }: typeof ended) => (figures?.interval.high ?? 0) - (figures?.interval.low ?? 0);
    expect(width(running)).toBeGreaterThan(1.3 * width(ended));
    expect(running.arm.sentence).toEqual({ ru: expect.stringMatching(/^Тест ещё идёт\. /) as string, en: expect.stringMatching(/^The test is still running\. /) as string });
    expect(running.arm.advice).toBe('keepRunning');
    expect(running.arm.remarks.map(({ en }) => en).join(' ')).toMatch(/can't be seen with this many users\. 12\u00a0days left by the plan/);
  });

  it('compares several groups with one control, each with words of its own', async () => {
    const assignments = "SELECT number + 1 AS user_id, ['control', 'a', 'b'][1 + number % 3] AS group, toDateTime('2026-03-01 12:00:00') AS entered_at FROM numbers(9000)";
    const text = "SELECT number + 1 AS user_id, toDateTime('2026-03-02 12:00:00') AS time, 1 AS value FROM numbers(9000) WHERE intDiv(number, 3) < [300, 300, 420][1 + number % 3]";
    const { outcome } = await laboratory.read({ assignments, metric: { facts: text }, section: { groups: '{ control: 33.3%, a: 33.3%, b: 33.4% }' } });
    expect(outcome.arms.map(({ group, verdict }) => [group, verdict])).toEqual([['a', 'unclear'], ['b', 'better']]);
    expect(outcome.arms[1]?.sentence.en).toMatch(/^b: /);
  });
});
