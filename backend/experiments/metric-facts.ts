import { bareType } from '../../shared/engine-type.ts';
import { Problem } from '../../shared/problem.ts';
import type { PairMoments } from '../../shared/statistics/index.ts';
import { clickhouseDialect } from '../sources/clickhouse-dialect.ts';
import { insideWorkbench } from '../sources/workbench.ts';
import type { BoundStep, Source } from '../sources/source.ts';
import { sourceNamed, type Sources } from '../runs/plan.ts';
import type { StoredColumn, StoredTable } from '../workbench/workbench.ts';
import { mostDays, type AssignmentParts, type Assignments } from './assignments.ts';
import { groupSets } from './group-sets.ts';
import type { PlannedFactsStep, PlannedMetric } from './planned.ts';

/** Sums of one part of the users who have facts: `x` is before the test, or the denominator of a ratio. */
export interface FactSums {
  /** Place of the group, from 1. */
  group: number;
  /** Users with facts in the days that count. */
  active: number;
  pair: PairMoments;
}

export interface DaySums {
  group: number;
  /** By whole days after entry: users with facts who were followed so long. */
  days: { users: number; mean: number; m2: number }[];
}

/** All that a read-out needs of one metric, as the engine sums it up. Users without facts are not in it. */
export interface MetricSums {
  /** By group, and whether the days before are known. */
  groups: (FactSums & { known: boolean })[];
  segments: (FactSums & { column: string; value: string })[];
  days: DaySums[];
  /** Values that are no finite number: taken as 0. */
  unreadable: number;
}

export interface FactsParts extends AssignmentParts {
  sources: Sources;
}

/** Tables that earlier steps of a metric may take at most. */
export const mostFactsTables = 8;
export const factsTables = Array.from({ length: mostFactsTables }, (_, place) => `facts_${place}`);

interface FactsQuery {
  source: Source;
  sql: string;
  parameters: BoundStep['parameters'];
  steps: Record<string, StoredTable>;
  columns: StoredColumn[];
}

/** Sums one metric up by user, group and segment in one scan of its facts. `byDay` for the target alone: it costs another one. */
export async function sumFacts(metric: PlannedMetric, assignments: Assignments, parts: FactsParts & { beforeDays: number; byDay: boolean }): Promise<MetricSums> {
  const made: string[] = [];
  try {
    const facts = await factsOf(metric, parts, made);
    const scope: SumsParts = { assignments, beforeDays: parts.beforeDays, users: facts.source.stepReference('users', assignments.table) };
    const ask = async (name: string, sql: string): Promise<unknown[][]> => {
      const context = parts.context(`${name}-${metric.id}`);
      const step = { name: metric.id, sql, parameters: facts.parameters, steps: { ...facts.steps, users: assignments.table } };
      return (await facts.source.select(step, { ...context, limits: { ...context.limits, rows: Math.max(context.limits.rows, 100_000) } })).rows;
    };
    const sums = sumsSql(metric, facts, scope);
    const read = readSums(await ask('sums', sums.sql), sums.setOf, assignments);
    // Arrays of days beside every segment would cost more than a second, narrower scan.
    return parts.byDay && metric.type !== 'ratio' ? { ...read, days: (await ask('days', daysSql(metric, facts, scope))).map(readDays) } : read;
  } catch (error) {
    if (!(error instanceof Problem) || error.code === 'interrupted') throw error;
    throw new Problem(error.code, { ru: `Показатель «${metric.title.ru}»: ${error.text.ru}`, en: `Metric “${metric.title.en}”: ${error.text.en}` }, { cause: error, ...(error.forAuthor === undefined ? {} : { forAuthor: error.forAuthor }) });
  } finally {
    if (made.length > 0) await parts.workbench.drop(made).catch(() => undefined);
  }
}

