import { describe, expect, test } from 'vitest';
import * as statistics from '../../shared/statistics/index.ts';
import type { Comparison, PairMoments, Share } from '../../shared/statistics/index.ts';

const share = (hits: number, users: number): Share => ({ hits, users });
const pairOf = (rows: [x: number, y: number][]): PairMoments => rows.map(([x, y]) => ({ users: 1, x: { mean: x, m2: 0 }, y: { mean: y, m2: 0 }, comoment: 0 })).reduce(statistics.mergePairMoments);

describe('shares', () => {
  test('nobody in either group: an interval around zero, no p-value, no relative change', () => {
    const result = statistics.compareShares(share(0, 1000), share(0, 1000))!;
    expect(result).toMatchObject({ difference: 0, pValue: null, relative: null, borderline: false });
    // Wilson's upper limit of 0 of 1000 is z² / (1000 + z²): 0.0038268.
    expect(result.interval.low).toBeCloseTo(-0.0038268, 7);
    expect(result.interval.high).toBeCloseTo(0.0038268, 7);
    expect(statistics.twoProportions(share(0, 1000), share(0, 1000))).toBeNull();
    expect(statistics.fisherExact(share(0, 1000), share(0, 1000))).toBe(1);
  });

  test('everyone in both groups: the same the other way up, and a relative change around zero', () => {
    const result = statistics.compareShares(share(50, 50), share(80, 80))!;
    expect(result).toMatchObject({ difference: 0, pValue: null });
    expect(result.interval.low).toBeLessThan(0);
    expect(result.interval.high).toBeGreaterThan(0);
    expect(result.relative).toMatchObject({ value: 0 });
  });

  test('0 of 1000 against 7 of 1000 is seen: small, Fisher, an interval above zero', () => {
    const result = statistics.compareShares(share(0, 1000), share(7, 1000))!;
    expect(result).toMatchObject({ small: true, relative: null, borderline: false });
    expect(result.pValue).toBeCloseTo(0.0154612662, 9);
    expect(result.interval.low).toBeGreaterThan(0);
  });

  test('large groups go by the pooled test', () => {
    expect(statistics.compareShares(share(200, 4000), share(250, 4000))).toMatchObject({ small: false });
    expect(statistics.compareShares(share(200, 4000), share(250, 4000))!.pValue).toBeCloseTo(0.0152558236, 9);
  });

  // R: prop.test(…, correct = FALSE) gives 0.0481 and 0.0502; Newcombe's limits from its Wilson intervals begin at −0.00009 and at 0.00006.
  test.each([
    [share(7, 60), share(29, 120)],
    [share(12, 40), share(39, 80)],
  ])('%j against %j: interval and p-value fall on different sides, which is said', (control, treatment) => {
    const result = statistics.compareShares(control, treatment)!;
    expect(result.borderline).toBe(true);
    expect(result.interval.low > 0).toBe(result.pValue! >= 0.05);
  });

  test.each([
    [share(0, 0), share(3, 10)],
    [share(3, 10), share(0, 0)],
    [share(11, 10), share(3, 10)],
    [share(3, 10), share(-1, 10)],
    [share(NaN, 10), share(3, 10)],
    [share(3, NaN), share(3, 10)],
    [share(3, Infinity), share(3, 10)],
    [share(Infinity, Infinity), share(3, 10)],
  ])('%j against %j cannot be compared', (control, treatment) => {
    for (const compare of [statistics.compareShares, statistics.twoProportions, statistics.newcombeInterval, statistics.fisherExact]) expect(compare(control, treatment)).toBeNull();
  });

  test('the always-valid p-value falls below the threshold exactly when the interval leaves zero', () => {
    for (const hits of [30, 40, 45, 50, 52, 54, 56, 58, 60, 70, 90]) {
      const result = statistics.compareShares(share(30, 400), share(hits, 500), { planned: 2000 })!;
      expect(result.alwaysValid).toBe(true);
      expect(result.pValue! < 0.05).toBe(result.interval.low > 0 || result.interval.high < 0);
    }
  });

  test('underflow stays a tiny number', () => {
    const one = statistics.compareShares(share(1e6, 1e9), share(5e8, 1e9))!;
    const other = statistics.compareShares(share(1e6, 1e9), share(5e8, 1e9), { planned: 2e9 })!;
    expect([one.pValue, other.pValue, statistics.fisherExact(share(0, 1e6), share(1e6, 1e6))]).toEqual(Array(3).fill(statistics.smallestPValue));
  });

  test('a relative change agrees with the difference about zero', () => {
    for (const hits of [1, 3, 10, 14, 15, 16, 17, 18, 20, 24, 40]) {
      const { interval, relative } = statistics.compareShares(share(8, 90), share(hits, 70))!;
      expect([relative!.interval.low > 0, relative!.interval.high < 0]).toEqual([interval.low > 0, interval.high < 0]);
      expect(relative!.interval.low).toBeGreaterThanOrEqual(-1);
    }
  });
});

