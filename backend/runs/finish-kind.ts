import { Problem } from '../../shared/problem.ts';
import type { RenderedQuery } from '../catalog/task.ts';
import type { QueryContext, StoredTable, Workbench } from '../workbench/workbench.ts';
import type { KindInput, KindOutcome, KindRunners } from './kind-runner.ts';
import { stepMark, type Plan } from './plan.ts';

interface FinishParts {
  workbench: Workbench;
  kinds: KindRunners;
}

interface FinishContext {
  executionId: string;
  query: (name: string) => QueryContext;
}

/** Ids of the tables that the kind of a plan may store. */
export function kindTables(plan: Plan, kinds: KindRunners, tableId: (name: string) => string): string[] {
  const runner = plan.kind === undefined ? undefined : kinds.get(plan.kind.name);
  return (runner?.tables ?? []).map((name) => tableId(`kind_${name}`));
}

/** Lets the kind of a task make what it makes of the steps' tables. */
export async function finishKind(plan: Plan, tables: ReadonlyMap<string, StoredTable>, { workbench, kinds }: FinishParts, { executionId, query }: FinishContext): Promise<KindOutcome | undefined> {
  if (plan.kind === undefined) return undefined;
  const runner = kinds.get(plan.kind.name);
  const last = tables.get(plan.steps.at(-1)?.name ?? '');
  if (runner === undefined || last === undefined) throw new Problem('internal', { ru: `Вид задачи «${plan.kind.name}» здесь не выполняется.`, en: `Tasks of kind “${plan.kind.name}” are not carried out here.` });
  const input: KindInput = {
    executionId,
    tables,
    last,
    workbench,
    withTables: ({ sql, parameters }): RenderedQuery => ({
      sql: [...tables].reduce((text, [name, table]) => text.replaceAll(stepMark(plan.mark, name), () => workbench.tableReference(table)), sql),
      parameters,
    }),
    tableId: (name) => {
      if (!runner.tables.includes(name)) throw new TypeError(`${runner.kind} does not name the table ${name}`);
      return `${executionId.replace(/-/g, '')}_kind_${name}`;
    },
    context: query,
  };
  return runner.finish(plan.kind.planned, input);
}
