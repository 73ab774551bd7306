import { bareType } from '../../shared/engine-type.ts';
import type { BoundValue } from '../../shared/fields/field-kind.ts';
import { Problem } from '../../shared/problem.ts';
import { startOfDay, type Period } from '../../shared/relative-period.ts';
import type { Metric } from '../catalog/task.ts';
import type { Source } from '../sources/source.ts';
import type { StoredColumn } from '../workbench/workbench.ts';
import type { Facts } from './facts.ts';
import type { Grain, MetricQuestion } from './question.ts';

/** Questions that one query answers: of one metric, with one grain and filters of the same names. */
export interface Shape {
  metric: Metric;
  grain: Grain | null;
  filters: string[];
  questions: MetricQuestion[];
}

/** Columns of the answer: place of the question, bucket, value (`null` for a ratio without denominators). */
export interface ValuesQuery {
  sql: string;
  parameters: Record<string, BoundValue>;
}

const buckets: Record<Grain, (day: string) => string> = {
  day: (day) => `toString(${day})`,
  week: (day) => `toString(toMonday(${day}))`,
  month: (day) => `toString(toStartOfMonth(${day}))`,
  quarter: (day) => `toString(toStartOfQuarter(${day}))`,
  year: (day) => `toString(toStartOfYear(${day}))`,
};

/** How facts are put together over days and filters, and what is kept of a day: distinct users can't be added up over days. */
const measures: Record<Metric['type'], { ofDay: string; value: string }> = {
  count: { ofDay: 'count() AS kept', value: 'toFloat64(sum(kept))' },
  share: { ofDay: 'uniqExactState(assumeNotNull(user_id)) AS kept', value: 'toFloat64(uniqExactMerge(kept))' },
  mean: { ofDay: `sumIf(toFloat64(assumeNotNull(value)), isFinite(ifNull(toFloat64(value), nan))) AS kept`, value: 'sum(kept)' },
  ratio: {
    ofDay: `sumIf(toFloat64(assumeNotNull(value)), isFinite(ifNull(toFloat64(value), nan))) AS kept, sumIf(toFloat64(assumeNotNull(denominator)), isFinite(ifNull(toFloat64(denominator), nan))) AS divisor`,
    value: 'if(sum(divisor) = 0, NULL, sum(kept) / sum(divisor))',
  },
};

/** Columns of the facts besides `time`. */
const needed: Record<Metric['type'], string[]> = { count: [], share: ['user_id'], mean: ['value'], ratio: ['value', 'denominator'] };

/** One scan of the facts: summed up by day and filter first, then handed to every question that the day and the filters belong to. */
export function valuesQuery({ metric, grain, filters, questions }: Shape, { source, sql, columns }: Facts, zone: string): ValuesQuery {
  requireColumns(metric, ['time', ...needed[metric.type]], columns);
  for (const name of filters) if (!columns.some((column) => column.name === name)) throw unknownFilter(metric, name, columns);
  const from = questions.map(({ period }) => period.from).reduce((one, other) => (one < other ? one : other));
  const until = questions.map(({ period }) => period.until).reduce((one, other) => (one > other ? one : other));
  const { day, parameters: days } = dayOf(metric, columns, source, { from, until }, zone);
  const parameters = { ...days, questions: text(JSON.stringify(lines(questions))) };
  const asked = source.placeholder('questions', parameters.questions);
  const names = filters.map((_, place) => `metric_filter_${place}`);
  const questionRows = `SELECT question.1 AS place, toDate32(question.2) AS first_day, toDate32(question.3) AS beyond_day${names.map((name, at) => `, question.${at + 4} AS ${name}`).join('')}
      FROM (SELECT arrayJoin(JSONExtract(${asked}, 'Array(Tuple(UInt32, String, String${names.map(() => ', String').join('')}))')) AS question)`;
  const { ofDay, value } = measures[metric.type];
  const bucket = grain === null ? `''` : buckets[grain]('metric_day');
  const factRows = `SELECT metric_day${names.map((name) => `, ${name}`).join('')}, ${ofDay}
      FROM (SELECT ${needed[metric.type].map((name) => `${name}, `).join('')}toDate32(${day}) AS metric_day${names.map((name, at) => `, ${asText(filters[at] ?? '', columns)} AS ${name}`).join('')} FROM (
${sql}
      ) AS facts WHERE time IS NOT NULL AND time >= ${source.placeholder('from', parameters.from)} AND time < ${source.placeholder('until', parameters.until)})
      WHERE 1${names.map((name) => ` AND ${name} IN (SELECT ${name} FROM (${questionRows}))`).join('')}
      GROUP BY metric_day${names.map((name) => `, ${name}`).join('')}`;
  const joined = names.length === 0 ? `CROSS JOIN (${questionRows}) AS asked` : `INNER JOIN (${questionRows}) AS asked ON ${names.map((name) => `days.${name} = asked.${name}`).join(' AND ')}`;
  return { parameters, sql: `SELECT place, ${bucket} AS bucket, ${value} AS answer FROM (${factRows}) AS days ${joined} WHERE metric_day >= first_day AND metric_day < beyond_day GROUP BY place, bucket` };
}

