import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import mssql from 'mssql';
import type { config as PoolConfig, ConnectionPool, IColumnMetadata } from 'mssql';
import { Problem } from '../../../shared/problem.ts';
import type { BoundStatement } from './bind.ts';
import type { ServerColumn } from './column-types.ts';
import { demandEncryption } from './demand-encryption.ts';
import { readExactly } from './exact-values.ts';
import type { Flow } from './row-text.ts';
import { isTransient, serverProblem } from './server-problem.ts';

/** How the server is reached. */
export interface ServerSettings {
  server: string;
  port?: number;
  instance?: string;
  database: string;
  user: string;
  password: string;
  encrypt: boolean;
  ca?: string;
  applicationIntent: 'ReadOnly' | 'ReadWrite';
  connections: number;
  connectSeconds: number;
  idleSeconds: number;
}

/** Takes the rows of an answer; false asks to be resumed later. */
export interface RowSink {
  row(values: unknown[]): boolean;
}

/** Told of the columns before the first row. */
export type OpenSink = (columns: ServerColumn[], flow: Flow) => RowSink;

/** How a reading fails whose taker wants no more rows. */
export const readingStopped = new Problem('interrupted', { ru: 'Чтение остановлено.', en: 'The reading was stopped.' });

const retryWaits = [500, 2_000, 5_000];
const cancelMs = 5_000;

/** Connections to one SQL Server: a pool of its own, never the driver's shared one. */
export class Sessions {
  private shared: Promise<ConnectionPool> | undefined;
  /** Number of the last refused login: the driver's error has only its words, in the login's language. */
  private loginError: number | undefined;

  constructor(
    private readonly settings: ServerSettings,
    private readonly sourceName: string,
  ) {}

  /** Work on any connection. */
  async anyConnection<T>(stop: AbortSignal, work: (pool: ConnectionPool) => Promise<T>): Promise<T> {
    return work(await unlessStopped(this.pool(), stop));
  }

  /** Work on one connection of its own, so that temporary tables stay in reach; they go when it is closed. */
  async ownConnection<T>(stop: AbortSignal, work: (pool: ConnectionPool) => Promise<T>): Promise<T> {
    const opening = this.connected(1);
    try {
      return await work(await unlessStopped(opening, stop));
    } finally {
      // Not awaited: after a cancel it ends only when the server has answered.
      void opening.then((pool) => pool.close()).catch(() => undefined);
    }
  }

  /** Repeats work that failed for a passing reason, as long as no row has come. */
  async untilBegun<T>(stop: AbortSignal, work: (begun: () => void) => Promise<T>): Promise<T> {
    let hasBegun = false;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await work(() => {
          hasBegun = true;
        });
      } catch (error) {
        if (stop.aborted) throw stop.reason;
        const wait = retryWaits[attempt];
        if (hasBegun || wait === undefined || !isTransient(error)) throw this.problem(error);
        await delay(wait, undefined, { signal: stop }).catch(() => {
          throw stop.reason;
        });
      }
    }
  }

  /** Runs one statement and hands on its rows. Resolves when all have come. */
  read(pool: ConnectionPool, statement: Pick<BoundStatement, 'sql' | 'parameters'>, stop: AbortSignal, open: OpenSink): Promise<void> {
    const request = new mssql.Request(pool);
    for (const { name, type, value } of statement.parameters) request.input(name, type, value);
    return new Reading(request, this.settings.idleSeconds * 1_000, this.sourceName).run(statement.sql, stop, open);
  }

  /** What a failure means to a person. */
  problem(error: unknown): Problem {
    return serverProblem(error, this.sourceName, this.loginError);
  }

  async close(): Promise<void> {
    const pool = await this.shared?.catch(() => undefined);
    this.shared = undefined;
    await pool?.close();
  }

  private pool(): Promise<ConnectionPool> {
    const opening = (this.shared ??= this.connected(this.settings.connections));
    opening.catch(() => {
      if (this.shared === opening) this.shared = undefined;
    });
    return opening;
  }

  private async connected(most: number): Promise<ConnectionPool> {
    const pool = new mssql.ConnectionPool(poolConfig(this.settings, most, (number) => (this.loginError = number)));
    // Without a listener a connection that breaks while idle would end the process; the next request meets the reason.
    pool.on('error', () => undefined);
    return pool.connect();
  }
}

/** The result, or at once the reason of the stop. */
async function unlessStopped<T>(work: Promise<T>, stop: AbortSignal): Promise<T> {
  work.catch(() => undefined);
  stop.throwIfAborted();
  let onStop = (): void => undefined;
  const stopped = new Promise<never>((_resolve, reject) => (onStop = () => reject(stop.reason as Error)));
  stop.addEventListener('abort', onStop, { once: true });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    stop.removeEventListener('abort', onStop);
  }
}

