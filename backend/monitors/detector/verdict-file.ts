import Papa from 'papaparse';
import { anomalyKinds } from './detector.ts';
import type { JudgedRows } from './judge-rows.ts';
import type { SeriesRows } from './series-file.ts';

const chunkRows = 4096;

/**
 * `series,time,value,expected,low,high,score,alert,kind` for each row, in the order of the file; after them the alerts
 * about times for which a series has no row, with the zero that stands for it.
 */
export function* verdictLines(rows: SeriesRows, judged: JudgedRows): Generator<string> {
  const names = rows.names.map((name) => Papa.unparse([[name]]));
  yield 'series,time,value,expected,low,high,score,alert,kind\n';
  let lines = '';
  for (let row = 0; row < rows.count; row += 1) {
    const score = judged.score[row] ?? 0;
    const kind = judged.kind[row] ?? 0;
    lines += `${names[rows.series[row] ?? 0]},${rows.writtenTimes[rows.times[row] ?? 0]},${exact(rows.values[row])},${rounded(judged.expected[row])},${rounded(judged.low[row])},${rounded(judged.high[row])},${shownScore(score)},${score >= 1 ? 1 : 0},${kind === 0 ? '' : anomalyKinds[kind - 1]}\n`;
    if (row % chunkRows !== chunkRows - 1) continue;
    yield lines;
    lines = '';
  }
  const written = new Map(rows.bucketOfTime.map((bucket, place) => [bucket, rows.writtenTimes[place]]));
  for (const { series, time, verdict } of judged.implied)
    lines += `${names[series]},${written.get(time)},0,${rounded(verdict.expected ?? NaN)},${rounded(verdict.low ?? NaN)},${rounded(verdict.high ?? NaN)},${shownScore(verdict.score)},1,${verdict.kind ?? ''}\n`;
  yield lines;
}

function exact(value = NaN): string {
  return value === value ? String(value) : '';
}

function rounded(value = NaN): string {
  return value === value ? String(Math.round(value * 1000) / 1000) : '';
}

/** Never rounded up to an alert. */
function shownScore(score: number): string {
  return String(Math.floor(score * 1000) / 1000);
}
