import { spawn } from 'node:child_process';
import { open, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface ProgramLimits {
  timeSeconds: number;
  memoryBytes: number;
  /** Largest file that the program may write. */
  fileBytes: number;
}

export interface Program {
  command: string;
  arguments: string[];
  /** Its folder: what it prints and writes stays there. */
  directory: string;
  environment: Record<string, string>;
  limits: ProgramLimits;
  signal: AbortSignal;
}

export type ProgramEnd = { end: 'exit'; code: number } | { end: 'killed'; by: string } | { end: 'late' } | { end: 'stopped' } | { end: 'absent'; cause: Error };

const patienceMs = 2_000;
/** Marks every process that a program starts, also one that has left its group. */
const markName = 'TASKSHEET_STEP_MARK';
const shell = '/bin/sh';
/** The system's own limits: address space in KiB, files in blocks of 512 bytes. Where one is not known (macOS: memory) the rest hold. */
const limited = 'ulimit -v "$1" 2>/dev/null; ulimit -f "$2" 2>/dev/null; ulimit -c 0 2>/dev/null; shift 2; exec "$@"';

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The whole group is gone already.
  }
}

/** Ends what has left the program's group: it still carries the mark in its environment. Linux only. */
async function endMarked(mark: string): Promise<void> {
  const wanted = Buffer.from(`${markName}=${mark}`);
  for (const pid of await readdir('/proc').catch((): string[] => [])) {
    if (!/^\d+$/.test(pid) || pid === String(process.pid)) continue;
    const environment = await readFile(join('/proc', pid, 'environ')).catch(() => undefined);
    if (environment === undefined || !environment.includes(wanted)) continue;
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

/**
 * Runs a program in a process group of its own, with its output in the files `stdout` and `stderr` of its folder. Nothing
 * that it has started lives on when this resolves. Not a sandbox: it may read what the backend's user may.
 */
export async function runProgram({ command, arguments: given, directory, environment, limits, signal }: Program, mark: string): Promise<ProgramEnd> {
  const [stdout, stderr] = await Promise.all([open(join(directory, 'stdout'), 'w', 0o600), open(join(directory, 'stderr'), 'w', 0o600)]);
  try {
    const sizes = [String(Math.ceil(limits.memoryBytes / 1024)), String(Math.ceil(limits.fileBytes / 512))];
    const child = spawn(shell, ['-c', limited, 'sh', ...sizes, command, ...given], {
      cwd: directory,
      env: { ...environment, [markName]: mark },
      stdio: ['ignore', stdout.fd, stderr.fd],
      detached: true,
    });
    let reason: 'late' | 'stopped' | undefined;
    let force: NodeJS.Timeout | undefined;
    const stop = (why: 'late' | 'stopped'): void => {
      reason ??= why;
      const { pid } = child;
      if (pid === undefined || force !== undefined) return;
      signalGroup(pid, 'SIGTERM');
      force = setTimeout(() => signalGroup(pid, 'SIGKILL'), patienceMs);
    };
    const onAbort = (): void => stop('stopped');
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    const timer = setTimeout(() => stop('late'), limits.timeSeconds * 1000);
    const end = await new Promise<ProgramEnd>((resolve) => {
      child.once('error', (cause) => resolve({ end: 'absent', cause }));
      child.once('exit', (code, by) => resolve(code === null ? { end: 'killed', by: by ?? '' } : { end: 'exit', code }));
    });
    clearTimeout(timer);
    clearTimeout(force);
    signal.removeEventListener('abort', onAbort);
    if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
    await endMarked(mark);
    return reason === undefined ? end : { end: reason };
  } finally {
    await Promise.all([stdout.close(), stderr.close()]);
  }
}
