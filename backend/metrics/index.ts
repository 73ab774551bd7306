import { randomUUID } from 'node:crypto';
import { DateTime } from 'luxon';
import type { FieldContext } from '../../shared/fields/field-kind.ts';
import { Problem } from '../../shared/problem.ts';
import type { Cell } from '../../shared/result.ts';
import type { Period } from '../../shared/relative-period.ts';
import type { Catalog } from '../catalog/task.ts';
import type { Sources } from '../runs/plan.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { withFacts } from './facts.ts';
import { readQuestion, type Grain, type MetricQuestion } from './question.ts';
import { valuesQuery, type Shape } from './values-query.ts';

export interface MetricParts {
  catalog: Pick<Catalog, 'metrics'>;
  sources: Sources;
  workbench: Workbench;
  timeZone: string;
  /** The current local day. */
  today: () => string;
  now?: () => number;
}

/** What a cell shows: one value, or a line per bucket, its first day as Excel counts days. */
export type MetricAnswer = { values: Cell[][] } | { problem: Problem };

export interface MetricValues {
  /** Answers every call in its place; calls of one shape are one query. Never rejects. */
  answer(calls: unknown[][]): Promise<MetricAnswer[]>;
}

type Buckets = ReadonlyMap<string, number | null>;

const keptMs = 60_000;
/** A cell waits no longer. */
const mostMs = 48_000;
const mostKept = 50_000;
/** Of one query: a server takes so many bytes in one parameter. */
const mostQuestions = 1000;
const mostCharacters = 40_000;
const limits = { timeSeconds: 45, rows: 200_000, memoryBytes: 4_000_000_000 };
/** Queries of one batch that run side by side: a sheet full of formulas must not hold up everyone else. */
const sideBySide = 3;

/** Values of the catalog's metrics by period and filter, kept for a minute: a recalculation asks again for what was just told. */
export function openMetricValues(parts: MetricParts): MetricValues {
  const now = parts.now ?? Date.now;
  const kept = new Map<string, { at: number; buckets: Promise<Buckets> }>();
  const fieldContext = (): FieldContext => ({ zone: parts.timeZone, today: parts.today() });

  /** What is known or being asked, by key; starts one query for each shape of what is not. */
  const ask = (questions: MetricQuestion[], context: FieldContext): ReadonlyMap<string, Promise<Buckets>> => {
    const wanted = new Map<string, Promise<Buckets>>();
    const missing = new Map<string, MetricQuestion>();
    for (const question of questions) {
      const key = keyOf(question, context);
      const known = kept.get(key);
      if (known === undefined || now() - known.at > keptMs) missing.set(key, question);
      else wanted.set(key, known.buckets);
    }
    if (kept.size > mostKept) kept.clear();
    const work = shapesOf([...missing.values()]).map((shape) => {
      const answers = deferred<Buckets[]>();
      shape.questions.forEach((question, place) => {
        const key = keyOf(question, context);
        const buckets = answers.promise.then((all) => all[place] ?? new Map<string, number>());
        wanted.set(key, buckets);
        kept.set(key, { at: now(), buckets });
        buckets.catch(() => kept.delete(key));
      });
      // Others may wait for the same answer: it goes on when this caller leaves.
      return () => answers.settle(readShape(shape, parts, context));
    });
    const hand = async (): Promise<void> => {
      for (let next = work.shift(); next !== undefined; next = work.shift()) await next();
    };
    for (let hands = 0; hands < sideBySide; hands += 1) void hand();
    return wanted;
  };

  return {
    answer: async (calls) => {
      const context = fieldContext();
      const metrics = parts.catalog.metrics();
      const read = calls.map((call): MetricQuestion | Problem => {
        try {
          return readQuestion(call, metrics, context);
        } catch (error) {
          return problemOf(error);
        }
      });
      const wanted = ask(read.filter((one): one is MetricQuestion => !(one instanceof Problem)), context);
      return Promise.all(
        read.map(async (question): Promise<MetricAnswer> => {
          if (question instanceof Problem) return { problem: question };
          try {
            return cellsOf(question, (await wanted.get(keyOf(question, context))) ?? new Map<string, number>());
          } catch (error) {
            return { problem: problemOf(error) };
          }
        }),
      );
    },
  };
}

