import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Problem } from '../../shared/problem.ts';
import type { EngineEndpoint } from './engine-client.ts';
import type { EngineMessage, StartMessage } from './engine-process.ts';

export interface EmbeddedEngineOptions {
  /** Folder of the data; made when it is not there. */
  directory: string;
  /** Memory that the whole engine may use; the engine's own rule when absent. */
  maxServerMemoryBytes?: number;
  maxQueries?: number;
  /** One line of what the engine says. Never holds a secret. */
  log?: (line: string) => void;
}

/** ClickHouse in a child process of ours. */
export interface EmbeddedEngine {
  /** Where it listens now; waits while it starts again after a crash. Throws Problem when it does not come up. */
  endpoint(): Promise<EngineEndpoint>;
  processId(): number | undefined;
  close(): Promise<void>;
}

const username = 'tasksheet';
const defaultMaxQueries = 12;
/** Threads of the child's pool: each query holds one, and others are needed for its files. */
const poolThreads = 24;
const stopPatienceMs = 3_000;
const restartPauseMs = 200;

interface Running {
  child: ChildProcess;
  endpoint: EngineEndpoint;
}

/** Starts the engine and keeps it running: after a crash it starts again, and only the queries of that moment fail. */
export async function startEmbeddedEngine(options: EmbeddedEngineOptions): Promise<EmbeddedEngine> {
  mkdirSync(options.directory, { recursive: true });
  const log = options.log ?? (() => undefined);
  let closing = false;
  let child: ChildProcess | undefined;
  let current: Promise<Running>;

  const begin = async (): Promise<Running> => {
    const running = await startOnce(options, log, (started) => (child = started));
    running.child.once('exit', (code, signal) => {
      if (closing) return;
      log(`the engine stopped (${signal ?? `code ${code}`}), starting it again`);
      current = wait(restartPauseMs).then(begin);
      current.catch((error: unknown) => log(`the engine did not start: ${error instanceof Error ? error.message : String(error)}`));
    });
    return running;
  };

  current = begin();
  await current;
  return {
    endpoint: async () => {
      if (closing) throw notRunning();
      try {
        return (await current).endpoint;
      } catch {
        current = begin();
        return (await current).endpoint;
      }
    },
    processId: () => child?.pid,
    close: async () => {
      closing = true;
      await current.catch(() => undefined);
      if (child) await stop(child);
    },
  };
}

async function startOnce(options: EmbeddedEngineOptions, log: (line: string) => void, onStart: (child: ChildProcess) => void): Promise<Running> {
  const entry = engineEntry();
  const password = randomBytes(24).toString('base64url');
  const child = fork(fileURLToPath(entry), [], {
    execArgv: entry.pathname.endsWith('.ts') ? ['--import', typescriptLoader()] : [],
    env: childEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  onStart(child);
  for (const output of [child.stdout, child.stderr])
    if (output) createInterface({ input: output }).on('line', (line) => log(line.replaceAll(password, '***')));
  const message: StartMessage = {
    directory: options.directory,
    password,
    maxQueries: options.maxQueries ?? defaultMaxQueries,
    maxServerMemoryBytes: options.maxServerMemoryBytes ?? 0,
  };
  child.send(message);
  const answer = await firstAnswer(child);
  if (!answer.ready) {
    await stop(child);
    throw notStarted(answer.message);
  }
  return { child, endpoint: { url: `http://127.0.0.1:${answer.port}`, username, password } };
}

async function firstAnswer(child: ChildProcess): Promise<EngineMessage> {
  const over = new AbortController();
  try {
    const [answer] = (await Promise.race([
      once(child, 'message', { signal: over.signal }),
      once(child, 'exit', { signal: over.signal }).then(([code, signal]: unknown[]) => [{ ready: false, message: `the engine process ended (${String(signal ?? code)})` }]),
    ])) as [EngineMessage];
    return answer;
  } finally {
    over.abort();
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const patience = new AbortController();
  await Promise.race([exited, wait(stopPatienceMs, undefined, { signal: patience.signal }).then(() => child.kill('SIGKILL'), () => undefined)]);
  await exited;
  patience.abort();
}

/** Beside this file in the sources; in the bundle this code is in `main.js` or a chunk, and the entry in its own folder. */
function engineEntry(): URL {
  const candidates = import.meta.url.endsWith('.ts') ? ['./engine-process.ts'] : ['./engine-process.js', './workbench/engine-process.js', '../workbench/engine-process.js'];
  const found = candidates.map((path) => new URL(path, import.meta.url)).find((url) => existsSync(fileURLToPath(url)));
  if (!found) throw new Problem('internal', { ru: 'Не найден файл процесса хранилища. Соберите проект: npm run build.', en: 'The file of the engine process is missing. Build the project: npm run build.' });
  return found;
}

function typescriptLoader(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
}

/** Nothing of the backend's environment: it may hold secrets, and queries must not find them. */
function childEnvironment(): NodeJS.ProcessEnv {
  const { PATH, TMPDIR, LANG } = process.env;
  return { PATH, TMPDIR, LANG, TZ: 'UTC', UV_THREADPOOL_SIZE: String(poolThreads) };
}

function notStarted(message: string): Problem {
  const busy = /lock|Failed to create connection|already/i.test(message);
  return new Problem(
    'not_ready',
    busy
      ? { ru: `Хранилище не открылось: возможно, его папкой уже пользуется другой процесс. ${message}`, en: `The workbench did not open: another process may be using its folder. ${message}` }
      : { ru: `Хранилище не запустилось. ${message}`, en: `The workbench did not start. ${message}` },
  );
}

function notRunning(): Problem {
  return new Problem('not_ready', { ru: 'Хранилище остановлено.', en: 'The workbench is stopped.' });
}
