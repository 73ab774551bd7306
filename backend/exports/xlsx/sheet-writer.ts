import { ByteRows } from './byte-rows.ts';
import { columnMarkup, type ColumnMarkup, type SheetColumn } from './column-markup.ts';
import type { LineCursor } from './line-cursor.ts';
import { textRow } from './text-rows.ts';

const blockSize = 1 << 20;
/** Markup around one cell at its longest, its reference and the row's own included. */
const markupPerCell = 128;
/** The worst that can become of one byte: `_` to `_x005F_`. */
const bytesPerByte = 7;

/** Takes a full block over and calls `done` once it may be written to again. */
export type TakeBlock = (block: Uint8Array, done: () => void) => Promise<void>;

/** Builds the XML of one worksheet in blocks. */
export class SheetWriter {
  /** Cells that were longer than Excel holds. */
  cut = 0;
  rows = 0;
  readonly #columns: SheetColumn[];
  readonly #markup: ColumnMarkup[];
  readonly #plain: ByteRows;
  readonly #take: TakeBlock;
  readonly #free: Buffer[] = [];
  #block: Buffer = Buffer.allocUnsafeSlow(blockSize);
  #length = 0;

  constructor(columns: SheetColumn[], guardedStyle: number, take: TakeBlock) {
    this.#columns = columns;
    this.#markup = columns.map((column) => columnMarkup(column, guardedStyle));
    this.#plain = new ByteRows(columns, this.#markup);
    this.#take = take;
  }

  /** Markup between the rows. */
  async add(xml: string): Promise<void> {
    const bytes = Buffer.byteLength(xml, 'utf8');
    if (this.#block.length - this.#length < bytes) await this.#startBlock(Math.max(bytes, blockSize));
    this.#length += this.#block.write(xml, this.#length, 'utf8');
  }

  /** Writes rows from the cursor, until there are `most` in all, below each other from `firstRow` on. */
  async addRows(lines: LineCursor, firstRow: number, most: number): Promise<void> {
    const perRow = this.#columns.length * markupPerCell + markupPerCell;
    while (this.rows < most && (await lines.more())) {
      while (this.rows < most && lines.advance()) {
        if (lines.start === lines.end) continue;
        const needed = (lines.end - lines.start) * bytesPerByte + perRow;
        if (needed <= blockSize && this.#block.length - this.#length < needed) await this.#startBlock(blockSize);
        const at = needed <= blockSize ? this.#plain.write(lines, firstRow + this.rows, this.#block, this.#length) : -1;
        if (at === -1) await this.#addUnusual(lines, firstRow + this.rows);
        else this.#length = at;
        this.rows++;
      }
    }
  }

  /** Hands the last block over. */
  async end(): Promise<void> {
    await this.#startBlock(0);
  }

  async #addUnusual(lines: LineCursor, row: number): Promise<void> {
    const written = textRow(lines.bytes.toString('utf8', lines.start, lines.end), row, this.#columns, this.#markup);
    this.cut += written.cut;
    await this.add(written.xml);
  }

  async #startBlock(size: number): Promise<void> {
    const full = this.#block;
    const length = this.#length;
    this.#block = size === blockSize ? (this.#free.pop() ?? Buffer.allocUnsafeSlow(size)) : Buffer.allocUnsafeSlow(size);
    this.#length = 0;
    if (length === 0) return;
    await this.#take(full.subarray(0, length), () => {
      if (full.length === blockSize) this.#free.push(full);
    });
  }
}
