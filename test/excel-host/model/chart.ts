import type { RangeReference } from './range.ts';
import type { Worksheet } from './worksheet.ts';

export interface Series {
  name: string;
  values?: RangeReference;
  categories?: RangeReference;
}

/** A native chart. */
export class Chart {
  readonly id: string;
  readonly sheet: Worksheet;
  readonly kind: string;
  readonly series: Series[] = [];
  name: string;
  title = '';
  titleVisible = true;
  top = 0;
  left = 0;
  width = 360;
  height = 216;
  position: { from: RangeReference; to: RangeReference | undefined } | undefined;

  constructor(sheet: Worksheet, kind: string, source: RangeReference) {
    this.sheet = sheet;
    this.kind = kind;
    this.id = `{00000000-0008-0000-${String(sheet.workbook.nextId()).padStart(4, '0')}-000000000000}`;
    this.name = `Chart ${sheet.charts.length + 1}`;
    this.setData(source);
  }

  /** First column is categories, each further one a series named by its header. */
  setData(source: RangeReference): void {
    this.series.length = 0;
    const body = source.with({ row: source.row + 1, rows: Math.max(1, source.rows - 1) });
    for (let column = source.columns > 1 ? 1 : 0; column < source.columns; column++)
      this.series.push({
        name: String(source.with({ rows: 1, column: source.column + column, columns: 1 }).values[0]?.[0] ?? ''),
        values: body.with({ column: body.column + column, columns: 1 }),
        categories: body.with({ columns: 1 }),
      });
  }
}
