import { invalidArgument } from '../refusal.ts';

export const maxRows = 1_048_576;
export const maxColumns = 16_384;

/** A rectangle of cells, counted from 0. */
export interface Rectangle {
  row: number;
  column: number;
  rows: number;
  columns: number;
}

export function columnLetters(column: number): string {
  let letters = '';
  for (let left = column + 1; left > 0; left = Math.floor((left - 1) / 26)) letters = String.fromCharCode(65 + ((left - 1) % 26)) + letters;
  return letters;
}

function columnNumber(letters: string): number {
  return [...letters.toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

export function checkInside({ row, column, rows, columns }: Rectangle): void {
  const whole = [row, column, rows, columns].every(Number.isInteger);
  if (!whole || row < 0 || column < 0 || rows < 1 || columns < 1 || row + rows > maxRows || column + columns > maxColumns)
    throw invalidArgument(`cells R${row}C${column}, ${rows} × ${columns}, are outside of the sheet`);
}

/** `A1`, `A1:C7`, `A:C`, `2:5`, with or without `$` and a sheet before `!`. */
export function parseAddress(address: string): { sheet: string | undefined } & Rectangle {
  const parts = /^(?:(?:'((?:[^']|'')+)'|([^'!]+))!)?\$?([A-Za-z]{1,3})?\$?(\d+)?(?::\$?([A-Za-z]{1,3})?\$?(\d+)?)?$/.exec(address.trim());
  const [, quoted, bare, left, top, right, bottom] = parts ?? [];
  if (!parts || (left === undefined && top === undefined)) throw invalidArgument(`"${address}" is not an address`);
  const single = right === undefined && bottom === undefined;
  if (single && (left === undefined || top === undefined)) throw invalidArgument(`"${address}" is not an address`);
  const columns = [left === undefined ? 0 : columnNumber(left), right === undefined ? (single && left ? columnNumber(left) : maxColumns - 1) : columnNumber(right)];
  const rows = [top === undefined ? 0 : Number(top) - 1, bottom === undefined ? (single && top ? Number(top) - 1 : maxRows - 1) : Number(bottom) - 1];
  const row = Math.min(...rows);
  const column = Math.min(...columns);
  const rectangle = { row, column, rows: Math.max(...rows) - row + 1, columns: Math.max(...columns) - column + 1 };
  checkInside(rectangle);
  return { sheet: quoted?.replaceAll("''", "'") ?? bare, ...rectangle };
}

export function formatAddress({ row, column, rows, columns }: Rectangle): string {
  const last = row + rows;
  if (rows === maxRows) return `${columnLetters(column)}:${columnLetters(column + columns - 1)}`;
  if (columns === maxColumns) return `${row + 1}:${last}`;
  const start = `${columnLetters(column)}${row + 1}`;
  return rows === 1 && columns === 1 ? start : `${start}:${columnLetters(column + columns - 1)}${last}`;
}

export function sheetPrefix(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_.]*$/u.test(name) ? `${name}!` : `'${name.replaceAll("'", "''")}'!`;
}

export function intersect(one: Rectangle, other: Rectangle): Rectangle | undefined {
  const row = Math.max(one.row, other.row);
  const column = Math.max(one.column, other.column);
  const rows = Math.min(one.row + one.rows, other.row + other.rows) - row;
  const columns = Math.min(one.column + one.columns, other.column + other.columns) - column;
  return rows > 0 && columns > 0 ? { row, column, rows, columns } : undefined;
}

/** The parts of `from` that `hole` does not cover. */
export function subtract(from: Rectangle, hole: Rectangle): Rectangle[] {
  const cut = intersect(from, hole);
  if (!cut) return [from];
  const parts = [
    { row: from.row, column: from.column, rows: cut.row - from.row, columns: from.columns },
    { row: cut.row + cut.rows, column: from.column, rows: from.row + from.rows - cut.row - cut.rows, columns: from.columns },
    { row: cut.row, column: from.column, rows: cut.rows, columns: cut.column - from.column },
    { row: cut.row, column: cut.column + cut.columns, rows: cut.rows, columns: from.column + from.columns - cut.column - cut.columns },
  ];
  return parts.filter((part) => part.rows > 0 && part.columns > 0);
}

export function same(one: Rectangle, other: Rectangle): boolean {
  return one.row === other.row && one.column === other.column && one.rows === other.rows && one.columns === other.columns;
}
