import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'yaml';
import type { Corpus, Series } from './corpus.ts';

export interface CorpusFiles {
  /** One file a direction, since `detect` is told one for all that it reads. */
  series: { direction: Series['direction']; file: string }[];
  calendar: string;
  labels: string;
}

/** Every fourth unknown bucket of the whole load is there as empty rows; else its rows are absent. */
const writtenEmpty = (at: number): boolean => (at >> 4) % 4 === 0;

/** Rows in order of time, as a load would bring them. */
function* rows(corpus: Corpus, series: Series[]): Generator<string> {
  yield 'series,time,value,trials\n';
  for (const [at, time] of corpus.times.entries()) {
    if (!writtenEmpty(at) && corpus.series.every(({ values }) => Number.isNaN(values[at]!))) continue;
    let chunk = '';
    for (const { name, born, values, trials, sparse } of series) {
      const value = values[at]!;
      if (at < born || (sparse && value === 0)) continue;
      chunk += Number.isNaN(value) ? `${name},${time},,\n` : `${name},${time},${value},${trials === null ? '' : trials[at]!}\n`;
    }
    yield chunk;
  }
}

/** Writes the corpus into a folder: series, calendar, and the labels in a file that no detector is given. */
export async function writeCorpus(corpus: Corpus, folder: string): Promise<CorpusFiles> {
  const name = (part: string): string => join(folder, `${corpus.grain}-${corpus.seed}-${part}`);
  const files: CorpusFiles = { series: [], calendar: name('calendar.yaml'), labels: name('labels.json') };
  for (const direction of ['both', 'up'] as const) {
    const file = name(`${direction}.csv`);
    const series = corpus.series.filter((one) => one.direction === direction);
    await pipeline(Readable.from(rows(corpus, series)), createWriteStream(file));
    files.series.push({ direction, file });
  }
  const holidays = corpus.holidays.map(({ date, ru, en }) => ({ date, name: { ru, en }, day: 'like-sunday' }));
  const notes = corpus.notes.map(({ date, ru, en }) => ({ date, name: { ru, en } }));
  await writeFile(files.calendar, stringify([...holidays, ...notes].toSorted((one, other) => (one.date < other.date ? -1 : 1))));
  const labels = corpus.anomalies.map(({ start, end, tail, evidence, factor, ...rest }) => ({
    ...rest,
    start: corpus.times[start],
    end: corpus.times[end] ?? null,
    tail: corpus.times[tail] ?? null,
    factor: Number(factor.toFixed(3)),
    evidence: Number(evidence.toFixed(1)),
  }));
  await writeFile(files.labels, `${JSON.stringify(labels, null, 1)}\n`);
  return files;
}
