import { z } from 'zod';
import type { ReadScope, StoredTable } from '../workbench/workbench.ts';
import { quotedName } from '../workbench/sql-text.ts';
import { clickhouseDialect } from './clickhouse-dialect.ts';
import { OwnSnapshots } from './own-snapshots.ts';
import type { OwnView } from './own-view.ts';
import type { BoundStep, Source, SourceKind, SourceParts } from './source.ts';

const settings = z.strictObject({
  /** Queries that come so soon after one another read the same rows. */
  freshSeconds: z.number().min(0).default(5),
});

/** Read-only views of our own data, in ClickHouse's SQL. A query finds each under its bare name: `SELECT * FROM runs`. */
export const tasksheetSource: SourceKind<z.output<typeof settings>> = {
  kind: 'tasksheet',
  language: 'sql',
  settings,
  open: ({ freshSeconds }, parts) => ownSource(parts, freshSeconds * 1000),
};

/** Views that a text may read: each whose name stands in it. One too many costs little. */
function namedIn(sql: string, views: OwnView[]): OwnView[] {
  const words = new Set(sql.match(/[A-Za-z_]\w*/g));
  return views.filter(({ name }) => words.has(name));
}

/** Puts what each name stands for before the query. */
function withViews(sql: string, named: { name: string; from: string }[]): string {
  if (named.length === 0) return sql;
  return `WITH ${named.map(({ name, from }) => `${quotedName(name)} AS (SELECT * FROM ${from})`).join(', ')} SELECT * FROM (\n${sql}\n)`;
}

function ownSource({ workbench, ledger, ownViews = [] }: SourceParts, freshMs: number): Source {
  const snapshots = new OwnSnapshots({ workbench, ledger, freshMs });
  const scope = ({ steps }: BoundStep, tables: StoredTable[] = []): ReadScope => ({ database: '', databases: [], tables: [...Object.values(steps), ...tables] });
  const reading = <T>(step: BoundStep, read: (step: BoundStep, scope: ReadScope) => Promise<T>): Promise<T> => {
    const named = namedIn(step.sql, ownViews);
    return snapshots.with(named, (tables) => {
      const from = named.map(({ name }, at) => ({ name, from: workbench.tableReference(tables[at] as StoredTable) }));
      return read({ ...step, sql: withViews(step.sql, from) }, scope(step, tables));
    });
  };
  return {
    language: 'sql',
    dialect: clickhouseDialect,
    placeholder: (name, value) => workbench.placeholder(name, value),
    stepReference: (_name, table) => workbench.tableReference(table),
    run: (step, tableId, context) => reading(step, (bound, readable) => workbench.store(bound, readable, tableId, context)),
    select: (step, context) => reading(step, (bound, readable) => workbench.select(bound, readable, context)),
    describe: (step) => {
      const empty = namedIn(step.sql, ownViews).map(({ name, columns }) => ({ name, from: clickhouseDialect.emptyTable(columns) }));
      return workbench.describe({ ...step, sql: withViews(step.sql, empty) }, scope(step));
    },
    check: (signal) => workbench.check(signal),
    close: () => snapshots.close(),
  };
}
