import { Problem } from '../../shared/problem.ts';
import type { ResultSummary } from '../../shared/result.ts';

export const sheetRows = 1_048_576;
export const sheetColumns = 16_384;
/** Beyond this, Excel on the web and 32-bit Excel run out of memory. */
const cellsAtOnce = 5_000_000;

/** Why a result does not fit below a cell, or `undefined` when it does. Nothing is ever cut silently. */
export function tooLargeFor(result: ResultSummary, corner: { row: number; column: number }): Problem | undefined {
  const rows = result.rows + 1;
  const columns = result.columns.length;
  if (corner.row + rows > sheetRows) return refusal(`${number(result.rows, 'ru')} строк, а на лист помещается ${number(sheetRows - 1 - corner.row, 'ru')}`, `${number(result.rows, 'en')} rows; the sheet has room for ${number(sheetRows - 1 - corner.row, 'en')}`);
  if (corner.column + columns > sheetColumns) return refusal(`${number(columns, 'ru')} столбцов, а на лист помещается ${number(sheetColumns - corner.column, 'ru')}`, `${number(columns, 'en')} columns; the sheet has room for ${number(sheetColumns - corner.column, 'en')}`);
  if (rows * columns > cellsAtOnce) return refusal(`${number(rows * columns, 'ru')} ячеек: столько за один раз Excel не выдержит`, `${number(rows * columns, 'en')} cells are more than Excel can take at once`);
  return undefined;
}

function refusal(ru: string, en: string): Problem {
  return new Problem('too_large', {
    ru: `Не поместится: ${ru}. Скачайте файл XLSX или уточните условия.`,
    en: `This does not fit: ${en}. Download the XLSX file or narrow the values.`,
  });
}

function number(value: number, language: 'ru' | 'en'): string {
  return value.toLocaleString(language === 'ru' ? 'ru-RU' : 'en-US');
}
