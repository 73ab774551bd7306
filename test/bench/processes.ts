import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Whether this system tells about processes through `/proc`. Without it memory is not measured. */
export const tellsMemory = existsSync('/proc/self/statm');

const pageBytes = 4096;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function children(processId: number): number[] {
  const tasks = `/proc/${processId}/task`;
  if (!existsSync(tasks)) return [];
  return readdirSync(tasks).flatMap((task) => read(`${tasks}/${task}/children`).split(' ').filter((text) => text.trim() !== '').map(Number));
}

/** A process and all that it has started, itself first. */
export function processTree(processId: number): number[] {
  return [processId, ...children(processId).flatMap(processTree)];
}

/** Resident memory of one process in megabytes; 0 when it has gone. */
export function residentMegabytes(processId: number): number {
  return (Number(read(`/proc/${processId}/statm`).split(' ')[1] ?? 0) * pageBytes) / 1e6;
}

/** Watches how far the common memory of some processes rises above what it is now. */
export class MemoryWatch {
  readonly #processes: number[];
  readonly #timer: NodeJS.Timeout;
  readonly before: number;
  #peak: number;

  constructor(processes: number[]) {
    this.#processes = processes;
    this.before = this.#now();
    this.#peak = this.before;
    this.#timer = setInterval(() => (this.#peak = Math.max(this.#peak, this.#now())), 20);
  }

  #now(): number {
    return this.#processes.reduce((sum, processId) => sum + residentMegabytes(processId), 0);
  }

  /** Megabytes; `null` where the system does not tell. */
  end(): { growth: number; peak: number } | null {
    clearInterval(this.#timer);
    this.#peak = Math.max(this.#peak, this.#now());
    return tellsMemory ? { growth: this.#peak - this.before, peak: this.#peak } : null;
  }
}
