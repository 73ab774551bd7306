import type { DateTime } from 'luxon';
import { expect, test } from 'vitest';
import { readCalendar } from '../../../backend/monitors/calendar.ts';
import type { DetectorSettings, Observation, Verdict } from '../../../backend/monitors/detector/detector.ts';
import { FamilyDetector, type FamilyState } from '../../../backend/monitors/detector/family.ts';
import { buckets, poisson, randomFrom, usualHour } from './invented-series.ts';

const berlin = 'Europe/Berlin';
const moscow = 'Europe/Moscow';
const hourly: DetectorSettings = { grain: 'hour', timeZone: moscow, direction: 'both', importance: 'normal' };
const daily: DetectorSettings = { ...hourly, grain: 'day' };

interface Judged extends Verdict {
  at: DateTime;
  value: number | null;
}

interface Invented {
  settings?: DetectorSettings;
  from?: string;
  days: number;
  seed?: number;
  calendar?: string;
  /** `undefined`: the family has this bucket, the series has no row; `'nothing'`: no series has. */
  value: (at: DateTime, random: () => number) => number | Observation | null | undefined | 'nothing';
}

/** Runs one series through a family, in which another stands for what else there is. */
function judge({ settings = hourly, from = '2026-01-05', days, seed = 1, calendar = '', value }: Invented): Judged[] {
  const random = randomFrom(seed);
  const family = new FamilyDetector(settings, readCalendar(calendar, 'calendar.yaml', settings.timeZone).entries);
  return buckets(settings.grain, settings.timeZone, from, days).flatMap((at) => {
    const made = value(at, random);
    const observation = made === undefined || made === 'nothing' ? undefined : made !== null && typeof made === 'object' ? made : { value: made };
    const rows = new Map<string, Observation>(made === 'nothing' ? [] : [['other', { value: 1 }]]);
    if (observation !== undefined) rows.set('watched', observation);
    const verdict = family.push(at.toMillis(), rows).verdicts.get('watched');
    return verdict === undefined ? [] : [{ ...verdict, at, value: observation?.value ?? (made === undefined ? 0 : null) }];
  });
}

const day = (at: DateTime): string => at.toISODate() ?? '';
const alerts = (judged: Judged[]): Judged[] => judged.filter(({ score }) => score >= 1);
const between = (at: DateTime, from: string, until: string): boolean => at.toISO({ includeOffset: false })! >= from && at.toISO({ includeOffset: false })! < until;

test('a spike of one hour is told in that hour, and not before or after it', () => {
  const found = alerts(judge({ days: 60, value: (at, random) => poisson(100 * usualHour(at) * (between(at, '2026-02-25T12', '2026-02-25T13') ? 4 : 1), random) }));
  expect(found.map(({ at, kind, isAbove }) => [at.toISO()?.slice(0, 13), kind, isAbove])).toEqual([['2026-02-25T12', 'spike', true]]);
});

test('a fall to a third for six hours is a drop; at night too, when little is counted', () => {
  for (const from of ['11', '01']) {
    const until = String(Number(from) + 6).padStart(2, '0');
    const found = alerts(judge({ days: 60, value: (at, random) => poisson(120 * usualHour(at) * (between(at, `2026-02-25T${from}`, `2026-02-25T${until}`) ? 0.33 : 1), random) }));
    expect(found[0]?.kind).toBe('drop');
    expect(found.every(({ at, isAbove }) => day(at) === '2026-02-25' && !isAbove)).toBe(true);
  }
});

test('a lower level is told as a shift, then becomes the usual', () => {
  const judged = judge({ days: 90, settings: daily, value: (at, random) => poisson(60 * (day(at) >= '2026-03-02' ? 0.6 : 1), random) });
  const found = alerts(judged);
  expect(found[0] && day(found[0].at) >= '2026-03-02' && day(found[0].at) <= '2026-03-05').toBe(true);
  expect(found.some(({ kind }) => kind === 'shift')).toBe(true);
  expect(found.filter(({ at }) => day(at) >= '2026-03-16')).toEqual([]);
  expect(judged.at(-1)?.expected).toBeGreaterThan(30);
  expect(judged.at(-1)?.expected).toBeLessThan(42);
});

