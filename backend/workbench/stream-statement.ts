import type { Statement } from './engine-client.ts';
import { quotedName } from './sql-text.ts';
import { rowColumn } from './stored-columns.ts';
import type { StoredTable, StreamOptions } from './workbench.ts';

/** The statement that writes rows of `from`, in stored order, as `options` say. */
export function streamStatement(table: StoredTable, from: string, options: StreamOptions): Statement {
  const { format, select, replace = [], offset = 0, limit = table.rows, settings } = options;
  const stored = table.columns.map(({ name }) => ({ expression: quotedName(name), name }));
  const read = stored.map((column) => replace.find(({ name }) => name === column.name) ?? column);
  const output = select ?? stored;
  const rows = `SELECT ${[rowColumn, ...stored.map(({ expression }) => expression)].join(', ')} FROM ${from} WHERE ${rowColumn} >= ${offset} AND ${rowColumn} < ${offset + limit}`;
  const replaced = replace.length === 0 ? rows : renamed(read, rows);
  // Results under names of their own: an alias equal to a stored column's name would be seen by the other expressions.
  const computed = `SELECT ${[rowColumn, ...output.map(({ expression }, at) => `${expression} AS __${at + 1}`)].join(', ')} FROM (${replaced})`;
  const sql = `SELECT ${output.map((_, at) => `__${at + 1}`).join(', ')} FROM (${computed}) ORDER BY ${rowColumn} FORMAT ${format === 'CSVWithNames' ? 'CSV' : format}`;
  return {
    sql,
    settings,
    lines: format === 'JSONCompactEachRow' ? Math.max(0, Math.min(limit, table.rows - offset)) : undefined,
    binary: format === 'RowBinary' ? format : undefined,
    head: format === 'CSVWithNames' ? csvHead(output.map(({ name }) => name), settings) : undefined,
  };
}

function renamed(columns: { expression: string; name: string }[], rows: string): string {
  const inner = columns.map(({ expression }, at) => `${expression} AS __r${at + 1}`);
  const outer = columns.map(({ name }, at) => `__r${at + 1} AS ${quotedName(name)}`);
  return `SELECT ${[rowColumn, ...outer].join(', ')} FROM (SELECT ${[rowColumn, ...inner].join(', ')} FROM (${rows}))`;
}

/** As ClickHouse writes it; it cannot itself, because two columns may have one title. */
function csvHead(names: string[], settings: StreamOptions['settings'] = {}): Buffer {
  const delimiter = String(settings.format_csv_delimiter ?? ',');
  const lineEnd = Number(settings.output_format_csv_crlf_end_of_line ?? 0) === 1 ? '\r\n' : '\n';
  return Buffer.from(names.map((name) => `"${name.replaceAll('"', '""')}"`).join(delimiter) + lineEnd);
}