/** The facts as a query on a ClickHouse. Earlier steps, and facts of other engines, become tables of the workbench first. */
async function factsOf({ id, steps, marks }: PlannedMetric, { sources, workbench, tableId, context }: FactsParts, made: string[]): Promise<FactsQuery> {
  const tables = new Map<string, StoredTable>();
  const bound = ({ name, sql, parameters, after }: PlannedFactsStep, source: Source): BoundStep => {
    const read = Object.fromEntries(after.flatMap((step) => (tables.has(step) ? [[step, tables.get(step) as StoredTable]] : [])));
    return { name, sql: Object.entries(read).reduce((text, [step, table]) => text.replaceAll(marks[step] ?? step, () => source.stepReference(step, table)), sql), parameters, steps: read };
  };
  const keep = async (step: PlannedFactsStep): Promise<void> => {
    const table = factsTables[made.length];
    if (table === undefined) throw new Problem('query_refused', { ru: `у показателя больше ${mostFactsTables} шагов.`, en: `the metric has more than ${mostFactsTables} steps.` });
    made.push(tableId(table));
    const source = sourceNamed(sources, step.on);
    tables.set(step.name, await source.run(bound(step, source), tableId(table), context(`${id}-${step.name}`)));
  };
  const last = steps.at(-1);
  if (last === undefined) throw new Problem('internal', { ru: `у показателя ${id} нет шагов.`, en: `the metric ${id} has no steps.` });
  for (const step of steps.slice(0, -1)) await keep(step);
  const source = sourceNamed(sources, last.on);
  if (source.dialect === clickhouseDialect) {
    const step = bound(last, source);
    return { source, sql: step.sql, parameters: step.parameters, steps: step.steps, columns: await source.describe(step) };
  }
  await keep(last);
  const table = tables.get(last.name) as StoredTable;
  return { source: insideWorkbench({ database: '', databases: [] }, workbench), sql: `SELECT * FROM ${workbench.tableReference(table)}`, parameters: {}, steps: { facts: table }, columns: table.columns };
}

const isWholeNumber = (type: string): boolean => /^U?Int\d+$/.test(type);
const isNumber = (type: string): boolean => isWholeNumber(type) || /^(Float|BFloat|Decimal|Bool)/.test(type);

function typeOf(columns: StoredColumn[], name: string): string {
  const column = columns.find((one) => one.name === name);
  if (column !== undefined) return bareType(column.engineType);
  const there = columns.map((one) => one.name).join(', ');
  throw new Problem('query_failed', { ru: `в фактах нет столбца ${name}; есть: ${there}. Нужны user_id, time, value.`, en: `its facts have no column ${name}; they have ${there}. They need user_id, time, value.` });
}

/** Users of the facts in the type of the assignments': numbers as numbers, all else as text. */
function userSql(columns: StoredColumn[], userType: string): string {
  const own = typeOf(columns, 'user_id');
  if (own === userType) return 'assumeNotNull(user_id)';
  if (isWholeNumber(userType)) return isWholeNumber(own) ? `accurateCastOrDefault(assumeNotNull(user_id), '${userType}')` : `accurateCastOrDefault(ifNull(toString(user_id), ''), '${userType}')`;
  return `trimBoth(ifNull(toString(user_id), ''))`;
}

function numberSql(columns: StoredColumn[], name: string): string {
  const type = typeOf(columns, name);
  if (!isNumber(type)) throw new Problem('query_failed', { ru: `столбец ${name} – ${type}, а нужно число.`, en: `the column ${name} is ${type}, and a number is needed.` });
  return `ifNull(toFloat64(${name}), nan)`;
}

interface SumsParts {
  assignments: Assignments;
  beforeDays: number;
  users: string;
}

/** Facts of users of the test, each with the user's entry: `user, moment, entered, after, is_good, value[, denominator]`. */
function joinedSql(metric: PlannedMetric, { sql, columns }: FactsQuery, { assignments, beforeDays, users }: SumsParts): string {
  const time = typeOf(columns, 'time');
  if (!/^Date/.test(time)) throw new Problem('query_failed', { ru: `столбец time – ${time}, а нужна дата или время.`, en: `the column time is ${time}, and a date or time is needed.` });
  const value = metric.type === 'share' || metric.type === 'count' ? '1.' : numberSql(columns, 'value');
  const isRatio = metric.type === 'ratio';
  const day = 86_400;
  const { firstEntry, lastEntry } = assignments.counts;
  // Lets the engine leave out what lies outside of all users' days; a day of slack, for facts that know only their day.
  const within = `time >= toDateTime(${Math.max(0, firstEntry - (beforeDays + 1) * day)}) AND time < toDateTime(${lastEntry + (metric.windowDays + 1) * day})`;
  // A fact that knows only its day counts from the day of entry on.
  const entered = /^Date(32)?$/.test(time) ? 'toDateTime(toDate(entered))' : 'entered';
  return `
        SELECT user, entered, moment, isFinite(raw_value)${isRatio ? ' AND isFinite(raw_denominator)' : ''} AS is_good, if(is_good, raw_value, 0.) AS value
          ${isRatio ? ', if(is_good, raw_denominator, 0.) AS denominator' : ''}, moment >= entered AS after
        FROM (SELECT ${userSql(columns, assignments.userType)} AS user, toDateTime(assumeNotNull(time)) AS moment, ${value} AS raw_value${isRatio ? `, ${numberSql(columns, 'denominator')} AS raw_denominator` : ''} FROM (${sql}) WHERE user_id IS NOT NULL AND ${within}) AS facts
        INNER JOIN (SELECT user, ${entered} AS entered FROM ${users} WHERE state = 0) AS entries ON facts.user = entries.user
        WHERE moment < entered + toIntervalDay(${metric.windowDays}) AND moment >= entered - toIntervalDay(${beforeDays})`;
}