test('a slow decline that no day shows is told as a drift, once', () => {
  const fall = (at: DateTime): number => Math.max(0.5, 1 - 0.5 * Math.max(0, (at.toMillis() - Date.UTC(2026, 3, 1)) / (35 * 86_400_000)));
  const found = alerts(judge({ days: 150, settings: daily, value: (at, random) => poisson(200 * fall(at), random) }));
  expect(found.map(({ kind }) => kind)).toEqual(['drift']);
  expect(found[0]?.isAbove).toBe(false);
});

test('errors that triple for half a day are a burst though no hour stands out; watched upwards, their absence is no alert', () => {
  const errors = (factor: number): Judged[] => alerts(judge({ days: 60, settings: { ...hourly, direction: 'up' }, value: (at, random) => poisson(8 * (between(at, '2026-02-25T06', '2026-02-25T18') ? factor : 1), random) }));
  const burst = errors(3);
  expect(burst.map(({ kind }) => kind)).toContain('burst');
  expect(burst.every(({ at, isAbove }) => day(at) === '2026-02-25' && isAbove)).toBe(true);
  expect(errors(0)).toEqual([]);
});

test('an event that no longer comes has vanished: a missing row is a zero while others have theirs', () => {
  const found = alerts(judge({ days: 60, value: (at, random) => (at.toISO()! >= '2026-02-25T12' ? undefined : poisson(6 * usualHour(at), random)) }));
  expect(found.map(({ kind }) => kind)).toContain('vanished');
  expect(found[0] && between(found[0].at, '2026-02-25T12', '2026-02-26T00')).toBe(true);
});

test('what is not known is no drop: no rows at all, or an empty value', () => {
  for (const unknown of ['nothing', null] as const) {
    const judged = judge({ days: 60, value: (at, random) => (between(at, '2026-02-25T06', '2026-02-26T04') ? unknown : poisson(100 * usualHour(at), random)) });
    expect(alerts(judged)).toEqual([]);
    expect(judged.filter(({ at }) => between(at, '2026-02-25T06', '2026-02-26T04')).every(({ expected, score }) => expected === null && score === 0)).toBe(true);
  }
});

test('a bucket that is not loaded to its end is not judged, and can be pushed again', () => {
  const family = new FamilyDetector(daily);
  const [first, second] = buckets('day', moscow, '2026-01-05', 2).map((at) => at.toMillis()) as [number, number];
  const rows = new Map([['a', { value: 5 }]]);
  expect(family.push(first, rows).born).toEqual(['a']);
  expect(family.push(second, rows, second + 3_600_000)).toMatchObject({ isUnknown: true, verdicts: new Map() });
  expect(family.push(second, rows, second + 86_400_000)).toMatchObject({ isUnknown: false, born: [] });
  expect(() => family.push(first, rows)).toThrow(/in order/);
});

test('conversions are judged by their trials: few trials prove little, many a small fall', () => {
  const share = (trials: number, fall: number): Judged[] =>
    alerts(judge({ days: 60, value: (at, random) => { const n = poisson(trials * usualHour(at), random); let k = 0; for (let one = 0; one < n; one += 1) if (random() < (between(at, '2026-02-25T08', '2026-02-26T08') ? 0.3 * fall : 0.3)) k += 1; return { value: k, trials: n }; } }));
  const found = share(200, 0.6);
  expect(found.length).toBeGreaterThan(0);
  expect(found.every(({ kind, at }) => kind === 'conversion' && between(at, '2026-02-25T08', '2026-02-27T08'))).toBe(true);
  expect(share(1, 0.6)).toEqual([]);
});

test('changes of traffic alone are no change of a conversion', () => {
  expect(alerts(judge({ days: 60, value: (at, random) => { const n = poisson(400 * (between(at, '2026-02-25T08', '2026-02-26T08') ? 0.2 : 1), random); let k = 0; for (let one = 0; one < n; one += 1) if (random() < 0.3) k += 1; return { value: k, trials: n }; } }))).toEqual([]);
});

