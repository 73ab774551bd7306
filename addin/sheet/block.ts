import type { Language, LocalText } from '../../shared/language.ts';
import type { Problem } from '../../shared/problem.ts';
import type { Cell, ResultSummary } from '../../shared/result.ts';
import type { Run } from '../../shared/run.ts';
import type { BlockRecord } from './block-record.ts';

/** Rows `offset … offset + limit` of the result; may give fewer, but none only at the end. */
export type ReadRows = (offset: number, limit: number) => Promise<Cell[][]>;

/** One result of a finished run, ready to be read. */
export interface ResultToWrite {
  run: Run;
  result: ResultSummary;
  readRows: ReadRows;
}

export interface WriteOptions {
  language: Language;
  /** The company's, for times in provenance. */
  timeZone: string;
  /** Stops between chunks; what was written so far is removed. */
  signal?: AbortSignal;
  onProgress?: (progress: { rows: number; of: number }) => void;
  /** How long one request to Excel may take. */
  syncSeconds?: number;
}

/** Where a result goes: a new sheet named after the file, or from a cell on (the selection when absent). */
export type Place = { kind: 'newSheet' } | { kind: 'cell'; address?: string };

/** A place in the workbook that holds a result. */
export interface Block {
  id: string;
  /** Where the table is now. */
  sheetName: string;
  tableName: string;
  address: string;
  record: BlockRecord;
}

/** What writing would meet. With `occupied`, ask the person: nothing of theirs is ever written over unasked. */
export type WritePlan =
  | { state: 'ready'; sheetName: string; address: string }
  | { state: 'occupied'; sheetName: string; address: string; filledCells: number; tables: string[]; choices: ('overwrite' | 'newSheet')[] }
  | { state: 'tooLarge'; problem: Problem };

/** How a write ended. After `cancelled`, `left` says what could not be removed again. */
export type WriteOutcome = { state: 'written'; block: Block; notices: LocalText[] } | { state: 'cancelled'; left: LocalText | undefined };
