import { Problem } from '../../shared/problem.ts';
import { dateText, isDateFormat, numberText } from '../../shared/worksheet-cell.ts';
import { inExcel, sync } from './excel-session.ts';

const mostCells = 500_000;
/** Excel refuses to hand over much more at once. */
const cellsAtOnce = 50_000;

/** The selected cells as comma-separated text, the first row as the heading. A whole selected column costs only its used part. */
export async function readSelectedTable(): Promise<{ name: string; csv: string }> {
  return inExcel(async (context) => {
    const used = context.workbook.getSelectedRange().getUsedRangeOrNullObject(true);
    used.load(['cellCount', 'rowCount', 'columnCount', 'address']);
    await sync(context);
    if (used.isNullObject || used.rowCount < 2) throw noTable();
    if (used.cellCount > mostCells) throw tooMany(used.cellCount);
    const lines: string[] = [];
    const rowsAtOnce = Math.max(1, Math.floor(cellsAtOnce / used.columnCount));
    for (let row = 0; row < used.rowCount; row += rowsAtOnce) {
      const part = used.getCell(row, 0).getResizedRange(Math.min(rowsAtOnce, used.rowCount - row) - 1, used.columnCount - 1);
      part.load(['values', 'numberFormat']);
      await sync(context);
      const formats = part.numberFormat as unknown[][];
      (part.values as unknown[][]).forEach((values, at) => lines.push(lineOf(values, formats[at] ?? [])));
    }
    return { name: `${used.address.replace(/[\\/:*?"<>|]/g, ' ')}.csv`, csv: `${lines.join('\n')}\n` };
  });
}

function lineOf(values: unknown[], formats: unknown[]): string {
  const cells = values.map((value, at) => `"${textOf(value, String(formats[at] ?? '')).replaceAll('"', '""')}"`);
  return cells.join(',');
}

function textOf(value: unknown, format: string): string {
  if (typeof value !== 'number') return value === null ? '' : String(value);
  if (isDateFormat(format)) return dateText(String(value), false);
  const { text, rounded } = numberText(String(value));
  if (rounded) throw damaged(text);
  return text;
}

function noTable(): Problem {
  return new Problem('invalid_values', { ru: 'Выделите таблицу вместе со строкой заголовков и нажмите ещё раз.', en: 'Select the table with its row of headings and press again.' });
}

function tooMany(count: number): Problem {
  return new Problem('too_large', { ru: `Выделено слишком много ячеек: ${count}. Можно до ${mostCells}; больше — сохраните как файл.`, en: `Too many cells are selected: ${count}. At most ${mostCells} can be taken; save more as a file.` });
}

function damaged(value: string): Problem {
  return new Problem('invalid_values', {
    ru: `Excel хранит ${value} как число и уже потерял последние цифры. Возьмите таблицу, где номера записаны текстом.`,
    en: `Excel keeps ${value} as a number and has lost its last digits already. Take a table in which numbers are written as text.`,
  });
}
