import type { Distances } from './baselines.ts';
import type { Grain } from './calendar.ts';
import { bucketsPerDay, type Corpus, type Series } from './corpus.ts';

const windows: Record<Grain, number[]> = { hour: [1, 2, 4, 8, 16, 32, 64], day: [1, 2, 4, 7] };

function runningSums(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let at = 0; at < values.length; at++) sums[at + 1] = sums[at]! + values[at]!;
  return sums;
}

/** Signed root of a negative binomial's deviance. */
function deviation(seen: number, mean: number, extra: number): number {
  const size = mean ** 2 / Math.max(extra, 1e-9);
  const counted = seen > 0 ? seen * Math.log(seen / mean) : 0;
  const deviance = 2 * (counted - (seen + size) * Math.log((seen + size) / (mean + size)));
  return Math.sign(seen - mean) * Math.sqrt(Math.max(0, deviance));
}

function distancesOf(series: Series, grain: Grain, ends: number[]): Float32Array {
  const { values, noise, trials } = series;
  const known = values.map((value, at) => (Number.isNaN(value) || at < series.born ? 0 : 1));
  // The series keeps what was planned; how many trials came is known to all.
  const expected = series.expected.map((value, at) => (known[at] === 0 ? 0 : trials === null ? value : trials[at]! * series.rates![at]!));
  const seen = runningSums(values.map((value, at) => (known[at] === 0 ? 0 : value)));
  const [means, squares] = [runningSums(expected), runningSums(expected.map((value) => value ** 2))];
  const misses = runningSums(expected.map((value, at) => (trials !== null && trials[at]! > 0 ? value ** 2 / trials[at]! : 0)));
  const memory = (1 + noise.memory) / (1 - noise.memory);
  return Float32Array.from(values, (_, at) => {
    if (known[at] === 0) return Number.NaN;
    let furthest = 0;
    const reach = Math.max(series.born, ...ends.filter((end) => end <= at));
    for (const window of windows[grain]) {
      const from = Math.max(reach, at + 1 - window);
      const [mean, square] = [means[at + 1]! - means[from]!, squares[at + 1]! - squares[from]!];
      if (mean <= 0) continue;
      const days = Math.max(1, (at + 1 - from) / bucketsPerDay[grain]);
      const extra = noise.dispersion * square + Math.min(mean ** 2, square * memory) * noise.wave ** 2 + Math.min(1, 1.86 / days) * (noise.day * mean) ** 2;
      const here = seen[at + 1]! - seen[from]!;
      const distance = trials === null ? deviation(here, mean, extra) : (here - mean) / Math.sqrt(Math.max(mean * 0.02, mean - (misses[at + 1]! - misses[from]!)) + extra);
      if (Math.abs(distance) > Math.abs(furthest)) furthest = distance;
    }
    return furthest;
  });
}

/**
 * Distances that a watcher would see who knew the true expectation and noise and looked at sums over several windows
 * that never reach back over what is over. Nobody can know that: it tells how much a detector can reach at all.
 */
export function ceiling({ series, grain, anomalies }: Corpus): Distances {
  return new Map(series.map((one) => [one.name, distancesOf(one, grain, anomalies.filter(({ series: name }) => name === one.name).map(({ end }) => end))]));
}
