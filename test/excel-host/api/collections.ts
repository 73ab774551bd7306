import { intersect, type Rectangle } from '../model/address.ts';
import type { Table } from '../model/table.ts';
import type { Workbook } from '../model/workbook.ts';
import type { Worksheet } from '../model/worksheet.ts';

/** Tables of a workbook, a sheet, or those that touch a range. */
export class TableList {
  readonly parent: Workbook | Worksheet;
  private readonly accept: (table: Table) => boolean;
  private readonly within: Rectangle | undefined;

  constructor(parent: Workbook | Worksheet, accept: (table: Table) => boolean = () => true, within?: Rectangle) {
    this.parent = parent;
    this.accept = accept;
    this.within = within;
  }

  get tables(): Table[] {
    return this.parent.tables.filter((table) => (!this.within || intersect(table.area, this.within)) && this.accept(table));
  }
}
