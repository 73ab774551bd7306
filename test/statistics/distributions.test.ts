import { readFileSync } from 'node:fs';
import erfc from '@stdlib/math-base-special-erfc';
import quantile from '@stdlib/stats-base-dists-t-quantile';
import jstat from 'jstat';
import { expect, test } from 'vitest';
import { chiSquareUpperTail, normalQuantile, normalTwoSided, normalUpperTail, smallestPValue, studentQuantile, studentTwoSided } from '../../shared/statistics/distributions/index.ts';

type Row = [...at: number[], expected: number];
type Table = 'normalUpper' | 'tTwoSided' | 'chiSquareUpper' | 'normalQuantile' | 'tQuantile';
const reference = JSON.parse(readFileSync(new URL('reference/distributions.json', import.meta.url), 'utf8')) as Record<Table, Row[]>;

/** Points of the table where the relative error is above 1e-9. */
function misses(table: Table, compute: (...at: number[]) => number | null): string[] {
  return reference[table].flatMap((row) => {
    const [at, expected] = [row.slice(0, -1), row.at(-1)!];
    const value = compute(...at);
    const error = value === null ? Infinity : Math.abs(value - expected) / Math.abs(expected);
    return error <= 1e-9 ? [] : [`${at.join(', ')}: ${value} instead of ${expected}`];
  });
}

test.each<[Table, (...at: number[]) => number | null]>([
  ['normalUpper', normalUpperTail],
  ['normalUpper', (z) => (normalTwoSided(z) ?? NaN) / 2],
  ['tTwoSided', studentTwoSided],
  ['chiSquareUpper', chiSquareUpperTail],
  ['normalQuantile', normalQuantile],
  ['tQuantile', studentQuantile],
] as [Table, (...at: number[]) => number | null][])('%s keeps nine digits at every reference point', (table, compute) => {
  expect(reference[table].length).toBeGreaterThan(20);
  expect(misses(table, compute)).toEqual([]);
});

test('p-values that underflow stay tiny numbers, never 0', () => {
  expect(normalTwoSided(500)).toBe(smallestPValue);
  expect(normalTwoSided(-Infinity)).toBe(smallestPValue);
  expect(studentTwoSided(1e5, 1e9)).toBe(smallestPValue);
  expect(studentTwoSided(Infinity, 3)).toBe(smallestPValue);
  expect(chiSquareUpperTail(1e9, 1)).toBe(smallestPValue);
  expect(chiSquareUpperTail(Infinity, 2)).toBe(smallestPValue);
});

test('what cannot be computed is null, or NaN among the quantiles', () => {
  expect([normalTwoSided(NaN), studentTwoSided(NaN, 3), studentTwoSided(1, 0), studentTwoSided(1, NaN), chiSquareUpperTail(-1, 1), chiSquareUpperTail(1, 0), chiSquareUpperTail(NaN, 1)]).toEqual(Array(7).fill(null));
  expect([normalQuantile(-0.1), normalQuantile(1.1), normalQuantile(NaN), studentQuantile(0.5, 0), studentQuantile(2, 5), studentQuantile(NaN, 1e9)]).toEqual(Array(6).fill(NaN));
  expect([normalQuantile(0), normalQuantile(1), normalQuantile(0.5)]).toEqual([-Infinity, Infinity, 0]);
  expect([studentQuantile(0, 1e9), studentQuantile(1, 1e9), studentQuantile(0, 3), studentQuantile(1, 3), studentQuantile(0.5, 3)]).toEqual([-Infinity, Infinity, -Infinity, Infinity, 0]);
});

test('Student with endless degrees of freedom is the normal distribution', () => {
  expect(studentTwoSided(2, Infinity)).toBe(normalTwoSided(2));
  expect(studentQuantile(0.975, Infinity)).toBe(normalQuantile(0.975));
});

// Why the module mixes libraries: where each alone would miss the demanded nine digits.
test('jStat alone would miss: its tails vanish, and t drifts in large groups', () => {
  const engine = jstat.jStat as unknown as Record<string, { cdf(...at: number[]): number; inv(...at: number[]): number }>;
  expect(misses('normalUpper', (z = 0) => engine.normal!.cdf(-z, 0, 1)).length).toBeGreaterThan(5);
  expect(misses('tTwoSided', (t = 0, df = 0) => 2 * engine.studentt!.cdf(-t, df)).length).toBeGreaterThan(50);
  expect(misses('chiSquareUpper', (x = 0, df = 0) => 1 - engine.chisquare!.cdf(x, df)).length).toBeGreaterThan(20);
  expect(misses('tQuantile', (p = 0, df = 0) => engine.studentt!.inv(p, df)).length).toBeGreaterThan(30);
  const farOnly = misses('normalQuantile', (p = 0) => engine.normal!.inv(p, 0, 1)).map((miss) => Number(miss.split(':')[0]));
  expect(farOnly.length).toBeGreaterThan(3);
  expect(farOnly.every((p) => Math.min(p, 1 - p) < 1e-6)).toBe(true);
});

test('stdlib alone would miss the centre of t in very large groups, and holds the far tail', () => {
  expect(misses('tQuantile', (p = 0, df = 0) => quantile(p, df)).length).toBeGreaterThan(0);
  expect(misses('normalUpper', (z = 0) => erfc(z / Math.SQRT2) / 2)).toEqual([]);
});
