import { anomalyKinds, bucketsPerDay, learningDays, type Anomaly, type AnomalyKind, type Series } from './corpus.ts';
import type { Grain } from './calendar.ts';

/** One entry a bucket, other than 0 where there is an alert. */
export type Alerts = Map<string, Uint8Array>;

/** What scoring looks at; a whole corpus fits. */
export interface Labelled {
  grain: Grain;
  series: Pick<Series, 'name' | 'born' | 'values'>[];
  anomalies: Pick<Anomaly, 'series' | 'kind' | 'start' | 'end' | 'tail' | 'faint'>[];
}

export interface FalseAlarm {
  series: string;
  start: number;
  /** Its last bucket. */
  last: number;
  /** One, and another for each further day (week) that it lasts. */
  counts: number;
}

export interface Score {
  f1: number;
  precision: number;
  recall: number;
  falseAlarms: number;
  seriesYears: number;
  falseAlarmsPerSeriesYear: number;
  kinds: Record<AnomalyKind, { found: number; planted: number }>;
  faint: { found: number; planted: number };
  /** In the order of the corpus. */
  found: boolean[];
  falseEpisodes: FalseAlarm[];
}

/** Alerts whose beginnings are this many buckets apart, or fewer, are one: what lies between them is shorter than 3 h (1 d). */
const mergeWithin: Record<Grain, number> = { hour: 3, day: 1 };
/** A false alarm counts again after so many buckets: a day (a week). */
const countedAgain: Record<Grain, number> = { hour: 24, day: 7 };

/** Buckets of a series in which an alert would be false. Unknown ones are time that nobody watched. */
function cleanBuckets(one: Labelled['series'][number], anomalies: Labelled['anomalies'], from: number): Uint8Array {
  const clean = new Uint8Array(one.values.length);
  for (let at = Math.max(from, one.born); at < clean.length; at++) clean[at] = Number.isNaN(one.values[at]!) ? 0 : 1;
  for (const { start, tail } of anomalies) clean.fill(0, start, tail);
  return clean;
}

function falseEpisodes(name: string, alerts: Uint8Array, clean: Uint8Array, grain: Grain): FalseAlarm[] {
  const episodes: FalseAlarm[] = [];
  for (let at = 0; at < clean.length; at++) {
    if (clean[at] === 0 || !alerts[at]) continue;
    const before = episodes.at(-1);
    if (before !== undefined && at - before.last <= mergeWithin[grain]) before.last = at;
    else episodes.push({ series: name, start: at, last: at, counts: 1 });
  }
  for (const episode of episodes) episode.counts = Math.ceil((episode.last - episode.start + 1) / countedAgain[grain]);
  return episodes;
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/**
 * Scores alerts as the product's issue says: an anomaly is found when an alert falls within it; alerts outside every
 * anomaly and its tail are false, near ones merged, long ones counted again; false alarms per series-year of clean time.
 */
export function score(corpus: Labelled, alerts: Alerts): Score {
  const { grain, anomalies } = corpus;
  const from = learningDays * bucketsPerDay[grain];
  const found = anomalies.map(({ series, start, end }) => alerts.get(series)?.subarray(start, end).some((alert) => alert !== 0) ?? false);
  let cleanTime = 0;
  const episodes = corpus.series.flatMap((one) => {
    const clean = cleanBuckets(one, anomalies.filter(({ series }) => series === one.name), from);
    cleanTime += clean.reduce((sum, bucket) => sum + bucket, 0);
    return falseEpisodes(one.name, alerts.get(one.name) ?? new Uint8Array(0), clean, grain);
  });
  const kinds = Object.fromEntries(anomalyKinds.map((kind) => [kind, { found: 0, planted: 0 }])) as Score['kinds'];
  const faint = { found: 0, planted: 0 };
  anomalies.forEach((anomaly, at) => {
    for (const tally of [kinds[anomaly.kind], ...(anomaly.faint ? [faint] : [])]) {
      tally.planted += 1;
      if (found[at]) tally.found += 1;
    }
  });
  const hits = found.filter(Boolean).length;
  const falseAlarms = episodes.reduce((sum, { counts }) => sum + counts, 0);
  const seriesYears = cleanTime / bucketsPerDay[grain] / 365;
  const [precision, recall] = [ratio(hits, hits + falseAlarms), ratio(hits, anomalies.length)];
  return {
    f1: ratio(2 * precision * recall, precision + recall),
    precision,
    recall,
    falseAlarms,
    seriesYears,
    falseAlarmsPerSeriesYear: ratio(falseAlarms, seriesYears),
    kinds,
    faint,
    found,
    falseEpisodes: episodes,
  };
}