describe('means and ratios', () => {
  const some = statistics.momentsOf([1, 2, 4, 4, 9]);

  test.each([
    ['an empty group', statistics.momentsOf([])],
    ['one user', statistics.momentsOf([3])],
    ['NaN among the values', statistics.momentsOf([1, NaN, 2])],
    ['an endless value', statistics.momentsOf([1, Infinity])],
    ['a negative spread', { users: 10, mean: 1, m2: -1 }],
  ])('%s cannot be compared', (_, group) => {
    for (const [control, treatment] of [[some, group], [group, some]] as const) {
      expect(statistics.welch(control, treatment)).toBeNull();
      expect(statistics.compareMeans(control, treatment)).toBeNull();
      expect(statistics.standardizedDifference(control, treatment)).toBeNull();
    }
    expect(statistics.meanInterval(group)).toBeNull();
  });

  test('no variation in either group is no test; in one it is', () => {
    const [twos, threes] = [statistics.momentsOf([2, 2, 2]), statistics.momentsOf([3, 3, 3, 3])];
    expect(statistics.compareMeans(twos, threes)).toBeNull();
    expect(statistics.compareMeans(twos, some)!.pValue).toBeGreaterThan(0.05);
  });

  test('what engines leave of equal values when they merge is no variation', () => {
    const third = { users: 1e6, mean: 0.1, m2: 0 };
    const rest = { users: 2e6, mean: 0.1 + 2 ** -56, m2: 0 };
    expect(statistics.welch(statistics.mergeMoments(third, rest), statistics.mergeMoments(rest, third))).toBeNull();
  });

  test('a relative change that would divide by what may be zero is refused, the difference stays', () => {
    const around = { users: 50, mean: 0.1, m2: 50 };
    const result = statistics.compareMeans(around, { users: 50, mean: 1, m2: 50 })!;
    expect(result.relative).toBeNull();
    expect(result.interval.low).toBeGreaterThan(0);
    expect(statistics.relativeEffect({ value: 0, interval: { low: 0, high: 0 } }, { value: 1, interval: { low: 1, high: 1 } })).toBeNull();
  });

  test('a negative baseline is divided by its size: less loss is a rise', () => {
    const result = statistics.compareMeans({ users: 1000, mean: -10, m2: 1000 }, { users: 1000, mean: -8, m2: 1000 })!;
    expect(result.relative!.value).toBeCloseTo(0.2, 12);
    expect(result.relative!.interval.low).toBeGreaterThan(0.18);
    expect(result.relative!.interval.high).toBeLessThan(0.22);
    const crossing = statistics.compareMeans({ users: 1000, mean: 1, m2: 10 }, { users: 1000, mean: -1, m2: 10 })!;
    expect(crossing.relative!.value).toBeCloseTo(-2, 12);
    expect(crossing.relative!.interval.low).toBeLessThan(-2);
  });

  test('a running test waits for thirty users in each group', () => {
    const moments = (users: number) => ({ users, mean: 1, m2: users });
    expect(statistics.compareMeans(moments(29), moments(1000), { planned: 5000 })).toBeNull();
    expect(statistics.compareMeans(moments(30), moments(1000), { planned: 5000 })).not.toBeNull();
  });

  test('users whose denominator is zero stay in; a denominator that is zero for all is no ratio', () => {
    const some = pairOf([[0, 0], [2, 1], [3, 1], [0, 0], [5, 4]]);
    expect(statistics.ratioMetric(some)).toMatchObject({ ratio: 0.6 });
    expect(statistics.ratioMetric(pairOf([[0, 1], [0, 2]]))).toBeNull();
    expect(statistics.ratioMetric(pairOf([[1, 1]]))).toBeNull();
    expect(statistics.ratioMetric(pairOf([[1, NaN], [2, 2]]))).toBeNull();
  });

  test('a ratio that is the same for every user does not vary, so it is no test', () => {
    const steady = pairOf([[1, 0.1], [3, 0.3], [7, 0.7]]);
    expect(statistics.ratioMetric(steady)!.standardError).toBe(0);
    expect(statistics.compareRatios(steady, steady)).toBeNull();
  });

  test('CUPED leaves everything as it was when nothing was known before, and takes out all that was', () => {
    const unknown = pairOf([[4, 1], [4, 3], [4, 2]]);
    expect(statistics.cuped(unknown, unknown)).toMatchObject({ theta: 0, noiseReduction: 0, control: { users: 3, mean: 2, m2: 2 } });
    const certain = pairOf([[1, 2], [2, 4], [5, 10]]);
    const result = statistics.cuped(certain, certain)!;
    expect(result).toMatchObject({ theta: 2, noiseReduction: 1, control: { m2: 0 } });
    expect(statistics.welch(result.control, result.treatment)).toBeNull();
    expect(statistics.cuped(pairOf([[1, 2]]), certain)).toBeNull();
    expect(statistics.cuped(pairOf([[1, NaN], [2, 2]]), certain)).toBeNull();
  });

  test('users who were not there before keep their value, and do not move theta', () => {
    const known = pairOf([[1, 3], [2, 4], [6, 9]]);
    const all = statistics.withUnknownBefore(known, statistics.momentsOf([4, 6]), 3);
    expect(all).toMatchObject({ users: 5, x: { mean: 3 }, y: { mean: 5.2 } });
    expect(all.comoment / all.x.m2).toBeCloseTo(known.comoment / known.x.m2, 12);
  });

  test('moments keep their digits beside a large offset, and merged parts are the whole', () => {
    const values = Array.from({ length: 1000 }, (_, turn) => (turn * 7919) % 101);
    const plain = statistics.momentsOf(values);
    const far = statistics.momentsOf(values.map((value) => 1e9 + value));
    expect(far.m2 / plain.m2).toBeCloseTo(1, 9);
    const merged = statistics.mergeMoments(statistics.momentsOf(values.slice(0, 10)), statistics.momentsOf(values.slice(10)));
    expect(merged.m2 / plain.m2).toBeCloseTo(1, 12);
    expect(statistics.mergeMoments(statistics.momentsOf([]), statistics.momentsOf([]))).toEqual({ users: 0, mean: 0, m2: 0 });
    expect(statistics.momentsFromSums({ users: 0, sum: 0, sumOfSquares: 0 })).toBeNull();
    expect(statistics.momentsFromSums({ users: 2, sum: 4, sumOfSquares: 1 })).toBeNull();
    expect(statistics.momentsFromSums({ users: 2, sum: NaN, sumOfSquares: 1 })).toBeNull();
  });
});

