import { createRequire } from 'node:module';
import type { Connection } from 'tedious';

/** What the driver's own reader gives: a value and where the next begins. */
interface ReadValue {
  value: unknown;
  offset: number;
}
interface ValueMetadata {
  type: { name: string };
  scale?: number;
}
type ReadFunction = (buffer: Buffer, offset: number, metadata: ValueMetadata, options: object) => ReadValue;

/** The two modules of tedious that its readers of rows use. They are CommonJS, so a replaced export is what the driver calls. */
const load = createRequire(import.meta.url);
const valueParser = load('tedious/lib/value-parser.js') as { readValue: ReadFunction };
const { NotEnoughDataError } = load('tedious/lib/token/helpers.js') as { NotEnoughDataError: new (byteCount: number) => Error };

const exactConnections = new WeakSet<object>();
const driversOwn = valueParser.readValue;

/**
 * Makes a connection give decimals, money and times as text with all their digits. The driver's own reader makes them a
 * JavaScript number, which rounds beyond 15 digits, or a Date, which cuts to milliseconds. Other connections keep the driver's.
 */
export function readExactly(connection: Connection): void {
  exactConnections.add((connection as unknown as { config: { options: object } }).config.options);
}

valueParser.readValue = (buffer, offset, metadata, options) => {
  const read = readers[metadata.type.name];
  return read === undefined || !exactConnections.has(options) ? driversOwn(buffer, offset, metadata, options) : read(buffer, offset, metadata.scale ?? 0);
};

/** Reads one value's bytes, `length` of them at `offset`. */
type TextReader = (buffer: Buffer, offset: number, length: number, scale: number) => string;

function need(buffer: Buffer, end: number): void {
  if (buffer.length < end) throw new NotEnoughDataError(end);
}

/** A value behind one byte of length, 0 for NULL. */
const withLength =
  (read: TextReader) =>
  (buffer: Buffer, offset: number, scale: number): ReadValue => {
    need(buffer, offset + 1);
    const length = buffer[offset] ?? 0;
    const end = offset + 1 + length;
    if (length === 0) return { value: null, offset: end };
    need(buffer, end);
    return { value: read(buffer, offset + 1, length, scale), offset: end };
  };

const ofLength =
  (length: number, read: TextReader) =>
  (buffer: Buffer, offset: number, scale: number): ReadValue => {
    need(buffer, offset + length);
    return { value: read(buffer, offset, length, scale), offset: offset + length };
  };

/** Sign, then the digits as one whole number, lowest byte first. */
const decimal: TextReader = (buffer, offset, length, scale) => {
  const sign = buffer[offset] === 0 ? '-' : '';
  return sign + withPoint(length === 5 ? String(buffer.readUInt32LE(offset + 1)) : wholeNumber(buffer, offset + 1, length - 1), scale);
};

function wholeNumber(buffer: Buffer, offset: number, length: number): string {
  let number = 0n;
  for (let at = length - 4; at >= 0; at -= 4) number = (number << 32n) | BigInt(buffer.readUInt32LE(offset + at));
  return String(number);
}

function withPoint(digits: string, scale: number): string {
  if (scale === 0) return digits;
  const filled = digits.padStart(scale + 1, '0');
  return `${filled.slice(0, -scale)}.${filled.slice(-scale)}`;
}

/** Ten-thousandths; eight bytes have their higher half first. */
const money: TextReader = (buffer, offset, length) => {
  const amount = length === 4 ? BigInt(buffer.readInt32LE(offset)) : (BigInt(buffer.readInt32LE(offset)) << 32n) | BigInt(buffer.readUInt32LE(offset + 4));
  return `${amount < 0n ? '-' : ''}${withPoint(String(amount < 0n ? -amount : amount), 4)}`;
};

const dayZero = Date.UTC(2000, 0, 1) - 730_119 * 86_400_000;
/** Days from 0001-01-01 to 1900-01-01. */
const days1900 = 693_595;
const dayTexts = new Map<number, string>();
const mostDayTexts = 100_000;

/** `2026-03-01` of a count of days since 0001-01-01. */
function dayText(days: number): string {
  const known = dayTexts.get(days);
  if (known !== undefined) return known;
  if (dayTexts.size >= mostDayTexts) dayTexts.clear();
  const text = new Date(dayZero + days * 86_400_000).toISOString().slice(0, 10);
  dayTexts.set(days, text);
  return text;
}

const two = (number: number): string => (number < 10 ? `0${number}` : String(number));

/** `hh:mm:ss` of a whole number of seconds. */
function secondText(seconds: number): string {
  return `${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** `hh:mm:ss.fffffff` of a count of the smallest units that `scale` allows. */
function clockText(units: number, scale: number): string {
  const perSecond = 10 ** scale;
  const text = secondText(Math.floor(units / perSecond));
  return scale === 0 ? text : `${text}.${String(units % perSecond).padStart(scale, '0')}`;
}

const clockUnits = (buffer: Buffer, offset: number, length: number): number => buffer.readUIntLE(offset, length);

const dateTime: TextReader = (buffer, offset, length) => {
  if (length === 4) return `${dayText(days1900 + buffer.readUInt16LE(offset))} ${secondText(buffer.readUInt16LE(offset + 2) * 60)}`;
  // Units of 1/300 second, shown by SQL Server rounded to milliseconds.
  return `${dayText(days1900 + buffer.readInt32LE(offset))} ${clockText(Math.round((buffer.readUInt32LE(offset + 4) * 10) / 3), 3)}`;
};

const dateTime2: TextReader = (buffer, offset, length, scale) =>
  `${dayText(buffer.readUIntLE(offset + length - 3, 3))} ${clockText(clockUnits(buffer, offset, length - 3), scale)}`;

/** The bytes hold the moment in UTC; the offset that follows is only how it was written. */
const dateTimeOffset: TextReader = (buffer, offset, length, scale) => `${dateTime2(buffer, offset, length - 2, scale)}Z`;

const readers: Record<string, (buffer: Buffer, offset: number, scale: number) => ReadValue> = {
  DecimalN: withLength(decimal),
  NumericN: withLength(decimal),
  MoneyN: withLength(money),
  Money: ofLength(8, money),
  SmallMoney: ofLength(4, money),
  Date: withLength((buffer, offset) => dayText(buffer.readUIntLE(offset, 3))),
  Time: withLength((buffer, offset, length, scale) => clockText(clockUnits(buffer, offset, length), scale)),
  DateTimeN: withLength(dateTime),
  DateTime: ofLength(8, dateTime),
  SmallDateTime: ofLength(4, dateTime),
  DateTime2: withLength(dateTime2),
  DateTimeOffset: withLength(dateTimeOffset),
};
