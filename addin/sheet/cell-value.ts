import type { Language } from '../../shared/language.ts';
import { isExactType } from '../../shared/engine-type.ts';
import { numberFormatOf, textFormat } from '../../shared/number-format.ts';
import type { Cell, ResultColumn } from '../../shared/result.ts';
import { serialOfDate } from './serial-date.ts';

export type SheetValue = string | number | boolean;

/** Excel's limit of one cell. */
export const cellCharacters = 32_767;
const exactDigits = 15;

/** A value that a number cell would damage: the whole column must be text. */
export class ColumnNeedsText extends Error {
  readonly column: number;

  constructor(column: number) {
    super(`Column ${column} has numbers of more than ${exactDigits} digits`);
    this.column = column;
  }
}

/** How the cells of one column are written. */
export interface ColumnWriter {
  numberFormat: string;
  convert(cell: Cell): SheetValue;
}

/** Counts what had to be changed, for the notice. */
export interface Findings {
  cutCells: number;
}

export function columnWriter(column: ResultColumn, index: number, context: { language: Language; asText: boolean; findings: Findings }): ColumnWriter {
  const numberFormat = context.asText ? textFormat : numberFormatOf(column, context.language);
  return { numberFormat, convert: converterOf(column, index, { textCell: numberFormat === textFormat, findings: context.findings }) };
}

function converterOf(column: ResultColumn, index: number, { textCell, findings }: { textCell: boolean; findings: Findings }): (cell: Cell) => SheetValue {
  const asText = (cell: Cell): SheetValue => (cell === null ? '' : shortened(String(cell), findings));
  if (textCell) return asText;
  switch (column.type) {
    case 'date':
    case 'datetime':
      return (cell) => (cell === null ? '' : (serialOfDate(String(cell)) ?? asEntered(String(cell))));
    case 'flag':
      return (cell) => (cell === null ? '' : typeof cell === 'string' ? asEntered(shortened(cell, findings)) : Boolean(cell));
    case 'integer':
    case 'decimal':
    case 'percent':
    case 'money':
      return numberConverter(index, isExactType(column.engineType), findings);
    case 'text':
    case 'code':
    case 'link':
      return asText;
  }
}

function numberConverter(index: number, exact: boolean, findings: Findings): (cell: Cell) => SheetValue {
  return (cell) => {
    if (cell === null || cell === '') return '';
    if (typeof cell === 'number' || typeof cell === 'boolean') return Number(cell);
    const number = Number(cell);
    if (!Number.isFinite(number)) return asEntered(shortened(cell, findings));
    if (exact && cell.length > exactDigits && significantDigits(cell) > exactDigits) throw new ColumnNeedsText(index);
    return number;
  };
}

/** @example significantDigits('-0012345000.50') // 10 */
export function significantDigits(number: string): number {
  const digits = number.replace(/[eE].*$/, '').replace(/[^\d.]/g, '');
  const plain = digits.includes('.') ? digits.replace(/0+$/, '').replace('.', '') : digits.replace(/0+$/, '');
  return plain.replace(/^0+/, '').length;
}

/** Text in a cell that is not of the text format: the apostrophe keeps Excel from reading it as a number or formula. */
function asEntered(text: string): string {
  return `'${text}`;
}

function shortened(text: string, findings: Findings): string {
  if (text.length <= cellCharacters) return text;
  findings.cutCells += 1;
  return `${text.slice(0, cellCharacters - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