describe('sizes of groups', () => {
  const sizes = (...users: [number, number][]) => users.map(([size, share]) => ({ users: size, share }));

  test('50.5 against 49.5 % of a million users is a broken split', () => {
    const result = statistics.sampleRatio(sizes([505_000, 50], [495_000, 50]))!;
    expect(result).toMatchObject({ state: 'broken', leaked: 0 });
    expect(result.deviation).toBeCloseTo(0.005, 12);
  });

  test('a certain but harmless deviation in a very large test is only suspicious', () => {
    expect(statistics.sampleRatio(sizes([50_030_000, 1], [49_970_000, 1]))).toMatchObject({ state: 'suspicious' });
  });

  test('between 0.001 and 0.01 it is suspicious, above fine', () => {
    expect(statistics.sampleRatio(sizes([5150, 1], [4850, 1]))).toMatchObject({ state: 'suspicious' });
    expect(statistics.sampleRatio(sizes([5100, 1], [4900, 1]))).toMatchObject({ state: 'fine' });
  });

  test('an empty group, and users in a group planned to get none, are broken', () => {
    expect(statistics.sampleRatio(sizes([40, 1], [0, 1]))).toMatchObject({ state: 'broken' });
    expect(statistics.sampleRatio(sizes([500, 1], [500, 1], [1, 0]))).toMatchObject({ state: 'broken', leaked: 1, degreesOfFreedom: 1 });
    expect(statistics.sequentialSampleRatio(sizes([500, 1], [500, 1], [1, 0]))).toBe(statistics.smallestPValue);
  });

  test('with fewer than five users expected nothing is said', () => {
    expect(statistics.sampleRatio(sizes([4, 1], [0, 1]))).toMatchObject({ state: 'tooFew' });
  });

  test.each([[sizes()], [sizes([10, 1])], [sizes([0, 1], [0, 1])], [sizes([10, 1], [10, 0])], [sizes([-1, 1], [10, 1])], [sizes([NaN, 1], [10, 1])], [sizes([5, NaN], [10, 1])], [sizes([5, 0], [5, 0])]])('%j is no plan to check', (groups) => {
    expect(statistics.sampleRatio(groups)).toBeNull();
    expect(statistics.sequentialSampleRatio(groups)).toBeNull();
  });

  test('the sequential check holds a billion users without losing digits', () => {
    expect(statistics.sequentialSampleRatio(sizes([500_015_811, 1], [499_984_189, 1]))).toBeGreaterThan(0.05);
    expect(statistics.sequentialSampleRatio(sizes([500_158_114, 1], [499_841_886, 1]))).toBeLessThan(1e-15);
  });
});

