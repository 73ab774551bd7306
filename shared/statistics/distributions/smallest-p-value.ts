/**
 * The smallest p-value that is told apart: whatever lies below is reported as this number, which overstates it.
 * A p-value is never 0; doubles lose digits below 2e-308, and Excel turns such numbers into 0.
 */
export const smallestPValue = 1e-300;

/** A tail as a p-value: between {@link smallestPValue} and 1. */
export function pValueOf(tail: number): number {
  return Math.min(1, Math.max(smallestPValue, tail));
}
