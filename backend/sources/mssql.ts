import mssql from 'mssql';
import type { ConnectionPool } from 'mssql';
import { IANAZone } from 'luxon';
import { z } from 'zod';
import type { LocalText } from '../../shared/language.ts';
import { problemOf } from '../workbench/engine-problem.ts';
import type { QueryContext, StoredColumn, StoredTable } from '../workbench/workbench.ts';
import { boundStatement, describable, placeholder, stepTable, type BoundStatement } from './mssql/bind.ts';
import { ClockGaps } from './mssql/clock-changes.ts';
import { describedColumn, namedColumns, storedColumn, type ServerColumn } from './mssql/column-types.ts';
import { tsqlDialect } from './mssql/dialect.ts';
import { readRights, rightsSql } from './mssql/rights.ts';
import { ColumnReader, RowText, type PlainValue } from './mssql/row-text.ts';
import { readingStopped, Sessions, type OpenSink } from './mssql/sessions.ts';
import { loadList, loadStep } from './mssql/temporary-tables.ts';
import { secret } from './secret.ts';
import type { BoundStep, Source, SourceKind, SourceParts, SourceState } from './source.ts';

const settings = z.strictObject({
  server: z.string().min(1),
  /** Text too: it may come from the environment. */
  port: z.coerce.number().int().min(1).max(65_535).optional(),
  /** A named instance, found by the server's browser service; without `port`. */
  instance: z.string().min(1).optional(),
  database: z.string().min(1),
  user: z.string().min(1),
  password: secret(),
  encrypt: z.boolean().default(true),
  /** The authority that issued the server's certificate: PEM text, or the path of a PEM file. */
  ca: z.string().min(1).optional(),
  /** `ReadOnly` goes to a readable secondary where there is one; it is no protection. */
  applicationIntent: z.enum(['ReadOnly', 'ReadWrite']).default('ReadOnly'),
  /** Of text in temporary tables; the database's own unless the compared columns have another. */
  collation: z.string().regex(/^[A-Za-z0-9_]{1,128}$/).default('DATABASE_DEFAULT'),
  /** Zone of times without a zone; the company's unless the database keeps another, such as UTC. */
  timeZone: z.string().refine((zone) => IANAZone.isValidZone(zone), { message: 'not an IANA time zone' }).optional(),
  connections: z.number().int().min(1).max(100).default(8),
  connectSeconds: z.number().positive().max(120).default(15),
  /** How long an answer that has begun may be silent. */
  idleSeconds: z.number().positive().max(3_600).default(120),
});
type MssqlSettings = z.infer<typeof settings>;

/** Microsoft SQL Server. Rows are streamed into the step table; earlier steps and long lists go to it as temporary tables. */
export const mssqlSource: SourceKind<MssqlSettings> = {
  kind: 'mssql',
  language: 'sql',
  // Defaults make what is read in differ from what comes out; `open` gets the latter.
  settings: settings as unknown as z.ZodType<MssqlSettings>,
  open: (given, parts) => new MssqlSource(given, parts),
};

const never = new AbortController().signal;
const describeLimits = { timeSeconds: 30, rows: 10_000, memoryBytes: 2_000_000_000 };

class MssqlSource implements Source {
  readonly language = 'sql';
  readonly dialect = tsqlDialect;
  readonly placeholder = placeholder;
  readonly stepReference = stepTable;
  private readonly sessions: Sessions;
  private readonly zone: string;
  private readonly gaps: ClockGaps;

  constructor(
    private readonly given: MssqlSettings,
    private readonly parts: SourceParts,
  ) {
    this.sessions = new Sessions(given, parts.name);
    this.zone = given.timeZone ?? parts.timeZone;
    this.gaps = new ClockGaps(this.zone);
  }

  async run(step: BoundStep, tableId: string, context: QueryContext): Promise<StoredTable> {
    const statement = boundStatement(step, this.zone);
    return this.within(context, (stop) => this.read(statement, context, stop, (pool, begun) => this.store(pool, statement, { step, tableId, context, stop, begun })));
  }

  async select(step: BoundStep, context: QueryContext): Promise<{ columns: StoredColumn[]; rows: unknown[][] }> {
    const statement = boundStatement(step, this.zone);
    return this.within(context, (stop) => this.read(statement, context, stop, (pool) => this.collect(pool, statement, context, stop)));
  }

  async describe(step: BoundStep): Promise<StoredColumn[]> {
    const statement = boundStatement(step, this.zone);
    const context = { queryId: 'describe', limits: describeLimits, signal: never };
    return this.within(context, (stop) => this.sessions.untilBegun(stop, () => this.sessions.anyConnection(stop, (pool) => this.described(pool, statement, context, stop))));
  }

  async check(signal: AbortSignal): Promise<SourceState> {
    const started = performance.now();
    const context = { queryId: 'check', limits: { ...describeLimits, timeSeconds: this.given.connectSeconds + 10 }, signal };
    const { rows } = await this.within(context, (stop) =>
      this.sessions.untilBegun(stop, () => this.sessions.anyConnection(stop, (pool) => this.collect(pool, { sql: rightsSql, parameters: [], lists: [], steps: {} }, context, stop))),
    );
    const latencyMs = Math.round(performance.now() - started);
    const { version, advice } = readRights(rows[0] ?? [], this.given.encrypt);
    return { version, latencyMs, ...(advice.length === 0 ? {} : { advice }) };
  }

