import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { ClickHouseLogLevel, createClient, parseError, type ClickHouseClient, type ClickHouseSettings } from '@clickhouse/client';
import { HttpAnswerError, engineProblem, problemOf } from './engine-problem.ts';
import { externalBody, formBody, isLongInAddress, type ExternalTable } from './form-body.ts';
import { TailReader, type BinaryFormat } from './tail-reader.ts';

/** Where an engine listens, and as whom to call it. */
export interface EngineEndpoint {
  url: string;
  username: string;
  password: string;
}

export interface Statement {
  sql: string;
  /** Values in ClickHouse's text form for parameters. */
  parameters?: Record<string, string>;
  database?: string;
  settings?: Record<string, string | number>;
  queryId?: string;
  /** Rows of an INSERT in the format that `sql` names. */
  rows?: Readable;
  /** How many lines the answer must have, where each is a row. */
  lines?: number;
  /** What stands before the rows of a good answer. */
  head?: Buffer;
  /** Where the answer is not lines of text: its format. */
  binary?: BinaryFormat;
  /** Tables that come with the statement and are gone after it. */
  external?: ExternalTable[];
}

/** The way to an engine, where it is not the usual one. */
export interface Transport {
  /** Authorities to trust instead of the system's, as PEM. */
  authorities?: string;
  /** Whether answers travel compressed. Their length and checksum are checked then as well. */
  compressed?: boolean;
}

/** How long one statement may take and what ends it early. */
export interface StopRules {
  timeSeconds: number;
  signal: AbortSignal;
}

/** Time that a statement of our own may take. */
const ownTimeSeconds = 60;
const idleConnectionMs = 2_500;
const connectAttempts = 4;
const connectPauseMs = 150;
/** A server that refuses to stop a query this often in a row will not do it. */
const maxStopFailures = 10;
/** Servers and proxies may report progress in headers, and many of them: more than Node takes by default. */
const maxHeaderBytes = 512 * 1024;
const maxRefusalBytes = 256 * 1024;

/**
 * The one way to ClickHouse. Answers are read as bytes by our own reader: the client's parsed streams hang or lose the
 * last row on some failures in mid-stream, and its abort signal has no effect once an answer has begun.
 */
export class EngineClient {
  private readonly endpoint: () => Promise<EngineEndpoint>;
  private readonly defaults: Record<string, string | number>;
  private readonly transport: Transport;
  private current: { endpoint: EngineEndpoint; client: ClickHouseClient } | null = null;

  constructor(endpoint: () => Promise<EngineEndpoint>, defaults: Record<string, string | number>, transport: Transport = {}) {
    this.endpoint = endpoint;
    this.defaults = defaults;
    this.transport = transport;
  }

  /** Bytes of an answer as they come. The stream fails when the engine does; destroying it stops the query. */
  async stream(statement: Statement, signal: AbortSignal): Promise<TailReader> {
    try {
      const { stream, exceptionTag } = await this.send(statement, signal);
      const reader = new TailReader({ exceptionTag, lines: statement.lines, head: statement.head, binary: statement.binary });
      return guardedPipe(stream, reader, signal);
    } catch (error) {
      throw signal.aborted ? problemOf('interrupted', error) : engineProblem(error);
    }
  }

  /** A whole small answer. The engine holds it back until it knows that it is good. */
  async text(statement: Statement, rules: Partial<StopRules> = {}): Promise<string> {
    const queryId = statement.queryId ?? randomUUID();
    const settings = { ...statement.settings, wait_end_of_query: 1 };
    return this.stoppable({ ...statement, queryId, settings }, { timeSeconds: ownTimeSeconds, signal: new AbortController().signal, ...rules });
  }

  /** Rows of a small answer. `sql` is without FORMAT. */
  async rows(statement: Statement, rules: Partial<StopRules> = {}): Promise<unknown[][]> {
    return jsonLines(await this.text({ ...statement, sql: `${statement.sql} FORMAT JSONCompactEachRow` }, rules));
  }

