import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Chdb } from './engine/chdb.ts';
import { makeEngineServer } from './engine/server.ts';

const stopPatienceMs = 1_000;

/** What the parent sends first; secrets travel this way and never on the command line. */
export interface StartMessage {
  directory: string;
  password: string;
  maxQueries: number;
  /** Memory that the whole engine may use; 0 leaves it to the engine. */
  maxServerMemoryBytes: number;
}

/** What this process answers. */
export type EngineMessage = { ready: true; port: number } | { ready: false; message: string };

function start(message: StartMessage): void {
  const commandLine = ['--database_atomic_delay_before_drop_table_sec=10'];
  if (message.maxServerMemoryBytes > 0) commandLine.push(`--max_server_memory_usage=${message.maxServerMemoryBytes}`);
  const engine = new Chdb(message.directory, commandLine);
  const server = makeEngineServer(engine, { ...message, incoming: join(message.directory, 'incoming') });
  server.listen(0, '127.0.0.1', () => answer({ ready: true, port: (server.address() as AddressInfo).port }));
  process.once('SIGTERM', () => {
    server.close();
    // Each closed connection stops its query.
    server.closeAllConnections();
    void end(engine);
  });
}

/** A query that does not stop would hold an orderly end; what was acknowledged is on the disk either way. */
async function end(engine: Chdb): Promise<void> {
  for (let waited = 0; engine.busy && waited < stopPatienceMs; waited += 20) await wait(20);
  if (engine.busy) process.kill(process.pid, 'SIGKILL');
  engine.close();
  process.exit(0);
}

function answer(message: EngineMessage): void {
  process.send?.(message);
}

process.once('message', (message) => {
  try {
    start(message as StartMessage);
  } catch (error) {
    process.send?.({ ready: false, message: error instanceof Error ? error.message : String(error) } satisfies EngineMessage, () => process.exit(1));
  }
});
// The parent is gone: nobody may reach this engine any more, and its directory must become free at once.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('SIGINT', () => undefined);
