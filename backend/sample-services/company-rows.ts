import { randomUUID } from 'node:crypto';
import type { Workbench } from '../workbench/workbench.ts';

/** Rows of the sample company's tables, by a query of our own. */
export type CompanyRows = (sql: string) => Promise<(string | number | null)[][]>;

const limits = { timeSeconds: 60, rows: 2_000_000, memoryBytes: 2_000_000_000 };

export function companyRows(workbench: Workbench, database: string): CompanyRows {
  return async (sql) => {
    const context = { queryId: `sample-${randomUUID()}`, limits, signal: AbortSignal.timeout(limits.timeSeconds * 1000) };
    const { rows } = await workbench.select({ sql, parameters: {} }, { database, databases: [] }, context);
    return rows as (string | number | null)[][];
  };
}
