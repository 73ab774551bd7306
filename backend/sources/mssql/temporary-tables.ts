import mssql from 'mssql';
import type { ConnectionPool, ISqlType } from 'mssql';
import { bareType } from '../../../shared/engine-type.ts';
import type { QueryContext, StoredColumn, StoredTable, Workbench } from '../../workbench/workbench.ts';
import { quotedName, stringLiteral } from '../../workbench/sql-text.ts';
import type { ListTable } from './bind.ts';
import { serverType, type TextSize } from './column-types.ts';
import { bracketed } from './tsql-tokens.ts';

/** What temporary tables are made with, on the one connection of `pool`. */
export interface TemporaryParts {
  pool: ConnectionPool;
  workbench: Workbench;
  zone: string;
  /** Collation of text columns, or DATABASE_DEFAULT: that of tempdb may differ. */
  collation: string;
  context: QueryContext;
  stop: AbortSignal;
}

type Cell = string | number | bigint | boolean | Date | null;

/** A column on its way: as `sent` by bulk load, and as `declared` in the table. They differ where the driver would round. */
interface CarriedColumn {
  name: string;
  nullable: boolean;
  declared: string;
  sent: { declared: string; type: ISqlType; cell: (value: string | number | boolean) => Cell };
}

const batchRows = 10_000;
const longestClock = 'YYYY-MM-DD hh:mm:ss.fffffff'.length;

/** A list as a table with an index, so that joins with it are as quick as with any table. */
export async function loadList({ name, declared, items }: ListTable, parts: TemporaryParts): Promise<void> {
  const column: CarriedColumn = { name: 'value', nullable: false, declared, sent: sentAs(declared) };
  await create(name, [{ ...column, declared: column.sent.declared }], parts);
  for (let at = 0; at < items.length; at += batchRows) await bulk(name, [column], items.slice(at, at + batchRows).map((item) => [column.sent.cell(item)]), parts);
  if (!/\(max\)|\((?:4000|8000)\)/.test(declared)) await batch(`CREATE CLUSTERED INDEX list_value ON ${bracketed(name)} (value)`, parts);
}

/** An earlier step as a table of its own types. */
export async function loadStep(name: string, table: StoredTable, parts: TemporaryParts): Promise<void> {
  const sizes = await textSizes(table, parts);
  const columns = table.columns.map((column) => carried(column, sizes.get(column.name)));
  const isSame = columns.every(({ declared, sent }) => declared === sent.declared);
  const target = isSame ? name : `${name}$sent`;
  await create(target, columns.map((column) => ({ ...column, declared: column.sent.declared })), parts);
  for await (const rows of batchesOf(table, parts)) await bulk(target, columns, rows.map((row) => columns.map((column, at) => cellOf(column, row[at]))), parts);
  if (isSame) return;
  const casts = columns.map(({ name: column, declared, sent }) => `${declared === sent.declared ? bracketed(column) : `CAST(${bracketed(column)} AS ${declared})`} AS ${bracketed(column)}`);
  await batch(`SELECT ${casts.join(', ')} INTO ${bracketed(name)} FROM ${bracketed(target)}`, parts);
}

function carried({ name, engineType }: StoredColumn, size?: TextSize): CarriedColumn {
  const { declared } = serverType(engineType, size);
  return { name, nullable: engineType.includes('Nullable(') || /^(float|real)$/.test(declared), declared, sent: sentAs(declared) };
}

function cellOf({ sent }: CarriedColumn, value: unknown): Cell {
  if (value === null || value === undefined) return null;
  return sent.cell(typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string' ? value : JSON.stringify(value));
}

const asNumber = (value: string | number | boolean): Cell => Number(value);
const asText = (value: string | number | boolean): Cell => String(value);

/** How a declared type is sent. Decimals and times go as text, which the server reads exactly. */
function sentAs(declared: string): CarriedColumn['sent'] {
  const [, type = declared, length] = /^(\w+)(?:\(([^)]*)\))?/.exec(declared) ?? [];
  const size = length === 'max' ? mssql.MAX : Number(length);
  switch (type) {
    case 'bit':
      return { declared, type: mssql.Bit(), cell: (value) => value === true || value === 'true' || value === '1' };
    case 'tinyint':
      return { declared, type: mssql.TinyInt(), cell: asNumber };
    case 'smallint':
      return { declared, type: mssql.SmallInt(), cell: asNumber };
    case 'int':
      return { declared, type: mssql.Int(), cell: asNumber };
    case 'bigint':
      return { declared, type: mssql.BigInt(), cell: (value) => BigInt(value) };
    case 'real':
    case 'float':
      // SQL Server has neither infinity nor NaN.
      return { declared: 'float', type: mssql.Float(), cell: (value) => (Number.isFinite(Number(value)) ? Number(value) : null) };
    case 'date':
      return { declared, type: mssql.Date(), cell: (value) => new Date(`${String(value)}T00:00:00Z`) };
    case 'varchar':
      return { declared, type: mssql.VarChar(size), cell: asText };
    case 'nvarchar':
      return { declared, type: mssql.NVarChar(size), cell: asText };
    case 'datetime2':
      // More than seven digits after the second are an error, not rounded.
      return { declared: 'varchar(80)', type: mssql.VarChar(80), cell: (value) => String(value).slice(0, longestClock) };
    default:
      return { declared: 'varchar(80)', type: mssql.VarChar(80), cell: asText };
  }
}

