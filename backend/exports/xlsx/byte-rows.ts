import { cellCharacters } from './cell-text.ts';
import { textEnd, valueEnd, type ColumnMarkup, type SheetColumn } from './column-markup.ts';
import { dateSerial } from './date-serial.ts';
import { exactDigits } from './number-text.ts';

const code = (character: string): number => character.charCodeAt(0);
const quote = code('"');
const comma = code(',');
const backslash = code('\\');
const slash = code('/');
const space = code(' ');
const zero = code('0');
const nine = code('9');
const minus = code('-');
const point = code('.');
const colon = code(':');
const letterT = code('T');
const ampersand = code('&');
const less = code('<');
const greater = code('>');
const underscore = code('_');
/** The first byte of U+FFFE and U+FFFF, which XML lacks. */
const rare = 0xef;

/** The bytes of a JSON string that need a look; the rest is copied as it is. */
const special = new Uint8Array(256).fill(1, 0, 32);
for (const byte of [quote, backslash, ampersand, less, greater, underscore, rare]) special[byte] = 1;

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const ampersandXml = bytesOf('&amp;');
const lessXml = bytesOf('&lt;');
const greaterXml = bytesOf('&gt;');
const rowStart = bytesOf('<row r="');
const rowRest = bytesOf('">');
const rowEnd = bytesOf('</row>');
const valueClose = bytesOf(valueEnd);
const textClose = bytesOf(textEnd);

interface ColumnBytes {
  kind: SheetColumn['kind'];
  exact: boolean;
  start: Uint8Array;
  value: Uint8Array;
  flag: Uint8Array;
  text: Uint8Array;
  guardedText: Uint8Array;
}

/**
 * Copies plain rows of JSON straight into worksheet XML, bytes to bytes: no strings are made, which is what makes the
 * export fast. Whatever is unusual (other escapes, spaces at the edges, long text, `_x`, a date that Excel lacks, a value
 * of another type) it leaves to `textRow` by answering -1; both write the same cells.
 */
export class ByteRows {
  readonly #columns: ColumnBytes[];
  #digits: Uint8Array = new Uint8Array(0);
  #bytes: Uint8Array = new Uint8Array(0);
  #out: Uint8Array = new Uint8Array(0);
  #from = 0;
  #at = 0;

  constructor(columns: SheetColumn[], markup: ColumnMarkup[]) {
    this.#columns = columns.map((column, index) => columnBytes(column, markup[index]));
  }

