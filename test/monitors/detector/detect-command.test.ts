import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DateTime } from 'luxon';
import Papa from 'papaparse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WrongUse } from '../../../backend/command/command.ts';
import { detect } from '../../../backend/command/detect.ts';
import { commands } from '../../../backend/command/index.ts';
import { readConfig } from '../../../backend/config.ts';
import { Problem } from '../../../shared/problem.ts';
import { buckets, poisson, randomFrom } from './invented-series.ts';

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'tasksheet-detect-'));
});
afterAll(() => rm(place, { recursive: true, force: true }));

interface Ended {
  code: number;
  out: string[];
  warned: string[];
}

async function run(given: string[], signal = new AbortController().signal): Promise<Ended> {
  const [out, warned]: [string[], string[]] = [[], []];
  const output = { json: false, line: (text: string) => void out.push(text), warn: (text: string) => void warned.push(text), status: () => undefined };
  const code = await detect.run(readConfig({}), { arguments: given, workingDirectory: place, output, signal });
  return { code, out, warned };
}

/** Runs on a text; what the command wrote, by columns. */
async function detectIn(text: string, ...more: string[]): Promise<Record<string, string>[]> {
  await writeFile(join(place, 'in.csv'), text);
  expect((await run(['--in', 'in.csv', '--out', 'out.csv', '--grain', 'day', '--timezone', 'Europe/Moscow', ...more])).code).toBe(0);
  return Papa.parse<Record<string, string>>((await readFile(join(place, 'out.csv'), 'utf8')).trim(), { header: true }).data;
}

/** What the command says against a text. */
async function refusal(text: string, ...more: string[]): Promise<Problem> {
  await writeFile(join(place, 'wrong.csv'), text);
  return run(['--in', 'wrong.csv', '--out', 'never.csv', '--grain', 'day', '--timezone', 'Europe/Moscow', ...more]).then(
    () => expect.fail('nothing was said against it'),
    (error: unknown) => (error instanceof Problem ? error : expect.fail(String(error))),
  );
}

const days = buckets('day', 'Europe/Moscow', '2026-01-05', 60).map((at) => at.toISO({ suppressMilliseconds: true }) ?? '');
const sixtyDays = (value: (day: number, random: () => number) => string | number, series = 'card_open'): string => {
  const random = randomFrom(5);
  return days.map((time, day) => `${series},${time},${value(day, random)}`).join('\n');
};

test('the command stands in the list', () => {
  expect(commands.map(({ name }) => name)).toContain('detect');
});

test('every row comes back in its order with expectation, range, score and kind; score 1 and above is an alert', async () => {
  const text = `series,time,value\n${sixtyDays((day, random) => poisson(day === 50 ? 60 : 200, random))}\n`;
  const rows = await detectIn(text);
  expect(Object.keys(rows[0] ?? {})).toEqual(['series', 'time', 'value', 'expected', 'low', 'high', 'score', 'alert', 'kind']);
  expect(rows.map(({ series, time, value }) => `${series},${time},${value}`)).toEqual(text.trim().split('\n').slice(1));
  expect(rows.filter(({ alert }) => alert === '1').map(({ time }) => time)).toEqual([days[50]]);
  expect(rows[50]).toMatchObject({ kind: 'drop', alert: '1' });
  expect(Number(rows[50]?.score)).toBeGreaterThanOrEqual(1);
  expect(rows.every(({ score, alert }) => Number(score) >= 1 === (alert === '1'))).toBe(true);
  const { expected, low, high } = rows[45] ?? {};
  expect(Number(low)).toBeLessThan(Number(expected));
  expect(Number(high)).toBeGreaterThan(Number(expected));
  expect([rows[3]?.expected, rows[3]?.score]).toEqual(['', '0']);
});

test('rows need no order, names any letters, files a byte order mark and semicolons', async () => {
  const name = '"=Оплата; ""карта"" 💳"';
  const body = sixtyDays((day, random) => poisson(day === 50 ? 60 : 200, random), name).replaceAll(',20', ';20').replace(/,(\d+)$/gm, ';$1').split('\n');
  const rows = await detectIn(`\ufeffseries;time;value\r\n${[...body].reverse().join('\r\n')}\r\n`);
  expect(rows.length).toBe(60);
  expect(rows[0]?.series).toBe('=Оплата; "карта" 💳');
  expect(rows.filter(({ alert }) => alert === '1').map(({ time }) => time)).toEqual([days[50]]);
});

