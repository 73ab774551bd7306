import { Problem } from '../../shared/problem.ts';
import type { BoundValue, ScalarType } from '../../shared/fields/field-kind.ts';

/** Longer lists become a table: an array of 100,000 in the query never ends. */
const maxArrayItems = 1_000;
/** A server takes 128 KiB in one parameter; a character has up to three bytes, more when it is escaped. */
const maxArrayCharacters = 30_000;
const maxScalarCharacters = 1_000_000;
/** Digits after the point that fit beside 26 before it. */
const usualScale = 12;
const decimalPrecision = 38;

/** ClickHouse's type of a bound value; for a list, `Array(…)`. */
export function engineType(value: BoundValue): string {
  const items = Array.isArray(value.value) ? value.value : [String(value.value)];
  const item = scalarTypes[value.scalar](items);
  return Array.isArray(value.value) ? `Array(${item})` : item;
}

/** The placeholder of a bound value in ClickHouse's language. */
export function placeholder(name: string, value: BoundValue): string {
  return `{${name}:${engineType(value)}}`;
}

const scalarTypes: Record<ScalarType, (items: string[]) => string> = {
  string: () => 'String',
  integer: () => 'Int64',
  decimal: (items) => `Decimal(${decimalPrecision}, ${decimalScale(items)})`,
  boolean: () => 'Bool',
  date: () => 'Date32',
  instant: () => "DateTime64(3, 'UTC')",
};

function decimalScale(items: string[]): number {
  const whole = Math.max(...items.map((item) => (/^-?(\d*)/.exec(item)?.[1] ?? '').length));
  const wanted = Math.max(usualScale, ...items.map((item) => item.split('.')[1]?.length ?? 0));
  return Math.max(0, Math.min(wanted, decimalPrecision - whole));
}

/** True for a list that must become a table. */
export function isLongList(value: BoundValue): boolean {
  if (!Array.isArray(value.value)) return false;
  return value.value.length > maxArrayItems || value.value.reduce((sum, item) => sum + item.length, 0) > maxArrayCharacters;
}

/** A bound value in ClickHouse's text form of a parameter. */
export function parameterText(value: BoundValue): string {
  if (Array.isArray(value.value)) return `[${value.value.map((item) => arrayItem(value.scalar, item)).join(',')}]`;
  const text = scalarText(value.scalar, String(value.value));
  if (text.length > maxScalarCharacters)
    throw new Problem('too_large', { ru: 'Значение поля слишком длинное.', en: 'The value of a field is too long.' });
  return escaped(text);
}

/** One line of a tab-separated file for a list's table. */
export function listLine(value: BoundValue, item: string): string {
  return `${escaped(scalarText(value.scalar, item))}\n`;
}

function scalarText(scalar: ScalarType, text: string): string {
  const pattern = shapes[scalar];
  if (pattern && !pattern.test(text))
    throw new Problem('invalid_values', {
      ru: `Значение «${text.slice(0, 60)}» не подходит: ожидалось ${expected[scalar].ru}.`,
      en: `The value “${text.slice(0, 60)}” does not fit: expected ${expected[scalar].en}.`,
    });
  return scalar === 'instant' ? text.replace('T', ' ').replace(/Z$/, '') : text;
}

const shapes: Partial<Record<ScalarType, RegExp>> = {
  integer: /^-?\d{1,19}$/,
  decimal: /^-?\d{1,38}(\.\d{1,38})?$/,
  boolean: /^(true|false)$/,
  date: /^\d{4}-\d\d-\d\d$/,
  instant: /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?Z$/,
};

const expected: Record<ScalarType, { ru: string; en: string }> = {
  string: { ru: 'текст', en: 'text' },
  integer: { ru: 'целое число', en: 'a whole number' },
  decimal: { ru: 'число', en: 'a number' },
  boolean: { ru: 'да или нет', en: 'true or false' },
  date: { ru: 'дата', en: 'a date' },
  instant: { ru: 'момент времени', en: 'an instant' },
};

function arrayItem(scalar: ScalarType, item: string): string {
  const text = scalarText(scalar, item);
  return scalar === 'string' || scalar === 'date' || scalar === 'instant' ? `'${escaped(text)}'` : text;
}

const escapes: Record<string, string> = { '\\': '\\\\', "'": "\\'", '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '\\0' };

function escaped(text: string): string {
  return text.replace(/[\\'\t\n\r\u0000]/g, (character) => escapes[character] ?? character);
}
