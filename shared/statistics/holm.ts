/**
 * Several claims from one test: which hold together?
 *
 * Holm's step-down adjustment (Scand J Stat 1979;6:65): the chance of even one false claim stays at the threshold.
 *
 * @param pValues in any order; `null` (nothing to test) is left out of the family
 * @returns adjusted p-values in the same order, to be compared with the threshold itself; `null` stays `null`, and NaN or what is
 *          outside 0 … 1 becomes `null`.
 * @example holm([0.01, 0.04, 0.03, 0.005])
 *          // [0.03, 0.06, 0.06, 0.02]   R: p.adjust(c(0.01, 0.04, 0.03, 0.005), 'holm')
 */
export function holm(pValues: (number | null)[]): (number | null)[] {
  const family = ranked(pValues);
  const adjusted: (number | null)[] = pValues.map(() => null);
  family.reduce((above, { pValue, place }, rank) => (adjusted[place] = Math.min(1, Math.max(above, (family.length - rank) * pValue))), 0);
  return adjusted;
}

/** The p-values that are there, smallest first, with their places in the list. */
export function ranked(pValues: (number | null)[]): { pValue: number; place: number }[] {
  return pValues
    .flatMap((pValue, place) => (pValue !== null && pValue >= 0 && pValue <= 1 ? [{ pValue, place }] : []))
    .sort((one, other) => one.pValue - other.pValue);
}
