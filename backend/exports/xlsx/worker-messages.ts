import type { LocalText } from '../../../shared/language.ts';
import type { ProblemCode } from '../../../shared/problem.ts';

/** From the main thread: rows of the current result in pieces, their end, and thanks for pieces of the file. */
export type ToWorker = { kind: 'rows'; bytes: Uint8Array } | { kind: 'rowsEnd' } | { kind: 'fileTaken'; pieces: number };

/** From the worker: pieces of the file, thanks for pieces of rows, and how it ended. */
export type FromWorker =
  | { kind: 'file'; bytes: Uint8Array }
  | { kind: 'rowsTaken' }
  | { kind: 'done' }
  | { kind: 'failed'; code: ProblemCode; text: LocalText; cause: string };

/** Pieces of each kind that may be on their way at once. */
export const piecesInFlight = 6;
