import { setTimeout as wait } from 'node:timers/promises';
import type { Lease, SourceLedger } from '../source-ledger.ts';
import { problems } from './words.ts';

/** Until when somebody waits, as `Date.now()` tells time. */
export interface WaitRules {
  signal: AbortSignal;
  deadline: number;
}

interface Account {
  name: string;
  account: string;
  ledger: SourceLedger;
}

const leaseSeconds = 60;
const firstLookMs = 100;
const slowestLookMs = 2_000;

/** Waits for one of few places that all backends share. */
export async function placeFor({ name, account, ledger }: Account, what: string, places: number, { signal, deadline }: WaitRules): Promise<Lease> {
  for (let pauseMs = firstLookMs; ; pauseMs = Math.min(slowestLookMs, pauseMs * 1.5)) {
    if (signal.aborted) throw problems.interrupted();
    const lease = await ledger.lease(`${account}:${what}`, places, leaseSeconds);
    if (lease !== undefined) return lease;
    if (Date.now() + pauseMs >= deadline) throw problems.busy(name);
    await wait(pauseMs * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => {
      throw problems.interrupted();
    });
  }
}

/** The outcome of work that goes on for others, as long as this caller waits for it. */
export async function unlessStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: () => void = () => undefined;
  const stopped = new Promise<never>((_resolve, reject) => {
    stop = () => reject(problems.interrupted());
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
