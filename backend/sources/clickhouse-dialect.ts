import { quotedName, stringLiteral } from '../workbench/sql-text.ts';
import type { SqlDialect } from './source.ts';

/** Queries around a query, as ClickHouse reads them. */
export const clickhouseDialect: SqlDialect = {
  firstRows: (sql, rows) => `SELECT * FROM (\n${sql}\n) AS options LIMIT ${rows}`,
  rowsWhere: (sql, { column, placeholder, distinct }) => {
    const name = quotedName(column);
    return `SELECT ${distinct ? `DISTINCT ${name}` : '*'} FROM (\n${sql}\n) AS entries WHERE ${name} IN ${placeholder}`;
  },
  emptyTable: (columns) => `(SELECT ${columns.map(({ name, engineType }) => `defaultValueOfTypeName(${stringLiteral(engineType)}) AS ${quotedName(name)}`).join(', ')})`,
};
