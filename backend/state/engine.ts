import type { ConstructorOptions, Db } from 'pg-boss';
import type { Parameter } from './state.ts';

/** One open transaction of an engine. */
export interface EngineTransaction {
  query<T extends object>(sql: string, parameters: readonly Parameter[]): Promise<T[]>;
  /** Several statements without parameters. */
  script(sql: string): Promise<void>;
  /** The same transaction as pg-boss sees it. */
  boss: Db;
}

export interface Subscription {
  channel: string;
  /** Called on each NOTIFY, and with `undefined` after each (re)connection, since some may have been missed. */
  onNotify: (payload: string | undefined) => void;
  /** A statement that takes a session lock, held as long as the listening connection lasts. Needless in an embedded engine. */
  sessionLock: string;
}

/** What differs between embedded and served PostgreSQL. Throws what the driver throws. */
export interface Engine {
  embedded: boolean;
  query<T extends object>(sql: string, parameters: readonly Parameter[]): Promise<T[]>;
  transaction<T>(work: (transaction: EngineTransaction) => Promise<T>): Promise<T>;
  listen(subscription: Subscription): Promise<() => Promise<void>>;
  /** How pg-boss reaches this database. */
  bossOptions: ConstructorOptions;
  /** A copy of all data as one file, of an embedded engine. */
  dump?(): Promise<Blob>;
  close(): Promise<void>;
}

/** A count beyond 2^53 would be rounded silently as a number. */
export function parseCount(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`The integer ${text} does not fit a JavaScript number exactly; select it as text.`);
  return value;
}

/** Type numbers of PostgreSQL whose values are read alike by both engines. */
export const typeNumbers = { int8: 20, int8Array: 1016, date: 1082, timestamp: 1114, numeric: 1700, interval: 1186 } as const;
