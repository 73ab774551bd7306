import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { BoundValue } from '../../shared/fields/field-kind.ts';
import { Problem } from '../../shared/problem.ts';
import { jsonLines } from '../workbench/engine-client.ts';
import { problemOf } from '../workbench/engine-problem.ts';
import { estimatedRows } from '../workbench/estimated-rows.ts';
import { placeholder } from '../workbench/parameters.ts';
import { rowColumn } from '../workbench/stored-columns.ts';
import type { TailReader } from '../workbench/tail-reader.ts';
import type { LoadShape, QueryContext, QueryLimits, StoredColumn, StoredTable, Workbench } from '../workbench/workbench.ts';
import { checkServer } from './clickhouse-check.ts';
import { clickhouseDialect } from './clickhouse-dialect.ts';
import { sourceProblem, unreadable } from './clickhouse-problem.ts';
import { remoteQuery, stepTable, type RemoteQuery } from './clickhouse-query.ts';
import { ClickHouseServer } from './clickhouse-server.ts';
import { exactJson, querySettings } from './clickhouse-settings.ts';
import { textRows } from './clickhouse-text-rows.ts';
import { secret } from './secret.ts';
import type { BoundStep, Source, SourceKind, SourceParts, SourceState } from './source.ts';
import { insideWorkbench } from './workbench.ts';

const databaseName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/);
/** Name, port and nothing else: a password here would be no secret. */
const address = z.url({ protocol: /^https?$/ }).refine((text) => ['', '/'].includes(text.slice(new URL(text).origin.length)), 'an address like https://clickhouse.company.example:8443, without user, path or question mark');

const settings = z.strictObject({
  url: address,
  /** Other servers with the same data, asked when the first does not answer. */
  replicas: z.array(address).default([]),
  user: z.string().min(1).default('default'),
  password: secret().optional(),
  /** Where names without a database are looked up. */
  database: databaseName,
  /** Other databases that queries may name. Only where the workbench is this same server: elsewhere the user's rights decide. */
  databases: z.array(databaseName).default([]),
  /** Authorities to trust instead of the system's: PEM, or a file of it. */
  ca: z.string().min(1).optional(),
  /** Whether answers travel compressed: for slow networks. */
  compressed: z.boolean().default(false),
});
type ClickHouseSettings = z.output<typeof settings>;

const describeLimits: QueryLimits = { timeSeconds: 30, rows: 1, memoryBytes: 2_000_000_000 };
const never = new AbortController().signal;

/** A ClickHouse server over HTTP. Steps there come to the workbench as a stream of bytes, or stay inside where it is the same server. */
export const clickhouseSource: SourceKind<ClickHouseSettings> = {
  kind: 'clickhouse',
  language: 'sql',
  settings,
  open: (given, parts) => {
    if (parts.workbench.isServer({ url: given.url, username: given.user })) return insideWorkbench({ database: given.database, databases: given.databases }, parts.workbench);
    return new ClickHouseSource(given, parts);
  },
};

class ClickHouseSource implements Source {
  readonly language = 'sql';
  readonly dialect = clickhouseDialect;
  readonly #name: string;
  readonly #database: string;
  readonly #timeZone: string;
  readonly #workbench: Workbench;
  readonly #server: ClickHouseServer;

  constructor({ url, replicas, user, password = '', database, ca, compressed }: ClickHouseSettings, { name, timeZone, workbench }: SourceParts) {
    this.#name = name;
    this.#database = database;
    this.#timeZone = timeZone;
    this.#workbench = workbench;
    const endpoints = [url, ...replicas].map((one) => ({ url: new URL(one).origin, username: user, password }));
    this.#server = new ClickHouseServer(name, endpoints, { authorities: ca === undefined ? undefined : authorities(name, ca), compressed });
  }

  placeholder(name: string, value: BoundValue): string {
    return placeholder(name, value);
  }

  stepReference(name: string, table: StoredTable): string {
    return stepTable(name, table);
  }

