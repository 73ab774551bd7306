import { ByteReader } from './byte-reader.ts';
import { readTypeInfo, type WireValue } from './types.ts';

/** Types of TDS packets. */
export const packetType = { batch: 0x01, call: 0x03, answer: 0x04, attention: 0x06, bulk: 0x07, login: 0x10, prelogin: 0x12 } as const;

/** One whole message of the client. */
export interface Message {
  type: number;
  body: Buffer;
  /** The client took it back while it was sending. */
  ignored: boolean;
}

const headerBytes = 8;

/** Puts packets together into messages. Strict: an unknown status or a packet larger than agreed is a fault. */
export class MessageReader {
  private rest: Buffer = Buffer.alloc(0);
  private parts: Buffer[] = [];

  constructor(public mostPacketBytes: number) {}

  /** The messages that are whole after these bytes. */
  *take(bytes: Buffer): Generator<Message> {
    this.rest = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    while (this.rest.length >= headerBytes) {
      const length = this.rest.readUInt16BE(2);
      if (length < headerBytes || length > this.mostPacketBytes) throw new RangeError(`a packet of ${length} bytes, at most ${this.mostPacketBytes} were agreed`);
      if (this.rest.length < length) return;
      const [type = 0, status = 0] = this.rest;
      this.parts.push(this.rest.subarray(headerBytes, length));
      this.rest = this.rest.subarray(length);
      if ((status & 0x01) === 0) continue;
      const body = Buffer.concat(this.parts);
      this.parts = [];
      yield { type, body, ignored: (status & 0x02) !== 0 };
    }
  }
}

/** Divides an answer into packets; `last` closes it. */
export function packets(body: Buffer, packetBytes: number, last: boolean, type: number = packetType.answer): Buffer {
  const room = packetBytes - headerBytes;
  const parts: Buffer[] = [];
  for (let at = 0, number = 1; at < body.length || (last && parts.length === 0); at += room, number += 1) {
    const piece = body.subarray(at, at + room);
    const head = Buffer.from([type, last && at + room >= body.length ? 1 : 0, 0, 0, 0, 1, number & 0xff, 0]);
    head.writeUInt16BE(piece.length + headerBytes, 2);
    parts.push(head, piece);
  }
  return Buffer.concat(parts);
}

/** What a client offers before it signs in. */
export function readPrelogin(body: Buffer): { encryption: number } {
  for (let at = 0; at < body.length && body[at] !== 0xff; at += 5) if (body[at] === 0x01) return { encryption: body[body.readUInt16BE(at + 1)] ?? 0 };
  throw new TypeError('PRELOGIN without ENCRYPTION');
}

export function preloginAnswer(encryption: number): Buffer {
  const values: [number, Buffer][] = [
    [0x00, Buffer.from([16, 0, 0x10, 0x36, 0, 0])],
    [0x01, Buffer.from([encryption])],
    [0x02, Buffer.from([0])],
    [0x03, Buffer.alloc(4)],
    [0x04, Buffer.from([0])],
  ];
  const heads: number[] = [];
  let offset = values.length * 5 + 1;
  for (const [token, value] of values) {
    heads.push(token, offset >> 8, offset & 0xff, 0, value.length);
    offset += value.length;
  }
  return Buffer.concat([Buffer.from([...heads, 0xff]), ...values.map(([, value]) => value)]);
}

export interface Login {
  user: string;
  password: string;
  database: string;
  application: string;
  readOnly: boolean;
  packetBytes: number;
}

/** LOGIN7 of TDS 7.4. */
export function readLogin(body: Buffer): Login {
  if (body.readUInt32LE(0) !== body.length) throw new RangeError('LOGIN7 gives a wrong length');
  if (body.readUInt32LE(4) !== 0x74000004) throw new TypeError('the client does not speak TDS 7.4');
  const bytesOf = (at: number): Buffer => body.subarray(body.readUInt16LE(at), body.readUInt16LE(at) + body.readUInt16LE(at + 2) * 2);
  const textOf = (at: number): string => bytesOf(at).toString('utf16le');
  const password = Buffer.from(bytesOf(44).map((byte) => swapped(byte ^ 0xa5)));
  return { user: textOf(40), password: password.toString('utf16le'), application: textOf(48), database: textOf(68), readOnly: ((body[26] ?? 0) & 0x20) !== 0, packetBytes: body.readUInt32LE(8) };
}

const swapped = (byte: number): number => ((byte & 0x0f) << 4) | (byte >> 4);

/** Behind ALL_HEADERS, which every batch and call begins with. */
function afterHeaders(body: Buffer): ByteReader {
  return new ByteReader(body, body.readUInt32LE(0));
}

export function readBatch(body: Buffer): string {
  const reader = afterHeaders(body);
  return reader.text(reader.left / 2);
}

export interface SentParameter {
  name: string;
  declared: string;
  value: WireValue;
}

/** One procedure call. */
export interface Call {
  procedure: string;
  parameters: SentParameter[];
}

const procedures: Record<number, string> = { 10: 'sp_executesql', 11: 'sp_prepare', 12: 'sp_execute', 13: 'sp_prepexec', 15: 'sp_unprepare' };

export function readCall(body: Buffer): Call {
  const reader = afterHeaders(body);
  const length = reader.number(2);
  const procedure = length === 0xffff ? (procedures[reader.number(2)] ?? '?') : reader.text(length);
  reader.number(2);
  const parameters: SentParameter[] = [];
  while (reader.left > 0) {
    const name = reader.text(reader.byte());
    reader.byte();
    const { declared, read } = readTypeInfo(reader);
    parameters.push({ name, declared, value: read(reader) });
  }
  return { procedure, parameters };
}

/** Columns and rows of a bulk load. */
export function readBulk(body: Buffer): { columns: { name: string; declared: string }[]; rows: WireValue[][] } {
  const reader = new ByteReader(body);
  if (reader.byte() !== 0x81) throw new TypeError('a bulk load must begin with COLMETADATA');
  const columns = Array.from({ length: reader.number(2) }, () => {
    reader.take(6);
    const type = readTypeInfo(reader);
    return { name: reader.text(reader.byte()), ...type };
  });
  const rows: WireValue[][] = [];
  let token = reader.byte();
  for (; token === 0xd1; token = reader.byte()) rows.push(columns.map(({ read }) => read(reader)));
  if (token !== 0xfd) throw new TypeError(`a bulk load has a token 0x${token.toString(16)}`);
  return { columns: columns.map(({ name, declared }) => ({ name, declared })), rows };
}
