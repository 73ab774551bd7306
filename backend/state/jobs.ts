import type { Transaction } from './state.ts';

export interface QueueOptions {
  /** How often a failed job is tried again, beyond the first time. */
  retries?: number;
  /** Seconds before the first retry; doubles with each. */
  retryDelaySeconds?: number;
}

export interface SendOptions {
  /** Not before this instant. */
  startAfter?: Date;
  /** Higher goes first; 0 by default. */
  priority?: number;
}

export interface Job {
  id: string;
  data: unknown;
  /** 0 on the first try. */
  retry: number;
  /** Aborts when the worker is stopped and its grace is over. */
  signal: AbortSignal;
}

/** Durable jobs: what was sent is done at least once, whatever dies. */
export interface Jobs {
  define(queue: string, options?: QueueOptions): Promise<void>;
  /** Sends inside the caller's transaction: rolled back, there is no job. */
  send(transaction: Transaction, queue: string, data: object, options?: SendOptions): Promise<string>;
  /** Runs up to `slots` jobs at a time. A handler that throws has failed; the queue's retries apply. */
  work(queue: string, options: { slots: number }, handler: (job: Job) => Promise<void>): Promise<Worker>;
}

export interface Worker {
  /** Takes no more jobs and waits for running ones, at most `graceMs`; then aborts their signals and gives them back. */
  stop(graceMs?: number): Promise<void>;
}
