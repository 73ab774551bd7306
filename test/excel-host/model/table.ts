import { invalidArgument } from '../refusal.ts';
import { intersect, type Rectangle } from './address.ts';
import type { RangeReference } from './range.ts';
import type { Worksheet } from './worksheet.ts';

interface Column {
  id: number;
  name: string;
}

/** A native table. Its header cells are its column names: text, filled, unique. */
export class Table {
  readonly id: string;
  readonly sheet: Worksheet;
  area: Rectangle;
  columns: Column[];
  style = 'TableStyleMedium2';
  showFilterButton = true;
  showBandedRows = true;
  showTotals = false;
  private ownName: string;
  private lastColumnId = 0;

  constructor(sheet: Worksheet, range: RangeReference, hasHeaders: boolean) {
    const number = sheet.workbook.nextId();
    this.id = `{00000000-0002-0000-${String(number).padStart(4, '0')}-000000000000}`;
    this.sheet = sheet;
    this.ownName = `${sheet.workbook.culture.startsWith('ru') ? 'Таблица' : 'Table'}${number}`;
    const { row, column, rows, columns } = range;
    if (!hasHeaders) sheet.insertDown({ row, column, rows: 1, columns });
    this.area = { row, column, rows: Math.max(2, hasHeaders ? rows : rows + 1), columns };
    this.columns = [];
    for (let index = 0; index < columns; index++) this.columns.push(this.newColumn(index, hasHeaders ? sheet.cells.get(row, column + index)?.value : undefined));
    this.writeHeader();
  }

  private newColumn(index: number, given: unknown): Column {
    const stem = this.sheet.workbook.culture.startsWith('ru') ? 'Столбец' : 'Column';
    return { id: ++this.lastColumnId, name: this.uniqueColumnName(given === undefined || given === '' ? `${stem}${index + 1}` : String(given)) };
  }

  private uniqueColumnName(wanted: string, except?: Column): string {
    const taken = (name: string): boolean => this.columns.some((column) => column !== except && column.name.toLowerCase() === name.toLowerCase());
    let name = wanted;
    for (let number = 2; taken(name); number++) name = `${wanted}${number}`;
    return name;
  }

  private writeHeader(): void {
    this.columns.forEach(({ name }, index) => this.sheet.cells.set(this.area.row, this.area.column + index, { value: name }));
  }

  get name(): string {
    return this.ownName;
  }

  set name(name: string) {
    if (!/^[\p{L}_\\][\p{L}\p{N}_.\\]{0,254}$/u.test(name) || /^[A-Za-z]{1,3}\d+$/.test(name) || /^([rc]|r\d*c\d*)$/i.test(name)) throw invalidArgument(`"${name}" cannot name a table`);
    const other = this.sheet.workbook.findTable(name);
    if ((other && other !== this) || this.sheet.workbook.names.has(name.toLowerCase())) throw invalidArgument(`the name ${name} is taken in this workbook`);
    this.ownName = name;
  }

  get headerArea(): Rectangle {
    return { ...this.area, rows: 1 };
  }

  get bodyArea(): Rectangle {
    return { ...this.area, row: this.area.row + 1, rows: this.area.rows - 1 - (this.showTotals ? 1 : 0) };
  }

  isHeader(row: number, column: number): boolean {
    return row === this.area.row && column >= this.area.column && column < this.area.column + this.area.columns;
  }

  renameColumn(index: number, name: string): void {
    const column = this.columns[index];
    if (!column) throw invalidArgument(`the table ${this.name} has no column ${index}`);
    if (name === '') throw invalidArgument(`a column of the table ${this.name} needs a name`);
    column.name = this.uniqueColumnName(name, column);
    this.writeHeader();
  }

  /** The header stays where it is, the new area overlaps the old one and no other table, and it has a row of data. */
  resize(range: RangeReference): void {
    if (range.sheet !== this.sheet || range.row !== this.area.row) throw invalidArgument('the header row of a table stays in its place');
    if (!intersect(range, this.area)) throw invalidArgument('the new area must overlap the table');
    if (range.rows < 2) throw invalidArgument('a table needs a row of data');
    const clash = this.sheet.tables.find((table) => table !== this && intersect(table.area, range));
    if (clash) throw invalidArgument(`${range.address} overlaps the table ${clash.name}`);
    const { row, column, rows, columns } = range;
    const byPosition = new Map(this.columns.map((old, index) => [this.area.column + index, old]));
    this.area = { row, column, rows, columns };
    this.columns = [];
    for (let index = 0; index < columns; index++) {
      const old = byPosition.get(column + index);
      this.columns.push(old ?? this.newColumn(index, this.sheet.cells.get(row, column + index)?.value));
    }
    this.writeHeader();
  }

  addColumn(at: number, cells: unknown[][] | undefined, name: string | undefined): Column {
    const index = at < 0 ? this.columns.length : at;
    const right = { row: this.area.row, column: this.area.column + index, rows: this.area.rows, columns: this.area.columns - index };
    const beyond = { ...this.area, column: this.area.column + this.area.columns, columns: 1 };
    if (!this.sheet.cells.isEmpty(beyond)) throw invalidArgument('no room for a column beside the table');
    const kept = right.columns > 0 ? this.sheet.range('A1').with(right).formulas : [];
    const header = cells?.[0]?.[0];
    const column = this.newColumn(index, name ?? header);
    this.columns.splice(index, 0, column);
    this.area.columns += 1;
    kept.forEach((row, down) => row.forEach((value, across) => this.sheet.cells.set(right.row + down, right.column + 1 + across, { value })));
    for (let down = 1; down < this.area.rows; down++) this.sheet.cells.set(this.area.row + down, right.column, undefined);
    cells?.forEach((row, down) => {
      const value = row[0];
      if (down > 0 && (typeof value === 'string' || typeof value === 'number')) this.sheet.enter(this.area.row + down, right.column, value);
    });
    this.writeHeader();
    return column;
  }

  setShowTotals(show: boolean): void {
    if (show === this.showTotals) return;
    const below = { ...this.area, row: this.area.row + this.area.rows, rows: 1 };
    if (show) {
      if (!this.sheet.cells.isEmpty(below)) this.sheet.insertDown(below);
      this.area.rows += 1;
    } else {
      this.area.rows -= 1;
      this.sheet.cells.clear({ ...below, row: below.row - 1 });
    }
    this.showTotals = show;
  }

  /** Inserting or deleting part of a table's columns would tear it. */
  checkShift(area: Rectangle): void {
    const below = intersect(this.area, { ...area, rows: 4_000_000 });
    const whole = area.column <= this.area.column && area.column + area.columns >= this.area.column + this.area.columns;
    if (below && !whole) throw invalidArgument(`this would shift cells in the table ${this.name}`);
  }

  remove(keepCells: boolean): void {
    this.sheet.tables.splice(this.sheet.tables.indexOf(this), 1);
    if (!keepCells) this.sheet.cells.clear(this.area);
  }
}
