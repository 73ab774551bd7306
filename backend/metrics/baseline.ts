import { randomUUID } from 'node:crypto';
import type { Baseline } from '../../shared/baseline.ts';
import type { FieldContext } from '../../shared/fields/field-kind.ts';
import { Problem } from '../../shared/problem.ts';
import { addDays } from '../../shared/relative-period.ts';
import type { PairMoments } from '../../shared/statistics/index.ts';
import type { Catalog, Metric } from '../catalog/task.ts';
import type { Source } from '../sources/source.ts';
import type { StoredTable } from '../workbench/workbench.ts';
import { withFacts, type Facts, type FactsParts } from './facts.ts';
import type { MetricParts } from './index.ts';
import { dayOf, requireColumns } from './values-query.ts';

/** Days that a plan looks back. */
const lookBackDays = 56;
const keptMs = 600_000;
const limits = { timeSeconds: 60, rows: 10_000_000, memoryBytes: 4_000_000_000 };

export interface Baselines {
  /** Throws Problem. Asked of the sources at most once in ten minutes for the same metrics. */
  of(metric: string, entry: string): Promise<Baseline>;
}

export function openBaselines(parts: MetricParts): Baselines {
  const now = parts.now ?? Date.now;
  const kept = new Map<string, { at: number; baseline: Promise<Baseline> }>();
  return {
    of: (id, entryId) => {
      const [metric, entry] = [metricNamed(parts.catalog, id), metricNamed(parts.catalog, entryId)];
      const field = { zone: parts.timeZone, today: parts.today() };
      const key = JSON.stringify([metric.id, metric.version, entry.id, entry.version, field.today]);
      const known = kept.get(key);
      if (known !== undefined && now() - known.at < keptMs) return known.baseline;
      const baseline = readBaseline(metric, entry, { ...parts, field });
      if (kept.size > 200) kept.clear();
      kept.set(key, { at: now(), baseline });
      baseline.catch(() => kept.delete(key));
      return baseline;
    },
  };
}

function metricNamed(catalog: Pick<Catalog, 'metrics'>, id: string): Metric {
  const metric = catalog.metrics().find((one) => one.id === id);
  if (metric === undefined) throw new Problem('not_found', { ru: `Показателя «${id.slice(0, 40)}» нет.`, en: `There is no metric “${id.slice(0, 40)}”.` });
  return metric;
}

interface Days {
  from: string;
  until: string;
  /** The last day of entry that leaves a whole window before `until`. */
  lastEntry: string;
}

async function readBaseline(metric: Metric, entry: Metric, parts: MetricParts & { field: FieldContext }): Promise<Baseline> {
  const signal = AbortSignal.timeout(110_000);
  const facts: FactsParts = { ...parts, context: (name) => ({ queryId: `baseline-${name.replace(/[^A-Za-z0-9-]/g, '-')}-${randomUUID()}`, limits, signal }) };
  const until = parts.field.today;
  const days: Days = { from: addDays(until, -lookBackDays), until, lastEntry: addDays(until, -metric.windowDays) };
  const tableId = `baseline_${randomUUID().replaceAll('-', '')}`;
  try {
    const entrants = await withFacts(entry, facts, (found) => storeEntrants(entry, found, { days, tableId, parts: facts }));
    const arrivals = await countArrivals(entrants, days, facts);
    const sums = await withFacts(metric, facts, (found) => sumWindows(metric, found, { days, entrants, parts: facts }));
    const entered = await countEntered(entrants, days, facts);
    return { from: days.from, until, windowDays: metric.windowDays, users: entered, arrivals, ...(await levelOf(metric, sums, entered)) };
  } finally {
    await parts.workbench.drop([tableId]).catch(() => undefined);
  }
}

interface Entry {
  days: Days;
  tableId: string;
  parts: FactsParts;
}

async function storeEntrants(entry: Metric, { source, sql, steps, columns }: Facts, { days, tableId, parts }: Entry): Promise<StoredTable> {
  requireColumns(entry, ['time', 'user_id'], columns);
  const { day, parameters } = dayOf(entry, columns, source, days, parts.field.zone);
  const text = `SELECT toString(assumeNotNull(user_id)) AS entrant, min(toDate32(${day})) AS entered_on FROM (
${sql}
) AS facts WHERE user_id IS NOT NULL AND time IS NOT NULL AND time >= ${source.placeholder('from', parameters.from)} AND time < ${source.placeholder('until', parameters.until)} GROUP BY entrant`;
  return source.run({ name: 'entrants', sql: text, parameters, steps }, tableId, parts.context(`${entry.id}-entrants`));
}

async function selectEntrants(entrants: StoredTable, sql: (table: string, inside: Source) => string, parameters: Record<string, { scalar: 'date'; value: string }>, { sources, context }: FactsParts): Promise<unknown[][]> {
  const inside = sources.get('workbench');
  if (inside === undefined) throw new Problem('internal', { ru: 'Внутреннего хранилища нет.', en: 'The workbench is not there.' });
  const { rows } = await inside.select({ name: 'entrants', sql: sql(inside.stepReference('entrants', entrants), inside), parameters, steps: { entrants } }, context('entrants'));
  return rows;
}

