import type { Cell } from '../../shared/result.ts';
import type { ResultToWrite, WriteOptions } from './block.ts';
import { ColumnNeedsText, type ColumnWriter, type Findings } from './cell-value.ts';
import { columnWriters, writeRows, type RowTarget } from './row-writer.ts';

export interface TypedRows {
  /** The first rows, for widths. */
  sample: Cell[][];
  writers: ColumnWriter[];
  /** Columns that had to become text so that no digit is lost. */
  asText: ReadonlySet<number>;
  findings: Findings;
}

export interface TypedRowsJob {
  source: ResultToWrite;
  target: RowTarget;
  options: WriteOptions;
}

/**
 * Sets each column's format, then writes the values. A column that turns out to need text makes it start again with
 * that column as text: a column has one type.
 */
export async function writeTypedRows(context: Excel.RequestContext, { source, target, options }: TypedRowsJob): Promise<TypedRows> {
  const asText = new Set<number>();
  for (;;) {
    const findings: Findings = { cutCells: 0 };
    const writers = columnWriters(source, options, asText, findings);
    const sheet = context.workbook.worksheets.getItem(target.sheet);
    writers.forEach(({ numberFormat }, index) => setFormat(sheet.getRangeByIndexes(target.row, target.column + index, Math.max(1, source.result.rows), 1), numberFormat));
    try {
      const sample = await writeRows(context, { source, target, writers, options });
      return { sample, writers, asText, findings };
    } catch (error) {
      if (!(error instanceof ColumnNeedsText)) throw error;
      asText.add(error.column);
    }
  }
}

/** The API takes one format for a whole range; its types only know matrices. */
export function setFormat(range: Excel.Range, format: string): void {
  range.untrack();
  range.numberFormat = format as unknown as string[][];
}
