/** Means below this are none. */
const leastMean = 1e-9;
/** How many deviations a count is away where nothing at all was expected. */
const againstNothing = 8;

/**
 * How many standard deviations of the normal distribution is a sum away from its mean?
 *
 * Counts: the tail of the negative binomial distribution with this mean and variance (binomial where the variance is
 * below the mean), by Peizer and Pratt's approximation, good to about a hundredth. Unlike (y − m) / sd it knows that
 * small counts are skewed: a five where one is expected is no spike. Measures, without a smallest step (`unit` 0):
 * gamma distribution, by Wilson and Hilferty's cube root.
 */
export function tailDeviation(observed: number, mean: number, variance: number, unit: number): number {
  if (mean <= leastMean) return observed > 0 ? againstNothing * Math.min(1, observed / againstNothing) : 0;
  if (unit === 0) return gammaDeviation(observed, mean, variance);
  return observed < mean ? Math.min(0, countDeviation(observed, mean, variance)) : Math.max(0, countDeviation(observed - 1, mean, variance));
}

/** Where the chance of at most `count` lies on the normal distribution. */
function countDeviation(count: number, mean: number, variance: number): number {
  if (count < 0) return 0;
  const excess = variance - mean;
  const successes = count + 0.5;
  const isWide = excess >= 0;
  // At most `count` of this negative binomial is at most `count` successes of as many trials plus its size.
  const size = isWide ? Math.min(1e7, Math.max(0.55, (mean * mean) / Math.max(excess, 1e-12))) : 0;
  const trials = isWide ? count + size : Math.max(count + 0.75, (mean * mean) / -excess);
  const share = isWide ? mean / (mean + size) : Math.min(0.999, mean / trials);
  const expected = trials * share;
  const failures = trials - successes;
  const distance = successes - expected;
  const shifted = count + 2 / 3 - (trials + 1 / 3) * share + 0.02 * ((1 - share) / (count + 1) - share / (trials - count) + (0.5 - share) / (trials + 1));
  if (Math.abs(distance) < 1e-6 * expected) return shifted / Math.sqrt(expected * (1 - share));
  const information = successes * Math.log(successes / expected) + failures * Math.log(failures / (trials - expected));
  return (shifted / Math.abs(distance)) * Math.sqrt(Math.max(0, (2 * information) / (1 + 1 / (6 * trials))));
}

function gammaDeviation(observed: number, mean: number, variance: number): number {
  const root = (9 * mean * mean) / variance;
  return (Math.cbrt(observed / mean) - 1 + 1 / root) * Math.sqrt(root);
}

/** The value that lies `deviation` standard deviations from the mean: the inverse of {@link tailDeviation}. */
export function tailQuantile(deviation: number, mean: number, variance: number, unit: number): number {
  if (mean <= leastMean) return deviation > 0 ? deviation : 0;
  const root = (9 * mean * mean) / variance;
  const cube = 1 - 1 / root + deviation / Math.sqrt(root);
  const guess = cube <= 0 ? 0 : mean * cube ** 3;
  return unit === 0 ? guess : refined(guess, deviation, mean, variance);
}

/** Newton's steps from the gamma quantile, which is near. */
function refined(guess: number, deviation: number, mean: number, variance: number): number {
  let value = Math.max(deviation < 0 ? 0 : mean, guess);
  for (let step = 0; step < 4; step += 1) {
    const width = Math.max(0.05, 0.01 * value);
    const here = tailDeviation(value, mean, variance, 1);
    const slope = (tailDeviation(value + width, mean, variance, 1) - here) / width;
    if (!(slope > 0)) break;
    const next = Math.max(0, value + (deviation - here) / slope);
    const moved = Math.abs(next - value);
    value = next;
    if (moved < 0.01 || value === 0) break;
  }
  return value;
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