test('a series is not judged in its first two weeks; then it is', () => {
  const judged = judge({ days: 40, value: (at, random) => poisson(50 * usualHour(at), random) });
  expect(judged.find(({ expected }) => expected !== null)?.at.toISODate()).toBe('2026-01-19');
});

test('three months of mere chance in thirty series, from one a day to a thousand an hour, brings next to no alert', () => {
  let found = 0;
  for (let series = 0; series < 30; series += 1) {
    const mean = [0.05, 0.5, 3, 20, 150, 1000][series % 6]!;
    found += alerts(judge({ days: 90, seed: 100 + series, value: (at, random) => poisson(mean * usualHour(at), random) })).length;
  }
  expect(found).toBeLessThanOrEqual(2);
});

test('the change of the clock moves nothing: local hours keep their shape in Berlin, Moscow has none', () => {
  for (const timeZone of [berlin, moscow])
    for (const from of ['2026-01-12', '2026-08-24'])
      expect(alerts(judge({ days: 90, from, settings: { ...hourly, timeZone }, value: (at, random) => poisson(400 * usualHour(at) ** 2, random) }))).toEqual([]);
});

test('a mailing at one hour of the week is a habit, its absence is news', () => {
  const mailing = (at: DateTime): number => (at.weekday === 4 && at.hour === 11 && day(at) !== '2026-03-26' ? 500 : 1);
  const found = alerts(judge({ days: 90, value: (at, random) => poisson(mailing(at), random) }));
  expect(found.length).toBeGreaterThan(0);
  expect(found.every(({ at, isAbove }) => between(at, '2026-03-26T11', '2026-03-28T12') && !isAbove)).toBe(true);
});

test('a day of the month that has always been high is expected from the second month on', () => {
  const found = alerts(judge({ settings: daily, from: '2026-01-05', days: 170, value: (at, random) => poisson(at.day === 1 ? 900 : 300, random) }));
  expect(found.filter(({ at }) => day(at) >= '2026-03-01')).toEqual([]);
});

const quietDay = (at: DateTime, random: () => number): number => poisson((at.weekday === 7 || day(at) === '2026-03-09' ? 80 : 200), random);

test('a holiday that the calendar tells is like a Sunday; one that it only names is not excused', () => {
  const entry = '- date: 2026-03-09\n  name: { ru: Выходной, en: Day off }\n';
  expect(alerts(judge({ settings: daily, days: 90, calendar: `${entry}  day: like-sunday\n`, value: quietDay }))).toEqual([]);
  expect(alerts(judge({ settings: daily, days: 90, calendar: entry, value: quietDay })).map(({ at }) => day(at))).toEqual(['2026-03-09']);
  expect(alerts(judge({ settings: daily, days: 90, calendar: `${entry}  day: like-sunday\n  scope: [payments*]\n`, value: quietDay })).map(({ at }) => day(at))).toEqual(['2026-03-09']);
});

test('an expected factor moves the range, and more than it is still an alert', () => {
  const calendar = '- { from: 2026-03-09, until: 2026-03-10, name: { ru: Акция, en: Sale }, expected: 3 }';
  const sale = (factor: number) => alerts(judge({ settings: daily, days: 90, calendar, value: (at, random) => poisson(200 * (['2026-03-09', '2026-03-10'].includes(day(at)) ? factor : 1), random) }));
  expect(sale(3)).toEqual([]);
  expect(sale(1)).toEqual([]);
  expect(sale(8).map(({ at }) => day(at))).toEqual(expect.arrayContaining(['2026-03-09', '2026-03-10']));
});

test('series that fall together have one cause, and all silent at once is suspect', () => {
  const random = randomFrom(3);
  const family = new FamilyDetector(hourly);
  const causes: { at: string; series: number; suspect: boolean }[] = [];
  for (const at of buckets('hour', moscow, '2026-01-05', 30)) {
    const factor = between(at, '2026-02-02T12', '2026-02-02T15') ? 0 : 1;
    const rows = new Map(Array.from({ length: 20 }, (_, series) => [`event ${series}`, { value: poisson(80 * usualHour(at) * factor, random) }]));
    const { commonCause, isSuspect } = family.push(at.toMillis(), rows);
    if (commonCause?.direction === 'down') causes.push({ at: at.toISO()!.slice(0, 13), series: commonCause.series.length, suspect: isSuspect });
  }
  expect(causes.slice(0, 3)).toEqual(['12', '13', '14'].map((hour) => ({ at: `2026-02-02T${hour}`, series: 20, suspect: true })));
});

