import { intersect, subtract, type Rectangle } from './address.ts';

interface Layer extends Rectangle {
  value: unknown;
}

/** One property of cells (a number format, bold) painted in rectangles: the last paint on a cell counts. */
export class Layers {
  private layers: Layer[] = [];

  paint(area: Rectangle, value: unknown): void {
    this.erase(area);
    this.layers.push({ ...area, value });
  }

  erase(area: Rectangle): void {
    this.layers = this.layers.flatMap((layer) => subtract(layer, area).map((part) => ({ ...part, value: layer.value })));
  }

  at(row: number, column: number): unknown {
    const found = this.layers.findLast((layer) => row >= layer.row && row < layer.row + layer.rows && column >= layer.column && column < layer.column + layer.columns);
    return found?.value;
  }

  /** The one value of every cell in the area, or `null` where they differ, as Excel answers. */
  uniform(area: Rectangle, fallback: unknown): unknown {
    const values = this.layers.flatMap((layer) => {
      const part = intersect(layer, area);
      return part ? [{ value: layer.value, cells: part.rows * part.columns }] : [];
    });
    const covered = values.reduce((sum, part) => sum + part.cells, 0);
    const distinct = new Set(values.map((part) => part.value));
    if (covered < area.rows * area.columns) distinct.add(fallback);
    return distinct.size === 1 ? [...distinct][0] : null;
  }

  /** Moves what lies at or below `from` in these columns; with negative `by`, what lay in the removed rows goes. */
  shiftRows(columns: { column: number; columns: number }, from: number, by: number): void {
    const rows = 4_000_000;
    if (by < 0) this.erase({ row: from, rows: -by, ...columns });
    const start = by < 0 ? from - by : from;
    this.layers = this.layers.flatMap((layer) => {
      const below = intersect(layer, { row: start, rows, ...columns });
      if (!below) return [layer];
      const rest = subtract(layer, below).map((part) => ({ ...part, value: layer.value }));
      return [...rest, { ...below, row: below.row + by, value: layer.value }];
    });
  }

  areas(): Rectangle[] {
    return this.layers;
  }
}
