/** Tails and quantiles. Which library computes each, and where, was measured: docs/statistics.md, test/statistics/distributions.test.ts. */
export { chiSquareUpperTail } from './chi-square.ts';
export { hypergeometricDensity } from './hypergeometric.ts';
export type { Margins } from './hypergeometric.ts';
export { normalQuantile, normalTwoSided, normalUpperTail } from './normal.ts';
export { pValueOf, smallestPValue } from './smallest-p-value.ts';
export { studentQuantile, studentTwoSided } from './student.ts';
