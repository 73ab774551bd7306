import { sameText, type LocalText } from '../../shared/language.ts';
import type { Outcome } from '../../shared/outcome.ts';
import { Problem } from '../../shared/problem.ts';
import type { ResultColumn } from '../../shared/result.ts';
import type { StepFigures } from '../../shared/run.ts';
import type { QueryContext, StoredTable, Workbench } from '../workbench/workbench.ts';
import { readFreshness } from './freshness.ts';
import { finishKind, kindTables } from './finish-kind.ts';
import type { KindRunners } from './kind-runner.ts';
import type { Plan } from './plan.ts';
import { isPersonal, resultColumns } from './result-columns.ts';
import { runSteps, tableId, type StepsContext, type StepsParts } from './run-steps.ts';

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
  steps: StepFigures[];
}

export interface ExecutorParts extends StepsParts {
  kinds: KindRunners;
  timeZone: string;
}

export type ExecutionContext = StepsContext;

/** After a failure, which is what matters: what can't be dropped now, because the engine is down, clean-up finds later. */
async function dropQuietly(workbench: Workbench, ids: string[]): Promise<void> {
  await workbench.drop(ids).catch(() => undefined);
}

/** Every table that an execution may make. */
export function plannedTables(plan: Plan, kinds: KindRunners, executionId: string): string[] {
  return [...plan.steps.map((step) => tableId(executionId, step.name)), ...plan.results.map(({ name }) => tableId(executionId, `result-${name}`)), ...kindTables(plan, kinds, (name) => tableId(executionId, name))];
}

const hiddenPersonal = (titles: LocalText[]): LocalText => ({
  ru: `Скрыты персональные данные: ${titles.map(({ ru }) => ru).join(', ')}. Для них нужно особое право.`,
  en: `Personal data left out: ${titles.map(({ en }) => en).join(', ')}. A special right is needed for it.`,
});

async function summarise({ personal, columns: titled }: Pick<Plan, 'personal' | 'columns'>, result: { name: string; title: LocalText }, table: StoredTable, workbench: Workbench): Promise<StoredResult> {
  const measures = await workbench.measure(table);
  const isHidden = (name: string) => !personal && isPersonal(name, titled);
  const hidden = table.columns.filter(({ name }) => isHidden(name)).map(({ name }) => titled[name]?.title ?? sameText(name));
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
    personal: columns.some(({ name }) => isPersonal(name, titled)),
    notices: [...table.notices, ...(hidden.length > 0 ? [hiddenPersonal(hidden)] : [])],
  };
}

/** Carries out a plan: freshness, steps, results. What is not a result is dropped; a failure leaves nothing behind. */
export async function execute(plan: Plan, parts: ExecutorParts, context: ExecutionContext): Promise<ExecutionOutcome> {
  const failure = new AbortController();
  const whole: ExecutionContext = { ...context, signal: AbortSignal.any([context.signal, failure.signal]) };
  const freshness = plan.fresh === undefined ? Promise.resolve(null) : readFreshness(plan.fresh, parts.sources, parts.timeZone, { queryId: `${context.executionId}-fresh`, limits: plan.limits, signal: whole.signal });
  const steps = runSteps(plan, parts, whole);
  try {
    const [{ tables, shared, figures }, dataAsOf] = await Promise.all([steps, freshness]);
    const query = (name: string): QueryContext => ({ queryId: `${context.executionId}-kind-${name}`.replace(/[^A-Za-z0-9-]/g, '-'), limits: plan.limits, signal: context.signal });
    const owned = ownTables(shared, parts.workbench, (name) => ({ id: tableId(context.executionId, `result-${name}`), query: query(name) }));
    const finished = await finishKind(plan, tables, parts, { executionId: context.executionId, query });
    const own = await Promise.all((finished?.results ?? []).map(async (result) => summarise({ personal: plan.personal, columns: result.columns }, result, await owned(result.name, result.table), parts.workbench)));
    const results = [...own, ...(await Promise.all(plan.results.map(async (result) => summarise(plan, result, await owned(result.name, tableOf(tables, result.step)), parts.workbench))))];
    const kept = new Set(results.map(({ table }) => table.id));
    results[0]?.notices.unshift(...noticesOnTheWay(plan, tables));
    await parts.workbench.drop(plannedTables(plan, parts.kinds, context.executionId).filter((id) => !kept.has(id)));
    return { results, dataAsOf, steps: figures, ...(finished === undefined ? {} : { outcome: finished.outcome }) };
  } catch (error) {
    // Steps that went on would make tables after these are dropped.
    failure.abort();
    await Promise.allSettled([steps, freshness]);
    await dropQuietly(parts.workbench, plannedTables(plan, parts.kinds, context.executionId));
    throw error;
  }
}

/** What happened to tables that nobody sees, such as users of a cohort without an id. */
function noticesOnTheWay(plan: Plan, tables: Map<string, StoredTable>): LocalText[] {
  const shown = new Set(plan.results.map(({ step }) => step));
  return [...tables].filter(([name]) => !shown.has(name)).flatMap(([, table]) => table.notices);
}

function tableOf(tables: Map<string, StoredTable>, step: string): StoredTable {
  const table = tables.get(step);
  if (table === undefined) throw new Problem('internal', { ru: `Нет шага «${step}».`, en: `There is no step “${step}”.` });
  return table;
}

/** A result lives as long as its run; a table that others use too does not, so it is copied. */
function ownTables(shared: ReadonlySet<string>, workbench: Workbench, place: (name: string) => { id: string; query: QueryContext }) {
  return async (name: string, table: StoredTable): Promise<StoredTable> => {
    if (!shared.has(table.id)) return table;
    const { id, query } = place(name);
    const copy = await workbench.store({ sql: `SELECT * FROM ${workbench.tableReference(table)} ORDER BY _row`, parameters: {} }, { database: '', databases: [], tables: [table] }, id, query);
    return { ...copy, notices: table.notices };
  };
}
