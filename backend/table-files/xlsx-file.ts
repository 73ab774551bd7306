import { dateText, numberText } from '../../shared/worksheet-cell.ts';
import { columnOf } from './cell-place.ts';
import { readWorkbook, type WorkbookParts } from './xlsx-parts.ts';
import type { FileRow, OpenTableFile } from './table-file.ts';
import { XmlEvents } from './xml-events.ts';
import { ZipFile, brokenWorkbook } from './zip-file.ts';

const mostSheetBytes = 4_000_000_000;
/** Excel's own width. */
const mostColumns = 16_384;

/** Opens the first visible sheet of a workbook. */
export async function openXlsx(path: string): Promise<OpenTableFile> {
  const zip = await ZipFile.open(path);
  try {
    const workbook = await readWorkbook(zip);
    return { writtenAs: { format: 'xlsx', sheet: workbook.sheetName }, fixedWidth: false, rows: sheetRows(zip, workbook), close: () => zip.close() };
  } catch (error) {
    await zip.close();
    throw error;
  }
}

async function* sheetRows(zip: ZipFile, workbook: WorkbookParts): AsyncGenerator<FileRow[]> {
  const sheet = new SheetReader(workbook);
  const events = new XmlEvents({ open: (name, attributes) => sheet.open(name, attributes), text: (text) => sheet.text(text), close: (name) => sheet.close(name) });
  for await (const bytes of zip.read(workbook.sheetPath, mostSheetBytes)) {
    events.write(bytes);
    const rows = sheet.take();
    if (rows.length > 0) yield rows;
  }
  events.end();
}

/** Collects rows from the XML of a sheet. A formula counts by the value that Excel stored beside it. */
class SheetReader {
  private rows: FileRow[] = [];
  private row: FileRow = { number: 0, cells: [] };
  private place = -1;
  private type = 'n';
  private style = 0;
  private value = '';
  private inValue = false;
  private inReading = false;

  constructor(private readonly workbook: WorkbookParts) {}

  take(): FileRow[] {
    const { rows } = this;
    this.rows = [];
    return rows;
  }

  open(name: string, attributes: Record<string, string>): void {
    switch (name) {
      case 'row':
        this.row = { number: Number(attributes['r'] ?? this.row.number + 1), cells: [] };
        this.place = -1;
        return;
      case 'c':
        this.place = attributes['r'] === undefined ? this.place + 1 : columnOf(attributes['r']);
        this.type = attributes['t'] ?? 'n';
        this.style = Number(attributes['s'] ?? 0);
        this.value = '';
        return;
      case 'rPh':
        this.inReading = true;
        return;
      case 'v':
        this.inValue = true;
        return;
      case 't':
        this.inValue = !this.inReading;
    }
  }

  text(text: string): void {
    if (this.inValue) this.value += text;
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.inValue = false;
    if (name === 'rPh') this.inReading = false;
    if (name === 'c') this.cell();
    if (name === 'row') this.rows.push(this.row);
  }

  private cell(): void {
    if (this.value === '') return;
    if (!(this.place >= 0 && this.place < mostColumns)) throw brokenWorkbook(new Error('a cell beyond the sheet'));
    const { text, rounded } = this.read();
    const { cells } = this.row;
    while (cells.length < this.place) cells.push('');
    cells[this.place] = text;
    if (rounded) this.row.rounded = [...(this.row.rounded ?? []), this.place];
  }

  private read(): { text: string; rounded: boolean } {
    const { value, workbook } = this;
    switch (this.type) {
      case 's':
        return { text: workbook.strings[Number(value)] ?? '', rounded: false };
      case 'b':
        return { text: value === '1' ? 'true' : 'false', rounded: false };
      case 'd':
        return { text: value.replace('T', ' ').replace(/ 00:00:00(\.0+)?$/, ''), rounded: false };
      case 'n':
        return workbook.isDate[this.style] === true ? { text: dateText(value, workbook.since1904), rounded: false } : numberText(value);
      default:
        return { text: value, rounded: false };
    }
  }
}
