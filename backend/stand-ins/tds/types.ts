import type { ByteReader } from './byte-reader.ts';

/** A value on the wire: times and exact numbers as text. */
export type WireValue = string | number | bigint | boolean | Buffer | null;

/** A column as the stand-in describes it. `type` is T-SQL: `int`, `decimal(18, 2)`, `nvarchar(max)`. */
export interface WireColumn {
  name: string;
  type: string;
  nullable?: boolean;
}

/** How one type is described and its values are written. */
interface WireType {
  info: Buffer;
  write: (value: WireValue) => Buffer;
}

/** Cyrillic_General_CI_AS: its varchar is Windows-1251. */
export const collation = Buffer.from([0x19, 0x04, 0xd0, 0x00, 0x00]);
const cyrillic = new TextDecoder('windows-1251');
const cyrillicBytes = new Map(Array.from({ length: 256 }, (_, code) => [cyrillic.decode(Uint8Array.of(code)), code]));

const empty = Buffer.from([0]);
const word = (value: number): Buffer => Buffer.from([value & 0xff, value >> 8]);
const longNull = word(0xffff);

const short = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([bytes.length]), bytes]);
const byByte =
  (write: (value: Exclude<WireValue, null>) => Buffer) =>
  (value: WireValue): Buffer =>
    value === null ? empty : short(write(value));

function integer(size: 1 | 2 | 4 | 8): WireType {
  return {
    info: Buffer.from([0x26, size]),
    write: byByte((value) => {
      const bytes = Buffer.alloc(size);
      if (size === 8) bytes.writeBigInt64LE(BigInt(value as string));
      else if (size === 1) bytes.writeUInt8(Number(value));
      else bytes.writeIntLE(Number(value), 0, size);
      return bytes;
    }),
  };
}

function wholeBytes(value: bigint, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0, rest = value; at < size; at += 1, rest >>= 8n) bytes[at] = Number(rest & 0xffn);
  return bytes;
}

/** `12.5` as a count of the smallest units. */
function scaled(text: string, scale: number): bigint {
  const [, sign, whole = '0', part = ''] = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text) ?? [];
  const units = BigInt(`${whole === '' ? '0' : whole}${part.padEnd(scale, '0').slice(0, scale)}`);
  return sign === '-' ? -units : units;
}

function decimal(precision: number, scale: number): WireType {
  const size = precision <= 9 ? 4 : precision <= 19 ? 8 : precision <= 28 ? 12 : 16;
  return {
    info: Buffer.from([0x6a, size + 1, precision, scale]),
    write: byByte((value) => {
      const units = scaled(String(value), scale);
      return Buffer.concat([Buffer.from([units < 0n ? 0 : 1]), wholeBytes(units < 0n ? -units : units, size)]);
    }),
  };
}

function money(size: 4 | 8): WireType {
  return {
    info: Buffer.from([0x6e, size]),
    write: byByte((value) => {
      const units = scaled(String(value), 4);
      const bytes = Buffer.alloc(size);
      if (size === 4) bytes.writeInt32LE(Number(units));
      else {
        bytes.writeInt32LE(Number(units >> 32n), 0);
        bytes.writeUInt32LE(Number(units & 0xffffffffn), 4);
      }
      return bytes;
    }),
  };
}

const dayMs = 86_400_000;
const dayZero = Date.UTC(2000, 0, 1) - 730_119 * dayMs;

function days(text: string): number {
  return Math.round((Date.parse(`${text.slice(0, 10)}T00:00:00Z`) - dayZero) / dayMs);
}

