import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Moments, PairMoments } from '../../shared/statistics/index.ts';
import * as statistics from '../../shared/statistics/index.ts';
import { expectClose } from './close.ts';

type Row = Record<string, number & number[]>;
const read = (name: string) => JSON.parse(readFileSync(new URL(`reference/${name}.json`, import.meta.url), 'utf8')) as Record<string, Row[]>;
const [fromR, exact] = [read('methods'), read('exact')];

const interval = ([low, high]: number[]) => ({ low, high });
const moments = ([users, mean, m2]: number[]): Moments => ({ users: users!, mean: mean!, m2: m2! });
const shares = ([x1, n1, x2, n2]: number[]) => [{ hits: x1!, users: n1! }, { hits: x2!, users: n2! }] as const;
const asRatio = ({ low, high }: { low?: number; high?: number }) => ({ low: 1 + low!, high: 1 + high! });
const pair = ([users, x, xx, y, yy, xy]: number[]): PairMoments => ({ users: users!, x: { mean: x!, m2: xx! }, y: { mean: y!, m2: yy! }, comoment: xy! });

describe('against R and exact sums', () => {
  test.each(fromR.shares!)('shares $input by prop.test', ({ input, pValue, controlInterval, treatmentInterval, interval: limits }) => {
    const [control, treatment] = shares(input!);
    const result = statistics.twoProportions(control, treatment);
    if (pValue === 0) expect(result!.pValue).toBe(statistics.smallestPValue);
    else expectClose(result?.pValue, pValue);
    // prop.test subtracts nearly equal numbers near 0 and 1, so the last digits of R's limits are not all right there.
    expectClose(statistics.wilsonInterval(control), interval(controlInterval!), 1e-6);
    expectClose(statistics.wilsonInterval(treatment), interval(treatmentInterval!), 1e-6);
    expectClose(statistics.newcombeInterval(control, treatment), interval(limits!), 1e-5);
  });

  test.each(exact.shares!)('shares $input in fifty digits', ({ input, control: own, interval: limits, relative }) => {
    const [control, treatment] = shares(input!);
    expectClose(statistics.wilsonInterval(control), interval(own!));
    expectClose(statistics.newcombeInterval(control, treatment), interval(limits!));
    const compared = statistics.compareShares(control, treatment)!;
    if ((relative as number[] | null) === null) expect(compared.relative).toBeNull();
    // As ratios, since what a tiny change loses by taking off 1 is in the data as well.
    else expectClose(asRatio(compared.relative!.interval), asRatio(interval(relative!)), 1e-11);
  });

  test.each(fromR.means!)('means at $confidence, t = $t', (row) => {
    const [control, treatment, confidence] = [moments(row.control!), moments(row.treatment!), row.confidence!];
    const result = statistics.welch(control, treatment, confidence);
    // With an offset of 1e9 the data themselves carry seven digits of the difference.
    const error = Math.abs(control.mean) > 1e8 ? 1e-6 : 1e-9;
    expectClose(result, { t: row.t, degreesOfFreedom: row.degreesOfFreedom, pValue: row.pValue, interval: interval(row.interval!) }, error);
    const { relative } = statistics.compareMeans(control, treatment, { confidence })!;
    if ((row.relative as (number | null)[])[0] === null) expect(relative).toBeNull();
    else if (error < 1e-6) expectClose(relative!.interval, interval(row.relative!), 1e-8);
  });

  test.each(fromR.nonInferiority!)('guardrail, interval $interval', ({ interval: limits, margin, harmed, safe }) => {
    const state = statistics.nonInferiority({ low: limits![0]!, high: limits![1]! }, 'up', margin!);
    expect([state === 'harmed' || state === 'harmedWithinMargin', state === 'safe' || state === 'harmedWithinMargin']).toEqual([Boolean(harmed), Boolean(safe)]);
  });

  test.each(fromR.ratios!)('ratios, difference $difference', (row) => {
    const result = statistics.compareRatios(pair(row.control!), pair(row.treatment!));
    expectClose(result, { difference: row.difference, standardError: row.standardError, pValue: row.pValue, interval: interval(row.interval!) });
  });

  test.each(fromR.cuped!)('CUPED, theta $theta', (row) => {
    const adjusted = statistics.cuped(pair(row.control!), pair(row.treatment!))!;
    expectClose(adjusted, { theta: row.theta, noiseReduction: row.noiseReduction, control: { mean: row.means![0] }, treatment: { mean: row.means![1] } });
    expectClose(statistics.welch(adjusted.control, adjusted.treatment), { pValue: row.pValue, interval: interval(row.interval!) });
  });

  test.each(fromR.sampleRatio!)('sizes $users of $shares', ({ users, shares, chiSquare, pValue }) => {
    expectClose(statistics.sampleRatio(users!.map((size, place) => ({ users: size, share: shares![place]! }))), { chiSquare, pValue });
  });

  test.each(fromR.adjusted!)('many p-values $pValues', ({ pValues, holm, bh }) => {
    const closeTo = (expected: (number | null)[]) => expected.map((p) => (p === null ? null : (expect.closeTo(p, 12) as number)));
    expect(statistics.holm(pValues!)).toEqual(closeTo(holm!));
    expect(statistics.benjaminiHochberg(pValues!)).toEqual(closeTo(bh!));
  });

  test.each(fromR.usersForShares!)('users for shares $control and $treatment', ({ users, ...plan }) => {
    expect(statistics.usersForShares(plan as never)).toEqual({ control: users, treatment: users });
  });

  test.each(fromR.powerOfShares!)('power for shares $control and $treatment', ({ users, control, treatment, alpha, power }) => {
    expectClose(statistics.powerOfShares({ controlRate: control!, treatmentRate: treatment!, control: users!, treatment: users!, alpha }), power);
  });

  test.each(fromR.smallestShare!)('smallest visible change of $control among $users', ({ users, control, power, difference }) => {
    expectClose(statistics.smallestVisibleShare({ rate: control!, control: users!, treatment: users!, power }), difference, 1e-8);
  });

  test.each(fromR.usersForMeans!)("users for means are Student's but for the last one or two", ({ users, ...plan }) => {
    const sizes = statistics.usersForMeans(plan as never)!;
    expect(sizes.control).toBeGreaterThan(users! - 2);
    expect(sizes.control).toBeLessThanOrEqual(Math.ceil(users!));
  });

  test.each(exact.fisher! as unknown as number[][])("Fisher's exact test %i/%i %i/%i", (x1, n1, x2, n2, expected) => {
    expectClose(statistics.fisherExact({ hits: x1!, users: n1! }, { hits: x2!, users: n2! }), expected);
  });

  test.each(exact.sequentialSampleRatio!)('sizes $users of $shares at every look', ({ users, shares, pValue }) => {
    expectClose(statistics.sequentialSampleRatio(users!.map((size, place) => ({ users: size, share: shares![place]! }))), pValue, 1e-9);
  });
});
