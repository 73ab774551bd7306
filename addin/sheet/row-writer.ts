import type { Cell } from '../../shared/result.ts';
import { Problem } from '../../shared/problem.ts';
import type { ResultToWrite, WriteOptions } from './block.ts';
import { columnWriter, type ColumnWriter, type Findings, type SheetValue } from './cell-value.ts';
import { sync } from './excel-session.ts';
import { jsonSize } from './json-size.ts';

/** A request is sent once it holds this much: large enough to be few, small enough for progress and cancelling. */
const chunkBytes = 1_750_000;
/** Excel on the web refuses requests over 5 MB. */
const requestBytes = 4_400_000;
const segmentBytes = 2_500_000;
/** Beyond this many cells the library cuts an assignment up itself, at more cost. */
const pieceCells = 1500;
const pieceOverheadBytes = 250;
const mostRowsAtOnce = 20_000;
const leastRowsAtOnce = 500;

/** The first data cell of a block, on a sheet given by its id. */
export interface RowTarget {
  sheet: string;
  row: number;
  column: number;
}

/** Thrown between chunks when the person has cancelled. */
export class Cancelled extends Error {}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Cancelled('cancelled');
}

interface Piece {
  row: number;
  column: number;
  values: SheetValue[][];
  bytes: number;
}

export interface RowJob {
  source: ResultToWrite;
  target: RowTarget;
  writers: ColumnWriter[];
  options: WriteOptions;
}

export function columnWriters(source: ResultToWrite, options: WriteOptions, asText: ReadonlySet<number>, findings: Findings): ColumnWriter[] {
  return source.result.columns.map((column, index) => columnWriter(column, index, { language: options.language, asText: asText.has(index), findings }));
}

/**
 * Writes every row, in requests of one to two megabytes; the next page is read while one is being written.
 * What was queued before goes out with the first request. Resolves with the first rows.
 */
export async function writeRows(context: Excel.RequestContext, job: RowJob): Promise<Cell[][]> {
  const chunk = new Chunk(context, job);
  let sample: Cell[][] = [];
  let row = 0;
  for await (const page of pages(job.source, job.options.signal)) {
    if (row === 0) sample = page.slice(0, 100);
    for (const cells of page) {
      if (chunk.full) await chunk.send();
      chunk.add(job.target.row + row, cells);
      row += 1;
    }
  }
  if (row !== job.source.result.rows) throw incomplete(job.source.result.rows, row);
  await chunk.send();
  return sample;
}

function incomplete(expected: number, came: number): Problem {
  return new Problem('internal', {
    ru: `Результат пришёл не целиком: ${came} строк из ${expected}. Попробуйте ещё раз.`,
    en: `The result came incomplete: ${came} rows of ${expected}. Try again.`,
  });
}

async function* pages({ result, readRows }: ResultToWrite, signal: AbortSignal | undefined): AsyncGenerator<Cell[][]> {
  const limit = pageRows(result);
  const read = (offset: number): Promise<Cell[][]> => {
    const page = offset < result.rows ? readRows(offset, limit) : Promise.resolve([]);
    // A failure is thrown where the page is awaited; until then it is not an unhandled one.
    page.catch(() => undefined);
    return page;
  };
  let next = read(0);
  for (let offset = 0; offset < result.rows; ) {
    const page = await next;
    throwIfCancelled(signal);
    if (page.length === 0) return;
    offset += page.length;
    next = read(offset);
    yield page;
  }
}

function pageRows({ rows, bytes }: { rows: number; bytes: number }): number {
  const rowBytes = rows === 0 ? 1 : Math.max(1, bytes / rows);
  return Math.min(mostRowsAtOnce, Math.max(leastRowsAtOnce, Math.ceil((2 * chunkBytes) / rowBytes)));
}

/** Rows on their way into one request, as pieces of few enough cells that the library passes each on as it is. */
class Chunk {
  private pieces: Piece[] = [];
  private bytes = 0;
  private rows = 0;
  private readonly context: Excel.RequestContext;
  private readonly job: RowJob;
  private readonly rowsPerPiece: number;

  constructor(context: Excel.RequestContext, job: RowJob) {
    this.context = context;
    this.job = job;
    this.rowsPerPiece = Math.max(1, Math.floor(pieceCells / Math.max(1, job.writers.length)));
  }

  get full(): boolean {
    return this.bytes >= chunkBytes;
  }

  add(row: number, cells: Cell[]): void {
    const values: SheetValue[] = new Array<SheetValue>(this.job.writers.length);
    let size = 2;
    this.job.writers.forEach((writer, index) => {
      const cell = cells[index] ?? null;
      const value = writer.convert(cell);
      values[index] = value;
      size += jsonSize(value, cell);
    });
    this.rows += 1;
    if (size > segmentBytes) this.addLongRow(row, values);
    else this.addRow(row, values, size);
  }

  private addRow(row: number, values: SheetValue[], size: number): void {
    const last = this.pieces.at(-1);
    if (last && last.values[0]?.length === values.length && last.values.length < this.rowsPerPiece) {
      last.values.push(values);
      last.bytes += size;
      this.bytes += size;
    } else this.addPiece(row, this.job.target.column, { values: [values], size });
  }

  /** One row may exceed what a request can carry: then it goes in parts. */
  private addLongRow(row: number, values: SheetValue[]): void {
    let start = 0;
    let size = 0;
    for (const [index, value] of values.entries()) {
      const cell = jsonSize(value);
      if (size + cell > segmentBytes) {
        this.addPiece(row, this.job.target.column + start, { values: [values.slice(start, index)], size });
        [start, size] = [index, 0];
      }
      size += cell;
    }
    this.addPiece(row, this.job.target.column + start, { values: [values.slice(start)], size });
  }

  private addPiece(row: number, column: number, { values, size }: { values: SheetValue[][]; size: number }): void {
    const bytes = size + pieceOverheadBytes;
    this.pieces.push({ row, column, values, bytes });
    this.bytes += bytes;
  }

  async send(): Promise<void> {
    const { context, job } = this;
    let bytes = 0;
    let sheet = context.workbook.worksheets.getItem(job.target.sheet);
    for (const piece of this.pieces) {
      if (bytes > 0 && bytes + piece.bytes > requestBytes) {
        await this.flush();
        bytes = 0;
        sheet = context.workbook.worksheets.getItem(job.target.sheet);
      }
      queue(sheet, piece);
      bytes += piece.bytes;
    }
    if (bytes > 0) await this.flush();
    this.pieces = [];
    this.bytes = 0;
    job.options.onProgress?.({ rows: this.rows, of: job.source.result.rows });
    throwIfCancelled(job.options.signal);
  }

  private async flush(): Promise<void> {
    this.context.workbook.application.suspendApiCalculationUntilNextSync();
    await sync(this.context, this.job.options.syncSeconds);
  }
}

function queue(sheet: Excel.Worksheet, { row, column, values }: Piece): void {
  const range = sheet.getRangeByIndexes(row, column, values.length, values[0]?.length ?? 1);
  range.untrack();
  range.values = values;
}
