import { Problem } from '../../shared/problem.ts';
import type { ResultSummary } from '../../shared/result.ts';
import type { BlockRecord } from './block-record.ts';
import { sync } from './excel-session.ts';
import type { TableSpot } from './workbook-state.ts';

/** A block's table as it is now: the person may have moved it, renamed headers, added columns. */
export interface BlockTable {
  spot: TableSpot;
  row: number;
  column: number;
  width: number;
  /** Our rows of data, without header and totals. */
  bodyRows: number;
  /** Rows that the person added at the end of the table. */
  addedRows: number;
  showTotals: boolean;
  /** Where each column of the result stands, counted from the table's first. */
  ours: number[];
  /** Columns that the person added, and whether they are calculated. */
  theirs: { index: number; title: string; calculated: boolean }[];
}

/** Reads the table and finds our columns in it, by Excel's ids: a renamed header is still ours. */
export async function readBlockTable(context: Excel.RequestContext, spot: TableSpot, { record, result }: { record: BlockRecord; result: ResultSummary }): Promise<BlockTable> {
  const table = context.workbook.tables.getItem(spot.id);
  table.load('showTotals');
  table.columns.load('items/id,items/name');
  const range = table.getRange();
  range.load('rowIndex,columnIndex,rowCount,columnCount');
  const firstRow = table.getDataBodyRange().getRow(0);
  firstRow.load('formulas');
  await sync(context);
  const ids = table.columns.items.map(({ id }) => id);
  const ours = ourColumns(record, result, ids);
  const cells: unknown[] = firstRow.formulas[0] ?? [];
  const theirs = table.columns.items.flatMap(({ name }, index) => {
    const cell = cells[index];
    return ours.includes(index) ? [] : [{ index, title: name, calculated: typeof cell === 'string' && cell.startsWith('=') }];
  });
  const rows = range.rowCount - 1 - (table.showTotals ? 1 : 0);
  const bodyRows = Math.min(rows, Math.max(1, record.rows));
  return { spot, row: range.rowIndex, column: range.columnIndex, width: range.columnCount, bodyRows, addedRows: rows - bodyRows, showTotals: table.showTotals, ours, theirs };
}

function ourColumns(record: BlockRecord, result: ResultSummary, ids: number[]): number[] {
  const known = new Map(record.columns.map(({ name, tableColumnId }) => [name, ids.indexOf(tableColumnId)]));
  const added = result.columns.filter(({ name }) => !known.has(name));
  const gone = record.columns.filter(({ name }) => !result.columns.some((column) => column.name === name));
  const removed = result.columns.filter(({ name }) => known.get(name) === -1);
  if (removed.length > 0) throw changed(`из таблицы удалены столбцы: ${titles(removed, 'ru')}`, `columns were deleted from the table: ${titles(removed, 'en')}`);
  if (added.length > 0 || gone.length > 0) throw changed('у задачи теперь другие столбцы', 'the task now has other columns');
  return result.columns.map(({ name }) => known.get(name) ?? 0);
}

function titles(columns: ResultSummary['columns'], language: 'ru' | 'en'): string {
  return columns.map(({ title }) => title[language]).join(', ');
}

function changed(ru: string, en: string): Problem {
  return new Problem('conflict', { ru: `Обновить эту таблицу нельзя: ${ru}. Получите результат на новый лист.`, en: `This table cannot be refreshed: ${en}. Get the result on a new sheet.` });
}