async function create(name: string, columns: Pick<CarriedColumn, 'name' | 'declared' | 'nullable'>[], parts: TemporaryParts): Promise<void> {
  const collate = (declared: string): string => (/char\(/.test(declared) ? ` COLLATE ${parts.collation}` : '');
  const defined = columns.map((column) => `${bracketed(column.name)} ${column.declared}${collate(column.declared)} ${column.nullable ? 'NULL' : 'NOT NULL'}`);
  await batch(`CREATE TABLE ${bracketed(name)} (${defined.join(', ')})`, parts);
}

/** A batch of our own, outside sp_executesql, at whose end the server would drop the table. */
async function batch(sql: string, { pool, stop }: TemporaryParts): Promise<void> {
  const request = new mssql.Request(pool);
  await cancellable(request, stop, () => request.batch(sql));
}

async function bulk(name: string, columns: CarriedColumn[], rows: Cell[][], { pool, stop }: TemporaryParts): Promise<void> {
  const table = new mssql.Table(bracketed(name));
  for (const column of columns) table.columns.add(column.name, column.sent.type, { nullable: column.nullable });
  table.rows.push(...(rows as typeof table.rows));
  const request = new mssql.Request(pool);
  await cancellable(request, stop, () => request.bulk(table));
}

async function cancellable(request: mssql.Request, stop: AbortSignal, work: () => Promise<unknown>): Promise<void> {
  stop.throwIfAborted();
  const cancel = (): void => request.cancel();
  stop.addEventListener('abort', cancel, { once: true });
  try {
    await work();
    stop.throwIfAborted();
  } finally {
    stop.removeEventListener('abort', cancel);
  }
}

/** The stored rows in their order, some at a time. Points in time come in the zone that the server's own are in. */
async function* batchesOf(table: StoredTable, { workbench, zone, stop }: TemporaryParts): AsyncGenerator<unknown[][]> {
  const clocks = table.columns.filter(({ engineType }) => bareType(engineType).startsWith('DateTime'));
  const replace = clocks.map(({ name }) => ({ name, expression: `toTimeZone(${quotedName(name)}, ${stringLiteral(zone)})` }));
  const stream = await workbench.stream(table, { format: 'JSONCompactEachRow', ...(replace.length === 0 ? {} : { replace }) }, stop);
  let rows: unknown[][] = [];
  for await (const line of lines(stream)) {
    rows.push(JSON.parse(line) as unknown[]);
    if (rows.length < batchRows) continue;
    yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
}

async function* lines(stream: AsyncIterable<unknown>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
  if (rest !== '') yield rest;
}

/** How long the texts of a step are, by column. Wider than needed costs the server memory and indexes. */
async function textSizes(table: StoredTable, { workbench, context }: TemporaryParts): Promise<Map<string, TextSize>> {
  const texts = table.columns.filter(({ engineType }) => /char\(/.test(serverType(engineType).declared));
  if (texts.length === 0) return new Map();
  const figures = texts.flatMap(({ name }) => {
    const text = `toString(${quotedName(name)})`;
    return [`max(length(${text}))`, `max(length(${text}) != lengthUTF8(${text}))`];
  });
  const sql = `SELECT ${figures.map((figure, at) => `${figure} AS f${at}`).join(', ')} FROM ${workbench.tableReference(table)}`;
  const { rows } = await workbench.select({ sql, parameters: {} }, { database: '', databases: [], tables: [table] }, { ...context, queryId: `${context.queryId}-sizes`, progress: undefined });
  const values = (rows[0] ?? []).map(Number);
  return new Map(texts.map(({ name }, at) => [name, { bytes: values[at * 2] ?? 0, ascii: (values[at * 2 + 1] ?? 0) === 0 }]));
}
