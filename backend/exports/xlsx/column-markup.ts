import type { CellKind } from './cell-form.ts';

/** How one column's cells are written: its kind, and the numbers of its styles in the workbook's list. */
export interface SheetColumn {
  /** `A`, `B`, … `XFD`. */
  letters: string;
  kind: CellKind;
  exact: boolean;
  style: number;
  /** For text in a column of another type: digits stay text when somebody edits the cell. */
  textStyle: number;
}

/** What stands around the values of one column. The row's number comes after `start`. */
export interface ColumnMarkup {
  start: string;
  value: string;
  flag: string;
  text: string;
  spacedText: string;
  /** Text that Excel would take for a formula if somebody edits the cell. */
  guardedText: string;
}

export const valueEnd = '</v></c>';
export const textEnd = '</t></is></c>';

export function columnMarkup(column: SheetColumn, guardedStyle: number): ColumnMarkup {
  const textStyle = column.kind === 'text' ? column.style : column.textStyle;
  const inline = 't="inlineStr"><is><t';
  return {
    start: `<c r="${column.letters}`,
    value: `"${styleOf(column.kind === 'text' ? 0 : column.style)}><v>`,
    flag: `"${styleOf(column.kind === 'text' ? 0 : column.style)} t="b"><v>`,
    text: `"${styleOf(textStyle)} ${inline}>`,
    spacedText: `"${styleOf(textStyle)} ${inline} xml:space="preserve">`,
    guardedText: `"${styleOf(guardedStyle)} ${inline} xml:space="preserve">`,
  };
}

function styleOf(style: number): string {
  return style === 0 ? '' : ` s="${style}"`;
}

/** Excel's name of a column, from 0: `A`, `Z`, `AA`, `XFD`. */
export function columnLetters(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : columnLetters(Math.floor(index / 26) - 1) + last;
}
