import type { Language, LocalText } from '../../../shared/language.ts';
import type { Chart, ResultColumn } from '../../../shared/result.ts';
import { cellForm } from './cell-form.ts';
import { columnLetters, type SheetColumn } from './column-markup.ts';
import type { NoteRow } from './note-sheet.ts';
import { SheetNames } from './sheet-names.ts';
import { Styles } from './styles.ts';
import { headerNames } from './table-part.ts';

/** Rows of data that fit under the header of one worksheet. */
export const rowsPerSheet = 1_048_575;

/** A result as a workbook shows it: all that is known before its rows arrive. */
export interface DescribedResult {
  title: LocalText;
  columns: ResultColumn[];
  totalRows: number;
  /** Size of the rows as JSON text, where it is known: tells whether a sheet may pass 4 GB. */
  bytes?: number;
  chart?: Chart;
}

export interface PlannedPart {
  sheetName: string;
  rows: number;
  /** May pass 4 GB, so zip64 is needed. */
  large: boolean;
}

export interface PlannedResult {
  headers: string[];
  columns: SheetColumn[];
  totalRows: number;
  /** One sheet each; more than one where the rows do not fit. */
  parts: PlannedPart[];
  chart?: PlannedChart;
}

/** A chart over columns of the first sheet, by their position. */
export interface PlannedChart {
  kind: Chart['kind'];
  title: string;
  x: number;
  /** Categories are words, not dates or numbers. */
  xIsText: boolean;
  /** Number format of the categories. */
  xFormat: string;
  y: number[];
}

/** Everything that the worker needs besides the rows; travels to it as a message. */
export interface WorkbookPlan {
  language: Language;
  results: PlannedResult[];
  noteSheetName: string;
  note: NoteRow[];
  documentTitle: string;
  documentAuthor: string;
  createdAt: string;
  stylesXml: string;
  style: { header: number; guarded: number; noteLabel: number; noteTitle: number; noteText: number };
}

export interface PlanRequest {
  results: DescribedResult[];
  language: Language;
  noteSheetName: string;
  note: NoteRow[];
  documentTitle: string;
  documentAuthor: string;
  createdAt: string;
}

export function planWorkbook({ results, language, ...rest }: PlanRequest): WorkbookPlan {
  const styles = new Styles();
  const names = new SheetNames();
  const noteSheetName = names.take(rest.noteSheetName);
  const planned = results.map((result) => planResult(result, { language, styles, names }));
  const { header, guarded, noteLabel, noteTitle, noteText } = styles;
  const style = { header, guarded, noteLabel, noteTitle, noteText };
  return { ...rest, language, noteSheetName, results: planned, stylesXml: styles.xml(), style };
}

interface Shared {
  language: Language;
  styles: Styles;
  names: SheetNames;
}

function planResult(result: DescribedResult, { language, styles, names }: Shared): PlannedResult {
  const columns = result.columns.map((column, index): SheetColumn => {
    const { kind, exact, format } = cellForm(column, language);
    return { letters: columnLetters(index), kind, exact, style: styles.format(format), textStyle: styles.text };
  });
  const title = result.title[language];
  return {
    headers: headerNames(result.columns.map((column) => column.title[language])),
    columns,
    totalRows: result.totalRows,
    parts: partSizes(result.totalRows).map((rows) => ({ sheetName: names.take(title), rows, large: mayPass4Gb(result, rows) })),
    chart: planChart(result, language, title),
  };
}

function partSizes(rows: number): number[] {
  const parts = Math.max(1, Math.ceil(rows / rowsPerSheet));
  return Array.from({ length: parts }, (_, index) => Math.min(rowsPerSheet, rows - index * rowsPerSheet));
}

const markupPerCell = 70;
const assumedPerValue = 30;

function mayPass4Gb({ columns, totalRows, bytes }: DescribedResult, rows: number): boolean {
  const values = bytes === undefined ? totalRows * columns.length * assumedPerValue : bytes * 2;
  return (rows / Math.max(totalRows, 1)) * values + rows * columns.length * markupPerCell > 0xffffffff;
}

/** A chart whose columns are not in this result (left out by rights or by choice) is left out too. */
function planChart({ chart, columns, totalRows }: DescribedResult, language: Language, title: string): PlannedChart | undefined {
  if (!chart || totalRows === 0) return undefined;
  const x = columns.findIndex((column) => column.name === chart.x);
  const y = chart.y.map((name) => columns.findIndex((column) => column.name === name)).filter((index) => index >= 0);
  const xColumn = columns[x];
  if (!xColumn || y.length === 0) return undefined;
  const { kind, format } = cellForm(xColumn, language);
  return { kind: chart.kind, title, x, xIsText: kind === 'text' || kind === 'flag', xFormat: format ?? 'General', y };
}
