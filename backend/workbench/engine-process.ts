import type { AddressInfo } from 'node:net';
import { Chdb } from './engine/chdb.ts';
import { makeEngineServer } from './engine/server.ts';

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
  const commandLine = message.maxServerMemoryBytes > 0 ? [`--max_server_memory_usage=${message.maxServerMemoryBytes}`] : [];
  const engine = new Chdb(message.directory, commandLine);
  const server = makeEngineServer(engine, message);
  server.listen(0, '127.0.0.1', () => answer({ ready: true, port: (server.address() as AddressInfo).port }));
  process.once('SIGTERM', () => {
    server.close();
    server.closeAllConnections();
    // A query that is still running would hold the exit; what was acknowledged is on the disk.
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 1500).unref();
    engine.close();
    process.exit(0);
  });
}

function answer(message: EngineMessage): void {
  process.send?.(message);
}

process.once('message', (message) => {
  try {
    start(message as StartMessage);
  } catch (error) {
    answer({ ready: false, message: error instanceof Error ? error.message : String(error) });
    process.disconnect();
  }
});
// The parent is gone: nobody may reach this engine any more, and its directory must become free at once.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('SIGINT', () => undefined);
