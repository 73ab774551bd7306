import { itemNotFound } from '../refusal.ts';
import { RangeReference } from '../model/range.ts';
import { Table } from '../model/table.ts';
import { Workbook } from '../model/workbook.ts';
import { describe } from './api.ts';
import { TableList } from './collections.ts';
import { nullObject } from './null-object.ts';

class TableRows {
  readonly table: Table;

  constructor(table: Table) {
    this.table = table;
  }
}

class TableColumns extends TableRows {}

class TableColumn {
  readonly table: Table;
  readonly id: number;

  constructor(table: Table, id: number) {
    this.table = table;
    this.id = id;
  }

  get index(): number {
    const index = this.table.columns.findIndex((column) => column.id === this.id);
    if (index < 0) throw itemNotFound(`column ${this.id} of the table ${this.table.name}`);
    return index;
  }

  part(area: { row: number; rows: number }): RangeReference {
    return new RangeReference(this.table.sheet, { row: area.row, rows: area.rows, column: this.table.area.column + this.index, columns: 1 });
  }
}

class AutoFilter extends TableRows {}
class TableSort extends TableRows {}

function setting(name: 'style' | 'showFilterButton' | 'showBandedRows'): { get: (self: Table) => unknown; set: (self: Table, value: unknown) => void } {
  return { get: (self) => self[name], set: (self, value) => Object.assign(self, { [name]: value }) };
}

describe(TableList, {
  name: 'TableCollection',
  get: { count: (self) => self.tables.length },
  items: (self) => self.tables,
  item: (self, key) => self.tables.find((table) => table.id === key || table.name.toLowerCase() === String(key).toLowerCase()),
  call: {
    add: (self, given) => {
      const range = given.range(0, (address) => (self.parent instanceof Workbook ? self.parent.range(address) : self.parent.range(address)));
      return range.sheet.addTable(range, given.flag(1));
    },
    getCount: (self) => self.tables.length,
  },
});

describe(Table, {
  name: 'Table',
  id: (self) => self.id,
  get: {
    id: (self) => self.id,
    name: (self) => self.name,
    showTotals: (self) => self.showTotals,
    showHeaders: () => true,
    style: setting('style').get,
    showFilterButton: setting('showFilterButton').get,
    showBandedRows: setting('showBandedRows').get,
  },
  set: {
    name: (self, value) => (self.name = String(value)),
    showTotals: (self, value) => self.setShowTotals(Boolean(value)),
    style: setting('style').set,
    showFilterButton: setting('showFilterButton').set,
    showBandedRows: setting('showBandedRows').set,
  },
  open: {
    worksheet: (self) => self.sheet,
    columns: (self) => new TableColumns(self),
    rows: (self) => new TableRows(self),
    autoFilter: (self) => new AutoFilter(self),
    sort: (self) => new TableSort(self),
  },
  call: {
    getRange: (self) => new RangeReference(self.sheet, self.area),
    getHeaderRowRange: (self) => new RangeReference(self.sheet, self.headerArea),
    getDataBodyRange: (self) => new RangeReference(self.sheet, self.bodyArea),
    resize: (self, given) => self.resize(given.range(0, (address) => self.sheet.range(address))),
    convertToRange: (self) => {
      self.remove(true);
      return new RangeReference(self.sheet, self.area);
    },
    delete: (self) => self.remove(false),
    clearFilters: () => undefined,
    reapplyFilters: () => undefined,
  },
});

describe(TableColumns, {
  name: 'TableColumnCollection',
  get: { count: (self) => self.table.columns.length },
  items: (self) => self.table.columns.map(({ id }) => new TableColumn(self.table, id)),
  item: (self, key) => {
    const found = self.table.columns.find((column) => column.id === key || column.name.toLowerCase() === String(key).toLowerCase());
    return found && new TableColumn(self.table, found.id);
  },
  call: {
    add: (self, given) => {
      const cells = given.any(1);
      return new TableColumn(self.table, self.table.addColumn(given.number(0, -1), Array.isArray(cells) ? (cells as unknown[][]) : undefined, given.optionalText(2)).id);
    },
    getCount: (self) => self.table.columns.length,
  },
});

describe(TableColumn, {
  name: 'TableColumn',
  id: (self) => self.id,
  get: { id: (self) => self.id, name: (self) => self.table.columns[self.index]?.name, index: (self) => self.index },
  set: { name: (self, value) => self.table.renameColumn(self.index, String(value)) },
  call: {
    getRange: (self) => self.part(self.table.area),
    getDataBodyRange: (self) => self.part(self.table.bodyArea),
    getHeaderRowRange: (self) => self.part(self.table.headerArea),
  },
});

describe(TableRows, {
  name: 'TableRowCollection',
  get: { count: (self) => self.table.bodyArea.rows },
  call: { getCount: (self) => self.table.bodyArea.rows },
});

describe(AutoFilter, {
  name: 'AutoFilter',
  get: { enabled: (self) => self.table.showFilterButton, isDataFiltered: () => false },
  call: { getRangeOrNullObject: () => nullObject },
});

describe(TableSort, { name: 'TableSort', call: { clear: () => undefined, reapply: () => undefined } });