test('what a person calls the new normal is expected from the next day on', () => {
  for (const isTold of [true, false]) {
    const random = randomFrom(4);
    const family = new FamilyDetector(daily);
    const later: number[] = [];
    for (const at of buckets('day', moscow, '2026-01-05', 60)) {
      if (isTold && day(at) === '2026-02-26') family.newNormal('a', at.minus({ days: 2 }).toMillis());
      const verdict = family.push(at.toMillis(), new Map([['a', { value: poisson(day(at) >= '2026-02-24' ? 400 : 200, random) }]])).verdicts.get('a');
      if (day(at) === '2026-02-26') later.push(verdict?.score ?? 0, verdict?.expected ?? 0);
      if (day(at) === '2026-02-27') later.push(verdict?.score ?? 0, verdict?.expected ?? 0);
    }
    expect(later[2]! < 1).toBe(isTold);
    expect(later[3]! > 300).toBe(isTold);
  }
});

test('a series that has vanished is told for two weeks, then it is gone; it is judged again when it comes back', () => {
  const judged = judge({ days: 120, settings: daily, value: (at, random) => (between(at, '2026-03-01', '2026-04-10') ? 0 : poisson(100, random)) });
  const found = alerts(judged);
  expect([day(found[0]!.at), day(found.at(-1)!.at)]).toEqual(['2026-03-01', '2026-03-15']);
  expect(judged.find(({ at }) => day(at) === '2026-04-20')?.expected).toBeGreaterThan(80);
});

/** A series with a bit of everything, for comparing runs with each other. */
function eventful(at: DateTime, random: () => number): number | null | undefined {
  if (random() < 0.003) return null;
  if (random() < 0.003) return undefined;
  return poisson(30 * usualHour(at) * (random() < 0.004 ? 6 : 1) * (between(at, '2026-02-20T00', '2026-02-23T00') ? 0.4 : 1), random);
}

test('a score never uses later data: cut anywhere, the rest stays as it was', () => {
  const whole = judge({ days: 75, value: eventful });
  for (const days of [15, 29, 47, 48, 50, 66]) {
    const cut = judge({ days, value: eventful });
    expect(cut.map(({ score, expected, low, high, kind }) => [score, expected, low, high, kind])).toEqual(whole.slice(0, cut.length).map(({ score, expected, low, high, kind }) => [score, expected, low, high, kind]));
  }
});

test('a stored state is plain JSON and continues exactly where it was left', () => {
  const random = randomFrom(9);
  const moments = buckets('hour', berlin, '2026-02-16', 60);
  const rows = moments.map((at) => new Map([['counts', { value: poisson(40 * usualHour(at), random) }], ['shares', { value: poisson(9, random), trials: 60 }]]));
  const settings = { ...hourly, timeZone: berlin };
  const whole = new FamilyDetector(settings);
  const expected = moments.map((at, place) => whole.push(at.toMillis(), rows[place]!));
  let family = new FamilyDetector(settings);
  moments.forEach((at, place) => {
    if (place % 97 === 0) family = new FamilyDetector(settings, [], JSON.parse(JSON.stringify(family.state())) as FamilyState);
    expect(family.push(at.toMillis(), rows[place]!)).toEqual(expected[place]);
  });
  expect(() => new FamilyDetector(daily, [], family.state())).toThrow(/by hour/);
});

test('sums of money, which have no smallest step, are judged too', () => {
  const found = alerts(judge({ settings: daily, days: 90, value: (at, random) => poisson(100, random) * 19.99 * (day(at) === '2026-03-11' ? 0.4 : 1) }));
  expect(found.map(({ at }) => day(at))).toContain('2026-03-11');
  expect(found.every(({ at }) => day(at) >= '2026-03-11' && day(at) <= '2026-03-13')).toBe(true);
});
