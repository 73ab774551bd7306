import pg from 'pg';
import type { Db } from 'pg-boss';
import { parseCount, typeNumbers, type Engine, type EngineTransaction, type Subscription } from './engine.ts';
import type { Parameter } from './state.ts';

export interface ServerOptions {
  url: string;
  connections: number;
  onError: (error: unknown) => void;
}

const textTypes: number[] = [typeNumbers.date, typeNumbers.timestamp, typeNumbers.numeric, typeNumbers.interval];
const reconnectMs = 1_000;

/** The `pg` types object of this pool alone: the library's global parsers stay as they are. */
const types: pg.CustomTypesConfig = {
  getTypeParser(type: number, format?: 'text' | 'binary') {
    if (type === typeNumbers.int8) return parseCount;
    if (type === typeNumbers.int8Array) return (text: string) => text.slice(1, -1).split(',').filter(Boolean).map(parseCount);
    if (textTypes.includes(type)) return (text: string) => text;
    return pg.types.getTypeParser(type, format as 'text');
  },
};

/** PostgreSQL on a server. Needs session pooling where a pooler stands between: it listens and holds session locks. */
export async function openServerEngine({ url, connections, onError }: ServerOptions): Promise<Engine> {
  const settings = { connectionString: url, types, keepAlive: true, connectionTimeoutMillis: 10_000, application_name: 'tasksheet' };
  const pool = new pg.Pool({ ...settings, max: connections, statement_timeout: 60_000 });
  pool.on('error', onError);
  try {
    await pool.query('SELECT 1');
  } catch (error) {
    await pool.end();
    throw error;
  }
  return {
    embedded: false,
    query: (sql, parameters) => rowsOf(pool, sql, parameters),
    transaction: (work) => inTransaction(pool, work),
    listen: (subscription) => listen(settings, subscription),
    bossOptions: { connectionString: url, max: 3 },
    close: () => pool.end(),
  };
}

async function rowsOf<T extends object>(on: pg.Pool | pg.PoolClient, sql: string, parameters: readonly Parameter[]): Promise<T[]> {
  return (await on.query(sql, [...parameters])).rows as T[];
}

async function inTransaction<T>(pool: pg.Pool, work: (transaction: EngineTransaction) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // The pool listens to idle clients only: a connection cut between two queries would end the process.
  const onCut = (error: Error): void => {
    broken = error;
  };
  client.on('error', onCut);
  try {
    await client.query('BEGIN');
    const result = await work(engineTransaction(client));
    const { command } = await client.query('COMMIT');
    // PostgreSQL answers COMMIT of a failed transaction with a quiet ROLLBACK.
    if (command !== 'COMMIT') throw new Error('A statement in the transaction failed, so it was rolled back.');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    client.off('error', onCut);
    client.release(broken);
  }
}

function engineTransaction(client: pg.PoolClient): EngineTransaction {
  return {
    query: (sql, parameters) => rowsOf(client, sql, parameters),
    async script(sql) {
      await client.query(sql);
    },
    boss: bossDatabase(client),
  };
}

function bossDatabase(client: pg.PoolClient): Db {
  return {
    async executeSql(text, values) {
      const result: pg.QueryResult | pg.QueryResult[] = await client.query(text, values);
      return { rows: Array.isArray(result) ? result.flatMap((one) => one.rows) : result.rows };
    },
  };
}

/** Listens on a connection of its own, made again whenever it is lost; it also holds the lock that says this instance lives. */
async function listen(settings: pg.ClientConfig, { channel, onNotify, sessionLock }: Subscription): Promise<() => Promise<void>> {
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const connect = async (): Promise<void> => {
    const next = new pg.Client(settings);
    client = next;
    // The end event that follows an error is what reconnects.
    next.on('error', () => undefined);
    next.on('notification', ({ payload }) => {
      onNotify(payload);
    });
    await next.connect();
    next.on('end', reconnectLater);
    await next.query(sessionLock);
    await next.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    onNotify(undefined);
  };
  const reconnectLater = (): void => {
    if (!stopped) timer = setTimeout(() => void connect().catch(reconnectLater), reconnectMs);
  };
  await connect();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await client?.end().catch(() => undefined);
  };
}