test('a series without a row while others have theirs is zero, and its alerts come after the rows; absent for all and empty are unknown', async () => {
  const steady = sixtyDays((_, random) => poisson(100, random), 'steady').split('\n');
  const gone = sixtyDays((_, random) => poisson(100, random), 'gone').split('\n').slice(0, 55);
  const rows = await detectIn(`series,time,value\n${[...steady, ...gone].join('\n')}`);
  expect(rows.slice(0, 115).some(({ alert }) => alert === '1')).toBe(false);
  expect(rows.slice(115).map(({ series, time, value, kind }) => [series, time, value, kind])).toContainEqual(['gone', days[55], '0', 'vanished']);
  const unknown = await detectIn(`series,time,value\n${steady.filter((_, day) => day !== 50).map((row, day) => (day === 52 ? row.replace(/\d+$/, '') : row)).join('\n')}`);
  expect(unknown.filter(({ alert }) => alert === '1')).toEqual([]);
  expect(unknown.find(({ time }) => time === days[53])).toMatchObject({ value: '', expected: '', score: '0', alert: '0' });
});

test('successes of trials are judged as a share; direction leaves the other way out', async () => {
  const shares = (day: number, random: () => number): string => `${poisson(day === 50 ? 60 : 200, random)},1000`;
  const text = `series,time,value,trials\n${sixtyDays(shares, 'paid')}`;
  expect((await detectIn(text)).filter(({ alert }) => alert === '1').map(({ kind }) => kind)).toEqual(['conversion']);
  expect((await detectIn(text, '--direction', 'up')).filter(({ alert }) => alert === '1')).toEqual([]);
  expect((await detectIn(text, '--direction', 'down'))[50]).toMatchObject({ alert: '1', high: '' });
});

test('the calendar is read, and its faults come with file and line', async () => {
  await writeFile(join(place, 'calendar.yaml'), `- date: ${days[50]?.slice(0, 10)}\n  name: { ru: Выходной, en: Day off }\n  expected: 0.3\n`);
  const text = `series,time,value\n${sixtyDays((day, random) => poisson(day === 50 ? 60 : 200, random))}`;
  expect((await detectIn(text, '--calendar', 'calendar.yaml')).filter(({ alert }) => alert === '1')).toEqual([]);
  await writeFile(join(place, 'calendar.yaml'), '- date: 2026-02-31\n  name: { ru: Выходной, en: Day off }\n');
  expect((await refusal(text, '--calendar', 'calendar.yaml')).text.en).toMatch(/calendar\.yaml:1:\d+ {2}2026-02-31 is no day/);
});

test('every bad row is told with its number, all at once, and nothing is written', async () => {
  const rows = ['series,time,value,trials', 'a,2026-01-05T00:00:00+03:00,5,', ',2026-01-05T00:00:00+03:00,5,', 'a,2026-01-06,5,', 'a,2026-02-31T00:00:00+03:00,5,', 'a,2026-01-06T00:00:00,5,', 'a,2026-01-07T00:00:00+03:00,five,', 'a,2026-01-08T00:00:00+03:00,-5,', 'a,2026-01-09T00:00:00+03:00,"1,5",', 'b,2026-01-09T00:00:00+03:00,7,5', 'a,2026-01-10T00:00:00+03:00,1,5', 'a,2026-01-11T00:00:00+03:00,NaN,'];
  const { text, code } = await refusal(rows.join('\n'));
  expect(code).toBe('invalid_request');
  const lines = text.en.split('\n');
  expect(lines.map((line) => /^Row (\d+): /.exec(line)?.[1])).toEqual(['3', '4', '5', '6', '7', '8', '9', '10', '11', '12']);
  expect(lines[0]).toContain('has no name');
  expect(lines[1]).toContain('"2026-01-06" is not understood');
  expect(lines[4]).toContain('"five" is not a number');
  expect(lines[7]).toContain('7 successes are more than 5 trials');
  expect(lines[8]).toContain('had none in rows above');
  expect(text.ru.split('\n')[0]).toMatch(/^Строка 3: /);
  await expect(access(join(place, 'never.csv'))).rejects.toThrow();
});

test('a hundred bad rows are counted, twenty are told', async () => {
  const { text } = await refusal(`series,time,value\n${sixtyDays(() => 'x')}`);
  expect(text.en.split('\n').length).toBe(21);
  expect(text.en).toContain('and 40 more');
});

