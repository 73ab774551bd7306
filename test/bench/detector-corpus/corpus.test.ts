import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { judgePlain } from './baselines.ts';
import { localTime } from './calendar.ts';
import { anomalyKinds, bucketsPerDay, learningDays } from './corpus.ts';
import { writeCorpus } from './files.ts';
import { generateCorpus } from './generate.ts';
import { hardnessOf } from './hardness.ts';
import { makeRandom } from './random.ts';

const day = generateCorpus(11, 'day');
const hour = generateCorpus(12, 'hour');

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
function variance(values: number[]): number {
  const middle = mean(values);
  return mean(values.map((value) => (value - middle) ** 2));
}

describe('chance', () => {
  const random = makeRandom(5, 'test');
  const draws = (draw: () => number): number[] => Array.from({ length: 20_000 }, draw);

  // Mean and variance as the textbooks have them; 20,000 draws leave both within a few parts in a hundred.
  test.each([0.3, 4, 40, 3000])('counts of mean %d have that mean and variance', (expected) => {
    const counts = draws(() => random.poisson(expected));
    expect(mean(counts) / expected).toBeCloseTo(1, 1);
    expect(Math.abs(variance(counts) / expected - 1)).toBeLessThan(0.06);
  });

  test.each([[10, 0.3], [500, 0.02], [40_000, 0.7]])('hits of %d trials at %d have the binomial mean and variance', (trials, share) => {
    const hits = draws(() => random.binomial(trials, share));
    expect(Math.abs(mean(hits) / (trials * share) - 1)).toBeLessThan(0.01);
    expect(Math.abs(variance(hits) / (trials * share * (1 - share)) - 1)).toBeLessThan(0.06);
  });

  test.each([0.5, 3, 80])('gamma draws of shape %d have that mean and variance', (shape) => {
    const values = draws(() => random.gamma(shape));
    expect(Math.abs(mean(values) / shape - 1)).toBeLessThan(0.03);
    expect(Math.abs(variance(values) / shape - 1)).toBeLessThan(0.08);
  });
});

describe('local time', () => {
  test('Berlin has a day of 23 hours and none at two o’clock in spring, and one of 25 with two in autumn; Moscow has neither', () => {
    const hoursOf = (seed: number, date: string) => localTime(seed, 'hour').buckets.filter(({ time }) => time.startsWith(date)).map(({ time }) => time.slice(11, 13) + time.slice(19));
    expect(hoursOf(1, '2026-03-29').slice(0, 4)).toEqual(['00+01:00', '01+01:00', '03+02:00', '04+02:00']);
    expect(hoursOf(1, '2026-03-29')).toHaveLength(23);
    expect(hoursOf(3, '2025-10-26').slice(1, 5)).toEqual(['01+02:00', '02+02:00', '02+01:00', '03+01:00']);
    expect(hoursOf(3, '2025-10-26')).toHaveLength(25);
    expect(hoursOf(4, '2026-03-29')).toHaveLength(24);
  });

  test('the week before is the same local hour, also over a change of clock', () => {
    const { buckets, weekBefore } = localTime(1, 'hour');
    const at = buckets.findIndex(({ time }) => time.startsWith('2026-04-01T09'));
    expect(buckets[weekBefore[at]!]!.time).toBe('2026-03-25T09:00:00+01:00');
    expect(weekBefore[at]).toBe(at - 167);
    expect(weekBefore[100]).toBe(-1);
  });
});

test('a corpus is the same for the same seed, and another for another', () => {
  const again = generateCorpus(day.seed, 'day');
  expect(again.anomalies).toEqual(day.anomalies);
  expect(again.series.map(({ values }) => values.at(-20))).toEqual(day.series.map(({ values }) => values.at(-20)));
  expect(generateCorpus(day.seed + 2, 'day').anomalies).not.toEqual(day.anomalies);
});

