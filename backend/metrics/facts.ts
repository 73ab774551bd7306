import { randomUUID } from 'node:crypto';
import type { BoundValue, FieldContext } from '../../shared/fields/field-kind.ts';
import { Problem } from '../../shared/problem.ts';
import type { Metric, Step } from '../catalog/task.ts';
import { sourceNamed, type Sources } from '../runs/plan.ts';
import { clickhouseDialect } from '../sources/clickhouse-dialect.ts';
import type { BoundStep, Source } from '../sources/source.ts';
import { renderTemplate } from '../template/index.ts';
import type { QueryContext, StoredColumn, StoredTable, Workbench } from '../workbench/workbench.ts';

export interface FactsParts {
  sources: Sources;
  workbench: Workbench;
  field: FieldContext;
  context: (name: string) => QueryContext;
}

/** A metric's facts as a query on a ClickHouse. */
export interface Facts {
  source: Source;
  sql: string;
  steps: Record<string, StoredTable>;
  columns: StoredColumn[];
}

function boundStep(step: Step, source: Source, tables: ReadonlyMap<string, StoredTable>, field: FieldContext): BoundStep {
  const read = Object.fromEntries([...tables].filter(([name]) => step.after.includes(name)));
  const reference = (name: string): string => {
    const table = tables.get(name);
    if (table === undefined) throw new Problem('internal', { ru: `Шага ${name} ещё нет.`, en: `The step ${name} is not there yet.` });
    return source.stepReference(name, table);
  };
  const rendered = renderTemplate(step.template, { fields: [], values: {}, context: field, placeholder: (name: string, value: BoundValue) => source.placeholder(name, value), step: reference });
  return { name: step.name, ...rendered, steps: read };
}

/**
 * Opens the facts of a metric for `use`. Earlier steps, and facts of other engines, become tables of the workbench for as
 * long as `use` takes.
 */
export async function withFacts<T>(metric: Metric, parts: FactsParts, use: (facts: Facts) => Promise<T>): Promise<T> {
  const tables = new Map<string, StoredTable>();
  const keep = async (step: Step): Promise<StoredTable> => {
    const source = sourceNamed(parts.sources, step.on);
    const table = await source.run(boundStep(step, source, tables, parts.field), `metric_${randomUUID().replaceAll('-', '')}`, parts.context(`${metric.id}-${step.name}`));
    tables.set(step.name, table);
    return table;
  };
  try {
    const last = metric.steps.at(-1);
    if (last === undefined) throw new Problem('internal', { ru: `У показателя ${metric.id} нет шагов.`, en: `The metric ${metric.id} has no steps.` });
    for (const step of metric.steps.slice(0, -1)) await keep(step);
    const source = sourceNamed(parts.sources, last.on);
    if (source.dialect === clickhouseDialect) {
      const step = boundStep(last, source, tables, parts.field);
      return await use({ source, sql: step.sql, steps: step.steps, columns: await source.describe(step) });
    }
    const table = await keep(last);
    const inside = sourceNamed(parts.sources, 'workbench');
    return await use({ source: inside, sql: `SELECT * FROM ${inside.stepReference('facts', table)}`, steps: { facts: table }, columns: table.columns });
  } finally {
    if (tables.size > 0) await parts.workbench.drop([...tables.values()].map(({ id }) => id)).catch(() => undefined);
  }
}
