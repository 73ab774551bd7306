import type { LocalText } from '../../shared/language.ts';
import type { Outcome } from '../../shared/outcome.ts';
import { Problem } from '../../shared/problem.ts';
import type { ResultColumn } from '../../shared/result.ts';
import type { Progress } from '../../shared/run.ts';
import type { Source } from '../sources/source.ts';
import type { QueryContext, StoredTable, TableMeasures, Workbench } from '../workbench/workbench.ts';
import { readFreshness } from './freshness.ts';
import { finishKind, kindTables } from './finish-kind.ts';
import type { KindRunners } from './kind-runner.ts';
import { sourceNamed, stepMark, type Plan, type PlannedStep, type Sources } from './plan.ts';
import { resultColumns } from './result-columns.ts';

/** One result of an execution as it is recorded: enough to read its rows, and what outlives them. */
export interface StoredResult {
  name: string;
  title: LocalText;
  table: StoredTable;
  columns: ResultColumn[];
  bytes: number;
  fingerprints: Record<string, string>;
  notices: LocalText[];
  /** Whether it holds columns that only some may see. */
  personal: boolean;
}

export interface ExecutionOutcome {
  results: StoredResult[];
  /** What a task that is more than a query came to. */
  outcome?: Outcome;
  dataAsOf: string | null;
  timings: Record<string, number>;
}

export interface ExecutorParts {
  workbench: Workbench;
  sources: Sources;
  kinds: KindRunners;
  timeZone: string;
}

export interface ExecutionContext {
  executionId: string;
  signal: AbortSignal;
  progress: (progress: Progress) => void;
}

/** Replaces the marks of earlier steps by the tables they became. Safe: values are only in parameters. */
function withTables(step: PlannedStep, mark: string, steps: Record<string, StoredTable>, source: Source): string {
  return Object.entries(steps).reduce((sql, [name, table]) => sql.replaceAll(stepMark(mark, name), () => source.stepReference(name, table)), step.sql);
}

/** After a failure, which is what matters: what can't be dropped now, because the engine is down, clean-up finds later. */
async function dropQuietly(workbench: Workbench, ids: string[]): Promise<void> {
  await workbench.drop(ids).catch(() => undefined);
}

/** The failure with the name of its step in front, so that the author knows where to look. */
function ofStep(name: string, error: unknown): unknown {
  if (!(error instanceof Problem) || error.code === 'interrupted') return error;
  const { code, text, fields, unknown } = error;
  return new Problem(code, { ru: `${name}: ${text.ru}`, en: `${name}: ${text.en}` }, { fields, unknown, cause: error });
}

/** Runs every step once what it reads is there; independent ones side by side. The first failure stops the others. */
async function runSteps(plan: Plan, parts: ExecutorParts, context: ExecutionContext, timings: Record<string, number>) {
  const tables = new Map<string, StoredTable>();
  const started = performance.now();
  const failure = new AbortController();
  const signal = AbortSignal.any([context.signal, failure.signal]);
  const running = new Map<string, Promise<void>>();

  const run = async (step: PlannedStep, number: number): Promise<void> => {
    await Promise.all(step.after.map((name) => running.get(name)));
    signal.throwIfAborted();
    const begun = performance.now();
    const query: QueryContext = {
      queryId: `${context.executionId}-${step.name}`.replace(/[^A-Za-z0-9-]/g, '-'),
      limits: plan.limits,
      signal,
      progress: ({ readRows, totalRows }) =>
        context.progress({ step: step.name, stepNumber: number + 1, steps: plan.steps.length, readRows, totalRows, elapsedMs: performance.now() - started }),
    };
    const steps = Object.fromEntries(step.after.flatMap((name) => (tables.has(name) ? [[name, tables.get(name) as StoredTable]] : [])));
    const source = sourceNamed(parts.sources, step.on);
    const bound = { name: step.name, sql: withTables(step, plan.mark, steps, source), parameters: step.parameters, steps, ...(step.casts === undefined ? {} : { casts: step.casts }) };
    tables.set(step.name, await source.run(bound, tableId(context.executionId, step.name), query).catch((error: unknown) => {
      throw plan.steps.length > 1 ? ofStep(step.name, error) : error;
    }));
    timings[step.name] = Math.round(performance.now() - begun);
  };

  const ordered = inOrder(plan.steps);
  ordered.forEach((step, number) => running.set(step.name, run(step, number)));
  const settled = await Promise.allSettled([...running.values()].map((work) => work.catch((error: unknown) => {
    failure.abort();
    throw error;
  })));
  const failed = settled.filter((one) => one.status === 'rejected').map((one): unknown => one.reason);
  if (failed.length > 0) {
    await dropQuietly(parts.workbench, [...tables.values()].map((table) => table.id));
    throw failed.find((reason) => reason instanceof Problem) ?? failed[0];
  }
  return tables;
}

