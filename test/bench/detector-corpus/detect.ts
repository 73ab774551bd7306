import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import type { Corpus } from './corpus.ts';
import type { CorpusFiles } from './files.ts';
import type { Alerts } from './scoring.ts';

const root = join(import.meta.dirname, '../../..');

/** The product's own command, from its sources. */
export const ownDetector = 'npx tsx backend/main.ts detect';

/** What a detector said: its score in each bucket that it wrote a row for (NaN without one). */
export interface Detected {
  scores: Map<string, Float32Array>;
  alerts: Alerts;
  seconds: number;
}

type Row = Record<'series' | 'time' | 'score' | 'alert' | 'kind', string>;

const isAlert = (text: string | undefined): boolean => ['1', 'true', 'yes'].includes((text ?? '').trim().toLowerCase());

async function run(command: string, options: string[]): Promise<void> {
  // The shell splits the command; the options travel apart from it.
  const child = spawn('/bin/sh', ['-c', `${command} "$@"`, 'detect', ...options], { cwd: root, stdio: ['ignore', process.stderr, 'inherit'] });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`The detector ended with ${String(code)}: ${command} ${options.join(' ')}`);
}

async function read(file: string, corpus: Corpus, detected: Detected): Promise<void> {
  const bucketAt = new Map(corpus.times.map((time, at) => [Date.parse(time), at]));
  const known = new Map(corpus.series.map((series) => [series.name, series]));
  const times = new Map<string, number | undefined>();
  const take = ({ series, time, score, alert }: Row): void => {
    if (!times.has(time)) times.set(time, bucketAt.get(Date.parse(time)));
    const at = times.get(time);
    if (at === undefined || !known.has(series)) throw new Error(`${file} has a row that nobody asked for: ${series} ${time}`);
    let scores = detected.scores.get(series);
    if (scores === undefined) {
      scores = new Float32Array(corpus.times.length).fill(Number.NaN);
      detected.scores.set(series, scores);
      detected.alerts.set(series, new Uint8Array(corpus.times.length));
    }
    if (score !== '') scores[at] = Number(score);
    if (isAlert(alert)) detected.alerts.get(series)![at] = 1;
  };
  await new Promise<void>((resolve, reject) => {
    Papa.parse<Row>(createReadStream(file), { header: true, skipEmptyLines: true, step: ({ data }) => take(data), complete: () => resolve(), error: reject });
  });
}

/** Runs the detector once a direction and reads what it wrote. */
export async function detect(command: string, corpus: Corpus, files: CorpusFiles): Promise<Detected> {
  const detected: Detected = { scores: new Map(), alerts: new Map(), seconds: 0 };
  for (const { direction, file } of files.series) {
    const out = file.replace(/\.csv$/, '-scores.csv');
    const started = performance.now();
    await run(command, ['--in', file, '--out', out, '--grain', corpus.grain, '--timezone', corpus.zone, '--calendar', files.calendar, '--direction', direction]);
    detected.seconds += (performance.now() - started) / 1000;
    await read(out, corpus, detected);
  }
  return detected;
}