  /**
   * Writes the row that stands as JSON in `line` into `out` at `at`, where there must be room for it.
   * @returns where the row ends in `out`, or -1 when the row is not plain.
   */
  write(line: { bytes: Uint8Array; start: number; end: number }, row: number, out: Uint8Array, at: number): number {
    this.#bytes = line.bytes;
    this.#out = out;
    this.#from = line.start;
    this.#at = at;
    this.#digits = bytesOf(String(row));
    if (this.#bytes[this.#from++] !== code('[')) return -1;
    this.#put(rowStart);
    this.#put(this.#digits);
    this.#put(rowRest);
    const last = this.#columns.length - 1;
    for (const [index, column] of this.#columns.entries()) {
      if (this.#bytes[this.#from] === space) this.#from++;
      if (!this.#cell(column)) return -1;
      if (this.#bytes[this.#from++] !== (index === last ? code(']') : comma)) return -1;
    }
    if (this.#from !== line.end) return -1;
    this.#put(rowEnd);
    return this.#at;
  }

  #cell(column: ColumnBytes): boolean {
    if (this.#skip('null')) return true;
    switch (column.kind) {
      case 'text':
        return this.#bytes[this.#from] === quote ? this.#text(column) : this.#digitsAsText(column);
      case 'number':
        return this.#number(column);
      case 'flag':
        return this.#flag(column);
      case 'date':
        return this.#date(column);
      case 'datetime':
        return this.#datetime(column);
    }
  }

  #text(column: ColumnBytes): boolean {
    const bytes = this.#bytes;
    const begin = this.#from + 1;
    const first = bytes[begin];
    if (first === space) return false;
    this.#open(column, startsFormula(first) ? column.guardedText : column.text);
    const end = this.#copyString(begin);
    if (end === -1 || bytes[end - 1] === space || end - begin > cellCharacters) return false;
    this.#put(textClose);
    this.#from = end + 1;
    return true;
  }

  /** Copies a string's bytes up to its closing quote and answers where that stands, or -1 when the string is not plain. */
  #copyString(begin: number): number {
    const bytes = this.#bytes;
    const out = this.#out;
    let from = begin;
    let at = this.#at;
    for (;;) {
      const byte = bytes[from] ?? 0;
      if (special[byte] === 0) {
        out[at++] = byte;
        from++;
        continue;
      }
      if (byte === quote) {
        this.#at = at;
        return from;
      }
      this.#at = at;
      const length = this.#putSpecial(byte, from);
      if (length === 0) return -1;
      at = this.#at;
      from += length;
    }
  }

  /** Writes one byte that needs a look, and answers how many bytes of the string it took; 0 = not plain. */
  #putSpecial(byte: number, from: number): number {
    const next = this.#bytes[from + 1] ?? 0;
    if (byte === ampersand) return this.#putFor(ampersandXml, 1);
    if (byte === less) return this.#putFor(lessXml, 1);
    if (byte === greater) return this.#putFor(greaterXml, 1);
    if (byte === backslash) return next === quote || next === slash || next === backslash ? this.#putByteFor(next, 2) : 0;
    if (byte === underscore) return next === code('x') ? 0 : this.#putByteFor(byte, 1);
    if (byte === rare) return next === 0xbf && (this.#bytes[from + 2] ?? 0) >= 0xbe ? 0 : this.#putByteFor(byte, 1);
    return 0;
  }

  /** A bare number in a text column: a code that is an integer in the engine. */
  #digitsAsText(column: ColumnBytes): boolean {
    const begin = this.#from;
    const end = this.#afterDigits(begin);
    if (end === begin) return false;
    return this.#putCell(column, column.text, begin, end, textClose);
  }

  #number(column: ColumnBytes): boolean {
    const bytes = this.#bytes;
    const quoted = bytes[this.#from] === quote;
    const begin = quoted ? this.#from + 1 : this.#from;
    const whole = bytes[begin] === minus ? begin + 1 : begin;
    const wholeEnd = this.#afterDigits(whole);
    if (wholeEnd === whole || (bytes[whole] === zero && wholeEnd > whole + 1)) return false;
    const end = bytes[wholeEnd] === point ? this.#afterDigits(wholeEnd + 1) : wholeEnd;
    if (end === wholeEnd + 1 || (column.exact && end - whole > exactDigits)) return false;
    if (quoted && bytes[end] !== quote) return false;
    this.#putCell(column, column.value, begin, end, valueClose);
    if (quoted) this.#from++;
    return true;
  }

  #flag(column: ColumnBytes): boolean {
    const first = this.#bytes[this.#from];
    const value = this.#skip('true') ? '1' : this.#skip('false') ? '0' : first === zero || first === zero + 1 ? 'bare' : null;
    if (value === null) return false;
    if (value === 'bare') return this.#putCell(column, column.flag, this.#from, this.#from + 1, valueClose);
    this.#open(column, column.flag);
    this.#putText(value);
    this.#put(valueClose);
    return true;
  }

  #date(column: ColumnBytes): boolean {
    const serial = this.#daySerial();
    if (serial === -1 || this.#bytes[this.#from + 11] !== quote) return false;
    this.#putSerial(column, serial);
    this.#from += 12;
    return true;
  }

  #datetime(column: ColumnBytes): boolean {
    const bytes = this.#bytes;
    const time = this.#from + 12;
    const between = bytes[time - 1];
    const serial = this.#daySerial();
    if (serial === -1 || (between !== space && between !== letterT)) return false;
    if (bytes[time + 2] !== colon || bytes[time + 5] !== colon) return false;
    const hours = this.#twoDigits(time);
    const minutes = this.#twoDigits(time + 3);
    const seconds = this.#twoDigits(time + 6);
    if (hours < 0 || minutes < 0 || seconds < 0 || hours > 23 || minutes > 59 || seconds > 59) return false;
    const second = time + 8;
    const end = bytes[second] === point ? this.#afterDigits(second + 1) : second;
    const places = end === second ? 0 : end - second - 1;
    if (bytes[end] !== quote || places > 9 || end === second + 1) return false;
    const fraction = places === 0 ? 0 : this.#integer(second + 1, end) / 10 ** places;
    this.#putSerial(column, serial + (hours * 3600 + minutes * 60 + seconds + fraction) / 86_400);
    this.#from = end + 1;
    return true;
  }

