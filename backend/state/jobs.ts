import type { Transaction } from './transaction.ts';

export interface QueueOptions {
  /** How often a job whose handler threw is tried again; 2 by default. */
  retries?: number;
  /** Seconds before the first retry, doubled with each; 1 by default. */
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
  /** 0 on the first try. A try that ended with the death of its process counts too. */
  retry: number;
  /** When this try throws, there is no other: the handler records the failure. */
  lastTry: boolean;
  /** Aborts when the worker stops and its grace is over; the job is then given back. */
  signal: AbortSignal;
}

/**
 * Durable jobs: what was sent is done at least once, whatever dies. A job whose process died is taken up again without
 * end, so a handler that could bring its process down gives up by `retry`.
 */
export interface Jobs {
  /** Before anything is sent to or taken from the queue, in every process. */
  define(queue: string, options?: QueueOptions): Promise<void>;
  /** Sends inside the caller's transaction: rolled back, there is no job. */
  send(transaction: Transaction, queue: string, data: object, options?: SendOptions): Promise<string>;
  /** Runs up to `slots` jobs at a time. A handler that throws has failed; the queue's retries apply. */
  work(queue: string, options: { slots: number }, handler: (job: Job) => Promise<void>): Promise<JobWorker>;
}

export interface JobWorker {
  /** Takes no more jobs and waits for running ones, at most `graceMs`; then aborts their signals and gives them back. */
  stop(graceMs?: number): Promise<void>;
}
