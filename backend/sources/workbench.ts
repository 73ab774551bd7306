import { z } from 'zod';
import type { ReadScope, Workbench } from '../workbench/workbench.ts';
import { clickhouseDialect } from './clickhouse-dialect.ts';
import type { BoundStep, Source, SourceKind } from './source.ts';

const settings = z.strictObject({
  /** Database with the source's tables; without one, only earlier steps can be read. */
  database: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/).optional(),
});

/** Tables inside the workbench's own ClickHouse. Steps there are `INSERT … SELECT`: no row leaves the engine. */
export const workbenchSource: SourceKind<z.infer<typeof settings>> = {
  kind: 'workbench',
  language: 'sql',
  settings,
  open: ({ database = '' }, { workbench }) => insideWorkbench({ database, databases: [] }, workbench),
};

/** A source that is databases of the workbench's own ClickHouse. */
export function insideWorkbench({ database, databases }: { database: string; databases: string[] }, workbench: Workbench): Source {
  const scope = ({ steps }: BoundStep): ReadScope => ({ database, databases, tables: Object.values(steps) });
  return {
    language: 'sql',
    dialect: clickhouseDialect,
    placeholder: (name, value) => workbench.placeholder(name, value),
    stepReference: (_name, table) => workbench.tableReference(table),
    run: (step, tableId, context) => workbench.store(step, scope(step), tableId, context),
    select: (step, context) => workbench.select(step, scope(step), context),
    describe: (step) => workbench.describe(step, scope(step)),
    estimate: (step) => workbench.estimate(step, scope(step)),
    check: (signal) => workbench.check(signal),
    close: () => Promise.resolve(),
  };
}
