import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session } from 'chdb';
import { leastSpread, medianAndDeviation, watched, type Distances } from './baselines.ts';
import { bucketsPerDay, type Corpus } from './corpus.ts';

export const decompositionName = 'ClickHouse seriesDecomposeSTL';

/** Dense, as the function asks: unknown time repeats the week before. */
function dense(values: Float64Array, week: number): string {
  const filled: number[] = [];
  values.forEach((value, at) => filled.push(Number.isNaN(value) ? (filled[at - week] ?? 0) : value));
  return `[${filled.map((value) => Number(value.toPrecision(7))).join(',')}]`;
}

/**
 * Residuals of ClickHouse's `seriesDecomposeSTL` over the whole series, in median absolute deviations. It sees the
 * future too, which no monitor can: one call for each point would take hours.
 */
export async function decomposition(corpus: Corpus): Promise<Distances> {
  const directory = await mkdtemp(join(tmpdir(), 'tasksheet-stl-'));
  const session = new Session(join(directory, 'engine'));
  const week = 7 * bucketsPerDay[corpus.grain];
  try {
    const distances: Distances = new Map();
    for (const series of corpus.series) {
      const values = watched(series);
      const [residuals = []] = session.query(`SELECT seriesDecomposeSTL(${dense(values.subarray(series.born), week)}, ${week})[3] AS residual`, 'JSONCompactEachRow').split('\n').filter(Boolean).map((line) => (JSON.parse(line) as [number[]])[0]);
      const { deviation } = medianAndDeviation([...residuals]);
      const distance = (value: number, at: number): number => residuals[at - series.born]! / Math.max(deviation, leastSpread(series, value - residuals[at - series.born]!, at));
      distances.set(series.name, Float32Array.from(values, (value, at) => (Number.isNaN(value) || at < series.born ? Number.NaN : distance(value, at))));
    }
    return distances;
  } finally {
    session.cleanup();
    await rm(directory, { recursive: true, force: true });
  }
}
