import { createHash } from 'node:crypto';
import type { BoundValue } from '../../shared/fields/field-kind.ts';
import { Problem } from '../../shared/problem.ts';
import type { ExternalTable } from '../workbench/form-body.ts';
import { chunksOfLines, withTables } from '../workbench/long-lists.ts';
import { engineType, isLongList, parameterText } from '../workbench/parameters.ts';
import { quotedName } from '../workbench/sql-text.ts';
import type { StoredTable, Workbench } from '../workbench/workbench.ts';
import type { BoundStep } from './source.ts';

/** A server keeps tables that come with a query in memory. */
const maxCopiedRows = 5_000_000;
/** A server takes 128 KiB a parameter. */
const maxParameterBytes = 100_000;

/** An analyst's query as a remote server can run it: normalised, with values beside it. */
export interface RemoteQuery {
  sql: string;
  parameters: Record<string, string>;
  external: ExternalTable[];
}

/** What stands for an earlier step in a remote query: the name of a table that travels with it. */
export function stepTable(name: string, { id }: StoredTable): string {
  return `step_${name.replace(/\W/g, '_').slice(0, 60)}_${createHash('sha256').update(id).digest('hex').slice(0, 8)}`;
}

/** Binds a step's values: short ones as parameters, long lists and earlier steps as tables. `isEmpty` leaves the tables' rows out. */
export async function remoteQuery(workbench: Workbench, step: BoundStep, { signal, isEmpty }: { signal: AbortSignal; isEmpty: boolean }): Promise<RemoteQuery> {
  const sql = await workbench.oneSelect({ sql: step.sql, parameters: step.parameters });
  const parameters: Record<string, string> = {};
  const lists = new Map<string, string>();
  const external: ExternalTable[] = Object.entries(step.steps).map(([name, table]) => copiedStep(workbench, stepTable(name, table), table, signal));
  for (const [name, value] of Object.entries(step.parameters)) {
    const text = isLongList(value) ? null : parameterText(value);
    if (text !== null && !(Array.isArray(value.value) && Buffer.byteLength(text) > maxParameterBytes)) parameters[name] = text;
    else {
      const table = `list_${lists.size + 1}`;
      lists.set(name, table);
      external.push(copiedList(table, value));
    }
  }
  return { sql: lists.size === 0 ? sql : withTables(sql, lists), parameters, external: isEmpty ? external.map(emptied) : external };
}

function copiedStep(workbench: Workbench, name: string, table: StoredTable, signal: AbortSignal): ExternalTable {
  if (table.rows > maxCopiedRows)
    throw new Problem('too_large', {
      ru: `В шаге, который читает этот запрос, ${table.rows} строк, а на другой сервер копируется не больше ${maxCopiedRows}. Соедините их наоборот: шагом «on workbench».`,
      en: `The step that this query reads has ${table.rows} rows, and at most ${maxCopiedRows} are copied to another server. Join the other way round: in a step “on workbench”.`,
    });
  async function* rows(): AsyncGenerator<Buffer> {
    yield* (await workbench.stream(table, { format: 'RowBinary' }, signal)) as AsyncIterable<Buffer>;
  }
  const structure = table.columns.map((column) => `${quotedName(column.name)} ${column.engineType}`).join(', ');
  return { name, structure, format: 'RowBinary', rows };
}

function copiedList(name: string, value: BoundValue): ExternalTable {
  const items = Array.isArray(value.value) ? value.value : [];
  const type = engineType(value).replace(/^Array\((.*)\)$/s, '$1');
  async function* rows(): AsyncGenerator<Buffer> {
    yield* await Promise.resolve(chunksOfLines(value, items));
  }
  return { name, structure: `value ${type}`, format: 'TabSeparated', rows };
}

function emptied(table: ExternalTable): ExternalTable {
  async function* rows(): AsyncGenerator<Buffer> {
    await Promise.resolve();
  }
  return { ...table, rows };
}
