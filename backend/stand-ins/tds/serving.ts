import type { Engine, Tables } from './engine.ts';
import type { Login, SentParameter } from './messages.ts';
import type { ServerError } from './tokens.ts';
import type { WireColumn, WireValue } from './types.ts';

/** What is answered instead of the engine's answer, for faults and for types that the engine lacks. */
export interface Answer {
  columns?: WireColumn[];
  rows?: Iterable<WireValue[]>;
  /** Packets of a whole answer, made beforehand by `encodedAnswer`. */
  packets?: Buffer;
  /** How the answer ends after its rows: `silence` says nothing more, `cut` closes the connection, an error follows. */
  then?: 'done' | 'silence' | 'cut' | ServerError;
}

/** What a client has sent, for tests to look at. */
export interface Received {
  kind: 'login' | 'batch' | 'call' | 'bulk' | 'attention' | 'fault';
  text: string;
  parameters?: SentParameter[];
  rows?: number;
}

export interface TdsServerOptions {
  user: string;
  password: string;
  database: string;
  tables?: Tables;
  /** First answer whose pattern fits a statement; `times` limits how often. */
  answers?: { to: RegExp; answer: Answer | (() => Answer); times?: number }[];
  /** An error instead of a login. */
  refuseLogin?: ServerError;
  /** Says that it wants encryption, and speaks TLS with this key and certificate. */
  tls?: { key: string; cert: string };
  /** An attention is not answered. */
  ignoreAttention?: boolean;
  /** Rights of the login besides reading: INSERT, UPDATE, DELETE, ALTER, EXECUTE, sysadmin. */
  rights?: string[];
}

/** The parts of the server that its sessions use. */
export interface SessionHost {
  options: TdsServerOptions;
  engine: Engine;
  note(received: Received): void;
  accepts(login: Login): ServerError | undefined;
  answerTo(statement: string): Answer | undefined;
}
