import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LocalText } from '../../../shared/language.ts';
import type { CalendarEntry } from '../calendar.ts';
import { anomalyKinds, type DetectorSettings, type Observation, type Verdict } from './detector.ts';
import { FamilyDetector } from './family.ts';
import { asProblem, type SeriesRows } from './series-file.ts';

/** An alert about a time for which the file has no row: nothing happened then. */
export interface ImpliedAlert {
  series: number;
  time: number;
  verdict: Verdict;
}

/** What was found, row by row. */
export interface JudgedRows {
  expected: Float64Array;
  low: Float64Array;
  high: Float64Array;
  score: Float64Array;
  /** Place among the kinds plus one; 0 for no alert. */
  kind: Uint8Array;
  implied: ImpliedAlert[];
  alerts: number;
}

const hour = 3_600_000;
/** Between them Ctrl+C is heard. */
const bucketsPerTurn = 24;

/** Rows in order of their buckets: where each bucket begins in `order`. */
interface Buckets {
  starts: number[];
  order: Int32Array;
  first: Int32Array;
}

/** Runs the detector over all rows, bucket by bucket, as a monitor would have met them. */
export async function judgeRows(rows: SeriesRows, settings: DetectorSettings, calendar: readonly CalendarEntry[], signal: AbortSignal): Promise<JudgedRows> {
  const buckets = inOrderOfTime(rows);
  checkGrain(buckets.starts, settings);
  const family = new FamilyDetector(settings, calendar);
  const places = new Map(rows.names.map((name, place) => [name, place]));
  const judged: JudgedRows = { expected: new Float64Array(rows.count).fill(NaN), low: new Float64Array(rows.count).fill(NaN), high: new Float64Array(rows.count).fill(NaN), score: new Float64Array(rows.count), kind: new Uint8Array(rows.count), implied: [], alerts: 0 };
  const rowOfSeries = new Int32Array(rows.names.length);
  const doubles: LocalText[] = [];
  for (let bucket = 0; bucket < buckets.starts.length; bucket += 1) {
    if (bucket % bucketsPerTurn === 0) await nextTurn(undefined, { signal });
    const observations = observationsOf(rows, buckets, bucket, rowOfSeries, doubles);
    const { verdicts } = family.push(buckets.starts[bucket] ?? 0, observations);
    for (const [name, verdict] of verdicts) {
      const series = places.get(name) ?? 0;
      if (verdict.score >= 1) judged.alerts += 1;
      if (observations.has(name)) keep(judged, rowOfSeries[series] ?? 0, verdict);
      else if (verdict.score >= 1) judged.implied.push({ series, time: buckets.starts[bucket] ?? 0, verdict });
    }
  }
  if (doubles.length > 0) throw asProblem(doubles.slice(0, 20), doubles.length);
  return judged;
}

function keep(judged: JudgedRows, row: number, { expected, low, high, score, kind }: Verdict): void {
  judged.expected[row] = expected ?? NaN;
  judged.low[row] = low ?? NaN;
  judged.high[row] = high ?? NaN;
  judged.score[row] = score;
  judged.kind[row] = kind === null ? 0 : anomalyKinds.indexOf(kind) + 1;
}

function observationsOf(rows: SeriesRows, { order, first }: Buckets, bucket: number, rowOfSeries: Int32Array, doubles: LocalText[]): Map<string, Observation> {
  const observations = new Map<string, Observation>();
  for (let at = first[bucket] ?? 0; at < (first[bucket + 1] ?? 0); at += 1) {
    const row = order[at] ?? 0;
    const series = rows.series[row] ?? 0;
    const name = rows.names[series] ?? '';
    const [value = NaN, trials = NaN] = [rows.values[row], rows.trials[row]];
    if (observations.has(name)) doubles.push(double(name, rows, rowOfSeries[series] ?? 0, row));
    rowOfSeries[series] = row;
    observations.set(name, { value: value === value ? value : null, ...(trials === trials ? { trials } : {}) });
  }
  return observations;
}

function double(name: string, rows: SeriesRows, earlier: number, row: number): LocalText {
  const time = rows.writtenTimes[rows.times[row] ?? 0] ?? '';
  return {
    ru: `Строка ${rows.rowNumbers[row]}: у «${name}» уже есть значение за ${time} (строка ${rows.rowNumbers[earlier]}). Нужно одно; если данные почасовые, укажите --grain hour.`,
    en: `Row ${rows.rowNumbers[row]}: "${name}" already has a value for ${time} (row ${rows.rowNumbers[earlier]}). One is needed; if the data is hourly, say --grain hour.`,
  };
}

/** Sorts rows by bucket without comparing them. */
function inOrderOfTime({ bucketOfTime, times, count }: SeriesRows): Buckets {
  const starts = [...new Set(bucketOfTime)].sort((one, other) => one - other);
  const places = new Map(starts.map((start, place) => [start, place]));
  const placeOfTime = Int32Array.from(bucketOfTime, (start) => places.get(start) ?? 0);
  const first = new Int32Array(starts.length + 1);
  for (let row = 0; row < count; row += 1) {
    const next = (placeOfTime[times[row] ?? 0] ?? 0) + 1;
    first[next] = (first[next] ?? 0) + 1;
  }
  for (let bucket = 0; bucket < starts.length; bucket += 1) first[bucket + 1] = (first[bucket + 1] ?? 0) + (first[bucket] ?? 0);
  const next = first.slice();
  const order = new Int32Array(count);
  for (let row = 0; row < count; row += 1) {
    const bucket = placeOfTime[times[row] ?? 0] ?? 0;
    order[next[bucket] ?? 0] = row;
    next[bucket] = (next[bucket] ?? 0) + 1;
  }
  return { starts, order, first };
}

/** Days taken for hours would all be unknown but one in 24. */
function checkGrain(starts: number[], { grain }: DetectorSettings): void {
  const closest = starts.slice(1).reduce((least, start, at) => Math.min(least, start - (starts[at] ?? 0)), Infinity);
  if (grain === 'day' || starts.length < 3 || closest < 20 * hour) return;
  throw asProblem([{ ru: 'Значения идут через день и реже. Укажите --grain day.', en: 'The values are a day or more apart. Say --grain day.' }], 1);
}
