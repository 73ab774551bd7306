import { invalidArgument } from '../refusal.ts';
import { RangeReference } from '../model/range.ts';
import { Workbook, type CustomXmlPart } from '../model/workbook.ts';
import { Worksheet } from '../model/worksheet.ts';
import { describe } from './api.ts';
import { ChartList } from './chart.ts';
import { TableList } from './collections.ts';
import { nullObject } from './null-object.ts';

class Part {
  readonly workbook: Workbook;

  constructor(workbook: Workbook) {
    this.workbook = workbook;
  }
}

class WorksheetList extends Part {}
class Application extends Part {}
class CultureInfo extends Part {}
class NumberFormatInfo extends Part {}
class Names extends Part {}
class Protection extends Part {}

class NamedItem extends Part {
  readonly name: string;

  constructor(workbook: Workbook, name: string) {
    super(workbook);
    this.name = name;
  }
}

class XmlParts extends Part {
  readonly namespace: string | undefined;

  constructor(workbook: Workbook, namespace?: string) {
    super(workbook);
    this.namespace = namespace;
  }

  get parts(): XmlPart[] {
    return this.workbook.customXmlParts.filter(({ namespace }) => this.namespace === undefined || namespace === this.namespace).map((part) => new XmlPart(this.workbook, part));
  }
}

class XmlPart extends Part {
  readonly part: CustomXmlPart;

  constructor(workbook: Workbook, part: CustomXmlPart) {
    super(workbook);
    this.part = part;
  }
}

class FreezePanes {
  readonly sheet: Worksheet;

  constructor(sheet: Worksheet) {
    this.sheet = sheet;
  }
}

describe(Workbook, {
  name: 'Workbook',
  open: {
    worksheets: (self) => new WorksheetList(self),
    tables: (self) => new TableList(self),
    application: (self) => new Application(self),
    customXmlParts: (self) => new XmlParts(self),
    names: (self) => new Names(self),
    protection: (self) => new Protection(self),
  },
  call: {
    getSelectedRange: (self) => self.selection,
    getActiveCell: (self) => self.selection.with({ rows: 1, columns: 1 }),
  },
});

describe(WorksheetList, {
  name: 'WorksheetCollection',
  items: (self) => self.workbook.worksheets,
  item: (self, key) => self.workbook.findSheet(String(key)),
  call: {
    add: (self, given) => self.workbook.addSheet(given.optionalText(0)),
    getActiveWorksheet: (self) => self.workbook.activeSheet,
    getCount: (self) => self.workbook.worksheets.length,
    getFirst: (self) => self.workbook.worksheets[0],
    getLast: (self) => self.workbook.worksheets.at(-1),
  },
});

describe(Worksheet, {
  name: 'Worksheet',
  id: (self) => self.id,
  get: {
    id: (self) => self.id,
    name: (self) => self.name,
    position: (self) => self.workbook.worksheets.indexOf(self),
    visibility: (self) => self.visibility,
    tabColor: (self) => self.tabColor,
    showGridlines: (self) => self.showGridlines,
  },
  set: {
    name: (self, value) => (self.name = self.workbook.checkedSheetName(String(value), self)),
    visibility: (self, value) => setVisibility(self, String(value)),
    tabColor: (self, value) => (self.tabColor = String(value)),
    showGridlines: (self, value) => (self.showGridlines = Boolean(value)),
    position: (self, value) => {
      const sheets = self.workbook.worksheets;
      sheets.splice(sheets.indexOf(self), 1);
      sheets.splice(Number(value), 0, self);
    },
  },
  open: {
    tables: (self) => new TableList(self),
    charts: (self) => new ChartList(self),
    freezePanes: (self) => new FreezePanes(self),
  },
  call: {
    activate: (self) => {
      if (self.visibility !== 'Visible') throw invalidArgument('a hidden sheet cannot be activated');
      if (self.workbook.activeSheet !== self) self.workbook.selection = self.range('A1');
      self.workbook.activeSheet = self;
    },
    delete: (self) => self.workbook.deleteSheet(self),
    getRange: (self, given) => (given.any(0) === undefined ? self.range('A1:XFD1048576') : self.range(given.text(0))),
    getCell: (self, given) => new RangeReference(self, { row: given.number(0), column: given.number(1), rows: 1, columns: 1 }),
    getRangeByIndexes: (self, given) => new RangeReference(self, { row: given.number(0), column: given.number(1), rows: given.number(2), columns: given.number(3) }),
    getUsedRange: (self) => new RangeReference(self, self.used() ?? { row: 0, column: 0, rows: 1, columns: 1 }),
    getUsedRangeOrNullObject: (self) => {
      const used = self.used();
      return used ? new RangeReference(self, used) : nullObject;
    },
    calculate: () => undefined,
  },
});