test('two values for one bucket are told with both rows; hours taken for days too', async () => {
  const twice = 'series,time,value\na,2026-01-05T00:00:00+03:00,5\nb,2026-01-05T00:00:00+03:00,5\na,2026-01-04T21:00:00Z,6\n';
  expect((await refusal(twice)).text.en).toMatch(/Row 4: "a" already has a value for 2026-01-04T21:00:00Z \(row 2\)/);
  const hours = buckets('hour', 'Europe/Moscow', '2026-01-05', 2).map((at) => `a,${at.toISO()},5`).join('\n');
  expect((await refusal(`series,time,value\n${hours}`)).text.en).toContain('--grain hour');
  await writeFile(join(place, 'days.csv'), `series,time,value\n${sixtyDays(() => 5)}`);
  await expect(run(['--in', 'days.csv', '--grain', 'hour', '--timezone', 'Europe/Moscow'])).rejects.toThrow(/--grain day/);
});

test('a changed zone is warned of: days that begin at another hour than local midnight', async () => {
  await writeFile(join(place, 'zone.csv'), `series,time,value\n${sixtyDays(() => 5)}`);
  const { warned } = await run(['--in', 'zone.csv', '--out', 'zone-out.csv', '--grain', 'day', '--timezone', 'Europe/Berlin']);
  expect(warned.join()).toMatch(/60 .*Europe\/Berlin.*2.*--timezone/);
});

test('both hours of an autumn night are read where clocks go back, and none is missed where they go forward', async () => {
  for (const from of ['2026-03-20', '2025-10-20']) {
    const rows = buckets('hour', 'Europe/Berlin', from, 14).map((at) => `a,${at.toISO()},5`);
    await writeFile(join(place, 'clock.csv'), `series,time,value\n${rows.join('\n')}`);
    const ended = await run(['--in', 'clock.csv', '--out', 'clock-out.csv', '--grain', 'hour', '--timezone', 'Europe/Berlin']);
    expect([ended.code, ended.warned]).toEqual([0, []]);
    expect((await readFile(join(place, 'clock-out.csv'), 'utf8')).trim().split('\n').length).toBe(rows.length + 1);
  }
  expect(DateTime.fromISO('2025-10-26', { zone: 'Europe/Berlin' }).plus({ days: 1 }).diff(DateTime.fromISO('2025-10-26', { zone: 'Europe/Berlin' })).as('hours')).toBe(25);
});

test.each([
  ['no rows', '', /has no rows/],
  ['only a header', 'series,time,value\n', /has no rows/],
  ['no column value', 'series,time,count\na,2026-01-05T00:00:00+03:00,5', /Row 1: there are no columns value/],
])('a file with %s is told', async (_, text, words) => {
  expect((await refusal(text)).text.en).toMatch(words);
});

test('wrong use is told with what was expected', async () => {
  await writeFile(join(place, 'in.csv'), 'series,time,value\na,2026-01-05T00:00:00+03:00,5\n');
  for (const given of [[], ['--in', 'in.csv'], ['--in', 'in.csv', '--grain', 'week'], ['--in', 'in.csv', '--grain', 'day', '--timezone', 'Moscow'], ['--in', 'in.csv', '--grain', 'day', '--direction', 'left'], ['--in', 'in.csv', '--grain', 'day', '--nonsense']])
    await expect(run(given), given.join(' ')).rejects.toThrow(WrongUse);
  await expect(run(['--in', 'no-such.csv', '--grain', 'day'])).rejects.toMatchObject({ code: 'not_found' });
  await expect(run(['--in', 'in.csv', '--out', 'no-such-folder/out.csv', '--grain', 'day'])).rejects.toMatchObject({ code: 'invalid_request' });
});

test('without a file to write to, the rows are printed', async () => {
  await writeFile(join(place, 'in.csv'), 'series,time,value\na,2026-01-05T00:00:00+03:00,5\n');
  const { out } = await run(['--in', 'in.csv', '--grain', 'day', '--timezone', 'Europe/Moscow']);
  expect(out.join('\n')).toBe('series,time,value,expected,low,high,score,alert,kind\na,2026-01-05T00:00:00+03:00,5,,,,0,0,');
});

test('a stopped command leaves no file behind', async () => {
  await writeFile(join(place, 'in.csv'), `series,time,value\n${sixtyDays(() => 5)}`);
  const stop = new AbortController();
  stop.abort();
  await expect(run(['--in', 'in.csv', '--out', 'stopped.csv', '--grain', 'day', '--timezone', 'Europe/Moscow'], stop.signal)).rejects.toMatchObject({ code: 'interrupted' });
  await expect(access(join(place, 'stopped.csv'))).rejects.toThrow();
});
