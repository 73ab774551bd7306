import { type Rectangle } from './address.ts';
import type { CellValue } from './entry.ts';

export interface Cell {
  value: CellValue;
  formula?: string;
}

/** The filled cells of one sheet. */
export class Cells {
  private rows: ((Cell | undefined)[] | undefined)[] = [];

  get(row: number, column: number): Cell | undefined {
    return this.rows[row]?.[column];
  }

  set(row: number, column: number, cell: Cell | undefined): void {
    const cells = (this.rows[row] ??= []);
    cells[column] = cell?.value === '' && cell.formula === undefined ? undefined : cell;
  }

  clear(area: Rectangle): void {
    for (let row = area.row; row < Math.min(area.row + area.rows, this.rows.length); row++) {
      const cells = this.rows[row];
      if (!cells) continue;
      for (let column = area.column; column < Math.min(area.column + area.columns, cells.length); column++) cells[column] = undefined;
    }
  }

  isEmpty(area: Rectangle): boolean {
    return this.used(area) === undefined;
  }

  /** The smallest rectangle around the filled cells of the area. */
  used(area: Rectangle): Rectangle | undefined {
    let [top, bottom, left, right] = [-1, -1, Infinity, -1];
    for (let row = area.row; row < Math.min(area.row + area.rows, this.rows.length); row++) {
      this.rows[row]?.forEach((cell, column) => {
        if (cell === undefined || column < area.column || column >= area.column + area.columns) return;
        if (top < 0) top = row;
        bottom = row;
        left = Math.min(left, column);
        right = Math.max(right, column);
      });
    }
    return top < 0 ? undefined : { row: top, column: left, rows: bottom - top + 1, columns: right - left + 1 };
  }

  /** Moves what lies at or below `from` in these columns by `by` rows; negative `by` removes rows first. */
  shiftRows(columns: { column: number; columns: number }, from: number, by: number): void {
    const last = this.rows.length - 1;
    const source = this.rows;
    const moved: ((Cell | undefined)[] | undefined)[] = [];
    for (let row = from; row <= last; row++) {
      const cells = source[row];
      if (!cells) continue;
      const target = row + by;
      for (let column = columns.column; column < Math.min(columns.column + columns.columns, cells.length); column++) {
        const cell = cells[column];
        if (cell === undefined) continue;
        cells[column] = undefined;
        if (target >= from) (moved[target] ??= [])[column] = cell;
      }
    }
    moved.forEach((cells, row) => cells?.forEach((cell, column) => cell && this.set(row, column, cell)));
  }
}