  #putSerial(column: ColumnBytes, serial: number): void {
    this.#open(column, column.value);
    this.#putText(String(serial));
    this.#put(valueClose);
  }

  /** The serial of `"YYYY-MM-DD`, which begins at the current byte, or -1. */
  #daySerial(): number {
    const bytes = this.#bytes;
    const from = this.#from;
    if (bytes[from] !== quote || bytes[from + 5] !== minus || bytes[from + 8] !== minus) return -1;
    const century = this.#twoDigits(from + 1);
    const year = this.#twoDigits(from + 3);
    if (century < 0 || year < 0) return -1;
    return dateSerial(century * 100 + year, this.#twoDigits(from + 6), this.#twoDigits(from + 9)) ?? -1;
  }

  #twoDigits(at: number): number {
    const tens = (this.#bytes[at] ?? 0) - zero;
    const ones = (this.#bytes[at + 1] ?? 0) - zero;
    return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
  }

  #integer(from: number, end: number): number {
    let value = 0;
    for (let at = from; at < end; at++) value = value * 10 + (this.#bytes[at] ?? 0) - zero;
    return value;
  }

  #afterDigits(from: number): number {
    let at = from;
    for (let byte = this.#bytes[at] ?? 0; byte >= zero && byte <= nine; byte = this.#bytes[at] ?? 0) at++;
    return at;
  }

  #skip(word: string): boolean {
    for (let index = 0; index < word.length; index++) if (this.#bytes[this.#from + index] !== word.charCodeAt(index)) return false;
    this.#from += word.length;
    return true;
  }

  /** A whole cell whose value is the bytes from `begin` to `end`. */
  #putCell(column: ColumnBytes, before: Uint8Array, begin: number, end: number, after: Uint8Array): true {
    this.#open(column, before);
    for (let from = begin; from < end; from++) this.#out[this.#at++] = this.#bytes[from] ?? 0;
    this.#put(after);
    this.#from = end;
    return true;
  }

  #open(column: ColumnBytes, before: Uint8Array): void {
    this.#put(column.start);
    this.#put(this.#digits);
    this.#put(before);
  }

  #putFor(xml: Uint8Array, taken: number): number {
    this.#put(xml);
    return taken;
  }

  #putByteFor(byte: number, taken: number): number {
    this.#out[this.#at++] = byte;
    return taken;
  }

  #putText(text: string): void {
    for (let index = 0; index < text.length; index++) this.#out[this.#at++] = text.charCodeAt(index);
  }

  #put(bytes: Uint8Array): void {
    const out = this.#out;
    let at = this.#at;
    for (let index = 0; index < bytes.length; index++) out[at++] = bytes[index] ?? 0;
    this.#at = at;
  }
}

function startsFormula(byte: number | undefined): boolean {
  return byte === code('=') || byte === code('+') || byte === minus || byte === code('@');
}

function columnBytes({ kind, exact }: SheetColumn, markup: ColumnMarkup | undefined): ColumnBytes {
  if (!markup) throw new RangeError('a column without markup');
  const { start, value, flag, text, guardedText } = markup;
  return { kind, exact, start: bytesOf(start), value: bytesOf(value), flag: bytesOf(flag), text: bytesOf(text), guardedText: bytesOf(guardedText) };
}
