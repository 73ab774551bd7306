import { invalidArgument, itemNotFound, Refusal } from '../refusal.ts';
import { formatAddress, parseAddress, sheetPrefix } from './address.ts';
import { RangeReference } from './range.ts';
import type { Table } from './table.ts';
import { Worksheet } from './worksheet.ts';

/** Something that Excel kept differently from how it was given: digits lost, text turned into a date, a live formula. */
export interface Change {
  address: string;
  given: string | number | boolean;
  kept: string | number | boolean;
  kind: 'number' | 'date' | 'flag' | 'digits' | 'formula';
}

export interface CustomXmlPart {
  id: string;
  namespace: string;
  xml: string;
}

export interface WorkbookOptions {
  /** Culture of Excel: decides how text in General cells is read. */
  culture?: string;
  sheets?: string[];
}

/** One open workbook: the state behind the simulated Excel. */
export class Workbook {
  readonly culture: string;
  readonly worksheets: Worksheet[] = [];
  readonly customXmlParts: CustomXmlPart[] = [];
  readonly settings = new Map<string, unknown>();
  readonly names = new Map<string, { name: string; formula: string; visible: boolean }>();
  /** What was kept differently from how it was given, in order. A careful writer leaves this empty. */
  readonly changes: Change[] = [];
  /** No sheet can be added, renamed or deleted. */
  structureLocked = false;
  calculationMode = 'Automatic';
  calculationSuspensions = 0;
  screenSuspensions = 0;
  activeSheet: Worksheet;
  selection: RangeReference;
  private lastId = 0;

  constructor({ culture = 'ru-RU', sheets = ['Лист1'] }: WorkbookOptions = {}) {
    this.culture = culture;
    for (const name of sheets) this.addSheet(name);
    this.activeSheet = this.worksheets[0] ?? this.addSheet('Sheet1');
    this.selection = this.activeSheet.range('A1');
  }

  nextId(): number {
    return ++this.lastId;
  }

  addSheet(name?: string): Worksheet {
    this.checkUnlocked();
    const sheet = new Worksheet(this, `{00000000-0001-0000-${String(this.nextId()).padStart(4, '0')}-000000000000}`, this.freeSheetName());
    if (name !== undefined) sheet.name = this.checkedSheetName(name);
    this.worksheets.push(sheet);
    return sheet;
  }

  private freeSheetName(): string {
    const stem = this.culture.startsWith('ru') ? 'Лист' : 'Sheet';
    for (let number = this.worksheets.length + 1; ; number++) if (!this.findSheet(`${stem}${number}`)) return `${stem}${number}`;
  }

  /** Excel's rules for a sheet name. */
  checkedSheetName(name: string, renamed?: Worksheet): string {
    if (name.length === 0 || name.length > 31) throw invalidArgument(`a sheet name has 1 to 31 characters, "${name}" has ${name.length}`);
    if (/[:\\/?*[\]]/.test(name) || name.startsWith("'") || name.endsWith("'")) throw invalidArgument(`a sheet name may not hold : \\ / ? * [ ] or start or end with ': "${name}"`);
    if (/^(history|журнал)$/i.test(name)) throw invalidArgument(`"${name}" is a reserved sheet name`);
    const taken = this.findSheet(name);
    if (taken && taken !== renamed) throw new ItemExists(`a sheet named "${name}" exists`);
    return name;
  }

  /** By name, ignoring case, or by id. */
  findSheet(key: string): Worksheet | undefined {
    return this.worksheets.find((sheet) => sheet.id === key || sheet.name.toLowerCase() === key.toLowerCase());
  }

  sheet(key: string): Worksheet {
    const sheet = this.findSheet(key);
    if (!sheet) throw itemNotFound(`sheet "${key}"`);
    return sheet;
  }

  private checkUnlocked(): void {
    if (this.structureLocked) throw new Refusal('AccessDenied', 'You cannot perform the requested operation.');
  }

  deleteSheet(sheet: Worksheet): void {
    this.checkUnlocked();
    const visible = this.worksheets.filter((other) => other !== sheet && other.visibility === 'Visible');
    if (visible.length === 0) throw new Refusal('InvalidOperation', 'A workbook must contain at least one visible worksheet.');
    this.worksheets.splice(this.worksheets.indexOf(sheet), 1);
    if (this.activeSheet === sheet && visible[0]) {
      this.activeSheet = visible[0];
      this.selection = visible[0].range('A1');
    }
  }

  get tables(): Table[] {
    return this.worksheets.flatMap((sheet) => sheet.tables);
  }

  /** By name, ignoring case, or by id. */
  findTable(key: string): Table | undefined {
    return this.tables.find((table) => table.id === key || table.name.toLowerCase() === key.toLowerCase());
  }

  /** A range by address; without a sheet it is on the active one. */
  range(address: string): RangeReference {
    const { sheet, ...rectangle } = parseAddress(address);
    return new RangeReference(sheet === undefined ? this.activeSheet : this.sheet(sheet), rectangle);
  }

  recordChange(sheet: Worksheet, row: number, column: number, change: Omit<Change, 'address'>): void {
    this.changes.push({ address: sheetPrefix(sheet.name) + formatAddress({ row, column, rows: 1, columns: 1 }), ...change });
  }
}

class ItemExists extends Refusal {
  constructor(why: string) {
    super('ItemAlreadyExists', `The resource being created already exists. (${why})`);
  }
}
