import type { Readable } from 'node:stream';
import type { LocalText } from '../../shared/language.ts';
import type { BoundValue } from '../../shared/fields/field-kind.ts';
import type { CastType } from '../../shared/cast-type.ts';

/**
 * Text of one query with ClickHouse placeholders `{name:Type}` and the values that belong to them.
 * A user's value is only ever in `parameters`.
 */
export interface Query {
  sql: string;
  parameters: Record<string, BoundValue>;
  /** Types that the author has given to columns of the stored table. */
  casts?: Record<string, CastType>;
}

/** Limits of one query; the engine stops beyond them. */
export interface QueryLimits {
  timeSeconds: number;
  rows: number;
  memoryBytes: number;
}

/** What a guarded query may read. */
export interface ReadScope {
  /** Database in which unqualified table names are looked up; '' for none. */
  database: string;
  /** Databases it may name. */
  databases: string[];
  /** Earlier steps that it may read, by their `tableReference`. */
  tables?: StoredTable[];
}

/** A column as the engine stores it. */
export interface StoredColumn {
  name: string;
  engineType: string;
}

/** A table kept by the workbench: a step's output or a result. `id` is opaque and survives restarts. */
export interface StoredTable {
  id: string;
  columns: StoredColumn[];
  rows: number;
  /** What was mended on the way: equal names numbered, a bare NULL column. */
  notices: LocalText[];
}

export interface QueryProgress {
  readRows: number;
  totalRows: number;
  elapsedMs: number;
}

export interface QueryContext {
  /** Unique name of this query in the engine, so that it can be followed and stopped. Letters, digits and dashes. */
  queryId: string;
  limits: QueryLimits;
  signal: AbortSignal;
  progress?: (progress: QueryProgress) => void;
}

export type StreamFormat = 'JSONCompactEachRow' | 'CSV' | 'CSVWithNames' | 'RowBinary';

/**
 * The ClickHouse where tables meet. Every method throws only Problem. All analysts' SQL passes the guard before it runs.
 */
export interface Workbench {
  /** Runs an analyst's query and keeps its rows, in their order, as `id`. Leaves nothing behind when it fails. */
  store(query: Query, scope: ReadScope, id: string, context: QueryContext): Promise<StoredTable>;
  /**
   * Keeps rows that come from elsewhere, in their order, as `id`; read with backpressure. Leaves nothing behind when the
   * rows or the engine fail. `rows` is destroyed when this ends early.
   */
  load(rows: Readable, shape: LoadShape, id: string, context: QueryContext): Promise<StoredTable>;
  /**
   * Keeps the rows of a table that is not settled as `id` too, whatever then becomes of the first. No row is read: both share the
   * same files.
   */
  copy(table: StoredTable, id: string, context: QueryContext): Promise<StoredTable>;
  /** An analyst's small query (options, known values, freshness): rows as JSON, wide integers and decimals as text. */
  select(query: Query, scope: ReadScope, context: QueryContext): Promise<{ columns: StoredColumn[]; rows: unknown[][] }>;
  /** What an analyst's query would return, without running it: for lint. Throws Problem with the engine's words. */
  describe(query: Query, scope: ReadScope): Promise<StoredColumn[]>;
  /** How many rows an analyst's query would read, as the engine judges by its indexes; `null` where it cannot tell. */
  estimate(query: Query, scope: ReadScope): Promise<number | null>;
  /** An analyst's query for another ClickHouse: normalised, one SELECT alone. Throws Problem when it is something else. */
  oneSelect(query: Query): Promise<string>;
  /** Whether this is a server at that address, called as that user: a query there can run in here, and no row need leave it. */
  isServer(address: { url: string; username: string }): boolean;
  /** What stands in a query for a bound value. */
  placeholder(name: string, value: BoundValue): string;
  /** How an earlier step is named inside a later query. */
  tableReference(table: StoredTable): string;
  /** Bytes of a stored table in stored order. The stream fails, and never just ends, when the engine fails in the middle. */
  stream(table: StoredTable, options: StreamOptions, signal: AbortSignal): Promise<Readable>;
  /** Whole-column figures of a stored table that outlive it. */
  measure(table: StoredTable): Promise<TableMeasures>;
  /** How the rows of two stored tables differ in `columns`, which both have. */
  compare(before: StoredTable, after: StoredTable, columns: string[], signal: AbortSignal): Promise<TableDifference>;
  /**
   * Moves small tables that no later step reads any more into a shared one: a table for each would cost files and start-up
   * time. They are read as before, only not by `tableReference`. Optional, repeatable, off the critical path.
   */
  settle(tables: StoredTable[]): Promise<void>;
  drop(tableIds: string[]): Promise<void>;
  /** Every stored table that exists, for clean-up of what nothing owns. */
  storedTableIds(): Promise<string[]>;
  /** Ready, version, or a Problem with advice. */
  check(signal: AbortSignal): Promise<{ version: string; latencyMs: number }>;
  /** Runs our own trusted statements (sample data, set-up). Never for text that holds anything of a user's or analyst's. */
  command(sql: string): Promise<void>;
  close(): Promise<void>;
}

export type LoadFormat = 'Native' | 'RowBinary' | 'JSONCompactEachRow' | 'JSONEachRow' | 'CSV' | 'TabSeparated';

/** How rows from elsewhere are written, and what they become. */
export interface LoadShape {
  format: LoadFormat;
  /** In the order of the rows' values. Types and names that can't be stored are mended as those of a query are. */
  columns: StoredColumn[];
  casts?: Record<string, CastType>;
  /** Extra format settings, such as `format_csv_delimiter`. */
  settings?: Record<string, string | number>;
}

/** Tables as bags of rows: their order does not count. */
export interface TableDifference {
  removed: number;
  added: number;
  /** Values of each column that differ: those gone or those new, whichever are more. */
  columns: Record<string, number>;
}

/** Taken in one scan. */
export interface TableMeasures {
  /** About how large the rows are as uncompressed JSON text. */
  bytes: number;
  /** One 64-bit hash a column over its values and their order, in hexadecimal. */
  fingerprints: Record<string, string>;
  /** Columns of whole numbers that hold a value of more than 15 digits. */
  longIntegers: string[];
}

export interface StreamOptions {
  format: StreamFormat;
  /** Expressions over the stored columns instead of the columns themselves, with their output names, in order. */
  select?: { expression: string; name: string }[];
  /** Stored columns that are read as something else, before `select` looks at them: `SELECT * REPLACE (expression AS name)`. */
  replace?: { expression: string; name: string }[];
  offset?: number;
  limit?: number;
  /** Extra format settings, such as `format_csv_delimiter`. */
  settings?: Record<string, string | number>;
}
