import { invalidArgument } from '../refusal.ts';
import { checkInside, intersect, maxColumns, maxRows, type Rectangle } from '../model/address.ts';
import { RangeReference } from '../model/range.ts';
import { nullObject } from './null-object.ts';
import { TableList } from './collections.ts';
import { describe, type Arguments } from './api.ts';

/** `range.format` and its parts: `prefix` is '' or `font.` and so on. */
export class Format {
  readonly range: RangeReference;
  readonly prefix: string;

  constructor(range: RangeReference, prefix: string) {
    this.range = range;
    this.prefix = prefix;
  }
}

function inSheet(self: RangeReference, given: Arguments): RangeReference {
  return given.range(0, (address) => self.sheet.range(address));
}

function boundsOf(one: Rectangle, other: Rectangle): Rectangle {
  const row = Math.min(one.row, other.row);
  const column = Math.min(one.column, other.column);
  return { row, column, rows: Math.max(one.row + one.rows, other.row + other.rows) - row, columns: Math.max(one.column + one.columns, other.column + other.columns) - column };
}

function usedPart(self: RangeReference): RangeReference | undefined {
  const used = self.sheet.cells.used(self);
  return used && self.with(used);
}

/** Pastes; a target that is a multiple of the source is filled with repetitions of it. */
function copy(target: RangeReference, source: RangeReference, what: string): void {
  const repeats = target.rows % source.rows === 0 && target.columns % source.columns === 0;
  const [rows, columns] = repeats ? [target.rows, target.columns] : [source.rows, source.columns];
  const area = { row: target.row, column: target.column, rows, columns };
  checkInside(area);
  target.with(area).map((row, column) => {
    const from = [source.row + ((row - area.row) % source.rows), source.column + ((column - area.column) % source.columns)] as const;
    const cell = source.sheet.cells.get(...from);
    if (what !== 'Formats') target.sheet.cells.set(row, column, cell && (what === 'Values' ? { value: cell.value } : { ...cell }));
    if (what === 'All' || what === 'Formats') target.sheet.numberFormats.paint({ row, column, rows: 1, columns: 1 }, source.sheet.numberFormat(...from));
  });
}

describe(RangeReference, {
  name: 'Range',
  get: {
    address: (self) => self.address,
    rowIndex: (self) => self.row,
    columnIndex: (self) => self.column,
    rowCount: (self) => self.rows,
    columnCount: (self) => self.columns,
    cellCount: (self) => self.rows * self.columns,
    isEntireColumn: (self) => self.isEntireColumn,
    isEntireRow: (self) => self.isEntireRow,
    values: (self) => readable(self).values,
    formulas: (self) => readable(self).formulas,
    text: (self) => readable(self).text,
    numberFormat: (self) => readable(self).numberFormats,
    valueTypes: (self) => readable(self).map((row, column) => valueType(self.sheet.cells.get(row, column)?.value)),
    rowHidden: (self) => self.sheet.format('rowHidden').uniform(self, false),
    columnHidden: (self) => self.sheet.format('columnHidden').uniform(self, false),
  },
  set: {
    values: (self, value) => self.enter(value),
    formulas: (self, value) => self.enter(value),
    numberFormat: (self, value) => self.setNumberFormat(value),
    rowHidden: (self, value) => self.sheet.format('rowHidden').paint(self, value),
    columnHidden: (self, value) => self.sheet.format('columnHidden').paint(self, value),
  },
  open: {
    format: (self) => new Format(self, ''),
    worksheet: (self) => self.sheet,
  },
  call: {
    getCell: (self, given) => self.with({ row: self.row + given.number(0), column: self.column + given.number(1), rows: 1, columns: 1 }),
    getRow: (self, given) => self.with({ row: self.row + given.number(0), rows: 1 }),
    getColumn: (self, given) => self.with({ column: self.column + given.number(0), columns: 1 }),
    getEntireColumn: (self) => self.with({ row: 0, rows: maxRows }),
    getEntireRow: (self) => self.with({ column: 0, columns: maxColumns }),
    getLastCell: (self) => self.with({ row: self.row + self.rows - 1, column: self.column + self.columns - 1, rows: 1, columns: 1 }),
    getLastRow: (self) => self.with({ row: self.row + self.rows - 1, rows: 1 }),
    getLastColumn: (self) => self.with({ column: self.column + self.columns - 1, columns: 1 }),
    getRowsBelow: (self, given) => self.with({ row: self.row + self.rows, rows: given.number(0, 1) }),
    getColumnsAfter: (self, given) => self.with({ column: self.column + self.columns, columns: given.number(0, 1) }),
    getOffsetRange: (self, given) => self.with({ row: self.row + given.number(0), column: self.column + given.number(1) }),
    getResizedRange: (self, given) => self.with({ rows: self.rows + given.number(0), columns: self.columns + given.number(1) }),
    getAbsoluteResizedRange: (self, given) => self.with({ rows: given.number(0), columns: given.number(1) }),
    getBoundingRect: (self, given) => self.with(boundsOf(self, inSheet(self, given))),
    getIntersectionOrNullObject: (self, given) => {
      const common = intersect(self, inSheet(self, given));
      return common ? self.with(common) : nullObject;
    },
    getUsedRange: (self) => usedPart(self) ?? self.with({ rows: 1, columns: 1 }),
    getUsedRangeOrNullObject: (self) => usedPart(self) ?? nullObject,
    getTables: (self, given) => new TableList(self.sheet, (table) => !given.flag(0) || touchesWholly(table.area, self), self),
    clear: (self, given) => self.sheet.clear(self, given.optionalText(0) ?? 'All'),
    insert: (self, given) => {
      if (given.text(0) !== 'Down') throw invalidArgument('the simulation inserts downwards only');
      self.sheet.insertDown({ row: self.row, column: self.column, rows: self.rows, columns: self.columns });
      return self;
    },
    delete: (self, given) => {
      if (given.text(0) !== 'Up') throw invalidArgument('the simulation deletes upwards only');
      self.sheet.deleteUp({ row: self.row, column: self.column, rows: self.rows, columns: self.columns });
    },
    copyFrom: (self, given) => copy(self, given.range(0, (address) => self.sheet.workbook.range(address)), given.optionalText(1) ?? 'All'),
    select: (self) => {
      self.sheet.workbook.activeSheet = self.sheet;
      self.sheet.workbook.selection = self;
    },
    calculate: () => undefined,
  },
});

