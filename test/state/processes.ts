import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A TypeScript file beside the tests, run as a process of its own. */
export interface TestProcess {
  child: ChildProcess;
  lines: string[];
  /** The next line that satisfies the test, among those already there too. */
  line(wanted: (line: string) => boolean): Promise<string>;
  kill(): Promise<void>;
}

export function startProcess(file: string, args: string[], environment: Record<string, string> = {}): TestProcess {
  const script = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...environment } });
  const lines: string[] = [];
  const reader: Interface = createInterface({ input: child.stdout! });
  reader.on('line', (line) => lines.push(line));
  const exited = once(child, 'exit');
  return {
    child,
    lines,
    async line(wanted) {
      for (;;) {
        const found = lines.find(wanted);
        if (found !== undefined) return found;
        await Promise.race([once(reader, 'line'), exited.then(() => Promise.reject(new Error(`The process ended; it said: ${lines.join(' | ')}`)))]);
      }
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
