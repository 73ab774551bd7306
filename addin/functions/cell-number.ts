import type { LocalText } from '../../shared/language.ts';
import { formulaFault } from './cell-error.ts';

/**
 * A number as a cell holds it, or as a person typed it: decimal comma or point, blanks between thousands, a per cent sign.
 * `null` for all else, also for `1,234`, which is a thousand in one country and a fraction in another.
 */
export function numberIn(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string') return null;
  const text = value.trim().replace(/^[−–]/, '-');
  const [, sign = '', whole = '', fraction = '', power = '', percent = ''] = /^([+-]?)(\d+|\d{1,3}(?:\s\d{3})+)([.,]\d+)?(e[+-]?\d{1,3})?\s?(%?)$/i.exec(text) ?? [];
  if (whole === '' || (fraction.length === 4 && fraction.startsWith(',') && /^[1-9]\d{0,2}$/.test(whole))) return null;
  const read = Number(`${sign}${whole.replace(/\s/g, '')}${fraction.replace(',', '.')}${power}`);
  return Number.isFinite(read) ? (percent === '' ? read : read / 100) : null;
}

/** How Excel hands over an empty cell or an argument left out. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** The number that an argument must be; `what` names it in both languages. */
export function requiredNumber(value: unknown, what: LocalText): number {
  if (isBlank(value)) throw formulaFault({ ru: `${what.ru}: ячейка пуста, нужно число. Если это ноль, впишите 0.`, en: `${what.en}: the cell is empty, a number is needed. If it is zero, write 0.` });
  const number = numberIn(value);
  if (number !== null) return number;
  const shown = typeof value === 'string' ? `«${value.trim().slice(0, 30)}»` : typeof value === 'boolean' ? String(value).toUpperCase() : '?';
  throw formulaFault({ ru: `${what.ru}: нужно число, а здесь ${shown}.`, en: `${what.en}: a number is needed, this is ${shown}.` });
}

export function optionalNumber(value: unknown, what: LocalText, otherwise: number): number {
  return isBlank(value) ? otherwise : requiredNumber(value, what);
}

/** A number strictly between 0 and 1. */
export function partOfOne(number: number, what: LocalText): number {
  if (number > 0 && number < 1) return number;
  throw formulaFault({ ru: `${what.ru}: нужно число между 0 и 1 (например, 0,8 или 80%), а здесь ${number}.`, en: `${what.en}: a number between 0 and 1 is needed (such as 0.8 or 80%), this is ${number}.` });
}

export function wholeUsers(number: number, what: LocalText): number {
  if (number >= 0 && Number.isInteger(number)) return number;
  throw formulaFault({ ru: `${what.ru}: нужно целое число от 0, а здесь ${number}.`, en: `${what.en}: a whole number from 0 is needed, this is ${number}.` });
}
