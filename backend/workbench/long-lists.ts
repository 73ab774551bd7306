import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { BoundValue } from '../../shared/fields/field-kind.ts';
import type { EngineClient } from './engine-client.ts';
import { engineType, isLongList, listLine, parameterText } from './parameters.ts';
import { placeholderParts, quotedName, sqlPieces, stringLiteral } from './sql-text.ts';

const prefix = 'list_';
const linesPerChunk = 5_000;

/** A query ready for the engine. `release` removes what it needed. */
export interface BoundQuery {
  sql: string;
  parameters: Record<string, string>;
  release(): Promise<void>;
}

/** Binds values: short ones as parameters, long lists as tables that live as long as their query. */
export class LongLists {
  private readonly client: EngineClient;
  private readonly database: string;

  constructor(client: EngineClient, database: string) {
    this.client = client;
    this.database = database;
  }

  async bind(sql: string, values: Record<string, BoundValue>): Promise<BoundQuery> {
    const tables = new Map<string, string>();
    const release = async (): Promise<void> => {
      for (const table of tables.values()) await this.client.tidy(`DROP TABLE IF EXISTS ${table}`);
    };
    try {
      const parameters: Record<string, string> = {};
      for (const [name, value] of Object.entries(values)) {
        if (isLongList(value)) await this.load(value, this.freshTable(name, tables));
        else parameters[name] = parameterText(value);
      }
      return { sql: tables.size === 0 ? sql : withTables(sql, tables), parameters, release };
    } catch (error) {
      await release();
      throw error;
    }
  }

  /** Removes lists that a stopped backend has left. Those of the last day may belong to another one. */
  async sweep(all: boolean): Promise<void> {
    const age = all ? '' : 'AND metadata_modification_time < now() - INTERVAL 1 DAY';
    const rows = await this.client.rows({ sql: `SELECT name FROM system.tables WHERE database = ${stringLiteral(this.database)} AND startsWith(name, ${stringLiteral(prefix)}) ${age}` });
    for (const [name] of rows) await this.client.text({ sql: `DROP TABLE IF EXISTS ${this.qualified(String(name))}` });
  }

  private freshTable(name: string, tables: Map<string, string>): string {
    const table = this.qualified(`${prefix}${randomBytes(12).toString('hex')}`);
    tables.set(name, table);
    return table;
  }

  private async load(value: BoundValue, table: string): Promise<void> {
    const items = Array.isArray(value.value) ? value.value : [];
    const type = engineType(value).replace(/^Array\((.*)\)$/s, '$1');
    await this.client.text({ sql: `CREATE TABLE ${table} (value ${type}) ENGINE = Memory` });
    await this.client.text({ sql: `INSERT INTO ${table} FORMAT TabSeparated`, rows: Readable.from(chunksOfLines(value, items), { objectMode: false }) });
  }

  private qualified(name: string): string {
    return `${quotedName(this.database)}.${quotedName(name)}`;
  }
}

/** A list as rows of one column, tab-separated. */
export function* chunksOfLines(value: BoundValue, items: string[]): Generator<Buffer> {
  for (let at = 0; at < items.length; at += linesPerChunk)
    yield Buffer.from(items.slice(at, at + linesPerChunk).map((item) => listLine(value, item)).join(''));
}

/** `x IN ({list:Array(String)})` becomes `x IN (SELECT value FROM …)`. `sql` is normalised; `tables` are by the lists' names. */
export function withTables(sql: string, tables: Map<string, string>): string {
  const pieces = sqlPieces(sql).map(({ kind, text }) => {
    const table = kind === 'placeholder' ? tables.get(placeholderParts(text).name) : undefined;
    return table === undefined ? { text, list: false } : { text: `SELECT value FROM ${table}`, list: true };
  });
  return pieces.map(({ text, list }, at) => (list && !(pieces[at - 1]?.text === '(' && pieces[at + 1]?.text === ')') ? `(${text})` : text)).join('');
}
