import { Readable } from 'node:stream';
import { z } from 'zod';
import type { LocalText } from '../../../shared/language.ts';
import { Problem } from '../../../shared/problem.ts';
import { addDays, todayIn } from '../../../shared/relative-period.ts';
import type { AmplitudeApi } from './api.ts';
import type { WaitRules } from './places.ts';
import type { EventBody } from './step-bodies.ts';
import { problems } from './words.ts';

export interface Rows {
  rows: unknown[][];
  notices: LocalText[];
}

const listShape = z.object({
  data: z.array(
    z.object({
      value: z.string(),
      display: z.string().nullish(),
      totals: z.number().nullish(),
      non_active: z.boolean().nullish(),
      deleted: z.boolean().nullish(),
      hidden: z.boolean().nullish(),
    }),
  ),
});
const seriesShape = z.object({ data: z.object({ series: z.array(z.array(z.number().nullable())), xValues: z.array(z.string()) }) });

/** Amplitude's limit for one question about days. */
const daysAtOnce = 365;
const mostDays = 3_660;

/** The project's events with what happened this week; deleted ones are left out. */
export async function eventList(api: AmplitudeApi, rules: WaitRules): Promise<Rows> {
  const { data } = await api.json('/api/2/events/list', [], listShape, rules);
  const rows = data.filter(({ deleted, hidden }) => deleted !== true && hidden !== true).map(({ value, display, totals, non_active: idle }) => [value, display ?? value, String(Math.round(totals ?? 0)), idle !== true]);
  return { rows, notices: [] };
}

/** How often an event happened each day, days being those of the project's zone. A day that is not over is left out. */
export async function eventTotals(api: AmplitudeApi, { event, from, until }: EventBody, zone: string, rules: WaitRules): Promise<Rows> {
  const length = daysBetween(from, until);
  if (length < 1 || length > mostDays)
    throw new Problem('query_refused', { ru: `Период события: от 1 до ${mostDays} дней, а здесь ${length}. «until» — день после последнего.`, en: `The period of an event has 1 to ${mostDays} days, this has ${length}. “until” is the day after the last one.` });
  const today = todayIn(zone, new Date());
  const end = until < today ? until : today;
  const rows: unknown[][] = [];
  for (let first = from; first < end; first = addDays(first, daysAtOnce)) {
    const last = addDays(first, daysAtOnce) < end ? addDays(first, daysAtOnce - 1) : addDays(end, -1);
    rows.push(...(await someDays(api, event, { first, last }, rules)));
  }
  return { rows, notices: until > today ? [unfinishedWords(today)] : [] };
}

async function someDays(api: AmplitudeApi, event: string, { first, last }: { first: string; last: string }, rules: WaitRules): Promise<unknown[][]> {
  const query: [string, string][] = [['e', JSON.stringify({ event_type: event })], ['start', compact(first)], ['end', compact(last)], ['m', 'totals'], ['i', '1']];
  const { data } = await api.json('/api/2/events/segmentation', query, seriesShape, rules);
  const [series] = data.series;
  if (series === undefined) return [];
  if (series.length !== data.xValues.length) throw problems.unexpected(api.name, new Error(`${series.length} values for ${data.xValues.length} days`));
  const days = data.xValues.map((day) => day.slice(0, 10));
  if (days.some((day) => !/^\d{4}-\d{2}-\d{2}$/.test(day))) throw problems.unexpected(api.name, new Error('a day is not written as YYYY-MM-DD'));
  const inside = days.flatMap((day, at) => (day >= first && day <= last ? [[day, event, String(Math.round(series[at] ?? 0))]] : []));
  const expected = daysBetween(first, last) + 1;
  if (inside.length !== expected) throw problems.unexpected(api.name, new Error(`${inside.length} days instead of ${expected}`));
  return inside;
}

function compact(day: string): string {
  return day.replaceAll('-', '');
}

function daysBetween(from: string, until: string): number {
  return Math.round((Date.parse(`${until}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

function unfinishedWords(today: string): LocalText {
  return { ru: `День ${today} ещё не закончился, он и дни после него не взяты.`, en: `The day ${today} is not over: it and the days after it are left out.` };
}

/** Rows for `workbench.load` in JSONCompactEachRow. */
export function jsonRows(rows: unknown[][]): Readable {
  return Readable.from(rows.map((row) => `${JSON.stringify(row)}\n`), { objectMode: false });
}
