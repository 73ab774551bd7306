import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Problem } from '../../shared/problem.ts';
import type { BoundValue } from '../../shared/fields/field-kind.ts';
import { castProblem, exactSelection } from './cast-types.ts';
import { differenceSql, readDifference } from './comparison.ts';
import { EngineClient, checkedQueryId, jsonLines, type EngineEndpoint } from './engine-client.ts';
import { EngineError, engineProblem, problemOf } from './engine-problem.ts';
import { estimatedRows } from './estimated-rows.ts';
import { Guard } from './guard.ts';
import { LongLists, type BoundQuery } from './long-lists.ts';
import { measureSql, readMeasures } from './measures.ts';
import { placeholder } from './parameters.ts';
import { withProgress } from './progress.ts';
import { SmallTables } from './small-tables.ts';
import { quotedName, stringLiteral } from './sql-text.ts';
import { rowColumn, storableColumns } from './stored-columns.ts';
import { streamStatement } from './stream-statement.ts';
import { TransferFiles } from './transfer-files.ts';
import type { LoadShape, Query, QueryContext, QueryLimits, ReadScope, StoredColumn, StoredTable, StreamOptions, TableDifference, TableMeasures, Workbench } from './workbench.ts';

export interface WorkbenchOptions {
  /** Where the ClickHouse is; asked again before each statement, because an embedded one moves when it starts anew. */
  endpoint: () => Promise<EngineEndpoint>;
  /** The scratch database: ours alone. */
  database?: string;
  /** IANA zone of days and of times without a zone. */
  timeZone?: string;
  /** True for the embedded engine: nobody else uses it, and its `default` database shows files. */
  embedded?: boolean;
  /** A folder that the engine can write to as well, ours alone: answers go through files there. Only for an engine on this machine. */
  transferDirectory?: string;
}

const tablePrefix = 't_';
const commandSeconds = 3_600;
const comparisonSeconds = 120;
/** Rows formatted at a time: the engine's own 65,409 cost more memory and no less time. */
const transferBlockRows = 16_384;
/** Settings of every statement: exact numbers in JSON, and the same answer whatever the server's profile says. */
const exactJson = {
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  output_format_json_quote_denormals: 1,
  output_format_json_escape_forward_slashes: 0,
  async_insert: 0,
};
/** The order of the query's rows is part of its answer. */
const keepOrder = { query_plan_remove_redundant_sorting: 0 };
const loadSettings = { max_threads: 1, insert_allow_materialized_columns: 1, input_format_skip_unknown_fields: 0, date_time_input_format: 'best_effort' };
/** The engine looks whether it should stop between blocks, so a block that a join or a list multiplies must not be large. */
const stoppableBlocks = { max_block_size: 8_192, max_joined_block_size_rows: 16_384 };