function problemOf(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem('internal', { ru: 'Показатель посчитать не удалось. Пересчитайте лист позже.', en: 'The metric could not be computed. Recalculate the sheet later.' }, { cause: error });
}

/** A promise that others wait for before its work has begun. */
function deferred<T>(): { promise: Promise<T>; settle(work: Promise<T>): Promise<void> } {
  let resolve: (value: Promise<T>) => void = () => undefined;
  const promise = new Promise<T>((done) => (resolve = done));
  promise.catch(() => undefined);
  return {
    promise,
    settle: async (work) => {
      resolve(work);
      await work.catch(() => undefined);
    },
  };
}

/** A metric's file and the local day are in it: what changes with either is asked anew. */
function keyOf({ metric, period, grain, filters }: MetricQuestion, { today }: FieldContext): string {
  return JSON.stringify([metric.id, metric.version, today, grain, period.from, period.until, filters.map(({ name, values }) => [name, ...values])]);
}

function shapesOf(questions: MetricQuestion[]): Shape[] {
  const shapes = new Map<string, Shape & { characters: number }>();
  const full: Shape[] = [];
  for (const question of questions) {
    const { metric, grain } = question;
    const filters = question.filters.map(({ name }) => name);
    const key = JSON.stringify([metric.id, grain, ...filters]);
    const characters = question.filters.reduce((product, { values }) => product * values.length, 1) * (50 + question.filters.reduce((sum, { values }) => sum + Math.max(...values.map((value) => value.length)), 0));
    let shape = shapes.get(key);
    if (shape === undefined || shape.questions.length >= mostQuestions || shape.characters + characters > mostCharacters) {
      if (shape !== undefined) full.push(shape);
      shape = { metric, grain, filters, questions: [], characters: 0 };
      shapes.set(key, shape);
    }
    shape.questions.push(question);
    shape.characters += characters;
  }
  return [...full, ...shapes.values()];
}

async function readShape(shape: Shape, { sources, workbench, timeZone }: MetricParts, field: FieldContext): Promise<Buckets[]> {
  const signal = AbortSignal.timeout(mostMs);
  const context = (name: string) => ({ queryId: `metric-${name.replace(/[^A-Za-z0-9-]/g, '-')}-${randomUUID()}`, limits, signal });
  return withFacts(shape.metric, { sources, workbench, field, context }, async (facts) => {
    const query = valuesQuery(shape, facts, timeZone);
    const { rows } = await facts.source.select({ name: shape.metric.id, ...query, steps: facts.steps }, context(shape.metric.id));
    const answers = shape.questions.map(() => new Map<string, number | null>());
    for (const [place, bucket, value] of rows) answers[Number(place)]?.set(String(bucket), value === null ? null : Number(value));
    return answers;
  });
}

function cellsOf({ metric, period, grain }: MetricQuestion, buckets: Buckets): MetricAnswer {
  // Nothing happened is a figure, except where it would be divided by.
  const valueOf = (bucket: string): number | null => buckets.get(bucket) ?? (metric.type === 'ratio' ? null : 0);
  if (grain !== null) return { values: bucketsOf(period, grain).map((day) => [Date.parse(day) / 86_400_000 + 25_569, valueOf(day)]) };
  const value = valueOf('');
  if (value !== null) return { values: [[value]] };
  return { problem: new Problem('not_ready', { ru: `За этот период делить не на что: у показателя «${metric.title.ru}» нет данных.`, en: `There is nothing to divide by in this period: “${metric.title.en}” has no data.` }) };
}

/** First days of all buckets that a period touches. */
function bucketsOf({ from, until }: Period, grain: Grain): string[] {
  const days: string[] = [];
  for (let start = DateTime.fromISO(from, { zone: 'utc' }).startOf(grain); (start.toISODate() ?? until) < until; start = start.plus({ [grain]: 1 })) days.push(start.toISODate() ?? '');
  return days;
}
