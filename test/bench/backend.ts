import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import type { BenchContext } from './bench.ts';

/** The built product in a process of its own. */
export interface Backend {
  address: string;
  processId: number;
  /** From the start of the process to the first 200 of `/readyz`. */
  readyMs: number;
  stop(): Promise<void>;
}

const root = join(import.meta.dirname, '../..');
export const builtEntry = join(root, 'dist/backend/main.js');
const readyPatienceMs = 180_000;
const stopPatienceMs = 15_000;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts `tasksheet demo` on the given folders and waits until it is ready. */
export async function startBackend(context: BenchContext, folders: { data: string; catalog: string }): Promise<Backend> {
  const port = await freePort();
  const { PATH, TMPDIR } = process.env;
  const started = performance.now();
  const child = spawn(process.execPath, [builtEntry, 'demo'], {
    cwd: root,
    env: { PATH, TMPDIR, LANG: 'en_US.UTF-8', TASKSHEET_PORT: String(port), TASKSHEET_DATA: folders.data, TASKSHEET_CATALOG: folders.catalog },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  for (const output of [child.stdout, child.stderr])
    createInterface({ input: output }).on('line', (line) => {
      said.push(line);
      if (said.length > 20) said.shift();
    });
  const exited = once(child, 'exit');
  const isGone = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const stop = async (): Promise<void> => {
    if (isGone()) return;
    child.kill('SIGTERM');
    const patience = new AbortController();
    await Promise.race([exited, wait(stopPatienceMs, undefined, { signal: patience.signal }).then(() => child.kill('SIGKILL'), () => undefined)]);
    await exited;
    patience.abort();
  };
  context.onEnd(stop);
  const address = `http://127.0.0.1:${port}`;
  while (!(await isReady(address))) {
    if (isGone()) throw new Error(`The backend ended before it was ready:\n${said.join('\n')}`);
    if (performance.now() - started > readyPatienceMs) throw new Error(`The backend was not ready within ${readyPatienceMs / 1000} s:\n${said.join('\n')}`);
    await wait(10);
  }
  return { address, processId: child.pid ?? 0, readyMs: performance.now() - started, stop };
}

async function isReady(address: string): Promise<boolean> {
  try {
    const response = await fetch(`${address}/readyz`);
    await response.text();
    return response.ok;
  } catch {
    return false;
  }
}