  async run(step: BoundStep, tableId: string, context: QueryContext): Promise<StoredTable> {
    const { limits, signal, queryId } = context;
    const columns = await this.#described(step, context);
    const query = await remoteQuery(this.#workbench, step, { signal, isEmpty: false });
    const format = haveOwnNames(columns) ? 'Native' : 'RowBinary';
    // One row more than allowed, so that too many are refused and never cut.
    const sql = `SELECT * FROM (${query.sql}) LIMIT ${limits.rows + 1} FORMAT ${format}`;
    const statement = { ...this.#statement({ ...query, sql }, limits), binary: format, queryId: `${queryId}-source` } as const;
    return this.#server.stream(statement, { signal, timeSeconds: limits.timeSeconds, progress: context.progress }, (rows) => this.#loaded(rows, { format, columns, casts: step.casts }, tableId, context));
  }

  async select(step: BoundStep, context: QueryContext): Promise<{ columns: StoredColumn[]; rows: unknown[][] }> {
    const { limits, signal, queryId } = context;
    const query = await remoteQuery(this.#workbench, step, { signal, isEmpty: false });
    const sql = `SELECT * FROM (${query.sql}) LIMIT ${limits.rows + 1}`;
    const statement = this.#statement({ ...query, sql }, limits);
    const asked = { ...statement, settings: { ...statement.settings, ...exactJson }, queryId: `${queryId}-source` };
    const lines = async (format: string): Promise<unknown[][]> => jsonLines(await this.#server.text({ ...asked, sql: `${sql} FORMAT ${format}` }, { signal, timeSeconds: limits.timeSeconds }));
    // Without settings wide numbers would come as JSON numbers and be rounded; whether any are taken shows with the first answer.
    let [names = [], types = [], ...rows] = await lines('JSONCompactEachRowWithNamesAndTypes');
    if (this.#server.accepted.isClosed) [names = [], types = [], ...rows] = textRows(await lines('JSONCompactStringsEachRowWithNamesAndTypes'));
    if (rows.length > limits.rows) throw problemOf('row_limit');
    return { columns: names.map((name, at) => ({ name: String(name), engineType: String(types[at]) })), rows };
  }

  describe(step: BoundStep): Promise<StoredColumn[]> {
    return this.#described(step, { queryId: `describe-${randomUUID()}`, limits: describeLimits, signal: never });
  }

  async estimate(step: BoundStep): Promise<number | null> {
    const query = await remoteQuery(this.#workbench, step, { signal: never, isEmpty: true });
    const statement = this.#statement({ ...query, sql: `EXPLAIN ESTIMATE ${query.sql}` }, describeLimits);
    return estimatedRows(await this.#server.rows({ ...statement, queryId: `estimate-${randomUUID()}` }, { signal: never, timeSeconds: describeLimits.timeSeconds }));
  }

  check(signal: AbortSignal): Promise<SourceState> {
    return checkServer(this.#name, this.#server, { signal, queryId: `check-${randomUUID()}` });
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  /** Scalar subqueries are computed already here, so the query's own limits hold. Tables that travel with it stay empty: only their columns matter. */
  async #described(step: BoundStep, { limits, signal, queryId }: QueryContext): Promise<StoredColumn[]> {
    const query = await remoteQuery(this.#workbench, step, { signal, isEmpty: true });
    const statement = this.#statement({ ...query, sql: `DESCRIBE TABLE (${query.sql})` }, limits);
    const rows = await this.#server.rows({ ...statement, queryId: `${queryId}-describe` }, { signal, timeSeconds: limits.timeSeconds });
    return rows.map(([name, engineType]) => ({ name: String(name), engineType: String(engineType) }));
  }

  #statement(query: RemoteQuery, limits: QueryLimits) {
    return { ...query, database: this.#database, settings: querySettings(limits, this.#timeZone) };
  }

  async #loaded(rows: TailReader, shape: LoadShape, tableId: string, context: QueryContext): Promise<StoredTable> {
    try {
      return await this.#workbench.load(rows, shape, tableId, { ...context, progress: undefined });
    } catch (error) {
      const why = rows.errored ?? rows.lastWords;
      throw why ? sourceProblem(this.#name, why) : unreadable(this.#name, error);
    }
  }
}

/** Native names its columns, so each must have a name of its own that is stored as it is; rows without names fit any. */
function haveOwnNames(columns: StoredColumn[]): boolean {
  return new Set([rowColumn, ...columns.map(({ name }) => name)]).size === columns.length + 1;
}

function authorities(source: string, ca: string): string {
  if (ca.includes('-----BEGIN')) return ca;
  try {
    return readFileSync(ca, 'utf8');
  } catch (cause) {
    throw new Problem('source_unreachable', { ru: `Источник «${source}»: файла ca нет или его нельзя прочитать. Проверьте путь.`, en: `Source “${source}”: the file of ca is not there or can't be read. Check its path.` }, { cause });
  }
}
