import { createHash } from 'node:crypto';
import type { EngineClient } from './engine-client.ts';
import { rowColumn } from './stored-columns.ts';
import { quotedName, stringLiteral } from './sql-text.ts';
import type { StoredTable } from './workbench.ts';

/** Above this a table stays on its own. */
const maxSmallRows = 5_000;
const prefix = 'small_';

/**
 * Shared tables for small results: one for each list of column types, so every value keeps its exact type and is read
 * like any other. Their number grows with the kinds of results, not with the runs.
 */
export class SmallTables {
  private readonly client: EngineClient;
  private readonly database: string;
  private readonly made = new Set<string>();

  constructor(client: EngineClient, database: string) {
    this.client = client;
    this.database = database;
  }

  fits(table: StoredTable): boolean {
    return table.rows <= maxSmallRows;
  }

  /** Rows of a table as a FROM of its own: its columns under their names, and the hidden order. */
  from(table: StoredTable): string {
    const columns = table.columns.map(({ name }, at) => `${place(at)} AS ${quotedName(name)}`);
    return `(SELECT ${[rowColumn, ...columns].join(', ')} FROM ${this.reference(table)} WHERE table_id = ${stringLiteral(table.id)})`;
  }

  /** Copies the rows of `source` here. One block, so all or none; again after a crash it changes nothing. */
  async take(table: StoredTable, source: string): Promise<void> {
    const target = await this.make(table);
    const places = table.columns.map((_, at) => place(at));
    const present = `(SELECT count() FROM ${target} WHERE table_id = ${stringLiteral(table.id)}) = 0`;
    await this.client.text({
      sql: `INSERT INTO ${target} (table_id, ${[rowColumn, ...places].join(', ')})
        SELECT ${stringLiteral(table.id)}, ${[rowColumn, ...table.columns.map(({ name }) => quotedName(name))].join(', ')} FROM ${source} WHERE ${present}`,
    });
  }

  async ids(): Promise<string[]> {
    if ((await this.all()).length === 0) return [];
    return (await this.client.rows({ sql: `SELECT DISTINCT table_id FROM ${this.everyTable()}` })).map(([id]) => String(id));
  }

  async drop(ids: string[]): Promise<void> {
    if (ids.length === 0 || (await this.all()).length === 0) return;
    const wanted = `table_id IN (${ids.map(stringLiteral).join(', ')})`;
    const found = await this.client.rows({ sql: `SELECT DISTINCT _table FROM ${this.everyTable()} WHERE ${wanted}` });
    for (const [name] of found) await this.client.text({ sql: `DELETE FROM ${this.qualified(String(name))} WHERE ${wanted}` });
  }

  private async make(table: StoredTable): Promise<string> {
    const target = this.reference(table);
    if (this.made.has(target)) return target;
    const columns = table.columns.map(({ engineType }, at) => `${place(at)} ${engineType}`);
    await this.client.text({
      sql: `CREATE TABLE IF NOT EXISTS ${target} (table_id String, ${[`${rowColumn} UInt64`, ...columns].join(', ')}) ENGINE = MergeTree ORDER BY (table_id, ${rowColumn})`,
    });
    this.made.add(target);
    return target;
  }

  private async all(): Promise<string[]> {
    const rows = await this.client.rows({ sql: `SELECT name FROM system.tables WHERE database = ${stringLiteral(this.database)} AND startsWith(name, ${stringLiteral(prefix)})` });
    return rows.map(([name]) => String(name));
  }

  private everyTable(): string {
    return `merge(${stringLiteral(this.database)}, ${stringLiteral(`^${prefix}`)})`;
  }

  private reference(table: StoredTable): string {
    const signature = createHash('sha256').update(JSON.stringify(table.columns.map(({ engineType }) => engineType))).digest('hex');
    return this.qualified(`${prefix}${signature.slice(0, 24)}`);
  }

  private qualified(name: string): string {
    return `${quotedName(this.database)}.${quotedName(name)}`;
  }
}

function place(at: number): string {
  return `c${at + 1}`;
}
