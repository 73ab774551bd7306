import { Problem } from '../../../shared/problem.ts';
import { cellText } from './cell-text.ts';
import { textEnd, valueEnd, type ColumnMarkup, type SheetColumn } from './column-markup.ts';
import { serialOfDate, serialOfDatetime } from './date-serial.ts';
import { fitsNumber } from './number-text.ts';

export interface WrittenRow {
  xml: string;
  /** Cells that were longer than Excel holds. */
  cut: number;
}

/** One row from its JSON text, by way of values: for all that `ByteRows` leaves to it. */
export function textRow(line: string, row: number, columns: SheetColumn[], markup: ColumnMarkup[]): WrittenRow {
  const values = parseLine(line, columns.length);
  let cut = 0;
  const cells = columns.map((column, index) => {
    const around = markup[index];
    const content = around && cellContent(values[index], column, around);
    if (!around || !content) return '';
    if (content.cut) cut++;
    return `${around.start}${row}${content.xml}`;
  });
  return { xml: `<row r="${row}">${cells.join('')}</row>`, cut };
}

interface Content {
  xml: string;
  cut?: boolean;
}

function cellContent(value: unknown, column: SheetColumn, around: ColumnMarkup): Content | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return { xml: `${around.flag}${value ? 1 : 0}${valueEnd}` };
  if (typeof value === 'number') refuseLostDigits(value, column);
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const typed = typedContent(text, column);
  if (typed !== null) return { xml: `${column.kind === 'flag' ? around.flag : around.value}${typed}${valueEnd}` };
  return textContent(text, around);
}

/** What stands in a cell that is not text, or `null` where the value does not fit its column's type. */
function typedContent(text: string, column: SheetColumn): string | null {
  switch (column.kind) {
    case 'text':
      return null;
    case 'number':
      return fitsNumber(text, column.exact) ? text : null;
    case 'flag':
      return text === '0' || text === '1' ? text : null;
    case 'date':
      return serialOfDate(text)?.toString() ?? null;
    case 'datetime':
      return serialOfDatetime(text)?.toString() ?? null;
  }
}

function textContent(text: string, around: ColumnMarkup): Content {
  const { xml, cut } = cellText(text);
  const start = /^[=+\-@]/.test(text) ? around.guardedText : /^\s|\s$|[\n\t]/.test(text) ? around.spacedText : around.text;
  return { xml: `${start}${xml}${textEnd}`, cut };
}

function parseLine(line: string, columns: number): unknown[] {
  const values = jsonArray(line);
  if (values?.length === columns) return values;
  throw new Problem('interrupted', {
    ru: `Строка результата повреждена: ожидалось значений: ${columns}. Файл не создан, попробуйте ещё раз.`,
    en: `A row of the result is damaged: ${columns} values were expected. No file was made, please try again.`,
  });
}

function jsonArray(line: string): unknown[] | null {
  try {
    const values: unknown = JSON.parse(line);
    return Array.isArray(values) ? values : null;
  } catch {
    return null;
  }
}

/** Wide integers must come as JSON strings; a bare one has lost digits in JSON.parse, and nobody would see it. */
function refuseLostDigits(value: number, column: SheetColumn): void {
  if (!column.exact || !Number.isInteger(value) || Number.isSafeInteger(value)) return;
  throw new Problem('internal', {
    ru: 'Длинное число пришло без кавычек, его цифры потерялись бы. Файл не создан.',
    en: 'A long number came without quotes and would lose digits. No file was made.',
  });
}