function setVisibility(sheet: Worksheet, visibility: string): void {
  if (!['Visible', 'Hidden', 'VeryHidden'].includes(visibility)) throw invalidArgument(`no such visibility: ${visibility}`);
  const other = sheet.workbook.worksheets.find((candidate) => candidate !== sheet && candidate.visibility === 'Visible');
  if (visibility !== 'Visible' && !other) throw invalidArgument('a workbook keeps one visible sheet');
  sheet.visibility = visibility;
  if (visibility !== 'Visible' && other && sheet.workbook.activeSheet === sheet) sheet.workbook.activeSheet = other;
}

describe(FreezePanes, {
  name: 'WorksheetFreezePanes',
  call: {
    freezeRows: (self, given) => (self.sheet.frozenRows = given.number(0, 1)),
    freezeColumns: (self, given) => (self.sheet.frozenColumns = given.number(0, 1)),
    unfreeze: (self) => Object.assign(self.sheet, { frozenRows: 0, frozenColumns: 0 }),
  },
});

describe(Application, {
  name: 'Application',
  get: { calculationMode: (self) => self.workbook.calculationMode, decimalSeparator: (self) => (self.workbook.culture.startsWith('ru') ? ',' : '.') },
  set: { calculationMode: (self, value) => (self.workbook.calculationMode = String(value)) },
  open: { cultureInfo: (self) => new CultureInfo(self.workbook) },
  call: {
    suspendApiCalculationUntilNextSync: (self) => (self.workbook.calculationSuspensions += 1),
    suspendScreenUpdatingUntilNextSync: (self) => (self.workbook.screenSuspensions += 1),
    calculate: () => undefined,
  },
});

describe(CultureInfo, {
  name: 'CultureInfo',
  get: { name: (self) => self.workbook.culture },
  open: { numberFormat: (self) => new NumberFormatInfo(self.workbook) },
});

describe(NumberFormatInfo, {
  name: 'NumberFormatInfo',
  get: { numberDecimalSeparator: (self) => (self.workbook.culture.startsWith('ru') ? ',' : '.') },
});

describe(Names, {
  name: 'NamedItemCollection',
  items: (self) => [...self.workbook.names.values()].map(({ name }) => new NamedItem(self.workbook, name)),
  call: { getCount: (self) => self.workbook.names.size },
});

describe(NamedItem, { name: 'NamedItem', get: { name: (self) => self.name } });

describe(Protection, { name: 'WorkbookProtection', get: { protected: (self) => self.workbook.structureLocked } });

describe(XmlParts, {
  name: 'CustomXmlPartCollection',
  items: (self) => self.parts,
  item: (self, key) => self.parts.find(({ part }) => part.id === key),
  call: {
    add: (self, given) => {
      const xml = given.text(0);
      const namespace = /<[^?!][^>]*?\sxmlns="([^"]*)"/.exec(xml)?.[1] ?? '';
      checkXml(xml);
      const part = { id: `{${String(self.workbook.nextId()).padStart(8, '0')}-0000-0000-0000-000000000000}`, namespace, xml };
      self.workbook.customXmlParts.push(part);
      return new XmlPart(self.workbook, part);
    },
    getByNamespace: (self, given) => new XmlParts(self.workbook, given.text(0)),
    getCount: (self) => self.parts.length,
  },
});

/** Well-formed enough to catch text that was put in unescaped. */
function checkXml(xml: string): void {
  const root = /^\s*(?:<\?xml[^>]*\?>)?\s*<([\w:]+)(?:\s[^<>]*)?>[\s\S]*<\/\1>\s*$/.exec(xml);
  if (!root || /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i.test(xml)) throw invalidArgument('the part is not well-formed XML');
  const open: string[] = [];
  for (const [, close, name = '', own] of xml.matchAll(/<(\/?)([\w:]+)(?:\s[^<>]*?)?(\/?)>/g))
    if (own) continue;
    else if (!close) open.push(name);
    else if (open.pop() !== name) throw invalidArgument('the part is not well-formed XML');
  if (open.length > 0 || /<(?![/?\w])/.test(xml)) throw invalidArgument('the part is not well-formed XML');
}

describe(XmlPart, {
  name: 'CustomXmlPart',
  id: (self) => self.part.id,
  get: { id: (self) => self.part.id, namespaceUri: (self) => self.part.namespace },
  call: {
    getXml: (self) => self.part.xml,
    setXml: (self, given) => {
      checkXml(given.text(0));
      self.part.xml = given.text(0);
    },
    delete: (self) => self.workbook.customXmlParts.splice(self.workbook.customXmlParts.indexOf(self.part), 1),
  },
});
