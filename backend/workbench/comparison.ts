import { quotedName } from './sql-text.ts';
import type { StoredColumn, StoredTable, TableDifference } from './workbench.ts';

/** Two tables with where their rows lie. */
export interface ComparedTables {
  before: { table: StoredTable; from: string };
  after: { table: StoredTable; from: string };
  /** Names that both have. */
  columns: string[];
}

/** The query that `readDifference` reads: rows gone and new, then the same for each column. */
export function differenceSql({ before, after, columns }: ComparedTables): string {
  const bags = [columns, ...columns.map((name) => [name])].map((names) => {
    const [one, other] = [before, after].map(({ table }) => `sipHash64(${names.map((name) => hashed(columnOf(table, name), sameType(before.table, after.table, name))).join(', ')})`);
    return `(SELECT [sum(greatest(toInt64(earlier) - toInt64(later), 0)), sum(greatest(toInt64(later) - toInt64(earlier), 0))]
      FROM (SELECT hash, countIf(is_later = 0) AS earlier, countIf(is_later = 1) AS later
        FROM (SELECT ${one} AS hash, 0 AS is_later FROM ${before.from} UNION ALL SELECT ${other} AS hash, 1 AS is_later FROM ${after.from}) GROUP BY hash))`;
  });
  return `SELECT ${bags.join(', ')}`;
}

export function readDifference(columns: string[], row: unknown[] | undefined): TableDifference {
  const [rows = [0, 0], ...values] = ((row ?? []) as unknown[][]).map((pair) => pair.map(Number));
  const [removed = 0, added = 0] = rows;
  return { removed, added, columns: Object.fromEntries(columns.map((name, at) => [name, Math.max(0, ...(values[at] ?? []))])) };
}

function columnOf(table: StoredTable, name: string): StoredColumn {
  const found = table.columns.find((column) => column.name === name);
  if (found === undefined) throw new TypeError(`no column ${name}`);
  return found;
}

function sameType(before: StoredTable, after: StoredTable, name: string): boolean {
  return columnOf(before, name).engineType === columnOf(after, name).engineType;
}

/** A tuple around the value: a hash of a bare NULL is NULL. Values of two types are compared as they are written. */
function hashed({ name, engineType }: StoredColumn, alike: boolean): string {
  if (/\b(JSON|Dynamic|Variant|Object)\b/.test(engineType)) return `toJSONString(${quotedName(name)})`;
  return alike ? `tuple(${quotedName(name)})` : `tuple(CAST(${quotedName(name)}, 'Nullable(String)'))`;
}
