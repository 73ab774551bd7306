import type { Cell } from '../../shared/result.ts';
import type { SheetValue } from './cell-value.ts';

const longestNumber = 24;

/** Bytes of a value in a request (JSON as UTF-8) with the comma after it; of a fraction, at most. `given` is what it was read from. */
export function jsonSize(value: SheetValue, given?: Cell): number {
  if (typeof value === 'number') return Number.isInteger(value) ? integerSize(value) : (typeof given === 'string' ? given.length : longestNumber) + 1;
  return typeof value === 'boolean' ? 6 : textSize(value) + 3;
}

function integerSize(value: number): number {
  const size = Math.abs(value);
  return (value < 0 ? 2 : 1) + (size < 10 ? 1 : Math.floor(Math.log10(size)) + 1);
}

function textSize(text: string): number {
  let size = text.length;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) size += code < 0x800 ? 1 : 2;
    else if (code === 0x22 || code === 0x5c) size += 1;
    else if (code < 0x20) size += 5;
  }
  return size;
}