describe.each([['day', day], ['hour', hour]] as const)('the corpus by the %s', (grain, corpus) => {
  test('has at least 300 series of 180 days with names of their own', () => {
    expect(new Set(corpus.series.map(({ name }) => name)).size).toBe(corpus.series.length);
    expect(corpus.series.length).toBeGreaterThanOrEqual(300);
    expect(new Set(corpus.times.map((time) => time.slice(0, 10))).size).toBe(180);
  });

  test('plants every kind, at least two of five faint, none while learning', () => {
    expect(new Set(corpus.anomalies.map(({ kind }) => kind))).toEqual(new Set(anomalyKinds));
    expect(corpus.anomalies.filter(({ faint }) => faint).length / corpus.anomalies.length).toBeGreaterThanOrEqual(0.4);
    for (const { start, end, tail } of corpus.anomalies) {
      expect(start).toBeGreaterThan(learningDays * bucketsPerDay[grain]);
      expect(end).toBeGreaterThan(start);
      expect(tail).toBeGreaterThanOrEqual(end);
      expect(tail).toBeLessThanOrEqual(corpus.times.length);
    }
  });

  test('leaves time between two anomalies of one series', () => {
    for (const one of corpus.anomalies)
      for (const other of corpus.anomalies) if (one !== other && one.series === other.series) expect(one.start < other.start ? other.start - one.tail : one.start - other.tail).toBeGreaterThanOrEqual(0);
  });

  test('changes what it says it changes: a vanished series has no counts, a conversion drop fewer successes a trial', () => {
    const sum = (values: Float64Array) => values.reduce((total, value) => total + (Number.isNaN(value) ? 0 : value), 0);
    const of = (name: string) => corpus.series.find((series) => series.name === name)!;
    for (const { series, kind, start, end } of corpus.anomalies) {
      const { values, trials } = of(series);
      if (kind === 'vanished') expect(sum(values.subarray(start, end))).toBe(0);
      if (kind !== 'conversion drop' || trials === null) continue;
      const known = trials.map((count, at) => (Number.isNaN(values[at]!) ? 0 : count));
      expect(sum(values.subarray(start, end)) / sum(known.subarray(start, end))).toBeLessThan(sum(values.subarray(0, start)) / sum(known.subarray(0, start)));
    }
  });

  test('has counts that vary more than independent ones would', () => {
    const big = corpus.series.filter(({ name }) => name.startsWith('total_'));
    for (const { values, expected } of big) {
      const quiet = [...values.keys()].filter((at) => at < learningDays * bucketsPerDay[grain] && !Number.isNaN(values[at]!));
      expect(mean(quiet.map((at) => (values[at]! - expected[at]!) ** 2 / expected[at]!))).toBeGreaterThan(3);
    }
  });

  test('has time of which nothing is known: for all, and for one source alone', () => {
    const unknown = corpus.times.map((_, at) => corpus.series.filter(({ values }) => Number.isNaN(values[at]!)).length);
    expect(unknown.some((count) => count === corpus.series.length)).toBe(true);
    expect(unknown.some((count) => count > 0 && count < corpus.series.length / 4)).toBe(true);
  });
});

test('a corpus by the day is as hard as agreed', () => {
  expect(hardnessOf('day', judgePlain(day))).toMatchObject({ judged: 'three-sigma', hard: true });
});

test('a corpus by the hour is as hard as agreed', () => {
  expect(hardnessOf('hour', judgePlain(hour))).toMatchObject({ judged: 'seasonal median/MAD', hard: true });
});

describe('the files', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tasksheet-corpus-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('hold each known bucket once, and no label where a detector could see it', async () => {
    const { series, calendar, labels } = await writeCorpus(day, folder);
    expect(series.map(({ direction }) => direction)).toEqual(['both', 'up']);
    const lines = (await Promise.all(series.map(({ file }) => readFile(file, 'utf8')))).flatMap((text) => text.trimEnd().split('\n').slice(1));
    const rows = new Map(lines.map((line) => [line.split(',').slice(0, 2).join(' '), line.split(',').slice(2)]));
    expect(rows.size).toBe(lines.length);
    const wrong = day.series.flatMap(({ name, values, trials, sparse, born }) =>
      [...values].flatMap((value, at) => {
        const written = rows.get(`${name} ${day.times[at]!}`)?.join(' ');
        const absent = at < born || (sparse && value === 0);
        const wanted = absent ? [undefined] : Number.isNaN(value) ? [' ', undefined] : [`${value} ${trials === null ? '' : trials[at]!}`];
        return wanted.includes(written) ? [] : [`${name} ${day.times[at]!}: ${String(written)}`];
      }),
    );
    expect(wrong).toEqual([]);
    expect(lines.some((line) => line.includes('vanished'))).toBe(false);
    const days = parse(await readFile(calendar, 'utf8')) as { date: string; name: { ru: string; en: string }; day?: string }[];
    expect(days.filter(({ day: shape }) => shape === 'like-sunday').map(({ date }) => date)).toEqual(day.holidays.map(({ date }) => date));
    expect((JSON.parse(await readFile(labels, 'utf8')) as unknown[]).length).toBe(day.anomalies.length);
  });
});