/** Steps so that each stands after what it reads. The catalog has refused cycles. */
export function inOrder(steps: PlannedStep[]): PlannedStep[] {
  const placed: PlannedStep[] = [];
  const names = new Set<string>();
  while (placed.length < steps.length) {
    const next = steps.find((step) => !names.has(step.name) && step.after.every((name) => names.has(name)));
    if (next === undefined) throw new Problem('internal', { ru: 'Шаги задачи ссылаются друг на друга по кругу.', en: 'The steps of the task refer to each other in a circle.' });
    placed.push(next);
    names.add(next.name);
  }
  return placed;
}

export function tableId(executionId: string, step: string): string {
  return `${executionId.replace(/-/g, '')}_${step}`;
}

/** Every table that an execution may make. */
export function plannedTables(plan: Plan, kinds: KindRunners, executionId: string): string[] {
  return [...plan.steps.map((step) => tableId(executionId, step.name)), ...kindTables(plan, kinds, (name) => tableId(executionId, name))];
}

const hiddenPersonal = (names: string[]): LocalText => ({
  ru: `Скрыты персональные данные: ${names.join(', ')}. Для них нужно особое право.`,
  en: `Personal data left out: ${names.join(', ')}. A special right is needed for it.`,
});

function summarise({ personal, columns: titled }: Pick<Plan, 'personal' | 'columns'>, result: { name: string; title: LocalText }, table: StoredTable, measures: TableMeasures): StoredResult {
  const isHidden = (name: string) => !personal && titled[name]?.personal === true;
  const hidden = table.columns.filter(({ name }) => isHidden(name)).map(({ name }) => titled[name]?.title.ru ?? name);
  const columns = resultColumns(table.columns.filter(({ name }) => !isHidden(name)), titled, measures.longIntegers);
  if (columns.length === 0)
    throw new Problem('not_allowed', { ru: 'Все столбцы этого результата персональные, а права на них нет.', en: 'All columns of this result are personal, and you have no right to them.' });
  return {
    name: result.name,
    title: result.title,
    table,
    columns,
    bytes: measures.bytes,
    fingerprints: Object.fromEntries(columns.map(({ name }) => [name, measures.fingerprints[name] ?? ''])),
    personal: columns.some(({ name }) => titled[name]?.personal === true),
    notices: [...table.notices, ...(hidden.length > 0 ? [hiddenPersonal(hidden)] : [])],
  };
}

/** Carries out a plan: freshness, steps, results. What is not a result is dropped; a failure leaves nothing behind. */
export async function execute(plan: Plan, parts: ExecutorParts, context: ExecutionContext): Promise<ExecutionOutcome> {
  const timings: Record<string, number> = {};
  const freshness =
    plan.fresh === undefined
      ? Promise.resolve(null)
      : readFreshness(plan.fresh, parts.sources, parts.timeZone, { queryId: `${context.executionId}-fresh`, limits: plan.limits, signal: context.signal });
  try {
    const [tables, dataAsOf] = await Promise.all([runSteps(plan, parts, context, timings), freshness]);
    const query = (name: string): QueryContext => ({ queryId: `${context.executionId}-kind-${name}`.replace(/[^A-Za-z0-9-]/g, '-'), limits: plan.limits, signal: context.signal });
    const finished = await finishKind(plan, tables, parts, { executionId: context.executionId, query });
    const own = await Promise.all((finished?.results ?? []).map(async (result) => summarise({ personal: plan.personal, columns: result.columns }, result, result.table, await parts.workbench.measure(result.table))));
    const results = [...own, ...(await Promise.all(plan.results.map((result) => ofStepTable(plan, result, tables, parts.workbench))))];
    const kept = new Set(results.map(({ table }) => table.id));
    await parts.workbench.drop(plannedTables(plan, parts.kinds, context.executionId).filter((id) => !kept.has(id)));
    return { results, dataAsOf, timings, ...(finished === undefined ? {} : { outcome: finished.outcome }) };
  } catch (error) {
    await dropQuietly(parts.workbench, plannedTables(plan, parts.kinds, context.executionId));
    throw error;
  }
}

async function ofStepTable(plan: Plan, result: Plan['results'][number], tables: Map<string, StoredTable>, workbench: Workbench): Promise<StoredResult> {
  const table = tables.get(result.step);
  if (table === undefined) throw new Problem('internal', { ru: `Нет шага «${result.step}».`, en: `There is no step “${result.step}”.` });
  return summarise(plan, result, table, await workbench.measure(table));
}
