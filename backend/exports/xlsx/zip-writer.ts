import { constants, crc32, deflateRaw, deflateRawSync } from 'node:zlib';
import { Problem } from '../../../shared/problem.ts';

const level = 1;
const blocksInFlight = 3;
const fourGigabytes = 0xffffffff;
/** 1 January 2026, 00:00 in the format of MS-DOS: equal results make equal files. */
const dosDate = ((2026 - 1980) << 9) | (1 << 5) | 1;
const utf8Names = 0x0800;
const sizesFollow = 0x0008;

interface Entry {
  name: Buffer;
  flags: number;
  crc: number;
  packed: number;
  size: number;
  offset: number;
  large: boolean;
}

type Emit = (bytes: Uint8Array) => Promise<void>;

/**
 * Writes a zip archive as a stream. Blocks of an entry are deflated side by side in the thread pool of Node and joined:
 * each ends on a byte border (sync flush), so that one deflate stream comes out.
 */
export class ZipWriter {
  readonly #emit: Emit;
  readonly #entries: Entry[] = [];
  #offset = 0;

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  /** A whole small part at once, with its sizes in its header. */
  async addText(name: string, text: string): Promise<void> {
    const bytes = Buffer.from(text, 'utf8');
    const packed = deflateRawSync(bytes, { level });
    const entry = this.#open(name, { flags: utf8Names, crc: crc32(bytes), packed: packed.length, size: bytes.length, large: false });
    await this.#put(localHeader(entry));
    await this.#put(packed);
  }

  /** A part of unknown length. `large` says that it may pass 4 GB: only then zip64 is used, which some readers dislike. */
  async openEntry(name: string, large: boolean): Promise<ZipEntry> {
    const entry = this.#open(name, { flags: utf8Names | sizesFollow, crc: 0, packed: 0, size: 0, large });
    await this.#put(localHeader(entry));
    return new ZipEntry(entry, (bytes) => this.#put(bytes));
  }

  async finish(): Promise<void> {
    const start = this.#offset;
    for (const entry of this.#entries) await this.#put(centralHeader(entry));
    await this.#put(endRecords(this.#entries.length, start, this.#offset - start));
  }

  #open(name: string, rest: Omit<Entry, 'name' | 'offset'>): Entry {
    const entry = { name: Buffer.from(name, 'utf8'), offset: this.#offset, ...rest };
    this.#entries.push(entry);
    return entry;
  }

  async #put(bytes: Uint8Array): Promise<void> {
    this.#offset += bytes.length;
    await this.#emit(bytes);
  }
}

/** An open entry of the archive. */
export class ZipEntry {
  readonly #entry: Entry;
  readonly #put: Emit;
  readonly #packing: Promise<Uint8Array>[] = [];

  constructor(entry: Entry, put: Emit) {
    this.#entry = entry;
    this.#put = put;
  }

