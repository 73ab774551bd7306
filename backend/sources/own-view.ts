import type { StoredColumn } from '../workbench/workbench.ts';

/** One read-only table of our own data, for the source `tasksheet`. It never holds a value that a person entered. */
export interface OwnView {
  name: string;
  columns: StoredColumn[];
  /** Its rows as they are now, values in the order of the columns, as JSON that the engine reads: instants in seconds. */
  rows(): AsyncIterable<unknown[]>;
}