function sumsSql(metric: PlannedMetric, facts: FactsQuery, parts: SumsParts): { sql: string; setOf(mask: number): number } {
  const { assignments: { segments }, users } = parts;
  const isRatio = metric.type === 'ratio';
  // A ratio's second value is its denominator, so it has no days before.
  const beforeDays = isRatio ? 0 : parts.beforeDays;
  const total = (name: string): string => (metric.type === 'share' ? `toFloat64(countIf(${name}) > 0)` : `sumIf(value, ${name})`);
  const own = segments.map(({ column }) => column);
  const sets = groupSets(['place', 'known', ...own], [['place', 'known'], ...own.map((column) => ['place', column])]);
  return {
    setOf: (mask) => sets.setOf(mask),
    sql: `
    SELECT ${sets.select}, count() AS users, countIf(facts > 0) AS active, avg(x) AS x_mean, varPopStable(x) * count() AS x_m2, avg(y) AS y_mean, varPopStable(y) * count() AS y_m2,
      covarPopStable(x, y) * count() AS comoment, sum(unreadable) AS unreadable
    FROM (
      SELECT user, countIf(after) AS facts, ${total('after')} AS y, ${isRatio ? 'sumIf(denominator, after)' : beforeDays > 0 ? total('NOT after') : '0.'} AS x, countIf(NOT is_good) AS unreadable
      FROM (${joinedSql(metric, facts, { ...parts, beforeDays })}) GROUP BY user
    ) AS sums
    INNER JOIN (SELECT user, place, known${own.map((column) => `, ${column}`).join('')} FROM ${users} WHERE state = 0) AS groups ON sums.user = groups.user
    GROUP BY ${sets.groupBy}`,
  };
}

/** The value so far after each whole day, of users who were followed so long. */
function daysSql(metric: PlannedMetric, facts: FactsQuery, parts: SumsParts): string {
  const followed = Math.min(metric.windowDays, mostDays);
  const cumulated = 'arraySlice(arrayCumSum(by_day), 1, observed)';
  const days = metric.type === 'share' ? `arrayMap(so_far -> toFloat64(so_far > 0), ${cumulated})` : cumulated;
  return `
    SELECT place, countForEach(so_far) AS users, avgForEach(so_far) AS means, varPopStableForEach(so_far) AS variances
    FROM (
      SELECT place, ${days} AS so_far
      FROM (
        SELECT user, sumResample(0, ${followed}, 1)(value, toInt32(intDiv(toInt64(toUnixTimestamp(moment)) - toInt64(toUnixTimestamp(entered)), 86400))) AS by_day
        FROM (${joinedSql(metric, facts, { ...parts, beforeDays: 0 })}) GROUP BY user
      ) AS sums
      INNER JOIN (SELECT user, place, observed FROM ${parts.users} WHERE state = 0) AS groups ON sums.user = groups.user
    )
    GROUP BY place`;
}

function readSums(rows: unknown[][], setOf: (mask: number) => number, { segments }: Assignments): MetricSums {
  const sums: MetricSums = { groups: [], segments: [], days: [], unreadable: 0 };
  for (const [mask, group, known, ...others] of rows) {
    const [users = 0, active = 0, xMean = 0, xM2 = 0, yMean = 0, yM2 = 0, comoment = 0, unreadable = 0] = others.slice(segments.length).map(Number);
    const part = { group: Number(group), active, pair: { users, x: { mean: xMean, m2: xM2 }, y: { mean: yMean, m2: yM2 }, comoment } };
    const set = setOf(Number(mask));
    const segment = segments[set - 1];
    if (segment !== undefined) {
      sums.segments.push({ ...part, column: segment.name, value: String(others[set - 1]) });
      continue;
    }
    sums.groups.push({ ...part, known: Number(known) === 1 });
    sums.unreadable += unreadable;
  }
  return sums;
}

function readDays([group, users, means, variances]: unknown[]): DaySums {
  const [counts, values, spreads] = [users, means, variances].map((list) => (Array.isArray(list) ? list.map(Number) : [])) as [number[], number[], number[]];
  return { group: Number(group), days: counts.map((count, day) => ({ users: count, mean: values[day] ?? 0, m2: (spreads[day] ?? 0) * count })) };
}
