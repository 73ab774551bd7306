/** Standard deviations of counts that a mean stays believable below. */
const leastMean = 1e-9;

/**
 * How many standard deviations of the normal distribution is a sum of counts away from its mean?
 *
 * Wilson and Hilferty's cube root of a gamma distribution with the same mean and variance: unlike (y − m) / sd it
 * knows that small counts are skewed, so that a zero can be seen and a five is no spike. Half a count of continuity
 * correction, towards the mean.
 */
export function gammaDeviation(observed: number, mean: number, variance: number, unit: number): number {
  if (mean <= leastMean) return observed > 0 ? 8 * Math.min(1, observed / 8) : 0;
  const half = 0.5 * unit;
  const distance = observed - mean;
  if (Math.abs(distance) <= half) return 0;
  const corrected = distance < 0 ? observed + half : observed - half;
  const shape = (mean * mean) / variance;
  const root = 9 * shape;
  return (Math.cbrt(corrected / mean) - 1 + 1 / root) * Math.sqrt(root);
}

/** The value that lies `deviation` standard deviations from the mean: the inverse of {@link gammaDeviation}, without its correction. */
export function gammaQuantile(deviation: number, mean: number, variance: number): number {
  if (mean <= leastMean) return 0;
  const root = (9 * mean * mean) / variance;
  const cube = 1 - 1 / root + deviation / Math.sqrt(root);
  return cube <= 0 ? 0 : mean * cube ** 3;
}

/** Log of the chance that a negative binomial count with this mean and dispersion is zero. */
export function logChanceOfZero(mean: number, dispersion: number): number {
  return dispersion < 1e-6 ? -mean : -Math.log1p(dispersion * mean) / dispersion;
}

const scratch = new Float64Array(4096);

/** Median of the numbers of a list that are not NaN; NaN when there are none. */
export function medianOf(values: ArrayLike<number>, from = 0, to = values.length): number {
  let count = 0;
  for (let at = from; at < to; at += 1) {
    const value = values[at] ?? NaN;
    if (value === value) scratch[count++] = value;
  }
  if (count === 0) return NaN;
  const sorted = scratch.subarray(0, count).sort();
  const middle = count >> 1;
  return count % 2 === 1 ? (sorted[middle] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}
