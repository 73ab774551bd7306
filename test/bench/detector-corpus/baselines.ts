import { bucketsPerDay, type Corpus, type Series } from './corpus.ts';
import { score, type Alerts, type Score } from './scoring.ts';

/** Signed distances from what is expected; NaN where nothing can be said. By name of series. */
export type Distances = Map<string, Float32Array>;

/** What plain detectors look at: counts, or successes a trial. */
export function watched({ values, trials, born }: Series): Float64Array {
  return values.map((value, at) => (at < born || trials?.[at] === 0 ? Number.NaN : value / (trials?.[at] ?? 1)));
}

/** A spread of nothing would make any value infinitely far: it is at least that of independent counts or trials. */
export function leastSpread({ trials }: Series, mean: number, at: number): number {
  if (trials === null) return Math.sqrt(Math.max(1, mean));
  return Math.sqrt(Math.max(0.02, mean * (1 - mean)) / Math.max(1, trials[at]!));
}

function middle(sorted: number[]): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

export function medianAndDeviation(values: number[]): { median: number; deviation: number } {
  const median = middle(values.sort((one, other) => one - other));
  const distances = values.map((value) => Math.abs(value - median)).sort((one, other) => one - other);
  return { median, deviation: 1.4826 * middle(distances) };
}

const overSeries = (corpus: Corpus, distance: (series: Series) => Float32Array): Distances => new Map(corpus.series.map((series) => [series.name, distance(series)]));

/** Distance from the mean of the four weeks before, in their standard deviations. */
export function threeSigma(corpus: Corpus): Distances {
  const [window, least] = [28 * bucketsPerDay[corpus.grain], 7 * bucketsPerDay[corpus.grain]];
  return overSeries(corpus, (series) => {
    const values = watched(series);
    let [count, sum, squares] = [0, 0, 0];
    const include = (value: number | undefined, sign: number): void => {
      if (value === undefined || Number.isNaN(value)) return;
      count += sign;
      sum += sign * value;
      squares += sign * value * value;
    };
    return Float32Array.from(values, (value, at) => {
      const mean = sum / count;
      const spread = Math.max(leastSpread(series, mean, at), Math.sqrt(Math.max(0, (squares - count * mean * mean) / (count - 1))));
      const distance = count < least ? Number.NaN : (value - mean) / spread;
      include(value, 1);
      include(values[at - window], -1);
      return distance;
    });
  });
}

/** Distance from the median of the same hour (day) of the six weeks before, in median absolute deviations. */
export function seasonalMedian(corpus: Corpus): Distances {
  const { weekBefore } = corpus;
  return overSeries(corpus, (series) => {
    const values = watched(series);
    return Float32Array.from(values, (value, at) => {
      const before: number[] = [];
      for (let weeks = 1, earlier = weekBefore[at]!; weeks <= 6 && earlier >= 0; weeks++, earlier = weekBefore[earlier]!) if (!Number.isNaN(values[earlier]!)) before.push(values[earlier]!);
      if (before.length < 3) return Number.NaN;
      const { median, deviation } = medianAndDeviation(before);
      return (value - median) / Math.max(leastSpread(series, median, at), deviation);
    });
  });
}

/** Change against a week before, in parts of 30 %. */
export function lastWeek(corpus: Corpus): Distances {
  return overSeries(corpus, (series) => {
    const values = watched(series);
    return Float32Array.from(values, (value, at) => {
      const before = values[corpus.weekBefore[at]!] ?? Number.NaN;
      if (before === 0) return value === 0 ? 0 : Number.MAX_VALUE;
      return (value / before - 1) / 0.3;
    });
  });
}

/** Alerts where the distance is beyond the threshold, to the side that is bad news. */
export function alertsBeyond(corpus: Corpus, distances: Distances, threshold: number): Alerts {
  return new Map(
    corpus.series.map(({ name, direction, values }) => {
      const [alerts, distance] = [new Uint8Array(values.length), distances.get(name)];
      for (let at = 0; distance !== undefined && at < alerts.length; at++) if (distance[at]! > threshold || (direction === 'both' && distance[at]! < -threshold)) alerts[at] = 1;
      return [name, alerts];
    }),
  );
}

export interface Judged {
  name: string;
  /** At the threshold that people use. */
  usual: Score;
  usualThreshold: number;
  /** At the threshold that happens to be best here, which nobody knows beforehand. */
  best: Score;
  bestThreshold: number;
}

const thresholds = Array.from({ length: 36 }, (_, step) => 1.2 * 1.14 ** step);

/** Scores a plain detector at its usual threshold and at the best of many. */
export function judge(name: string, corpus: Corpus, distances: Distances, usualThreshold: number): Judged {
  const at = (threshold: number) => score(corpus, alertsBeyond(corpus, distances, threshold));
  let [best, bestThreshold] = [at(usualThreshold), usualThreshold];
  const usual = best;
  for (const threshold of thresholds) {
    const here = at(threshold);
    if (here.f1 > best.f1) [best, bestThreshold] = [here, threshold];
  }
  return { name, usual, usualThreshold, best, bestThreshold };
}

export const plainNames = { sigma: 'three-sigma', median: 'seasonal median/MAD', week: 'last week ±30 %' };

/** The detectors that anybody would write in an hour. */
export function judgePlain(corpus: Corpus): Judged[] {
  return [judge(plainNames.sigma, corpus, threeSigma(corpus), 3), judge(plainNames.median, corpus, seasonalMedian(corpus), 3), judge(plainNames.week, corpus, lastWeek(corpus), 1)];
}
