import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** One request that the scripted server got. */
export interface SeenStatement {
  sql: string;
  address: URL;
  /** Resolves when the other side has closed the connection before the answer was complete. */
  closedEarly: Promise<void>;
}

type Answer = (response: ServerResponse, statement: SeenStatement) => void | Promise<void>;

/** ClickHouse's HTTP interface with an answer written for each statement, faults included. */
export interface ScriptedClickHouse {
  url: string;
  seen: SeenStatement[];
  /** How statements that match are answered from now on; the newest rule wins. All others get an empty good answer. */
  on(pattern: RegExp, answer: Answer): void;
  /** Forgets rules and requests. */
  reset(): void;
  close(): Promise<void>;
}

/** `tls` makes it answer HTTPS alone. */
export async function startScriptedClickHouse(tls?: { key: string; certificate: string }): Promise<ScriptedClickHouse> {
  const rules: { pattern: RegExp; answer: Answer }[] = [];
  const seen: SeenStatement[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const address = new URL(request.url ?? '/', 'http://scripted');
    const statement = { sql: `${address.searchParams.get('query') ?? ''}${await body(request)}`, address, closedEarly: closedEarly(response) };
    seen.push(statement);
    const rule = rules.find(({ pattern }) => pattern.test(statement.sql));
    await (rule?.answer ?? ((one: ServerResponse) => void one.end()))(response, statement);
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => void handle(request, response);
  const server = tls === undefined ? createServer(listener) : createSecureServer({ key: tls.key, cert: tls.certificate }, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    on: (pattern, answer) => void rules.unshift({ pattern, answer }),
    reset: () => {
      rules.splice(0);
      seen.splice(0);
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function body(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

function closedEarly(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => response.once('close', () => !response.writableFinished && resolve()));
}

/** The end of a body as a server from 25.11 on writes it when a query fails in mid-stream. */
export function exceptionBlock(tag: string, message: string): string {
  return `\r\n__exception__\r\n${tag}\r\n${message}\n${Buffer.byteLength(message) + 1} ${tag}\r\n__exception__\r\n`;
}

/** Writes each piece as a TCP packet of its own. */
export async function writeSlowly(response: ServerResponse, pieces: Iterable<string>): Promise<void> {
  response.socket?.setNoDelay(true);
  for (const piece of pieces) {
    response.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
