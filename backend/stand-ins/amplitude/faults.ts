/** One way in which an address misbehaves, for so many answers; for all of them without `times`. */
export type Fault = { times?: number } & (
  | { kind: 'answer'; status: number; body?: string; headers?: Record<string, string> }
  /** A sign-in page of some proxy, with status 200. */
  | { kind: 'page' }
  | { kind: 'hang' }
  | { kind: 'reset' }
);

/** What goes wrong with the file itself. */
export interface FileFault {
  times?: number;
  /** Packed, with or without saying so. */
  gzip?: 'declared' | 'undeclared';
  /** Only so many bytes of what would be sent. */
  bytes?: number;
  /** How the end of a cut file looks: a shorter announced length, an honest end of a body in pieces, or a broken connection. */
  end?: 'short' | 'clean' | 'broken';
  /** Instead of the file. */
  body?: string | Buffer;
  /** Where the file is said to lie. */
  location?: string;
  /** Milliseconds between pieces of 64 kB. */
  slow?: number;
}

/** Addresses that can be made to fail. */
export interface Faults {
  list?: Fault;
  usage?: Fault;
  request?: Fault;
  status?: Fault;
  file?: Fault;
  fileHost?: Fault;
  totals?: Fault;
  events?: Fault;
  content?: FileFault;
}

/** The fault of this answer, if there is one, counted down. */
export function nextFault<F extends { times?: number }>(fault: F | undefined): F | undefined {
  if (fault === undefined || fault.times === 0) return undefined;
  if (fault.times !== undefined) fault.times -= 1;
  return fault;
}