  close(): Promise<void> {
    return this.sessions.close();
  }

  /** Ends the work when its time is over or when the person says so. */
  private async within<T>({ limits, signal }: QueryContext, work: (stop: AbortSignal) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    const interrupt = (): void => stop.abort(problemOf('interrupted'));
    const timer = setTimeout(() => stop.abort(problemOf('time_limit')), limits.timeSeconds * 1_000);
    signal.addEventListener('abort', interrupt, { once: true });
    if (signal.aborted) interrupt();
    try {
      return await work(stop.signal);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', interrupt);
    }
  }

  /** Reads on any connection, or on one of its own behind the temporary tables that the statement needs. */
  private read<T>(statement: BoundStatement, context: QueryContext, stop: AbortSignal, work: (pool: ConnectionPool, begun: () => void) => Promise<T>): Promise<T> {
    const { lists, steps } = statement;
    if (lists.length === 0 && Object.keys(steps).length === 0) return this.sessions.untilBegun(stop, (begun) => this.sessions.anyConnection(stop, (pool) => work(pool, begun)));
    const { workbench } = this.parts;
    return this.sessions.untilBegun(stop, (begun) =>
      this.sessions.ownConnection(stop, async (pool) => {
        const parts = { pool, workbench, zone: this.zone, collation: this.given.collation, context, stop };
        for (const list of lists) await loadList(list, parts);
        for (const [name, table] of Object.entries(steps)) await loadStep(name, table, parts);
        return work(pool, begun);
      }),
    );
  }

  private async store(pool: ConnectionPool, statement: BoundStatement, { step, tableId, context, stop, begun }: Storing): Promise<StoredTable> {
    let pouring: { rows: RowText; table: Promise<StoredTable>; notices: LocalText[] } | undefined;
    const halt = new AbortController();
    const signal = AbortSignal.any([stop, halt.signal]);
    const open: OpenSink = (described, flow) => {
      begun();
      const { columns, notices } = namedColumns(described);
      const stored = columns.map((column) => storedColumn(column, this.zone));
      const rows = new RowText(this.readers(columns), context.limits.rows, flow);
      const table = this.parts.workbench.load(rows, { format: 'TabSeparated', columns: stored, casts: step.casts }, tableId, { ...context, signal });
      table.catch(() => undefined);
      pouring = { rows, table, notices };
      return rows;
    };
    const failure = await this.sessions.read(pool, statement, stop, open).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    if (pouring === undefined) throw failure?.error;
    const { rows, table, notices } = pouring;
    if (failure === undefined) rows.finish();
    else if (failure.error !== readingStopped) {
      rows.destroy(this.sessions.problem(failure.error));
      halt.abort();
      // Not before the half-made table is gone.
      await table.catch(() => undefined);
      throw stop.aborted ? stop.reason : failure.error;
    }
    try {
      const stored = await table;
      return { ...stored, notices: [...notices, ...stored.notices, ...rows.readers.flatMap((reader) => reader.notices())] };
    } catch (error) {
      throw stop.aborted ? stop.reason : error;
    }
  }

  private async collect(pool: ConnectionPool, statement: BoundStatement, { limits }: QueryContext, stop: AbortSignal): Promise<{ columns: StoredColumn[]; rows: PlainValue[][] }> {
    const rows: PlainValue[][] = [];
    let columns: StoredColumn[] = [];
    await this.sessions.read(pool, statement, stop, (described) => {
      const named = namedColumns(described).columns;
      const readers = this.readers(named);
      columns = named.map((column) => storedColumn(column, this.zone));
      return {
        row: (values) => {
          if (rows.length >= limits.rows) throw problemOf('row_limit');
          rows.push(readers.map((reader, at) => reader.plain(values[at] ?? null)));
          return true;
        },
      };
    });
    return { columns, rows };
  }

  private async described(pool: ConnectionPool, statement: BoundStatement, context: QueryContext, stop: AbortSignal): Promise<StoredColumn[]> {
    const texts = { tsql: describable(statement), params: statement.parameters.map(({ name, declared }) => `@${name} ${declared}`).join(', ') };
    const parameters = Object.entries(texts).map(([name, value]) => ({ name, type: mssql.NVarChar(mssql.MAX), declared: 'nvarchar(max)', value }));
    const answer = await this.collect(pool, { sql: 'EXEC sys.sp_describe_first_result_set @tsql, @params', parameters, lists: [], steps: {} }, context, stop);
    const at = (name: string): number => answer.columns.findIndex((column) => column.name === name);
    const [name, type, nullable] = [at('name'), at('system_type_name'), at('is_nullable')];
    const columns = answer.rows.map((row) => describedColumn(String(row[name] ?? ''), String(row[type] ?? 'unknown'), row[nullable] !== false));
    return namedColumns(columns).columns.map((column) => storedColumn(column, this.zone));
  }

  private readers(columns: ServerColumn[]): ColumnReader[] {
    return columns.map((column) => new ColumnReader(column, this.gaps));
  }
}

/** What one step's storing needs. */
interface Storing {
  step: BoundStep;
  tableId: string;
  context: QueryContext;
  stop: AbortSignal;
  begun: () => void;
}