async function countArrivals(entrants: StoredTable, { from }: Days, parts: FactsParts): Promise<number[]> {
  const parameters = { from: { scalar: 'date' as const, value: from } };
  const rows = await selectEntrants(entrants, (table, inside) => `SELECT dateDiff('day', ${inside.placeholder('from', parameters.from)}, entered_on) AS day, count() AS entrants FROM ${table} GROUP BY day`, parameters, parts);
  const byDay = new Map(rows.map(([day, count]) => [Number(day), Number(count)]));
  let sum = 0;
  return Array.from({ length: lookBackDays }, (_, day) => (sum += byDay.get(day) ?? 0));
}

async function countEntered(entrants: StoredTable, { lastEntry }: Days, parts: FactsParts): Promise<number> {
  const parameters = { last: { scalar: 'date' as const, value: lastEntry } };
  const rows = await selectEntrants(entrants, (table, inside) => `SELECT count() AS entrants FROM ${table} WHERE entered_on <= ${inside.placeholder('last', parameters.last)}`, parameters, parts);
  return Number(rows[0]?.[0] ?? 0);
}

const userSums: Record<Metric['type'], { needs: string[]; y: string; x: string }> = {
  share: { needs: [], y: '1.', x: '0.' },
  count: { needs: [], y: 'toFloat64(count())', x: '0.' },
  mean: { needs: ['value'], y: 'sumIf(own_value, isFinite(own_value))', x: '0.' },
  ratio: { needs: ['value', 'denominator'], y: 'sumIf(own_value, isFinite(own_value))', x: 'sumIf(own_denominator, isFinite(own_denominator))' },
};

/** Sums of those who have facts in their window. */
async function sumWindows(metric: Metric, { source, sql, steps, columns }: Facts, { days, entrants, parts }: { days: Days; entrants: StoredTable; parts: FactsParts }): Promise<PairMoments> {
  const { needs, y, x } = userSums[metric.type];
  requireColumns(metric, ['time', 'user_id', ...needs], columns);
  const { day, parameters } = dayOf(metric, columns, source, days, parts.field.zone);
  const bound = { ...parameters, last: { scalar: 'date' as const, value: days.lastEntry } };
  const numbers = needs.map((name) => `, ifNull(toFloat64(${name}), nan) AS own_${name}`).join('');
  const text = `SELECT count() AS users, avg(x) AS x_mean, varPopStable(x) * count() AS x_m2, avg(y) AS y_mean, varPopStable(y) * count() AS y_m2, covarPopStable(x, y) * count() AS comoment FROM (
    SELECT person, ${y} AS y, ${x} AS x FROM (
      SELECT toString(assumeNotNull(user_id)) AS person, toDate32(${day}) AS fact_day${numbers} FROM (
${sql}
      ) AS facts WHERE user_id IS NOT NULL AND time IS NOT NULL AND time >= ${source.placeholder('from', parameters.from)} AND time < ${source.placeholder('until', parameters.until)}
    ) AS own INNER JOIN (SELECT entrant, entered_on FROM ${source.stepReference('entrants', entrants)} WHERE entered_on <= ${source.placeholder('last', bound.last)}) AS entered ON own.person = entered.entrant
    WHERE fact_day >= entered_on AND fact_day < entered_on + ${metric.windowDays} GROUP BY person
  )`;
  const { rows } = await source.select({ name: metric.id, sql: text, parameters: bound, steps: { ...steps, entrants } }, parts.context(metric.id));
  const [users = 0, xMean, xM2, yMean, yM2, comoment] = (rows[0] ?? []).map(Number);
  if (users === 0) return { users: 0, x: { mean: 0, m2: 0 }, y: { mean: 0, m2: 0 }, comoment: 0 };
  return { users, x: { mean: xMean ?? NaN, m2: xM2 ?? NaN }, y: { mean: yMean ?? NaN, m2: yM2 ?? NaN }, comoment: comoment ?? NaN };
}

/** Everybody who entered counts: who has no facts has the value 0. */
async function levelOf({ type }: Metric, sums: PairMoments, entered: number): Promise<Pick<Baseline, 'level' | 'deviation'>> {
  const { mergePairMoments, ratioMetric } = await import('../../shared/statistics/index.ts');
  const nothing = { mean: 0, m2: 0 };
  const all = mergePairMoments(sums, { users: Math.max(0, entered - sums.users), x: nothing, y: nothing, comoment: 0 });
  if (all.users < 2) return { level: null, deviation: null };
  if (type === 'share') return { level: all.y.mean, deviation: null };
  if (type !== 'ratio') return { level: all.y.mean, deviation: Math.sqrt(all.y.m2 / (all.users - 1)) };
  const ratio = ratioMetric(all);
  return { level: ratio?.ratio ?? null, deviation: ratio?.deviation ?? null };
}