describe('options', () => {
  const groups: [Share, Share] = [share(30, 400), share(50, 500)];

  test.each([0, 1, 1.5, -0.1, NaN])('a confidence of %d is refused', (confidence) => {
    expect(statistics.compareShares(...groups, { confidence })).toBeNull();
    expect(statistics.newcombeInterval(...groups, confidence)).toBeNull();
    expect(statistics.wilsonInterval(groups[0], confidence)).toBeNull();
    expect(statistics.compareMeans(statistics.momentsOf([1, 2, 3]), statistics.momentsOf([2, 3, 9]), { confidence })).toBeNull();
    expect(statistics.compareRatios(pairOf([[1, 1], [2, 3]]), pairOf([[1, 1], [2, 3]]), { confidence })).toBeNull();
  });

  test.each([0, -5, NaN, Infinity])('a plan of %d users is refused', (planned) => {
    expect(statistics.compareShares(...groups, { planned })).toBeNull();
    expect(statistics.alwaysValidReach({ users: 100, planned, alpha: 0.05 })).toBeNull();
    expect(statistics.alwaysValidPValue(3, { users: 100, planned, alpha: 0.05 })).toBeNull();
  });

  test('90 % intervals are narrower than 95 %, always-valid ones wider', () => {
    const width = (comparison: Comparison | null) => comparison!.interval.high - comparison!.interval.low;
    const usual = width(statistics.compareShares(...groups));
    expect(width(statistics.compareShares(...groups, { confidence: 0.9 }))).toBeLessThan(usual);
    expect(width(statistics.compareShares(...groups, { planned: 900 }))).toBeGreaterThan(1.4 * usual);
  });
});

describe('many p-values', () => {
  test('an empty family stays empty, and what is no p-value is left out', () => {
    expect([statistics.holm([]), statistics.benjaminiHochberg([])]).toEqual([[], []]);
    expect(statistics.holm([0.02, NaN, null, -1, 2, 0.03])).toEqual([0.04, null, null, null, null, 0.04]);
    expect(statistics.benjaminiHochberg([null])).toEqual([null]);
  });
});