/** Units of `10^-scale` seconds since midnight, from `hh:mm:ss.fff…`. */
function clock(text: string, scale: number): number {
  const [, hours, minutes, seconds = '0', part = ''] = /(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?/.exec(text) ?? [];
  return (Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60 + Number(seconds)) * 10 ** scale + Number(part.padEnd(scale, '0').slice(0, scale) || 0);
}

const clockSize = (scale: number): number => (scale <= 2 ? 3 : scale <= 4 ? 4 : 5);

function clockBytes(text: string, scale: number): Buffer {
  const bytes = Buffer.alloc(clockSize(scale));
  bytes.writeUIntLE(clock(text, scale), 0, bytes.length);
  return bytes;
}

const dayBytes = (text: string): Buffer => wholeBytes(BigInt(days(text)), 3);

function dateTime(size: 4 | 8): WireType {
  return {
    info: Buffer.from([0x6f, size]),
    write: byByte((value) => {
      const text = String(value);
      const bytes = Buffer.alloc(size);
      const day = days(text) - 693_595;
      if (size === 4) {
        bytes.writeUInt16LE(day, 0);
        bytes.writeUInt16LE(clock(text, 0) / 60, 2);
      } else {
        bytes.writeInt32LE(day, 0);
        bytes.writeUInt32LE(Math.round(clock(text, 3) * 0.3), 4);
      }
      return bytes;
    }),
  };
}

/** The moment in UTC and the offset in minutes, from `2026-03-01 12:00:00+03:00`. */
function offsetMoment(text: string, scale: number): Buffer {
  const [, sign = '+', hours = '0', minutes = '0'] = /([+-])(\d\d):(\d\d)$/.exec(text) ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  const part = /\.\d+/.exec(text)?.[0] ?? '';
  const utc = new Date(Date.parse(`${text.slice(0, 10)}T${text.slice(11, 19)}Z`) - offset * 60_000).toISOString();
  const bytes = Buffer.alloc(2);
  bytes.writeInt16LE(offset);
  return Buffer.concat([clockBytes(`${utc.slice(11, 19)}${part}`, scale), dayBytes(utc), bytes]);
}

function counted(type: number, length: number, encode: (value: WireValue) => Buffer, withCollation: boolean): WireType {
  const isMax = length === 0xffff;
  return {
    info: Buffer.concat([Buffer.from([type]), word(length), ...(withCollation ? [collation] : [])]),
    write: (value) => {
      if (value === null) return isMax ? Buffer.alloc(8, 0xff) : longNull;
      const bytes = encode(value);
      return isMax ? pieces(bytes) : Buffer.concat([word(bytes.length), bytes]);
    },
  };
}

/** A value of a `max` type: its length, pieces with theirs, and an empty piece. */
function pieces(bytes: Buffer): Buffer {
  const total = Buffer.alloc(8);
  total.writeBigUInt64LE(BigInt(bytes.length));
  const parts: Buffer[] = [total];
  for (let at = 0; at < bytes.length; at += 4_000) {
    const piece = bytes.subarray(at, at + 4_000);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(piece.length);
    parts.push(length, piece);
  }
  return Buffer.concat([...parts, Buffer.alloc(4)]);
}

const wideText = (value: WireValue): Buffer => Buffer.from(String(value), 'utf16le');
const narrowText = (value: WireValue): Buffer => Buffer.from([...String(value)].map((character) => cyrillicBytes.get(character) ?? 0x3f));
const raw = (value: WireValue): Buffer => (Buffer.isBuffer(value) ? value : Buffer.from(String(value), 'hex'));
const size = (length: string | undefined, unit: number): number => (length === 'max' ? 0xffff : Number(length ?? 1) * unit);

function guid(value: WireValue): Buffer {
  const hex = Buffer.from(String(value).replaceAll('-', ''), 'hex');
  return Buffer.concat([hex.subarray(0, 4).reverse(), hex.subarray(4, 6).reverse(), hex.subarray(6, 8).reverse(), hex.subarray(8)]);
}

const wireTypes: Record<string, (first?: string, second?: string) => WireType> = {
  bit: () => ({ info: Buffer.from([0x68, 1]), write: byByte((value) => Buffer.from([value === true || value === 'true' || value === 't' || value === 1 ? 1 : 0])) }),
  tinyint: () => integer(1),
  smallint: () => integer(2),
  int: () => integer(4),
  bigint: () => integer(8),
  real: () => ({ info: Buffer.from([0x6d, 4]), write: byByte((value) => floatBytes(Number(value), 4)) }),
  float: () => ({ info: Buffer.from([0x6d, 8]), write: byByte((value) => floatBytes(Number(value), 8)) }),
  decimal: (precision = '18', scale = '0') => decimal(Number(precision), Number(scale)),
  numeric: (precision = '18', scale = '0') => decimal(Number(precision), Number(scale)),
  money: () => money(8),
  smallmoney: () => money(4),
  date: () => ({ info: Buffer.from([0x28]), write: byByte((value) => dayBytes(String(value))) }),
  time: (scale = '7') => ({ info: Buffer.from([0x29, Number(scale)]), write: byByte((value) => clockBytes(String(value), Number(scale))) }),
  datetime: () => dateTime(8),
  smalldatetime: () => dateTime(4),
  datetime2: (scale = '7') => ({ info: Buffer.from([0x2a, Number(scale)]), write: byByte((value) => Buffer.concat([clockBytes(String(value).slice(11), Number(scale)), dayBytes(String(value))])) }),
  datetimeoffset: (scale = '7') => ({ info: Buffer.from([0x2b, Number(scale)]), write: byByte((value) => offsetMoment(String(value), Number(scale))) }),
  uniqueidentifier: () => ({ info: Buffer.from([0x24, 16]), write: byByte(guid) }),
  varchar: (length) => counted(0xa7, size(length, 1), narrowText, true),
  char: (length) => counted(0xaf, size(length, 1), (value) => narrowText(String(value).padEnd(Number(length ?? 1))), true),
  nvarchar: (length) => counted(0xe7, size(length, 2), wideText, true),
  nchar: (length) => counted(0xef, size(length, 2), (value) => wideText(String(value).padEnd(Number(length ?? 1))), true),
  varbinary: (length) => counted(0xa5, size(length, 1), raw, false),
  binary: (length) => counted(0xad, size(length, 1), raw, false),
  sql_variant: () => ({ info: Buffer.from([0x62, 0x49, 0x1f, 0, 0]), write: () => Buffer.alloc(4) }),
};

function floatBytes(value: number, length: 4 | 8): Buffer {
  const bytes = Buffer.alloc(length);
  if (length === 4) bytes.writeFloatLE(value);
  else bytes.writeDoubleLE(value);
  return bytes;
}

/** Description and writer of a T-SQL type. */
export function wireType(type: string): WireType {
  const [, name = '', first, second] = /^(\w+)(?:\s*\(\s*(\w+)\s*(?:,\s*(\w+)\s*)?\))?$/.exec(type.trim().toLowerCase()) ?? [];
  const made = wireTypes[name];
  if (made === undefined) throw new TypeError(`the stand-in has no type ${type}`);
  return made(first, second);
}

/** A value that a client has sent, with the type that it declared for it. */
export interface SentType {
  /** As T-SQL declares it, such as `varchar(8000)`. */
  declared: string;
  read: (reader: ByteReader) => WireValue;
}

/** Reads TYPE_INFO of a parameter or of a bulk column. */
export function readTypeInfo(reader: ByteReader): SentType {
  const code = reader.byte();
  const read = sentTypes[code];
  if (read === undefined) throw new TypeError(`a client must not send type 0x${code.toString(16)} here`);
  return read(reader);
}

const inBytes =
  (read: (bytes: Buffer) => WireValue) =>
  (reader: ByteReader): WireValue => {
    const length = reader.byte();
    return length === 0 ? null : read(reader.take(length));
  };

function sentInteger(reader: ByteReader): SentType {
  const declared = { 1: 'tinyint', 2: 'smallint', 4: 'int', 8: 'bigint' }[reader.byte()] ?? 'int';
  return { declared, read: inBytes((bytes) => (bytes.length === 8 ? bytes.readBigInt64LE() : bytes.length === 1 ? bytes.readUInt8() : bytes.readIntLE(0, bytes.length))) };
}

function sentText(name: string, unit: 1 | 2, decode: (bytes: Buffer) => WireValue): (reader: ByteReader) => SentType {
  return (reader) => {
    const length = reader.number(2);
    if (name !== 'varbinary' && !reader.take(5).equals(collation)) throw new TypeError(`a ${name} was sent in another collation than that of the login`);
    const isMax = length === 0xffff;
    return { declared: `${name}(${isMax ? 'max' : length / unit})`, read: (values) => (isMax ? readPieces(values, decode) : readCounted(values, length, decode)) };
  };
}

function readCounted(reader: ByteReader, most: number, decode: (bytes: Buffer) => WireValue): WireValue {
  const length = reader.number(2);
  if (length === 0xffff) return null;
  if (length > most) throw new RangeError(`a value of ${length} bytes was sent for a type of ${most}`);
  return decode(reader.take(length));
}

function readPieces(reader: ByteReader, decode: (bytes: Buffer) => WireValue): WireValue {
  if (reader.wide() === 0xffff_ffff_ffff_ffffn) return null;
  const parts: Buffer[] = [];
  for (let length = reader.number(4); length > 0; length = reader.number(4)) parts.push(reader.take(length));
  return decode(Buffer.concat(parts));
}

const isoDay = (count: number): string => new Date(dayZero + count * dayMs).toISOString().slice(0, 10);
const secondsText = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(11, 19);

function sentDateTime2(reader: ByteReader): SentType {
  const scale = reader.byte();
  return {
    declared: `datetime2(${scale})`,
    read: inBytes((bytes) => {
      const units = bytes.readUIntLE(0, bytes.length - 3);
      const part = scale === 0 ? '' : `.${String(units % 10 ** scale).padStart(scale, '0')}`;
      return `${isoDay(bytes.readUIntLE(bytes.length - 3, 3))} ${secondsText(Math.floor(units / 10 ** scale))}${part}`;
    }),
  };
}

const ofSize = (declared: (length: number) => string, read: (bytes: Buffer) => WireValue) => (reader: ByteReader): SentType => ({ declared: declared(reader.byte()), read: inBytes(read) });

const sentTypes: Record<number, (reader: ByteReader) => SentType> = {
  0x26: sentInteger,
  0x28: () => ({ declared: 'date', read: inBytes((bytes) => isoDay(bytes.readUIntLE(0, 3))) }),
  0x2a: sentDateTime2,
  0x68: ofSize(() => 'bit', (bytes) => bytes[0] === 1),
  0x6d: ofSize((length) => (length === 4 ? 'real' : 'float'), (bytes) => (bytes.length === 4 ? bytes.readFloatLE() : bytes.readDoubleLE())),
  0x6f: ofSize((length) => (length === 4 ? 'smalldatetime' : 'datetime'), (bytes) => {
    const ms = Math.round(bytes.readUInt32LE(4) / 0.3);
    return `${isoDay(bytes.readInt32LE(0) + 693_595)} ${secondsText(Math.floor(ms / 1_000))}.${String(ms % 1_000).padStart(3, '0')}`;
  }),
  0xa7: sentText('varchar', 1, (bytes) => cyrillic.decode(bytes)),
  0xe7: sentText('nvarchar', 2, (bytes) => bytes.toString('utf16le')),
};
