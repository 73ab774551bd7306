import { PGlite } from '@electric-sql/pglite';
import type { SentParameter } from './messages.ts';
import type { ServerError } from './tokens.ts';
import { translated, UnknownVariable } from './translate.ts';
import type { WireColumn, WireValue } from './types.ts';

/** A table of the stand-in. */
export interface ServedTable {
  name: string;
  columns: WireColumn[];
  rows: Iterable<WireValue[]>;
}

export type Tables = ServedTable[] | (() => Promise<ServedTable[]>);

export interface EngineAnswer {
  columns: WireColumn[];
  rows: WireValue[][];
}

/** An error with the number that SQL Server would give it. */
export class EngineFailure extends Error {
  constructor(readonly error: ServerError) {
    super(error.message);
  }
}

const copyRows = 20_000;

/** The tables and the answers of the stand-in: PostgreSQL in WebAssembly behind a translation of T-SQL. */
export class Engine {
  private readonly neverEmpty = new Set<string>();

  private opened: Promise<PGlite> | undefined;
  private filled: Promise<void> | undefined;

  private constructor(private readonly tables: Tables) {}

  /** Tables that are given by a function are made when something is asked for the first time. */
  static async open(tables: Tables): Promise<Engine> {
    const engine = new Engine(tables);
    if (Array.isArray(tables)) await engine.ready();
    return engine;
  }

  private ready(): Promise<void> {
    return (this.filled ??= this.fill());
  }

  private async fill(): Promise<void> {
    for (const table of Array.isArray(this.tables) ? this.tables : await this.tables()) await this.addTable(table);
  }

  /** Started when it is first asked: scripted answers need none. */
  private database(): Promise<PGlite> {
    return (this.opened ??= PGlite.create());
  }

  private async addTable({ name, columns, rows }: ServedTable): Promise<void> {
    const defined = columns.map((column) => `[${column.name}] ${column.type} ${column.nullable === false ? 'NOT NULL' : 'NULL'}`);
    for (const column of columns) if (column.nullable === false) this.neverEmpty.add(column.name);
    await (await this.database()).exec(translated(`CREATE TABLE [${name}] (${defined.join(', ')})`, { session: '', parameters: [] }).text);
    let batch: WireValue[][] = [];
    for (const row of rows) {
      if (batch.push(row) < copyRows) continue;
      await this.copy(`"${name}"`, columns.map((column) => column.name), batch);
      batch = [];
    }
    await this.copy(`"${name}"`, columns.map((column) => column.name), batch);
  }

  /** A query with its parameters. */
  async query(sql: string, parameters: SentParameter[], session: string): Promise<EngineAnswer> {
    return this.guarded(async () => {
      const columns = await this.columns(sql, parameters, session);
      const { text, values } = translated(sql, { session, parameters });
      const { rows, fields } = await (await this.database()).query<WireValue[]>(text, values, { rowMode: 'array', parsers: asText });
      return { columns: columns ?? fields.map(({ name, dataTypeID }) => ({ name: ownName(name), type: typeByNumber[dataTypeID] ?? 'nvarchar(4000)' })), rows };
    });
  }

  /** What a query would return, by a view that is made and taken away again. */
  async describe(sql: string, parameters: SentParameter[], session: string): Promise<WireColumn[]> {
    return this.guarded(async () => (await this.columns(sql, parameters, session)) ?? []);
  }

  /** A statement without an answer, such as the making of a temporary table. */
  async execute(sql: string, session: string): Promise<void> {
    await this.guarded(async () => (await this.database()).exec(translated(sql, { session, parameters: [] }).text));
  }

  async bulk(table: string, columns: string[], rows: WireValue[][], session: string): Promise<void> {
    await this.guarded(() => this.copy(translated(table, { session, parameters: [] }).text, columns, rows));
  }

  /** Temporary tables end with their session. */
  async endSession(session: string): Promise<void> {
    if (this.opened === undefined) return;
    const { rows } = await (await this.database()).query<{ tablename: string }>("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND starts_with(tablename, $1)", [`${session}_#`]);
    for (const { tablename } of rows) await (await this.database()).exec(`DROP TABLE "${tablename}"`);
  }

