import { quotedName, stringLiteral } from '../sql-text.ts';
import type { ChdbConnection } from './chdb.ts';
import type { EngineRequest } from './request.ts';

/**
 * chDB has no query_id of ours, so a comment in front carries it. Where parameters are put in, the engine writes the text
 * anew without comments; the setting `log_comment` carries the id then.
 */
function marker(queryId: string): string {
  return `/* query_id:${queryId} */`;
}

function isQuery(queryId: string): string {
  return `(startsWith(query, ${stringLiteral(marker(queryId))}) OR Settings['log_comment'] = ${stringLiteral(queryId)})`;
}

export function markedStatement(request: EngineRequest): string {
  return `${marker(request.queryId)} ${ownQueryIds(request)}`;
}

export function killStatement(queryId: string): string {
  return `KILL QUERY WHERE ${isQuery(queryId)} ASYNC`;
}

/** `query_id = '…'` in KILL QUERY and in reads of system.processes means the id that the client gave. */
function ownQueryIds({ sql, parameters }: EngineRequest): string {
  if (!/^\s*KILL\s+QUERY\b/i.test(sql) && !/\bsystem\.processes\b/i.test(sql)) return sql;
  return sql
    .replace(/\bquery_id\s*=\s*(?:'([\w.:-]+)'|\{(\w+):\s*String\})/g, (all, literal?: string, name?: string) => {
      const queryId = literal ?? (name === undefined ? undefined : parameters[name]);
      return queryId === undefined ? all : isQuery(queryId);
    })
    .replace(/^(\s*KILL\s+QUERY\b[\s\S]*?)\s+SYNC$/i, '$1 ASYNC');
}

/** Session state of one query on its fresh connection: settings, parameters, tables that came with it, database; `readonly` last. */
export async function prepare(connection: ChdbConnection, { settings, parameters, external, database, queryId }: EngineRequest): Promise<void> {
  const { readonly, ...others } = settings;
  const changes = [
    ...(Object.keys(parameters).length > 0 ? [`log_comment = ${stringLiteral(queryId)}`] : []),
    ...Object.entries(others).map(([name, value]) => `${name} = ${stringLiteral(value)}`),
    ...Object.entries(parameters).map(([name, value]) => `param_${name} = ${stringLiteral(value)}`),
  ];
  const statements: string[] = [];
  if (changes.length > 0) statements.push(`SET ${changes.join(', ')}`);
  for (const { name, path, format, structure } of external)
    statements.push(`CREATE TEMPORARY TABLE ${quotedName(name)} ENGINE = Memory AS SELECT * FROM file(${stringLiteral(path)}, ${format}, ${stringLiteral(structure)})`);
  if (database !== null) statements.push(`USE ${quotedName(database)}`);
  if (readonly !== undefined) statements.push(`SET readonly = ${readonly}`);
  const text = statements.join('; ');
  if (text === '') return;
  if (text.length > 100_000) await connection.run(`SET max_query_size = ${text.length * 4}`, 'Null');
  await connection.run(text, 'Null');
}