/** The workbench on any ClickHouse that speaks HTTP. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const workbench = new ClickHouseWorkbench(options);
  await workbench.prepare();
  return workbench;
}

class ClickHouseWorkbench implements Workbench {
  private readonly client: EngineClient;
  private readonly guard: Guard;
  private readonly lists: LongLists;
  private readonly small: SmallTables;
  private readonly database: string;
  private readonly embedded: boolean;
  private readonly transfer: TransferFiles | undefined;
  private readonly endpoint: () => Promise<EngineEndpoint>;
  /** `null` for the embedded engine, which nobody else may call. */
  private server: EngineEndpoint | null = null;
  /** Tables that are known to be in a shared one. */
  private readonly settled = new Set<string>();

  constructor({ endpoint, database = 'tasksheet', timeZone = 'UTC', embedded = false, transferDirectory }: WorkbenchOptions) {
    this.database = database;
    this.embedded = embedded;
    this.endpoint = endpoint;
    this.client = new EngineClient(endpoint, { ...exactJson, session_timezone: timeZone });
    this.guard = new Guard(this.client);
    this.lists = new LongLists(this.client, database);
    this.small = new SmallTables(this.client, database);
    this.transfer = transferDirectory === undefined ? undefined : new TransferFiles(transferDirectory);
  }

  async prepare(): Promise<void> {
    if (!this.embedded) this.server = await this.endpoint();
    const wanted = [this.database, this.emptyDatabase];
    const present = new Set((await this.client.rows({ sql: 'SELECT name FROM system.databases' })).map(([name]) => String(name)));
    for (const name of wanted.filter((one) => !present.has(one))) await this.makeDatabase(name);
    await this.lists.sweep(this.embedded);
    await this.transfer?.prepare();
  }

  async store(query: Query, scope: ReadScope, id: string, context: QueryContext): Promise<StoredTable> {
    return this.withBound(query, scope, async (bound, database) => {
      const described = await this.described(bound, database, context);
      const { columns, notices } = storableColumns(described, query.casts);
      const selection = exactSelection(described, query.casts);
      return this.filled({ id, columns, notices }, context, (table) => this.fill(table, { ...bound, selection }, database, context)).catch((error: unknown) => {
        throw castProblem(error, query.casts);
      });
    });
  }

  async load(rows: Readable, shape: LoadShape, id: string, context: QueryContext): Promise<StoredTable> {
    // They may fail before anybody reads them, which must not end the process.
    rows.on('error', () => undefined);
    try {
      const { columns, notices } = storableColumns(shape.columns, shape.casts);
      return await this.filled({ id, columns, notices }, context, (table) => this.pour(rows, shape, table, context));
    } catch (error) {
      throw castProblem(error, shape.casts);
    } finally {
      rows.destroy();
    }
  }

  async copy(from: StoredTable, id: string, context: QueryContext): Promise<StoredTable> {
    return this.filled({ id, columns: from.columns, notices: from.notices }, context, async (table) => {
      await this.client.text({ sql: `ALTER TABLE ${this.ownTable(table.id)} ATTACH PARTITION tuple() FROM ${this.ownTable(from.id)}` });
    });
  }

  async select(query: Query, scope: ReadScope, context: QueryContext): Promise<{ columns: StoredColumn[]; rows: unknown[][] }> {
    return this.withBound(query, scope, async (bound, database) => {
      const { limits, signal, queryId, progress } = context;
      const sql = `SELECT * FROM (${bound.sql}) LIMIT ${limits.rows + 1} FORMAT JSONCompactEachRowWithNamesAndTypes`;
      const settings = { ...limitSettings(limits), ...keepOrder, ...stoppableBlocks, ...this.readonly };
      const statement = { sql, parameters: bound.parameters, database, settings, queryId: checkedQueryId(queryId) };
      const answer = this.client.text(statement, { timeSeconds: limits.timeSeconds, signal });
      const [names = [], types = [], ...rows] = jsonLines(await withProgress(this.client, queryId, progress, answer));
      if (rows.length > limits.rows) throw problemOf('row_limit');
      return { columns: names.map((name, at) => ({ name: String(name), engineType: String(types[at]) })), rows };
    });
  }

  async describe(query: Query, scope: ReadScope): Promise<StoredColumn[]> {
    return this.withBound(query, scope, (bound, database) => this.described(bound, database, describeContext()));
  }

  async estimate(query: Query, scope: ReadScope): Promise<number | null> {
    return this.withBound(query, scope, async ({ sql, parameters }, database) => {
      const { limits, signal, queryId } = describeContext();
      const settings = { ...limitSettings(limits), ...this.readonly };
      return estimatedRows(await this.client.rows({ sql: `EXPLAIN ESTIMATE ${sql}`, parameters, database, settings, queryId }, { timeSeconds: limits.timeSeconds, signal }));
    });
  }

  oneSelect(query: Query): Promise<string> {
    return this.guard.oneSelect(query);
  }

  isServer({ url, username }: { url: string; username: string }): boolean {
    return this.server !== null && new URL(url).origin === new URL(this.server.url).origin && username === this.server.username;
  }

  placeholder(name: string, value: BoundValue): string {
    return placeholder(name, value);
  }

  tableReference({ id }: StoredTable): string {
    return this.ownTable(id);
  }

  async stream(table: StoredTable, options: StreamOptions, signal: AbortSignal): Promise<Readable> {
    return this.fromEither(table, (from) => {
      const { sql, ...statement } = streamStatement(table, from, options);
      const settings = { ...keepOrder, ...statement.settings };
      if (this.transfer === undefined) return this.client.stream({ sql, ...statement, settings: { ...settings, max_execution_time: 0 } }, signal);
      const intoFile = (path: string) => sql.replace(/ FORMAT (\w+)$/, (_, format: string) => ` INTO OUTFILE ${stringLiteral(path)} FORMAT ${format}`);
      return this.transfer.read((path, stop) => this.client.text({ sql: intoFile(path), settings: { ...settings, max_block_size: transferBlockRows } }, { timeSeconds: commandSeconds, signal: stop }), statement, signal);
    });
  }

  async measure(table: StoredTable): Promise<TableMeasures> {
    return this.fromEither(table, async (from) => {
      const [row] = await this.client.rows({ sql: measureSql(table, from) }, { timeSeconds: commandSeconds });
      return readMeasures(table, row);
    });
  }

  async compare(before: StoredTable, after: StoredTable, columns: string[], signal: AbortSignal): Promise<TableDifference> {
    const found = async (table: StoredTable) => ({
      table,
      from: await this.fromEither(table, async (from) => {
        await this.client.rows({ sql: `SELECT 1 FROM ${from} LIMIT 0` });
        return from;
      }),
    });
    const sql = differenceSql({ before: await found(before), after: await found(after), columns });
    const [row] = await this.client.rows({ sql }, { timeSeconds: comparisonSeconds, signal });
    return readDifference(columns, row);
  }

  async settle(tables: StoredTable[]): Promise<void> {
    for (const table of tables) {
      if (!this.small.fits(table) || this.settled.has(table.id)) continue;
      try {
        await this.small.take(table, this.ownTable(table.id));
      } catch (error) {
        if (!isUnknownTable(error)) throw error;
      }
      this.settled.add(table.id);
      await this.dropOwn(table.id);
    }
  }

  async drop(tableIds: string[]): Promise<void> {
    for (const id of tableIds) {
      await this.dropOwn(checkedId(id));
      this.settled.delete(id);
    }
    await this.small.drop(tableIds);
  }

  async storedTableIds(): Promise<string[]> {
    const own = await this.client.rows({
      sql: `SELECT substring(name, ${tablePrefix.length + 1}) FROM system.tables WHERE database = ${stringLiteral(this.database)} AND startsWith(name, ${stringLiteral(tablePrefix)})`,
    });
    return [...new Set([...own.map(([id]) => String(id)), ...(await this.small.ids())])];
  }

  async check(signal: AbortSignal): Promise<{ version: string; latencyMs: number }> {
    const started = performance.now();
    const [row] = await this.client.rows({ sql: 'SELECT version()' }, { timeSeconds: 10, signal });
    return { version: String(row?.[0]), latencyMs: Math.round(performance.now() - started) };
  }

  async command(sql: string): Promise<void> {
    await this.client.text({ sql }, { timeSeconds: commandSeconds });
  }

  async close(): Promise<void> {
    await this.client.close();
  }

  private async makeDatabase(name: string): Promise<void> {
    try {
      await this.client.text({ sql: `CREATE DATABASE IF NOT EXISTS ${quotedName(name)}` });
    } catch (error) {
      throw new Problem('not_ready', { ru: `В хранилище нет базы данных ${name}, и создать её не удалось. Создайте её и дайте на неё права.`, en: `The workbench has no database ${name} and it could not be made. Make it and grant the rights on it.` }, { cause: error });
    }
  }

  /** Where queries without a database of their own look up names: nothing is in it. */
  private get emptyDatabase(): string {
    return `${this.database}_empty`;
  }

  /** A second wall behind the guard; a server's user has grants instead, and may not be free to set it. */
  private get readonly(): Record<string, number> {
    return this.embedded ? { readonly: 1 } : {};
  }

  private async withBound<T>(query: Query, scope: ReadScope, work: (bound: BoundQuery, database: string) => Promise<T>): Promise<T> {
    const forbidden = new Set(['system', 'information_schema', 'INFORMATION_SCHEMA', this.database, ...(this.embedded ? ['default'] : [])]);
    if ([scope.database, ...scope.databases].some((name) => forbidden.has(name)))
      throw new Problem('query_refused', { ru: 'Эту базу данных читать нельзя.', en: 'This database may not be read.' });
    const databases = scope.database === '' ? scope.databases : [...new Set([scope.database, ...scope.databases])];
    const tables = (scope.tables ?? []).map(({ id }) => `${this.database}.${tablePrefix}${id}`);
    const sql = await this.guard.check(query, { databases, tables });
    const bound = await this.lists.bind(sql, query.parameters);
    try {
      return await work(bound, scope.database === '' ? this.emptyDatabase : scope.database);
    } finally {
      await bound.release();
    }
  }

  /** Under the query's own limits: the engine computes scalar subqueries already here. */
  private async described({ sql, parameters }: BoundQuery, database: string, { limits, signal, queryId }: QueryContext): Promise<StoredColumn[]> {
    const settings = { ...limitSettings(limits), ...this.readonly };
    const statement = { sql: `DESCRIBE TABLE (${sql})`, parameters, database, settings, queryId: `${checkedQueryId(queryId)}-describe` };
    const rows = await this.client.rows(statement, { timeSeconds: limits.timeSeconds, signal });
    return rows.map(([name, engineType]) => ({ name: String(name), engineType: String(engineType) }));
  }

  /** `_row` is MATERIALIZED, so `SELECT *` of a later step does not see it. */
  private async create({ id, columns }: StoredTable): Promise<void> {
    const definitions = columns.map(({ name, engineType }) => `${quotedName(name)} ${engineType}`);
    await this.client.text({
      sql: `CREATE TABLE ${this.ownTable(id)} (${[`${rowColumn} UInt64 MATERIALIZED 0`, ...definitions].join(', ')}) ENGINE = MergeTree ORDER BY ${rowColumn}`,
    });
  }

  /** One row more than allowed, so that a result is refused and never cut: limits on results do not hold for INSERT SELECT. */
  private async fill({ id, columns }: StoredTable, bound: BoundQuery & { selection: string }, database: string, context: QueryContext): Promise<void> {
    const { limits, signal, queryId, progress } = context;
    const names = [rowColumn, ...columns.map(({ name }) => quotedName(name))].join(', ');
    const sql = `INSERT INTO ${this.ownTable(id)} (${names}) SELECT rowNumberInAllBlocks(), ${bound.selection} FROM (${bound.sql}) LIMIT ${limits.rows + 1}`;
    const settings = { ...limitSettings(limits), ...keepOrder, ...stoppableBlocks, insert_allow_materialized_columns: 1 };
    const statement = { sql, parameters: bound.parameters, database, settings, queryId: checkedQueryId(queryId) };
    await withProgress(this.client, queryId, progress, this.client.text(statement, { timeSeconds: limits.timeSeconds, signal }));
  }

  /** Makes a table, fills it, and takes it away again when that fails. */
  private async filled(shape: Omit<StoredTable, 'rows'>, { limits }: QueryContext, fill: (table: StoredTable) => Promise<void>): Promise<StoredTable> {
    const table: StoredTable = { ...shape, id: checkedId(shape.id), rows: 0 };
    try {
      await this.create(table);
      await fill(table);
      return { ...table, rows: await this.countWithin(table, limits) };
    } catch (error) {
      await this.client.tidy(this.dropOwnSql(table.id));
      throw error;
    }
  }

  /** One thread keeps the rows in the order in which they come. */
  private async pour(rows: Readable, { format, columns, casts, settings }: LoadShape, table: StoredTable, context: QueryContext): Promise<void> {
    const { limits, signal, queryId, progress } = context;
    const stored = table.columns.map(({ name }) => quotedName(name));
    const structure = stored.map((name, at) => `${name} ${columns[at]?.engineType ?? ''}`).join(', ');
    const sql = `INSERT INTO ${this.ownTable(table.id)} (${[rowColumn, ...stored].join(', ')}) SELECT rowNumberInAllBlocks(), ${exactSelection(columns, casts)} FROM input(${stringLiteral(structure)}) LIMIT ${limits.rows + 1} FORMAT ${format}`;
    const statement = { sql, rows, settings: { ...limitSettings(limits), ...loadSettings, ...settings }, queryId: checkedQueryId(queryId) };
    const failure = (error: Error): Error => (signal.aborted ? problemOf('interrupted', error) : error);
    if (rows.errored) throw failure(rows.errored);
    const failed = new Promise<never>((_resolve, reject) => rows.once('error', (error) => reject(failure(error))));
    const stop = (): void => void rows.destroy(problemOf('interrupted'));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      await withProgress(this.client, queryId, progress, Promise.race([this.client.text(statement, { timeSeconds: limits.timeSeconds, signal }), failed]));
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  private async countWithin({ id }: StoredTable, limits: QueryLimits): Promise<number> {
    const [row] = await this.client.rows({ sql: `SELECT count() FROM ${this.ownTable(id)}` });
    const rows = Number(row?.[0]);
    if (rows > limits.rows) throw problemOf('row_limit');
    return rows;
  }

  private async dropOwn(id: string): Promise<void> {
    await this.client.text({ sql: this.dropOwnSql(id) });
  }

  private dropOwnSql(id: string): string {
    return `DROP TABLE IF EXISTS ${this.ownTable(id)}`;
  }

  private ownTable(id: string): string {
    return `${quotedName(this.database)}.${quotedName(`${tablePrefix}${checkedId(id)}`)}`;
  }

  /** A table is on its own until it is settled, possibly by another backend at this moment. */
  private async fromEither<T>(table: StoredTable, read: (from: string) => Promise<T>): Promise<T> {
    if (!this.settled.has(table.id)) {
      try {
        return await read(this.ownTable(table.id));
      } catch (error) {
        if (!isUnknownTable(error)) throw error;
      }
    }
    try {
      const answer = await read(this.small.from(table));
      this.settled.add(table.id);
      return answer;
    } catch (error) {
      throw isUnknownTable(error) ? new Problem('result_expired', { ru: 'Строк этого результата больше нет. Запустите задачу ещё раз.', en: 'The rows of this result are gone. Run the task again.' }, { cause: error }) : error;
    }
  }
}

/** A description asked for alone: short, and nobody's to stop. */
function describeContext(): QueryContext {
  return { queryId: `describe-${randomUUID()}`, limits: { timeSeconds: 30, rows: 1, memoryBytes: 2_000_000_000 }, signal: new AbortController().signal };
}

function limitSettings({ timeSeconds, memoryBytes }: QueryLimits): Record<string, number> {
  return { max_execution_time: Math.max(1, Math.ceil(timeSeconds)), max_memory_usage: memoryBytes };
}

function checkedId(id: string): string {
  if (!/^[A-Za-z0-9_-]{1,120}$/.test(id)) throw engineProblem(new TypeError(`not a table id: ${id}`));
  return id;
}

function isUnknownTable(error: unknown): boolean {
  const cause = error instanceof Problem ? error.cause : error;
  return cause instanceof EngineError && cause.code === 60;
}