function touchesWholly(area: Rectangle, range: Rectangle): boolean {
  const common = intersect(area, range);
  return common !== undefined && common.rows === area.rows && common.columns === area.columns;
}

/** Excel answers `null` or fails beyond five million cells; here it always fails. */
function readable(range: RangeReference): RangeReference {
  if (range.rows * range.columns > 5_000_000) throw invalidArgument(`${range.address} has more than 5,000,000 cells`);
  return range;
}

function valueType(value: unknown): string {
  if (value === undefined || value === '') return 'Empty';
  return typeof value === 'number' ? 'Double' : typeof value === 'boolean' ? 'Boolean' : 'String';
}

const formatNames = ['columnWidth', 'rowHeight', 'wrapText', 'horizontalAlignment', 'verticalAlignment', 'bold', 'italic', 'color', 'size', 'name', 'underline'];
const defaults: Record<string, unknown> = { columnWidth: 48, rowHeight: 15, wrapText: false, horizontalAlignment: 'General', verticalAlignment: 'Bottom', 'font.bold': false, 'font.italic': false, 'font.color': '#000000', 'font.size': 11, 'font.name': 'Calibri', 'font.underline': 'None', 'fill.color': '#FFFFFF' };

function paint(self: Format, name: string, value: unknown): void {
  const area = name === 'columnWidth' ? self.range.with({ row: 0, rows: maxRows }) : self.range;
  self.range.sheet.format(self.prefix + name).paint(area, value);
}

describe(Format, {
  name: 'RangeFormat',
  get: Object.fromEntries(formatNames.map((name) => [name, (self: Format) => self.range.sheet.format(self.prefix + name).uniform(self.range, defaults[self.prefix + name])])),
  set: Object.fromEntries(formatNames.map((name) => [name, (self: Format, value: unknown) => paint(self, name, value)])),
  open: {
    font: (self) => new Format(self.range, 'font.'),
    fill: (self) => new Format(self.range, 'fill.'),
  },
  call: {
    autofitColumns: (self) => {
      for (let column = self.range.column; column < self.range.column + self.range.columns; column++) {
        const texts = self.range.with({ column, columns: 1 }).text.flat();
        paint(new Format(self.range.with({ column, columns: 1 }), ''), 'columnWidth', Math.max(...texts.map((text) => text.length)) * 5.5 + 8);
      }
    },
    autofitRows: () => undefined,
    clear: (self) => self.range.sheet.format(`${self.prefix}color`).erase(self.range),
  },
});
