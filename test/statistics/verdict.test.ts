import { describe, expect, test } from 'vitest';
import { compareMeans, compareShares, metricVerdict, nonInferiority, overallVerdict } from '../../shared/statistics/index.ts';
import type { MetricEvidence, MetricVerdict, Verdict } from '../../shared/statistics/index.ts';

const between = (low: number, high: number, relative: [number, number] | null = null) => ({
  interval: { low, high },
  relative: relative && { value: (relative[0] + relative[1]) / 2, interval: { low: relative[0], high: relative[1] } },
});
const of = (evidence: Partial<MetricEvidence>) => metricVerdict({ groupsComparable: true, comparison: null, good: 'up', margin: null, ...evidence });

describe('one metric', () => {
  test('wholly above zero is better where up is good, and worse where down is good', () => {
    expect(of({ comparison: between(0.01, 0.03) })).toMatchObject({ verdict: 'better', because: 'interval' });
    expect(of({ comparison: between(0.01, 0.03), good: 'down' })).toMatchObject({ verdict: 'worse', because: 'interval' });
    expect(of({ comparison: between(-0.03, -0.01), good: 'down' })).toMatchObject({ verdict: 'better' });
  });

  test('inside the margin around zero there is no visible difference', () => {
    expect(of({ comparison: between(-0.004, 0.003), margin: { absolute: 0.005 } })).toMatchObject({ verdict: 'noVisibleDifference', withinMargin: true });
    expect(of({ comparison: between(-4, 3, [-0.01, 0.008]), margin: { relative: 0.02 } })).toMatchObject({ verdict: 'noVisibleDifference' });
  });

  test('across zero and beyond the margin, or without a margin, it is unclear: never "no effect"', () => {
    expect(of({ comparison: between(-0.004, 0.03), margin: { absolute: 0.005 } })).toMatchObject({ verdict: 'unclear', because: 'interval' });
    expect(of({ comparison: between(-0.0001, 0.0001) })).toMatchObject({ verdict: 'unclear' });
    expect(of({ comparison: between(-0.0001, 0.0001, null), margin: { relative: 0.02 } })).toMatchObject({ verdict: 'unclear', withinMargin: false });
  });

  test('touching zero is not better', () => {
    expect(of({ comparison: between(0, 0.03) })).toMatchObject({ verdict: 'unclear' });
  });

  test('better for certain and still too little to matter is better, and said to be small', () => {
    expect(of({ comparison: between(0.001, 0.003), margin: { absolute: 0.005 } })).toMatchObject({ verdict: 'better', withinMargin: true });
  });

  test('what could not be computed is unclear and says so; groups that cannot be compared are not valid', () => {
    expect(of({})).toEqual({ verdict: 'unclear', because: 'notComputable', withinMargin: false, guardrail: null });
    expect(of({ groupsComparable: false, comparison: between(0.01, 0.03) })).toEqual({ verdict: 'notValid', because: 'groups', withinMargin: false, guardrail: null });
  });

  test('a claim beside the target must pass the correction for many metrics; harm need not', () => {
    expect(of({ comparison: between(0.001, 0.03), adjustedPValue: 0.12 })).toMatchObject({ verdict: 'unclear', because: 'manyMetrics' });
    expect(of({ comparison: between(0.001, 0.03), adjustedPValue: null })).toMatchObject({ verdict: 'unclear', because: 'manyMetrics' });
    expect(of({ comparison: between(0.001, 0.03), adjustedPValue: 0.04 })).toMatchObject({ verdict: 'better' });
    expect(of({ comparison: between(0.001, 0.03), adjustedPValue: 0.04, alpha: 0.01 })).toMatchObject({ verdict: 'unclear' });
    expect(of({ comparison: between(-0.03, -0.001), adjustedPValue: 0.12 })).toMatchObject({ verdict: 'worse' });
  });

  test('a p-value alone decides nothing', () => {
    expect(of({ comparison: between(-0.001, 0.03), adjustedPValue: 1e-9 })).toMatchObject({ verdict: 'unclear' });
  });

  test('a guardrail is worse already when its one-sided check says so', () => {
    const evidence = { comparison: between(-0.001, 0.03), good: 'down' as const, margin: { absolute: 0.01 } };
    expect(of({ ...evidence, guardrail: { comparison: between(0.001, 0.028) } })).toMatchObject({ verdict: 'worse', because: 'oneSided', guardrail: 'harmed' });
    expect(of({ ...evidence, guardrail: { comparison: between(0.001, 0.009) } })).toMatchObject({ guardrail: 'harmedWithinMargin' });
    expect(of({ ...evidence, guardrail: { comparison: between(-0.001, 0.009) } })).toMatchObject({ verdict: 'unclear', guardrail: 'safe' });
    expect(of({ ...evidence, guardrail: { comparison: null } })).toMatchObject({ guardrail: 'notProvenSafe' });
    expect(of({ ...evidence, margin: null, guardrail: { comparison: between(-1, 0.009) } })).toMatchObject({ guardrail: 'notProvenSafe' });
  });

  test("a guardrail's relative margin is held against the relative change, and harm is seen without one too", () => {
    const relative = between(-4, 3, [-0.01, 0.008]);
    expect(of({ comparison: relative, margin: { relative: 0.02 }, guardrail: { comparison: relative } })).toMatchObject({ guardrail: 'safe' });
    expect(of({ comparison: relative, margin: { relative: 0.005 }, guardrail: { comparison: relative } })).toMatchObject({ guardrail: 'notProvenSafe' });
    const fromNothing = between(0.001, 0.014);
    expect(of({ comparison: fromNothing, good: 'down', margin: { relative: 0.02 }, guardrail: { comparison: fromNothing } })).toMatchObject({ verdict: 'worse', guardrail: 'harmed' });
  });

  test('0 of 1000 unsubscribes against 7 of 1000 is harm', () => {
    const groups = [{ hits: 0, users: 1000 }, { hits: 7, users: 1000 }] as const;
    const evidence = { comparison: compareShares(...groups), guardrail: { comparison: compareShares(...groups, { confidence: 0.9 }) } };
    expect(of({ ...evidence, good: 'down', margin: { relative: 0.02 } })).toMatchObject({ verdict: 'worse', guardrail: 'harmed' });
  });

  test('the verdict does not depend on the unit: seconds or hours', () => {
    const verdicts = [1, 3600].map((unit) => {
      const group = (mean: number) => ({ users: 900, mean: mean / unit, m2: 900 * (400 / unit) ** 2 });
      return of({ comparison: compareMeans(group(1000), group(1045)), margin: { relative: 0.02 } });
    });
    expect(verdicts[0]).toEqual(verdicts[1]);
  });
});

