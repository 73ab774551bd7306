import type { EventEmitter } from 'node:events';
import { Problem } from '../../shared/problem.ts';
import type { Run } from '../../shared/run.ts';

/** What has changed about an execution here: its state is told at once, its progress now and then. */
export type ExecutionChange = 'state' | 'progress';
export type ExecutionChanges = EventEmitter<{ change: [string, ExecutionChange] }>;

export interface RunListener {
  onRun(run: Run): void;
  /** The run can't be followed any longer: it is gone, or could not be read several times in a row. */
  onLost(problem: unknown): void;
}

export interface Watched {
  executionId: string;
  changes: ExecutionChanges;
  read: () => Promise<Run>;
}

/** Changes made by other backends are seen this often. */
const lookMs = 1_000;
const progressMs = 400;
const failuresBorne = 10;

/** Tells a run's changes until stopped. One failed read is not the end: the next look may succeed. */
export function watchRun({ executionId, changes, read }: Watched, listener: RunListener): () => void {
  let last = '';
  let lookedAt = 0;
  let failures = 0;
  let stopped = false;
  let looking: Promise<void> | undefined;
  let again = false;

  const stop = () => {
    stopped = true;
    clearInterval(timer);
    changes.off('change', onChange);
  };
  const look = async (): Promise<void> => {
    lookedAt = Date.now();
    try {
      const run = await read();
      failures = 0;
      const text = JSON.stringify(run);
      if (stopped || text === last) return;
      last = text;
      listener.onRun(run);
    } catch (problem) {
      failures += 1;
      const gone = problem instanceof Problem && problem.code === 'not_found';
      if (stopped || (!gone && failures < failuresBorne)) return;
      stop();
      listener.onLost(problem);
    }
  };
  const attempt = (): void => {
    if (stopped) return;
    if (looking !== undefined) {
      again = true;
      return;
    }
    looking = look().finally(() => {
      looking = undefined;
      if (!again) return;
      again = false;
      attempt();
    });
  };
  const onChange = (changed: string, change: ExecutionChange): void => {
    if (changed === executionId && (change === 'state' || Date.now() - lookedAt >= progressMs)) attempt();
  };
  const timer = setInterval(attempt, lookMs);
  changes.on('change', onChange);
  attempt();
  return stop;
}
