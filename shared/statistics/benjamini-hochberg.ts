import { ranked } from './holm.ts';

/**
 * Many segments at once: which are worth a closer look?
 *
 * Benjamini and Hochberg's adjustment (J R Stat Soc B 1995;57:289): of what is called, the expected part of false calls stays
 * at the threshold. For exploring, not for claims; those take {@link holm}.
 *
 * @param pValues in any order; `null` (nothing to test) is left out of the family
 * @returns adjusted p-values in the same order; `null` stays `null`, and NaN or what is outside 0 … 1 becomes `null`.
 * @example benjaminiHochberg([0.01, 0.04, 0.03, 0.005])
 *          // [0.02, 0.04, 0.04, 0.02]   R: p.adjust(c(0.01, 0.04, 0.03, 0.005), 'BH')
 */
export function benjaminiHochberg(pValues: (number | null)[]): (number | null)[] {
  const family = ranked(pValues);
  const adjusted: (number | null)[] = pValues.map(() => null);
  family.reduceRight((above, { pValue, place }, rank) => (adjusted[place] = Math.min(above, (family.length / (rank + 1)) * pValue)), 1);
  return adjusted;
}