  async close(): Promise<void> {
    await (await this.opened)?.close();
  }

  private async columns(sql: string, parameters: SentParameter[], session: string): Promise<WireColumn[] | undefined> {
    const { text } = translated(sql, { session, parameters, withoutValues: true });
    try {
      await (await this.database()).exec(`DROP VIEW IF EXISTS described; CREATE TEMP VIEW described AS ${text}`);
    } catch (error) {
      // Equal names, which a view can't have: then the answer's own fields must do.
      if (sqlState(error) === '42701') return undefined;
      throw error;
    }
    const { rows } = await (await this.database()).query<{ name: string; type: string }>("SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = 'described'::regclass AND attnum > 0 ORDER BY attnum");
    await (await this.database()).exec('DROP VIEW described');
    const outer = /\b(left|right|full)\b/i.test(sql);
    return rows.map(({ name, type }) => ({ name: ownName(name), type: serverType(type), nullable: outer || !this.neverEmpty.has(name) }));
  }

  private async copy(table: string, columns: string[], rows: WireValue[][]): Promise<void> {
    if (rows.length === 0) return;
    const lines = rows.map((row) => row.map(copyText).join('\t'));
    await (await this.database()).query(`COPY ${table} (${columns.map((name) => `"${name}"`).join(', ')}) FROM '/dev/blob'`, [], { blob: new Blob([`${lines.join('\n')}\n`]) });
  }

  private async guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      await this.ready();
      return await work();
    } catch (error) {
      throw new EngineFailure(serverError(error));
    }
  }
}

const asText = Object.fromEntries([16, 20, 21, 23, 25, 700, 701, 1042, 1043, 1082, 1083, 1114, 1184, 1700, 2950].map((type) => [type, (text: string) => text]));
const typeByNumber: Record<number, string> = { 16: 'bit', 20: 'bigint', 21: 'smallint', 23: 'int', 700: 'real', 701: 'float', 1082: 'date', 1114: 'datetime2(6)', 1700: 'decimal(38, 10)', 2950: 'uniqueidentifier' };

/** PostgreSQL names what has no name; SQL Server does not. */
function ownName(name: string): string {
  return name === '?column?' ? '' : name;
}

function serverType(type: string): string {
  const [, length] = /\((\d+)/.exec(type) ?? [];
  if (type.startsWith('numeric')) return length === undefined ? 'decimal(38, 10)' : type.replace('numeric', 'decimal');
  if (type.startsWith('timestamp')) return type.includes('with time zone') ? 'datetimeoffset(6)' : `datetime2(${length ?? 6})`;
  if (type.startsWith('character')) return length === undefined || Number(length) > 4_000 ? 'nvarchar(4000)' : `nvarchar(${length})`;
  return { integer: 'int', bigint: 'bigint', smallint: 'smallint', boolean: 'bit', date: 'date', uuid: 'uniqueidentifier', real: 'real', 'double precision': 'float' }[type] ?? 'nvarchar(4000)';
}

const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function copyText(value: WireValue): string {
  return value === null ? '\\N' : String(value).replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? character);
}

function sqlState(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** PostgreSQL's fault in SQL Server's numbers and words. */
function serverError(error: unknown): ServerError {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof UnknownVariable) return { number: 137, severity: 15, message: `Must declare the scalar variable "${message}".` };
  const name = /"([^"]*)"/.exec(message)?.[1]?.replace(/^\w+_#/, '#') ?? /column (\S+)/.exec(message)?.[1] ?? '';
  switch (sqlState(error)) {
    case '42P01':
      return { number: 208, message: `Invalid object name '${name}'.` };
    case '42703':
      return { number: 207, message: `Invalid column name '${name}'.` };
    case '42601':
      return { number: 102, severity: 15, message: `Incorrect syntax near '${name}'.` };
    case '22P02':
    case '42883':
    case '42804':
      return { number: 245, message: `Conversion failed when converting the varchar value '${name}' to data type int.` };
    case '22012':
      return { number: 8134, message: 'Divide by zero error encountered.' };
    default:
      return { number: 50_000, message };
  }
}