  /** Takes the block over; resolves when there is room for more. `done` is called once the block may be written to again. */
  async write(block: Uint8Array, done: () => void): Promise<void> {
    this.#entry.crc = crc32(block, this.#entry.crc);
    this.#entry.size += block.length;
    const packed = packBlock(block).finally(done);
    packed.catch(() => undefined); // it is awaited below, later than it may fail
    this.#packing.push(packed);
    while (this.#packing.length >= blocksInFlight) await this.#putFirst();
  }

  async close(): Promise<void> {
    while (this.#packing.length > 0) await this.#putFirst();
    await this.#putPacked(lastBlock);
    const { size, packed, large } = this.#entry;
    if (!large && (size > fourGigabytes || packed > fourGigabytes)) throw tooLarge();
    await this.#put(dataDescriptor(this.#entry));
  }

  async #putFirst(): Promise<void> {
    const packed = await this.#packing.shift();
    if (packed) await this.#putPacked(packed);
  }

  async #putPacked(packed: Uint8Array): Promise<void> {
    this.#entry.packed += packed.length;
    await this.#put(packed);
  }
}

/** An empty deflate block with the "last" mark. */
const lastBlock = Uint8Array.of(3, 0);

function packBlock(block: Uint8Array): Promise<Uint8Array> {
  const options = { level, chunkSize: 1 << 18, finishFlush: constants.Z_SYNC_FLUSH };
  return new Promise((resolve, reject) => {
    deflateRaw(block, options, (error, packed) => {
      if (error) reject(error);
      else resolve(packed);
    });
  });
}

function localHeader({ name, flags, crc, packed, size, large }: Entry): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(large ? 45 : 20, 4);
  header.writeUInt16LE(flags, 6);
  header.writeUInt16LE(8, 8);
  header.writeUInt16LE(dosDate, 12);
  header.writeUInt32LE(crc, 14);
  header.writeUInt32LE(large ? fourGigabytes : packed, 18);
  header.writeUInt32LE(large ? fourGigabytes : size, 22);
  header.writeUInt16LE(name.length, 26);
  const extra = large ? zip64Field([0, 0]) : Buffer.alloc(0);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, name, extra]);
}

function dataDescriptor({ crc, packed, size, large }: Entry): Buffer {
  const record = Buffer.alloc(large ? 24 : 16);
  record.writeUInt32LE(0x08074b50, 0);
  record.writeUInt32LE(crc, 4);
  if (large) {
    record.writeBigUInt64LE(BigInt(packed), 8);
    record.writeBigUInt64LE(BigInt(size), 16);
  } else {
    record.writeUInt32LE(packed, 8);
    record.writeUInt32LE(size, 12);
  }
  return record;
}

function centralHeader({ name, flags, crc, packed, size, offset, large }: Entry): Buffer {
  const wide = [large || size >= fourGigabytes ? size : -1, large || packed >= fourGigabytes ? packed : -1, offset >= fourGigabytes ? offset : -1];
  const extra = wide.some((value) => value >= 0) ? zip64Field(wide.filter((value) => value >= 0)) : Buffer.alloc(0);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(extra.length > 0 ? 45 : 20, 4);
  header.writeUInt16LE(extra.length > 0 ? 45 : 20, 6);
  header.writeUInt16LE(flags, 8);
  header.writeUInt16LE(8, 10);
  header.writeUInt16LE(dosDate, 14);
  header.writeUInt32LE(crc, 16);
  header.writeUInt32LE(wide[1] === -1 ? packed : fourGigabytes, 20);
  header.writeUInt32LE(wide[0] === -1 ? size : fourGigabytes, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(wide[2] === -1 ? offset : fourGigabytes, 42);
  return Buffer.concat([header, name, extra]);
}

function zip64Field(values: number[]): Buffer {
  const field = Buffer.alloc(4 + values.length * 8);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(values.length * 8, 2);
  values.forEach((value, index) => field.writeBigUInt64LE(BigInt(value), 4 + index * 8));
  return field;
}

function endRecords(count: number, start: number, size: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(Math.min(size, fourGigabytes), 12);
  end.writeUInt32LE(Math.min(start, fourGigabytes), 16);
  return start < fourGigabytes && size < fourGigabytes ? end : Buffer.concat([endRecord64(count, start, size), end]);
}

function endRecord64(count: number, start: number, size: number): Buffer {
  const record = Buffer.alloc(56 + 20);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(45, 12);
  record.writeUInt16LE(45, 14);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(size), 40);
  record.writeBigUInt64LE(BigInt(start), 48);
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(start + size), 64);
  record.writeUInt32LE(1, 72);
  return record;
}

function tooLarge(): Problem {
  return new Problem('too_large', {
    ru: 'Лист получился больше 4 ГБ. Возьмите CSV или сузьте вопрос.',
    en: 'A sheet grew beyond 4 GB. Take the CSV or narrow the question.',
  });
}
