/** Sum over the tables of EXPLAIN ESTIMATE (`database, table, parts, rows, marks`), which names those of the MergeTree family alone. */
export function estimatedRows(tables: unknown[][]): number | null {
  return tables.length === 0 ? null : tables.reduce((sum, [, , , rows]) => sum + Number(rows), 0);
}