describe('guardrails', () => {
  test.each([
    [-0.01, 0.03, 'up', 0.02, 'safe'],
    [-0.03, 0.03, 'up', 0.02, 'notProvenSafe'],
    [-0.03, -0.01, 'up', 0.02, 'harmed'],
    [-0.015, -0.01, 'up', 0.02, 'harmedWithinMargin'],
    [0.01, 0.03, 'down', 0.02, 'harmed'],
    [0.01, 0.03, 'up', 0.02, 'safe'],
    [-0.01, 0.02, 'down', 0.02, 'notProvenSafe'],
    [-0.01, 0.03, 'up', null, 'notProvenSafe'],
    [NaN, 0.03, 'up', 0.02, null],
    [0.03, 0.01, 'up', 0.02, null],
    [0.01, 0.03, 'up', 0, null],
    [0.01, 0.03, 'up', NaN, null],
  ] as const)('%d … %d, good is %s, margin %d: %s', (low, high, good, margin, state) => {
    expect(nonInferiority({ low, high }, good, margin)).toBe(state);
  });
});

describe('the whole test', () => {
  const metric = (verdict: Verdict, others: Partial<MetricVerdict> = {}): MetricVerdict => ({ verdict, because: 'interval', withinMargin: false, guardrail: null, ...others });
  const safe = metric('noVisibleDifference', { guardrail: 'safe' });
  const open = metric('unclear', { guardrail: 'notProvenSafe' });

  test.each([
    ['better and nothing harmed', metric('better'), [safe], false, 'better', 'rollOut'],
    ['better, a guardrail not proven safe, finished', metric('better'), [open], false, 'better', 'rollOut'],
    ['better, a guardrail not proven safe, still running', metric('better'), [safe, open], true, 'better', 'keepRunning'],
    ['better and a guardrail harmed', metric('better'), [metric('worse', { guardrail: 'harmed' })], false, 'worse', 'review'],
    ['better and a guardrail harmed by less than it may bear', metric('better'), [metric('worse', { guardrail: 'harmedWithinMargin' })], false, 'better', 'rollOut'],
    ['unclear and a guardrail harmed', metric('unclear'), [metric('worse', { guardrail: 'harmed' })], true, 'worse', 'review'],
    ['worse', metric('worse'), [safe], false, 'worse', 'doNotRollOut'],
    ['worse and a guardrail harmed', metric('worse'), [metric('worse', { guardrail: 'harmed' })], false, 'worse', 'doNotRollOut'],
    ['no visible difference', metric('noVisibleDifference'), [safe], true, 'noVisibleDifference', 'decideByOtherReasons'],
    ['unclear, still running', metric('unclear'), [], true, 'unclear', 'keepRunning'],
    ['unclear at the end', metric('unclear'), [], false, 'unclear', 'decideByOtherReasons'],
    ['groups that cannot be compared', metric('notValid'), [safe], false, 'notValid', 'doNotCompare'],
    ['one metric of groups that cannot be compared', metric('better'), [metric('notValid')], false, 'notValid', 'doNotCompare'],
  ] as const)('%s', (_, target, guardrails, running, verdict, advice) => {
    expect(overallVerdict({ target, guardrails: [...guardrails], running })).toMatchObject({ verdict, advice });
  });

  test('names the guardrails by their places', () => {
    const result = overallVerdict({ target: metric('better'), guardrails: [safe, metric('worse', { guardrail: 'harmed' }), open], running: false });
    expect(result).toMatchObject({ harmed: [1], notProvenSafe: [2] });
  });
});
