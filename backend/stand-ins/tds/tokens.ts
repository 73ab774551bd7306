import { collation, wireType, type WireColumn, type WireValue } from './types.ts';

/** An error as SQL Server numbers it. */
export interface ServerError {
  number: number;
  message: string;
  /** Severity; 20 and more end the connection. */
  severity?: number;
}

const byteText = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'utf16le')]);

function sized(token: number, body: Buffer): Buffer {
  const head = Buffer.from([token, 0, 0]);
  head.writeUInt16LE(body.length, 1);
  return Buffer.concat([head, body]);
}

export function errorToken({ number, message, severity = 16 }: ServerError): Buffer {
  const head = Buffer.alloc(8);
  head.writeInt32LE(number);
  head[4] = 1;
  head[5] = severity;
  head.writeUInt16LE(message.length, 6);
  return sized(0xaa, Buffer.concat([head, Buffer.from(message, 'utf16le'), byteText('stand-in'), byteText(''), Buffer.from([1, 0, 0, 0])]));
}

const doneStatus = { more: 0x01, error: 0x02, count: 0x10, attention: 0x20 };

function done(token: number, status: number, rows = 0): Buffer {
  const bytes = Buffer.alloc(13);
  bytes[0] = token;
  bytes.writeUInt16LE(status, 1);
  bytes.writeUInt16LE(0xc1, 3);
  bytes.writeBigUInt64LE(BigInt(rows), 5);
  return bytes;
}

export const attentionToken = (): Buffer => done(0xfd, doneStatus.attention);

/** The end of an answer: that of a procedure call has its return status. */
export function endTokens(kind: 'batch' | 'procedure', rows: number | undefined, failed = false): Buffer {
  const status = (failed ? doneStatus.error : 0) | (rows === undefined ? 0 : doneStatus.count);
  if (kind === 'batch') return done(0xfd, status, rows);
  const parts = rows === undefined ? [] : [done(0xff, doneStatus.more | doneStatus.count, rows)];
  return Buffer.concat([...parts, Buffer.from([0x79, 0, 0, 0, 0]), done(0xfe, failed ? doneStatus.error : 0)]);
}

export function columnsToken(columns: WireColumn[]): Buffer {
  const parts = columns.map(({ name, type, nullable = true }) => Buffer.concat([Buffer.from([0, 0, 0, 0, nullable ? 0x09 : 0x08, 0]), wireType(type).info, byteText(name)]));
  const count = Buffer.alloc(3);
  count[0] = 0x81;
  count.writeUInt16LE(columns.length, 1);
  return Buffer.concat([count, ...parts]);
}

/** Writes rows of these columns. */
export function rowWriter(columns: WireColumn[]): (row: WireValue[]) => Buffer {
  const types = columns.map(({ type }) => wireType(type));
  const token = Buffer.from([0xd1]);
  return (row) => Buffer.concat([token, ...types.map(({ write }, at) => write(row[at] ?? null))]);
}

function environment(kind: number, now: Buffer, before: Buffer): Buffer {
  return sized(0xe3, Buffer.concat([Buffer.from([kind]), now, before]));
}

/** What a server says to an accepted login. */
export function loginTokens(database: string, packetSize: number): Buffer {
  const program = Buffer.concat([Buffer.from([1, 0x74, 0, 0, 4]), byteText('Microsoft SQL Server'), Buffer.from([16, 0, 0x10, 0x36])]);
  return Buffer.concat([
    environment(1, byteText(database), byteText('master')),
    environment(7, Buffer.concat([Buffer.from([collation.length]), collation]), Buffer.from([0])),
    environment(4, byteText(String(packetSize)), byteText('4096')),
    sized(0xad, program),
    done(0xfd, 0),
  ]);
}
