import { corpusDays, type Bucket } from './calendar.ts';
import type { Noise } from './corpus.ts';
import type { Random } from './random.ts';

const dayMemory = 0.3;

function correlated(length: number, deviation: number, memory: number, random: Random): Float64Array {
  const fresh = deviation * Math.sqrt(1 - memory ** 2);
  let now = deviation * random.normal();
  return Float64Array.from({ length }, () => (now = memory * now + fresh * random.normal()));
}

/** Logarithm of a random factor a bucket: one draw a day, one wave within days. */
export function logNoise(noise: Noise, buckets: Bucket[], random: Random): Float64Array {
  const days = correlated(corpusDays, noise.day, dayMemory, random);
  const wave = correlated(buckets.length, noise.wave, noise.memory, random);
  return Float64Array.from(buckets, ({ day }, at) => days[day]! + wave[at]!);
}

/** Mean one, with the squared coefficient of variation asked for. */
export const disperse = (dispersion: number, random: Random): number => (dispersion > 0 ? random.gamma(1 / dispersion) * dispersion : 1);

/** Extra variance of the sum of `expected[from..until)` beyond that of independent counts. */
export function extraVariance(expected: Float64Array, noise: Noise, buckets: Bucket[], from: number, until: number): number {
  let [squares, wave, dayVariance, ofDay, total] = [0, 0, 0, 0, 0];
  for (let at = from; at < until; at++) {
    const value = expected[at]!;
    squares += value * value;
    total += value;
    ofDay += value;
    if (at + 1 === until || buckets[at + 1]!.day !== buckets[at]!.day) {
      dayVariance += ofDay * ofDay;
      ofDay = 0;
    }
  }
  wave = Math.min(total * total, (squares * (1 + noise.memory)) / (1 - noise.memory));
  return noise.dispersion * squares + noise.wave ** 2 * wave + Math.min(noise.day ** 2 * dayVariance * ((1 + dayMemory) / (1 - dayMemory)), (noise.day * total) ** 2);
}