  /** Clean-up after a failure: repeated while the engine starts again, and quiet when it stays away, since later sweeps find what is left. */
  async tidy(sql: string): Promise<void> {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      try {
        await this.text({ sql });
        return;
      } catch {
        await wait(300);
      }
    }
  }

  async close(): Promise<void> {
    const { current } = this;
    this.current = null;
    await current?.client.close();
  }

  /** Runs a statement to its end; stops the engine, not only the wait, when the signal aborts or the time is over. */
  private async stoppable(statement: Statement & { queryId: string }, { timeSeconds, signal }: StopRules): Promise<string> {
    if (signal.aborted) throw problemOf('interrupted');
    const settled = new AbortController();
    const deadline = AbortSignal.timeout((timeSeconds + 2) * 1000);
    const answer = this.wholeText(statement).finally(() => settled.abort());
    answer.catch(() => undefined);
    const stop = AbortSignal.any([signal, deadline]);
    const stopped = new Promise<never>((_resolve, reject) => {
      const onStop = (): void => void this.stopQuery(statement.queryId, settled.signal).then(() => reject(problemOf(signal.aborted ? 'interrupted' : 'time_limit')), reject);
      stop.addEventListener('abort', onStop, { once: true });
      settled.signal.addEventListener('abort', () => stop.removeEventListener('abort', onStop), { once: true });
    });
    try {
      return await Promise.race([answer, stopped]);
    } catch (error) {
      if (stop.aborted) throw problemOf(signal.aborted ? 'interrupted' : 'time_limit', error);
      throw engineProblem(error);
    }
  }

  /**
   * Repeats until the query has ended: it may not have begun yet, or be inside a step that cannot be interrupted. While
   * it runs it uses the engine, so its caller must not go on as if it had stopped.
   */
  private async stopQuery(queryId: string, settled: AbortSignal): Promise<void> {
    const sql = `KILL QUERY WHERE query_id = '${checkedQueryId(queryId)}' ASYNC`;
    for (let attempt = 1, failures = 0; !settled.aborted; attempt += 1) {
      try {
        await this.wholeText({ sql });
        failures = 0;
      } catch (error) {
        failures += 1;
        if (failures === maxStopFailures) throw error;
      }
      await wait(attempt <= 15 ? 200 : 1_000, undefined, { signal: settled }).catch(() => undefined);
    }
  }

  private async wholeText(statement: Statement): Promise<string> {
    const { stream, exceptionTag } = await this.send(statement, new AbortController().signal);
    const reader = guardedPipe(stream, new TailReader({ exceptionTag }), new AbortController().signal);
    const parts: Buffer[] = [];
    for await (const part of reader as AsyncIterable<Buffer>) parts.push(part);
    return Buffer.concat(parts).toString('utf8');
  }

  /** An engine that is just starting again refuses connections; nothing was sent then, so asking again is safe. */
  private async send(statement: Statement, signal: AbortSignal): Promise<EngineAnswer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.sendOnce(statement, signal);
      } catch (error) {
        if (attempt === connectAttempts || statement.rows !== undefined || !isRefused(error)) throw error;
        await wait(connectPauseMs);
      }
    }
  }

  private async sendOnce(statement: Statement, signal: AbortSignal): Promise<EngineAnswer> {
    const client = await this.client();
    const { parameters = {}, database, queryId } = statement;
    const isLong = statement.rows === undefined && isLongInAddress(parameters);
    const settings = {
      ...this.defaults,
      ...statement.settings,
      ...(database === undefined ? {} : { database }),
      ...(isLong ? {} : addressParameters(parameters)),
    };
    const answer = await client.exec({
      ...requestBody(statement, isLong ? parameters : {}),
      clickhouse_settings: settings as ClickHouseSettings,
      query_id: queryId,
      abort_signal: signal,
      ignore_error_response: true,
    });
    const { stream, response_headers: headers, http_status_code: status = 200 } = answer;
    if (status < 200 || status > 299 || headers['x-clickhouse-exception-code'] !== undefined) throw await refusal(status, stream);
    const tag = headers['x-clickhouse-exception-tag'];
    return { stream, exceptionTag: typeof tag === 'string' ? tag : null };
  }

  private async client(): Promise<ClickHouseClient> {
    const endpoint = await this.endpoint();
    if (this.current && sameEndpoint(this.current.endpoint, endpoint)) return this.current.client;
    const previous = this.current;
    this.current = { endpoint, client: makeClient(endpoint, this.transport) };
    await previous?.client.close();
    return this.current.client;
  }
}

interface EngineAnswer {
  stream: Readable;
  exceptionTag: string | null;
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
}

function makeClient({ url, username, password }: EngineEndpoint, { authorities, compressed = false }: Transport): ClickHouseClient {
  return createClient({
    url,
    username,
    password,
    application: 'tasksheet',
    // Each statement has a time limit of its own; the client's would cut long ones without stopping them.
    request_timeout: 24 * 3600 * 1000,
    max_open_connections: 200,
    max_response_headers_size: maxHeaderBytes,
    compression: { response: compressed },
    ...(authorities === undefined ? {} : { tls: { ca_cert: Buffer.from(authorities) } }),
    keep_alive: { enabled: true, idle_socket_ttl: idleConnectionMs },
    log: { level: ClickHouseLogLevel.OFF },
  });
}

function sameEndpoint(a: EngineEndpoint, b: EngineEndpoint): boolean {
  return a.url === b.url && a.username === b.username && a.password === b.password;
}

/** Values are in ClickHouse's text form already, so they go the client's way for settings, which escapes nothing but the address. */
function addressParameters(parameters: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [`param_${name}`, value]));
}

function requestBody({ sql, rows, external = [] }: Statement, parameters: Record<string, string>): { query: string; values?: Readable; http_headers?: Record<string, string> } {
  if (rows) return { query: sql, values: rows };
  if (external.length > 0) {
    const { content, contentType } = externalBody({ query: sql, ...addressParameters(parameters) }, external);
    return { query: '', values: content, http_headers: { 'Content-Type': contentType } };
  }
  if (Object.keys(parameters).length === 0) return { query: sql };
  const { content, contentType } = formBody({ query: sql, ...addressParameters(parameters) });
  return { query: content, http_headers: { 'Content-Type': contentType } };
}

/** What an answer that is not a good one says: ClickHouse's error, or that somebody else answered. */
async function refusal(status: number, stream: Readable): Promise<Error> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    parts.push(part);
    bytes += part.length;
    if (bytes > maxRefusalBytes) break;
  }
  const text = Buffer.concat(parts).toString('utf8');
  const error = parseError(text);
  return error.name === 'ClickHouseError' || 'code' in error ? error : new HttpAnswerError(status, text);
}

/** The reader ends the source when it is destroyed, and fails with a Problem when the source does. */
function guardedPipe(source: Readable, reader: TailReader, signal: AbortSignal): TailReader {
  const stop = (): void => void source.destroy(problemOf('interrupted'));
  source.once('error', (error) => reader.destroy(signal.aborted ? problemOf('interrupted', error) : engineProblem(error)));
  reader.once('close', () => {
    signal.removeEventListener('abort', stop);
    source.destroy();
  });
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  return source.pipe(reader);
}

/** A name that is safe inside our own statements. */
export function checkedQueryId(queryId: string): string {
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(queryId)) throw new TypeError(`not a query id: ${queryId}`);
  return queryId;
}

export function jsonLines(text: string): unknown[][] {
  return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as unknown[]);
}
