import type { Jobs } from './jobs.ts';

/** A value that may be bound to `$1, $2 …`. JSON columns take `toJson(value)`. */
export type Parameter = string | number | bigint | boolean | Date | null | undefined | readonly string[] | readonly number[];

/**
 * What can be asked inside and outside a transaction. Both engines answer alike:
 * timestamptz is a Date; date, timestamp without zone, numeric and interval are strings; bigint (counts, identities) is a
 * number, and one beyond 2^53 is an error rather than a rounded value; json is parsed; bytea is a Uint8Array.
 */
export interface Transaction {
  query<T extends object>(sql: string, parameters?: readonly Parameter[]): Promise<T[]>;
}

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

/** A value for a json or jsonb column. The drivers differ in what they do with arrays, so it always travels as text. */
export function toJson(value: unknown): string {
  return JSON.stringify(value) ?? 'null';
}
