import { invalidArgument } from '../refusal.ts';
import { checkInside, formatAddress, maxColumns, maxRows, sheetPrefix, type Rectangle } from './address.ts';
import type { CellValue } from './entry.ts';
import type { Worksheet } from './worksheet.ts';

/** A rectangle of one sheet. */
export class RangeReference {
  readonly sheet: Worksheet;
  row: number;
  column: number;
  rows: number;
  columns: number;

  constructor(sheet: Worksheet, { row, column, rows, columns }: Rectangle) {
    checkInside({ row, column, rows, columns });
    this.sheet = sheet;
    this.row = row;
    this.column = column;
    this.rows = rows;
    this.columns = columns;
  }

  /** Another rectangle of the same sheet, from some changed sides. */
  with(change: Partial<Rectangle>): RangeReference {
    return new RangeReference(this.sheet, { row: this.row, column: this.column, rows: this.rows, columns: this.columns, ...change });
  }

  get address(): string {
    return sheetPrefix(this.sheet.name) + formatAddress(this);
  }

  get isEntireColumn(): boolean {
    return this.rows === maxRows;
  }

  get isEntireRow(): boolean {
    return this.columns === maxColumns;
  }

  /** One answer a cell, as the library reads matrices. */
  map<T>(read: (row: number, column: number) => T): T[][] {
    return Array.from({ length: this.rows }, (_row, down) => Array.from({ length: this.columns }, (_column, right) => read(this.row + down, this.column + right)));
  }

  get values(): CellValue[][] {
    return this.map((row, column) => this.sheet.cells.get(row, column)?.value ?? '');
  }

  get formulas(): CellValue[][] {
    return this.map((row, column) => {
      const cell = this.sheet.cells.get(row, column);
      return cell?.formula ?? cell?.value ?? '';
    });
  }

  get text(): string[][] {
    return this.map((row, column) => this.sheet.text(row, column));
  }

  get numberFormats(): string[][] {
    return this.map((row, column) => this.sheet.numberFormat(row, column));
  }

  /** Enters a scalar into every cell, or a matrix of exactly this shape; `null` leaves a cell as it is. */
  enter(given: unknown): void {
    this.eachGiven(given, (row, column, value) => this.sheet.enter(row, column, value));
    if (this.sheet.cells.isEmpty(this.with({ rows: 1 }))) return;
    this.sheet.growTableAbove(this);
  }

  setNumberFormat(given: unknown): void {
    if (typeof given === 'string') this.sheet.numberFormats.paint(this, given);
    else
      this.eachGiven(given, (row, column, value) => {
        if (typeof value !== 'string') throw invalidArgument('a number format is text');
        this.sheet.numberFormats.paint({ row, column, rows: 1, columns: 1 }, value);
      });
  }

  private eachGiven(given: unknown, use: (row: number, column: number, value: string | number | boolean) => void): void {
    if (!Array.isArray(given)) {
      if (given === null) return;
      const value = entry(given);
      for (let row = this.row; row < this.row + this.rows; row++) for (let column = this.column; column < this.column + this.columns; column++) use(row, column, value);
      return;
    }
    this.checkShape(given);
    given.forEach((cells: unknown[], down) =>
      cells.forEach((value, right) => {
        if (value !== null) use(this.row + down, this.column + right, entry(value));
      }),
    );
  }

  private checkShape(given: unknown[]): asserts given is unknown[][] {
    const odd = given.find((cells) => !Array.isArray(cells) || cells.length !== this.columns);
    if (given.length !== this.rows || odd !== undefined)
      throw invalidArgument(`the array has ${given.length} rows (one of ${Array.isArray(odd) ? odd.length : this.columns} columns); the range ${this.address} has ${this.rows} × ${this.columns}`);
  }
}

function entry(value: unknown): string | number | boolean {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw invalidArgument(`a cell takes text, a number or a flag, not ${JSON.stringify(value)}`);
}
