import { expect, test } from 'vitest';
import type { Grain } from './calendar.ts';
import { score, type Alerts, type Labelled } from './scoring.ts';

const hourly = 60 * 24;
const daily = 60;
/** Where counting begins. */
const day28 = 28 * 24;

type Marks = [from: number, until: number][];

function alertsAt(length: number, marks: Marks): Uint8Array {
  const alerts = new Uint8Array(length);
  for (const [from, until] of marks) alerts.fill(1, from, until);
  return alerts;
}

function corpusOf(grain: Grain, names: string[], anomalies: Labelled['anomalies'], born = 0): Labelled {
  const length = grain === 'hour' ? hourly : daily;
  return { grain, series: names.map((name) => ({ name, born, values: new Float64Array(length) })), anomalies };
}

const planted = (series: string, start: number, end: number, tail: number, faint = false): Labelled['anomalies'][number] => ({ series, kind: 'drop', start, end, tail, faint });
const alerts = (grain: Grain, marks: Record<string, Marks>): Alerts => new Map(Object.entries(marks).map(([name, of]) => [name, alertsAt(grain === 'hour' ? hourly : daily, of)]));

test('an anomaly is found by one alert in its first or last bucket, not by one beside it', () => {
  const corpus = corpusOf('hour', ['a', 'b', 'c', 'd'], ['a', 'b', 'c', 'd'].map((name) => planted(name, 1000, 1010, 1034)));
  const { found } = score(corpus, alerts('hour', { a: [[1000, 1001]], b: [[1009, 1010]], c: [[999, 1000]], d: [[1010, 1011]] }));
  expect(found).toEqual([true, true, false, false]);
});

test('an alert of another series finds nothing', () => {
  const corpus = corpusOf('hour', ['a', 'b'], [planted('a', 1000, 1010, 1034)]);
  expect(score(corpus, alerts('hour', { b: [[1000, 1010]] }))).toMatchObject({ recall: 0, falseAlarms: 1 });
});

test('alerts in the tail are neither found nor false; after it they are false', () => {
  const corpus = corpusOf('hour', ['a'], [planted('a', 1000, 1010, 1034)]);
  expect(score(corpus, alerts('hour', { a: [[1010, 1034]] }))).toMatchObject({ recall: 0, falseAlarms: 0 });
  expect(score(corpus, alerts('hour', { a: [[1010, 1035]] }))).toMatchObject({ recall: 0, falseAlarms: 1 });
});

test('false alarms with less than three hours between them are one', () => {
  const corpus = corpusOf('hour', ['a'], []);
  const count = (marks: Marks) => score(corpus, alerts('hour', { a: marks })).falseAlarms;
  // 02:00 to 03:00 and 05:00 to 06:00: two hours lie between; with 06:00 to 07:00 it is three.
  expect(count([[1002, 1003], [1005, 1006]])).toBe(1);
  expect(count([[1002, 1003], [1006, 1007]])).toBe(2);
});

test('false alarms on days in a row are one; a day without an alert parts them', () => {
  const corpus = corpusOf('day', ['a'], []);
  const count = (marks: Marks) => score(corpus, alerts('day', { a: marks })).falseAlarms;
  expect(count([[40, 42]])).toBe(1);
  expect(count([[40, 41], [42, 43]])).toBe(2);
});

test('a long false alarm counts again each day, and each week where buckets are days', () => {
  const byHour = (length: number) => score(corpusOf('hour', ['a'], []), alerts('hour', { a: [[1000, 1000 + length]] })).falseAlarms;
  expect([1, 24, 25, 48, 49].map(byHour)).toEqual([1, 1, 2, 2, 3]);
  const byDay = (length: number) => score(corpusOf('day', ['a'], []), alerts('day', { a: [[30, 30 + length]] })).falseAlarms;
  expect([1, 7, 8, 14, 15].map(byDay)).toEqual([1, 1, 2, 2, 3]);
});

test('false alarms of two series are two even in the same hour', () => {
  expect(score(corpusOf('hour', ['a', 'b'], []), alerts('hour', { a: [[1000, 1001]], b: [[1000, 1001]] })).falseAlarms).toBe(2);
});

test('the first 28 days are not counted, neither alerts nor time', () => {
  const result = score(corpusOf('hour', ['a'], []), alerts('hour', { a: [[0, day28]] }));
  expect(result.falseAlarms).toBe(0);
  expect(result.seriesYears).toBeCloseTo(32 / 365, 10);
  expect(score(corpusOf('hour', ['a'], []), alerts('hour', { a: [[0, day28 + 1]] })).falseAlarms).toBe(1);
});

test('clean time leaves out anomalies, tails, unknown buckets and the time before a series exists', () => {
  const corpus = corpusOf('day', ['a', 'b'], [planted('a', 40, 43, 45)]);
  corpus.series[0]!.values.fill(Number.NaN, 50, 52);
  corpus.series[1]!.born = 55;
  // a: days 28 to 59 without 40 to 44 and 50 to 51 are 25; b: days 55 to 59 are 5.
  expect(score(corpus, new Map()).seriesYears).toBeCloseTo(30 / 365, 10);
});

test('an alert on an unknown bucket is not counted', () => {
  const corpus = corpusOf('hour', ['a'], []);
  corpus.series[0]!.values.fill(Number.NaN, 1000, 1005);
  expect(score(corpus, alerts('hour', { a: [[1000, 1005]] })).falseAlarms).toBe(0);
});

test('precision, recall and F1 follow from finds and false alarms', () => {
  const names = ['a', 'b', 'c', 'd'];
  const corpus = corpusOf('hour', [...names, 'e'], names.map((name, at) => planted(name, 1000, 1010, 1034, at < 2)));
  const result = score(corpus, alerts('hour', { a: [[1001, 1005]], b: [[1003, 1004], [1200, 1201]], c: [[1009, 1020]], e: [[900, 901]] }));
  // Three of four found beside two false alarms: 3/5, 3/4, and 2 · 0.6 · 0.75 / 1.35.
  expect(result).toMatchObject({ precision: 0.6, recall: 0.75, falseAlarms: 2, kinds: { drop: { found: 3, planted: 4 } }, faint: { found: 2, planted: 2 } });
  expect(result.f1).toBeCloseTo(2 / 3, 10);
});

test('a detector that says nothing scores zero', () => {
  expect(score(corpusOf('day', ['a'], [planted('a', 40, 43, 45)]), new Map())).toMatchObject({ f1: 0, precision: 0, recall: 0, falseAlarmsPerSeriesYear: 0 });
});
