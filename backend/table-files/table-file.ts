import type { LocalText } from '../../shared/language.ts';
import type { WrittenAs } from '../../shared/upload.ts';

/** One row of a file as written. */
export interface FileRow {
  /** As people count: the first row of the file is 1, blank rows count. */
  number: number;
  cells: string[];
  /** Why the row can't be read as it stands. */
  fault?: LocalText;
  /** Places of numbers that the program that wrote the file has already rounded. */
  rounded?: number[];
}

/** A file whose beginning was understood; its rows are read as they are asked for, some at a time. */
export interface OpenTableFile {
  writtenAs: WrittenAs;
  /** Whether every row must have as many cells as the heading. */
  fixedWidth: boolean;
  /** Written by a program: blanks around a value belong to it, and a row without a single value is a row. */
  exact?: { endsWithEmptyLine: boolean };
  rows: AsyncIterable<FileRow[]>;
  close(): Promise<void>;
}
