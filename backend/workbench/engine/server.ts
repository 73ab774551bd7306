import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Answer } from './answer.ts';
import type { Chdb, ChdbConnection } from './chdb.ts';
import { EngineException } from './exception.ts';
import { readRequest, type EngineRequest } from './request.ts';
import { Slots } from './slots.ts';
import { killStatement, markedStatement, prepare } from './statement.ts';

export interface EngineServerOptions {
  password: string;
  /** Queries that run at once. Less than the threads of the pool: each holds one. */
  maxQueries: number;
  /** Folder for rows on their way in. Emptied at start. */
  incoming: string;
}

/** ClickHouse's HTTP interface in front of chDB. */
export function makeEngineServer(engine: Chdb, { password, maxQueries, incoming }: EngineServerOptions): Server {
  rmSync(incoming, { recursive: true, force: true });
  mkdirSync(incoming, { recursive: true });
  const slots = new Slots(maxQueries, 500);
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const answer = new Answer(response);
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    try {
      authenticate(request, password);
      const query = await readRequest(request, randomUUID(), incoming);
      try {
        await answerQuery({ engine, slots, query, answer, gone: gone.signal });
      } finally {
        for (const file of [query.rowsFile, ...query.external.map(({ path }) => path)]) if (file !== null) await rm(file, { force: true });
      }
    } catch (error) {
      if (!response.destroyed) answer.fail(error);
    }
  };
  const server = createServer({ keepAliveTimeout: 30_000, requestTimeout: 0 }, (request, response) => {
    if (request.url === '/ping') response.end('Ok.\n');
    else void handle(request, response);
  });
  return server;
}

interface QueryWork {
  engine: Chdb;
  slots: Slots;
  query: EngineRequest;
  answer: Answer;
  gone: AbortSignal;
}

async function answerQuery({ engine, slots, query, answer, gone }: QueryWork): Promise<void> {
  const control = /^\s*KILL\s+QUERY\b/i.test(query.sql) || /\bFROM\s+system\.processes\b/i.test(query.sql);
  const release = control ? () => undefined : await slots.take(gone);
  let connection: ChdbConnection | null = null;
  const stop = (): void => void kill(engine, query.queryId);
  try {
    connection = engine.connect();
    await prepare(connection, query);
    if (gone.aborted) return;
    gone.addEventListener('abort', stop, { once: true });
    await send(connection, query, answer, gone);
  } finally {
    gone.removeEventListener('abort', stop);
    connection?.close();
    release();
  }
}

async function send(connection: ChdbConnection, query: EngineRequest, answer: Answer, gone: AbortSignal): Promise<void> {
  const sql = markedStatement(query);
  const begin = (): void => answer.begin(query.queryId, query.format, query.gzip);
  const stream = query.waitEndOfQuery ? null : startStream(connection, sql, query.format);
  const chunks = stream ?? [await connection.run(sql, query.format)];
  for await (const chunk of chunks) {
    if (gone.aborted) return;
    if (!answer.begun) begin();
    await answer.write(chunk);
  }
  if (!answer.begun) begin();
  answer.end();
}

/** `null` for statements that chDB does not stream: all but SELECT. They have not run then. */
function startStream(connection: ChdbConnection, sql: string, format: string): AsyncIterable<Buffer> | null {
  try {
    return connection.stream(sql, format);
  } catch (error) {
    if (error instanceof Error && error.message.includes('Streaming query is not supported')) return null;
    throw error;
  }
}

/** Stops a query whose reader has gone. Only another connection can. */
async function kill(engine: Chdb, queryId: string): Promise<void> {
  const connection = engine.connect();
  try {
    await connection.run(killStatement(queryId), 'Null');
  } catch (error) {
    process.stderr.write(`could not stop query ${queryId}: ${EngineException.from(error).body}\n`);
  } finally {
    connection.close();
  }
}

function authenticate(request: IncomingMessage, password: string): void {
  const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  const given = basic === undefined ? String(request.headers['x-clickhouse-key'] ?? '') : Buffer.from(basic, 'base64').toString('utf8').replace(/^[^:]*:/, '');
  if (!timingSafeEqual(digest(given), digest(password))) throw new EngineException(516, 'Authentication failed', 'AUTHENTICATION_FAILED');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