function poolConfig(settings: ServerSettings, most: number, loginFailed: (number: number) => void): PoolConfig {
  const { server, port, instance, database, user, password, encrypt, ca } = settings;
  return {
    server,
    port,
    database,
    user,
    password,
    connectionTimeout: settings.connectSeconds * 1_000,
    requestTimeout: 0,
    validateConnection: 'socket' as unknown as boolean,
    pool: { max: most, min: 0, idleTimeoutMillis: most === 1 ? 3_600_000 : 30_000, acquireTimeoutMillis: 60_000 },
    options: {
      encrypt,
      trustServerCertificate: false,
      instanceName: instance,
      appName: 'Tasksheet',
      readOnlyIntent: settings.applicationIntent === 'ReadOnly',
      useUTC: true,
      cancelTimeout: cancelMs,
      packetSize: 16_384,
      ...(ca === undefined ? {} : { cryptoCredentialsDetails: { ca: authority(ca) } }),
    },
    beforeConnect: (connection) => {
      readExactly(connection);
      if (encrypt) demandEncryption(connection);
      const note = ({ number }: { number: number }): void => loginFailed(number);
      connection.on('errorMessage', note);
      connection.once('connect', () => connection.off('errorMessage', note));
    },
  };
}

/** A certificate's own text, or the path of the file with it. */
function authority(ca: string): string {
  return ca.includes('BEGIN CERTIFICATE') ? ca : readFileSync(ca, 'utf8');
}

/** One statement under way. */
class Reading {
  private failure: unknown;
  private idle: NodeJS.Timeout | undefined;
  private sink: RowSink | undefined;

  constructor(
    private readonly request: mssql.Request,
    private readonly idleMs: number,
    private readonly sourceName: string,
  ) {
    request.stream = true;
    request.arrayRowMode = true;
  }

  async run(sql: string, stop: AbortSignal, open: OpenSink): Promise<void> {
    // The server's answer to the cancel may take the whole cancel timeout, so it is not waited for.
    const onStop = (): void => this.fail(stop.reason);
    stop.addEventListener('abort', onStop, { once: true });
    try {
      stop.throwIfAborted();
      await unlessStopped(this.finished(sql, open), stop);
    } finally {
      stop.removeEventListener('abort', onStop);
      clearTimeout(this.idle);
    }
  }

  private finished(sql: string, open: OpenSink): Promise<void> {
    const { request } = this;
    return new Promise((resolve, reject) => {
      request.on('recordset', (columns: unknown) => this.begin(columns as WireColumn[], open));
      request.on('row', (values: unknown[]) => this.take(values));
      request.on('error', (error: unknown) => {
        this.failure ??= error;
      });
      request.on('done', () => {
        clearTimeout(this.idle);
        if (this.failure !== undefined) reject(this.failure as Error);
        else if (this.sink === undefined) reject(new Problem('query_failed', { ru: 'В ответе нет ни одного столбца.', en: 'The answer has no columns.' }));
        else resolve();
      });
      request.query(sql).catch(reject);
    });
  }

  private begin(columns: WireColumn[], open: OpenSink): void {
    if (this.failure !== undefined) return;
    if (this.sink !== undefined) return this.fail(new Problem('query_refused', { ru: 'В шаге может быть только один запрос. Разделите его на шаги.', en: 'A step can hold only one query. Divide it into steps.' }));
    this.guarded(() => {
      this.sink = open(columns.map(serverColumn), { resume: () => this.resume(), stop: () => this.fail(readingStopped) });
      this.watch();
    });
  }

  private take(values: unknown[]): void {
    if (this.failure !== undefined || this.sink === undefined) return;
    this.idle?.refresh();
    this.guarded(() => {
      if (this.sink?.row(values) === false) this.pause();
    });
  }

  /** An exception inside the driver's event would end the process. */
  private guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.fail(error);
    }
  }

  private pause(): void {
    clearTimeout(this.idle);
    this.request.pause();
  }

  private resume(): void {
    if (!this.isPaused()) return;
    this.request.resume();
    this.watch();
  }

  private isPaused(): boolean {
    return (this.request as unknown as { paused: boolean }).paused;
  }

  /** The driver's own time limit ends with the first packet, so a result that stalls later would hang for ever. */
  private watch(): void {
    clearTimeout(this.idle);
    const seconds = this.idleMs / 1_000;
    this.idle = setTimeout(() => {
      this.fail(
        new Problem('source_unreachable', {
          ru: `SQL Server источника «${this.sourceName}» начал отвечать и замолчал на ${seconds} с. Запустите ещё раз.`,
          en: `The SQL Server of source “${this.sourceName}” began to answer and then was silent for ${seconds} s. Run it again.`,
        }),
      );
    }, this.idleMs);
  }

  private fail(error: unknown): void {
    if (this.failure !== undefined) return;
    this.failure = error;
    clearTimeout(this.idle);
    this.request.cancel();
  }
}

/** A column as the driver describes it in array mode. */
type WireColumn = Pick<IColumnMetadata[string], 'name' | 'nullable'> & { type?: { declaration?: string }; precision?: number; scale?: number; length?: number };

function serverColumn({ name, nullable, type, precision, scale }: WireColumn): ServerColumn {
  return { name, nullable, type: type?.declaration ?? 'unknown', precision: precision ?? 0, scale: scale ?? 0 };
}
