import { expect, test } from 'vitest';
import { logChanceOfZero, medianOf, tailDeviation, tailQuantile } from '../../../backend/monitors/detector/tails.ts';

/** Exact deviations from tails.py, beside this file: count, mean, dispersion, standard deviations. */
const exact = [
  [5, 20, 0, -3.802],
  [40, 20, 0, 3.876],
  [60, 100, 0, -4.247],
  [150, 100, 0, 4.624],
  [20, 5, 0, 4.964],
  [50, 100, 0.02, -3.34],
  [180, 100, 0.02, 3.895],
  [12, 60, 0.1, -3.328],
  [160, 60, 0.1, 3.573],
  [0, 20, 0, -5.879],
] as const;

test.each(exact)('%i where %i are expected (dispersion %d) lies where the exact distribution says', (count, mean, dispersion, deviation) => {
  expect(Math.abs(tailDeviation(count, mean, mean + dispersion * mean * mean, 1) - deviation)).toBeLessThan(0.03);
});

test('the mean itself deviates by nothing; small counts are no wonder; a zero is never more than its chance', () => {
  expect(Math.abs(tailDeviation(100, 100, 100, 1))).toBeLessThan(0.1);
  expect(Math.abs(tailDeviation(3, 1, 1, 1))).toBeLessThan(2.5);
  expect(tailDeviation(0, 0, 0, 1)).toBe(0);
  expect(tailDeviation(0, 2, 2, 1)).toBeGreaterThan(-2);
});

test('the quantile of a deviation has that deviation, for counts and for measures', () => {
  for (const deviation of [-4, -1, 2, 5])
    for (const [mean, variance] of [[80, 200], [80, 70], [8, 12], [3000, 90_000]] as const) {
      expect(tailDeviation(tailQuantile(deviation, mean, variance, 0), mean, variance, 0)).toBeCloseTo(deviation, 6);
      const counts = tailQuantile(deviation, mean, variance, 1);
      if (counts > 0) expect(Math.abs(tailDeviation(counts, mean, variance, 1) - deviation)).toBeLessThan(0.05);
    }
  expect(tailQuantile(-50, 80, 200, 1)).toBe(0);
});

test('the chance of zero is the Poisson’s, or the negative binomial’s', () => {
  expect(logChanceOfZero(15, 0)).toBe(-15);
  expect(logChanceOfZero(15, 0.2)).toBeCloseTo(-6.9315, 4);
});

test('the median leaves out what is not known', () => {
  expect(medianOf([3, NaN, 1, 2])).toBe(2);
  expect(medianOf([4, 1, NaN, 2, 3])).toBe(2.5);
  expect(medianOf([NaN])).toBeNaN();
});
