/** How often something may be used: so many times in any stretch of `seconds`, or in a calendar month (UTC). */
export interface UseWindow {
  limit: number;
  per: 'month' | { seconds: number };
}

export type Taken = { taken: true } | { taken: false; window: UseWindow; freeAt: Date };

/** A place among few, held until it is released. When its backend dies, it is free again by itself. */
export interface Lease {
  release(): Promise<void>;
}

/** A table of the workbench that a source keeps between runs, with what the source has to know about it. */
export interface KeptTable {
  tableId: string;
  /** JSON. */
  content: unknown;
}

/**
 * What sources know together over all backends: uses that an external system counts, places that it limits, and answers
 * that are kept because they are dear. Names are the source's own. Every method throws only Problem.
 */
export interface SourceLedger {
  /** Takes one use if all windows allow it, and otherwise says when one will be free. */
  take(name: string, windows: UseWindow[]): Promise<Taken>;
  /** Uses in this calendar month. */
  usesThisMonth(name: string): Promise<number>;
  /** One of `slots` places; `undefined` when all are taken. It lasts `seconds` beyond the death of this backend. */
  lease(name: string, slots: number, seconds: number): Promise<Lease | undefined>;
  /** A note that outlives this process. */
  remember(name: string, content: unknown, seconds: number): Promise<void>;
  /** The note, or `undefined` when there is none or its time is over. */
  recall(name: string): Promise<unknown>;
  /** Before a table is filled: clean-up leaves it alone for so long. */
  beginTable(name: string, tableId: string, seconds: number): Promise<void>;
  /** The table is whole and may be read for so long; it takes the place of earlier ones of this name. */
  keepTable(tableId: string, content: unknown, seconds: number): Promise<void>;
  /** The newest whole table of this name. It stays readable for an hour beyond its time. */
  keptTable(name: string): Promise<KeptTable | undefined>;
  /** The table came to nothing or has gone. */
  forgetTable(tableId: string): Promise<void>;
}