const text = (value: string): BoundValue => ({ scalar: 'string', value });

/** A question with several values of a filter is several lines of the same place. */
function lines(questions: MetricQuestion[]): (string | number)[][] {
  return questions.flatMap(({ period, filters }, place) =>
    filters.reduce<(string | number)[][]>((rows, { values }) => rows.flatMap((row) => values.map((value) => [...row, value])), [[place, period.from, period.until]]),
  );
}

/** The local day of a fact, as SQL, and the parameters that bound its `time`; throws when there is no time. */
export function dayOf(metric: Metric, columns: StoredColumn[], source: Source, { from, until }: Period, zone: string): { day: string; parameters: Record<'from' | 'until' | 'zone', BoundValue> } {
  const type = typeOf(columns, 'time');
  if (!/^Date/.test(type)) throw notATime(metric, type);
  const named = { zone: text(zone) };
  if (/^Date(32)?$/.test(type)) return { day: 'assumeNotNull(time)', parameters: { ...named, from: { scalar: 'date', value: from }, until: { scalar: 'date', value: until } } };
  return {
    day: `toDate(assumeNotNull(time), ${source.placeholder('zone', named.zone)})`,
    parameters: { ...named, from: { scalar: 'instant', value: startOfDay(from, zone) }, until: { scalar: 'instant', value: startOfDay(until, zone) } },
  };
}

export function requireColumns(metric: Metric, names: string[], columns: StoredColumn[]): void {
  const missing = names.find((name) => !columns.some((column) => column.name === name));
  if (missing !== undefined) throw lacking(metric, missing, columns);
}

function typeOf(columns: StoredColumn[], name: string): string {
  return bareType(columns.find((column) => column.name === name)?.engineType ?? '');
}

function asText(name: string, columns: StoredColumn[]): string {
  const column = `\`${name.replace(/[\\`]/g, '\\$&')}\``;
  return typeOf(columns, name) === 'Bool' ? `ifNull(if(${column}, 'true', 'false'), '')` : `ifNull(toString(${column}), '')`;
}

function lacking(metric: Metric, name: string, columns: StoredColumn[]): Problem {
  const there = columns.map((column) => column.name).join(', ');
  return new Problem('query_failed', { ru: `В фактах показателя «${metric.title.ru}» нет столбца ${name}; есть: ${there}. Скажите аналитику.`, en: `The facts of “${metric.title.en}” have no column ${name}; they have ${there}. Tell an analyst.` });
}

function notATime(metric: Metric, type: string): Problem {
  return new Problem('query_failed', { ru: `В фактах показателя «${metric.title.ru}» столбец time – ${type}, а нужна дата или время. Скажите аналитику.`, en: `In the facts of “${metric.title.en}” the column time is ${type}, and a date or time is needed. Tell an analyst.` });
}

function unknownFilter(metric: Metric, name: string, columns: StoredColumn[]): Problem {
  const there = columns.map((column) => column.name).filter((column) => !['user_id', 'time', 'value', 'denominator'].includes(column)).join(', ');
  return new Problem('invalid_values', {
    ru: `У показателя «${metric.title.ru}» нет фильтра «${name}». ${there === '' ? 'Фильтров у него нет.' : `Есть: ${there}.`}`,
    en: `The metric “${metric.title.en}” has no filter “${name}”. ${there === '' ? 'It has none.' : `There are: ${there}.`}`,
  });
}
