import type { Jobs } from './jobs.ts';
import type { Transaction } from './transaction.ts';

export { toJson, type Parameter, type Transaction } from './transaction.ts';

/** PostgreSQL, embedded or not: what must not be lost. Every method throws only Problem. */
export interface State extends Transaction {
  /** Commits when `work` resolves, rolls back when it throws. On the embedded engine everything else waits: keep it short and do nothing but queries in it. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  jobs: Jobs;
  /** True when this process is the only one that can use this state. */
  embedded: boolean;
  /** This running backend's row in `instances`. */
  instanceId: string;
  /** Instances that run now, this one included: what any other owns is nobody's. */
  liveInstances(): Promise<string[]>;
  /** Aborts when another process has taken the embedded state over from this one while it was frozen: exit at once. */
  lost: AbortSignal;
  /** Writes a backup of an embedded state at once; returns its path. */
  backup?(): Promise<string>;
  /** Waits for running jobs up to a limit, then closes the engine. */
  close(): Promise<void>;
}
