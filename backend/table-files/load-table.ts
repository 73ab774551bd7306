import { Readable } from 'node:stream';
import type { LocalText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import type { QueryContext, StoredTable, Workbench } from '../workbench/workbench.ts';
import { BadRows, beyondHeading, wrongWidth } from './bad-rows.ts';
import type { FileRow, OpenTableFile } from './table-file.ts';

const mostColumns = 500;
const shownRows = 5;
const shownCharacters = 200;
const rowsAtATime = 500;

/** What looks at the values of one column. */
export interface Observer {
  observe(text: string, row: number, rounded: boolean): void;
}

export interface LoadedFile<O extends Observer> {
  /** Every value as text, in columns `c1`, `c2`, …: headings are anything. */
  table: StoredTable;
  columns: { name: string; observer: O }[];
  firstRows: string[][];
  notices: LocalText[];
}

export interface LoadTarget {
  workbench: Workbench;
  tableId: string;
  context: QueryContext;
}

const noHeading = (): Problem => new Problem('invalid_values', { ru: 'В файле нет ни одной заполненной строки. В первой строке должны стоять названия столбцов.', en: 'The file has no filled row. Its first row must hold the names of the columns.' });

const tooManyColumns = (count: number): Problem =>
  new Problem('too_large', { ru: `В файле ${count} столбцов, можно до ${mostColumns}. Удалите лишние.`, en: `The file has ${count} columns, at most ${mostColumns} are possible. Remove those that are not needed.` });

/** Name of the column at a place of the raw table. */
export function rawColumn(at: number): string {
  return `c${at + 1}`;
}

function isBlank({ cells }: FileRow): boolean {
  return cells.every((cell) => cell.trim() === '');
}

/** Names of columns as the file heads them: blanks around are dropped, nameless and equal ones numbered and told. */
function headings({ cells }: FileRow, notices: LocalText[]): string[] {
  const last = cells.findLastIndex((cell) => cell.trim() !== '');
  const taken = new Set<string>();
  const names = cells.slice(0, last + 1).map((cell, at) => {
    const written = cell.trim().replace(/\s+/g, ' ').slice(0, shownCharacters).toWellFormed();
    const name = written === '' ? `column_${at + 1}` : written;
    let free = name;
    for (let number = 2; taken.has(free.toLowerCase()); number += 1) free = `${name}_${number}`;
    taken.add(free.toLowerCase());
    if (written === '') notices.push({ ru: `У столбца ${at + 1} нет названия, он назван «${free}».`, en: `Column ${at + 1} has no name; it is called “${free}”.` });
    else if (free !== name) notices.push({ ru: `Столбец «${name}» встречается дважды, второй назван «${free}».`, en: `There are two columns “${name}”; the second is called “${free}”.` });
    return free;
  });
  if (names.length > mostColumns) throw tooManyColumns(names.length);
  return names;
}

/** One file on its way into the workbench. */
class Loading<O extends Observer> {
  readonly firstRows: string[][] = [];
  readonly notices: LocalText[] = [];
  columns: { name: string; observer: O }[] = [];
  private readonly bad = new BadRows();

  constructor(
    private readonly file: Pick<OpenTableFile, 'fixedWidth' | 'exact'>,
    private readonly observer: () => O,
  ) {}

  head(row: FileRow): void {
    if (row.fault !== undefined) this.bad.add(row.number, row.fault);
    this.columns = headings(row, this.notices).map((name) => ({ name, observer: this.observer() }));
  }

  /** Lines of JSON arrays; fails at the end when some rows could not be read, so that nothing is left of the table. */
  async *lines(rows: AsyncIterable<FileRow>): AsyncGenerator<string> {
    let lines = '';
    let count = 0;
    for await (const row of rows) {
      const cells = this.cells(row);
      if (cells === undefined) continue;
      lines += `${JSON.stringify(cells)}\n`;
      count += 1;
      if (count % rowsAtATime === 0) {
        yield lines;
        lines = '';
      }
    }
    this.bad.throwIfAny();
    if (lines !== '') yield lines;
  }

  private cells(row: FileRow): string[] | undefined {
    const width = this.columns.length;
    const fault = row.fault ?? this.widthFault(row.cells, width);
    if (fault !== undefined) {
      this.bad.add(row.number, fault);
      return undefined;
    }
    const cells = this.columns.map(({ observer }, at) => {
      const written = row.cells[at] ?? '';
      const text = this.file.exact === undefined ? written.trim() : written;
      observer.observe(text, row.number, row.rounded?.includes(at) ?? false);
      return text;
    });
    if (this.firstRows.length < shownRows) this.firstRows.push(cells.map((cell) => cell.slice(0, shownCharacters).toWellFormed()));
    return cells;
  }

  /** Empty cells to the right of the heading are what spreadsheets leave behind; a row that is too short was cut. */
  private widthFault(cells: string[], width: number): LocalText | undefined {
    if (this.file.fixedWidth && cells.length < width) return wrongWidth(cells.length, width);
    const beyond = cells.length > width ? cells.slice(width).find((cell) => cell.trim() !== '') : undefined;
    if (beyond === undefined) return undefined;
    return this.file.fixedWidth ? wrongWidth(cells.length, width) : beyondHeading(beyond);
  }
}

async function* oneByOne(batches: AsyncIterable<FileRow[]>): AsyncGenerator<FileRow> {
  for await (const batch of batches) for (const row of batch) if (!isBlank(row)) yield row;
}

/** Rows without values count. An empty line is a row only of a table with one column, and there too not when it is the last. */
async function* programRows(batches: AsyncIterable<FileRow[]>, { endsWithEmptyLine }: { endsWithEmptyLine: boolean }): AsyncGenerator<FileRow> {
  let width = 0;
  let held: FileRow | undefined;
  for await (const batch of batches)
    for (const row of batch) {
      if (held !== undefined) yield held;
      held = undefined;
      const isEmptyLine = row.cells.length === 1 && row.cells[0] === '';
      if (isEmptyLine && width === 1) held = row;
      if (isEmptyLine) continue;
      width ||= row.cells.length;
      yield row;
    }
  if (held !== undefined && !endsWithEmptyLine) yield held;
}

/** Reads a file's rows into a table of text while its columns' observers look at every value. */
export async function loadTable<O extends Observer>(file: OpenTableFile, observer: () => O, { workbench, tableId, context }: LoadTarget): Promise<LoadedFile<O>> {
  const rows = file.exact === undefined ? oneByOne(file.rows) : programRows(file.rows, file.exact);
  try {
    const first = await rows.next();
    if (first.done === true) throw noHeading();
    const loading = new Loading(file, observer);
    loading.head(first.value);
    const shape = { format: 'JSONCompactEachRow' as const, columns: loading.columns.map((_, at) => ({ name: rawColumn(at), engineType: 'String' })) };
    const table = await workbench.load(Readable.from(loading.lines(rows)), shape, tableId, context);
    return { table, columns: loading.columns, firstRows: loading.firstRows, notices: loading.notices };
  } finally {
    await rows.return(undefined);
  }
}
