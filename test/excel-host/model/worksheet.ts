import { invalidArgument } from '../refusal.ts';
import { intersect, maxRows, parseAddress, type Rectangle } from './address.ts';
import { Cells } from './cells.ts';
import type { Chart } from './chart.ts';
import { enter } from './entry.ts';
import { displayed } from './display.ts';
import { Layers } from './layers.ts';
import { RangeReference } from './range.ts';
import { Table } from './table.ts';
import type { Workbook } from './workbook.ts';

/** One sheet: cells, formats, tables, charts. */
export class Worksheet {
  readonly workbook: Workbook;
  readonly id: string;
  readonly cells = new Cells();
  readonly numberFormats = new Layers();
  /** Other formats by name (`font.bold`, `columnWidth`, …). */
  readonly formats = new Map<string, Layers>();
  readonly tables: Table[] = [];
  readonly charts: Chart[] = [];
  /** Ranges that the add-in holds: they move with inserted and deleted cells. */
  readonly held = new Set<RangeReference>();
  name: string;
  visibility = 'Visible';
  tabColor = '';
  showGridlines = true;
  frozenRows = 0;
  frozenColumns = 0;

  constructor(workbook: Workbook, id: string, name: string) {
    this.workbook = workbook;
    this.id = id;
    this.name = name;
  }

  range(address: string): RangeReference {
    return new RangeReference(this, parseAddress(address));
  }

  format(name: string): Layers {
    const layers = this.formats.get(name) ?? new Layers();
    this.formats.set(name, layers);
    return layers;
  }

  numberFormat(row: number, column: number): string {
    return String(this.numberFormats.at(row, column) ?? 'General');
  }

  text(row: number, column: number): string {
    const cell = this.cells.get(row, column);
    return cell ? displayed(cell.value, this.numberFormat(row, column), this.workbook.culture) : '';
  }

  enter(row: number, column: number, given: string | number | boolean): void {
    const { value, formula, changed } = enter(given, this.numberFormat(row, column), this.workbook.culture);
    if (changed) this.workbook.recordChange(this, row, column, { given, kept: formula ?? value, kind: changed });
    const table = this.tables.find((candidate) => candidate.isHeader(row, column));
    if (table) table.renameColumn(column - table.area.column, String(value));
    else this.cells.set(row, column, formula === undefined ? { value } : { value, formula });
  }

  /** Excel extends a table when something is entered right below it. */
  growTableAbove(entered: Rectangle): void {
    const table = this.tables.find(({ area, showTotals }) => !showTotals && area.row + area.rows === entered.row && intersect({ ...area, row: 0, rows: maxRows }, entered));
    if (!table) return;
    const area = { ...table.area, rows: table.area.rows + entered.rows };
    if (!this.tables.some((other) => other !== table && intersect(other.area, area))) table.area = area;
  }

  used(): Rectangle | undefined {
    return this.cells.used({ row: 0, column: 0, rows: maxRows, columns: 16_384 });
  }

  addTable(range: RangeReference, hasHeaders: boolean): Table {
    const clash = this.tables.find((table) => intersect(table.area, range));
    if (clash) throw invalidArgument(`${range.address} overlaps the table ${clash.name}`);
    const table = new Table(this, range, hasHeaders);
    this.tables.push(table);
    return table;
  }

  /** Inserts empty cells; what was there moves down. Refused where it would tear a table. */
  insertDown(area: Rectangle): void {
    const filled = this.cells.used({ ...area, row: maxRows - area.rows, rows: area.rows });
    if (filled) throw invalidArgument('inserting would push filled cells off the sheet');
    for (const table of this.tables) table.checkShift(area);
    this.cells.shiftRows(area, area.row, area.rows);
    this.allLayers().forEach((layers) => layers.shiftRows(area, area.row, area.rows));
    for (const rectangle of this.movable()) {
      if (!inColumns(rectangle, area)) continue;
      if (rectangle.row >= area.row) rectangle.row += area.rows;
      else if (rectangle.row + rectangle.rows > area.row) rectangle.rows += area.rows;
    }
  }

  /** Removes cells; what is below moves up. */
  deleteUp(area: Rectangle): void {
    for (const table of this.tables) table.checkShift(area);
    this.cells.shiftRows(area, area.row, -area.rows);
    this.allLayers().forEach((layers) => layers.shiftRows(area, area.row, -area.rows));
    for (const rectangle of this.movable()) {
      if (!inColumns(rectangle, area)) continue;
      const gone = intersect(rectangle, { ...area, column: rectangle.column, columns: rectangle.columns })?.rows ?? 0;
      if (rectangle.row >= area.row + area.rows) rectangle.row -= area.rows;
      else rectangle.rows = Math.max(1, rectangle.rows - gone);
    }
  }

  private movable(): Rectangle[] {
    return [...this.tables.map((table) => table.area), ...this.held];
  }

  private allLayers(): Layers[] {
    return [this.numberFormats, ...this.formats.values()];
  }

  clear(area: Rectangle, what: string): void {
    const everything = what === 'All';
    if (everything || what === 'Contents') {
      for (const table of this.tables) {
        const headers = intersect(table.headerArea, area);
        if (headers) throw invalidArgument(`the header of the table ${table.name} cannot be emptied`);
      }
      this.cells.clear(area);
    }
    if (everything || what === 'Formats') this.allLayers().forEach((layers) => layers.erase(area));
  }
}

function inColumns(rectangle: Rectangle, area: Rectangle): boolean {
  return rectangle.column >= area.column && rectangle.column + rectangle.columns <= area.column + area.columns;
}
