import type { StoredColumn } from '../../workbench/workbench.ts';
import type { SqlDialect } from '../source.ts';
import { serverType } from './column-types.ts';
import { readStatement, type Statement } from './tsql-statement.ts';
import { bracketed } from './tsql-tokens.ts';

/** Queries around a query in T-SQL, where neither WITH nor a bare ORDER BY may stand in brackets. */
export const tsqlDialect: SqlDialect = {
  firstRows: (sql, rows) => {
    const statement = readStatement(sql);
    const { tables, body, options, ordered, limited } = statement;
    // Only ORDER BY of the outermost query keeps an order.
    if (ordered && !limited) return `${tables}${body}\nOFFSET 0 ROWS FETCH NEXT ${rows} ROWS ONLY ${options}`;
    return `${tables}SELECT TOP (${rows}) * FROM (\n${inBrackets(statement)}\n) AS options ${options}`;
  },
  rowsWhere: (sql, { column, placeholder, distinct }) => {
    const statement = readStatement(sql);
    const name = bracketed(column);
    return `${statement.tables}SELECT ${distinct ? `DISTINCT ${name}` : '*'} FROM (\n${inBrackets(statement)}\n) AS entries WHERE ${name} IN ${placeholder} ${statement.options}`;
  },
  emptyTable: (columns) => `(SELECT ${columns.map(emptyColumn).join(', ')} WHERE 1 = 0)`,
};

function inBrackets({ body, ordered, limited }: Statement): string {
  return ordered && !limited ? `${body}\nOFFSET 0 ROWS` : body;
}

/** ISNULL makes a column that is never empty; CAST alone makes one that may be. */
function emptyColumn({ name, engineType }: StoredColumn): string {
  const { declared, example } = serverType(engineType);
  const empty = `CAST(NULL AS ${declared})`;
  return `${engineType.includes('Nullable(') ? empty : `ISNULL(${empty}, ${example})`} AS ${bracketed(name)}`;
}
