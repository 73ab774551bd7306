import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { Problem } from '../../shared/problem.ts';

interface Entry {
  method: number;
  encrypted: boolean;
  compressed: number;
  offset: number;
}

const readBytes = 65_536;
const mostEntries = 10_000;
/** Sheets shrink to a tenth or a twentieth; what grows this much beyond a moderate size was made to fill memory or disk. */
const suspiciousGrowth = 200;
const alwaysAllowed = 50_000_000;

export const brokenWorkbook = (cause?: unknown): Problem =>
  new Problem('invalid_values', { ru: 'Файл XLSX повреждён или записан не до конца. Откройте его в Excel, сохраните ещё раз и выберите снова.', en: 'The XLSX file is damaged or incomplete. Open it in Excel, save it again and choose it anew.' }, { cause });

const tooLarge = (): Problem =>
  new Problem('too_large', { ru: 'Файл XLSX распаковывается в слишком большой объём. Разделите таблицу на части или сохраните её как CSV.', en: 'The XLSX file unpacks to too large a size. Split the table or save it as CSV.' });

/** A ZIP archive on disk, read by its central directory. */
export class ZipFile {
  private readonly file: FileHandle;
  private readonly entries: ReadonlyMap<string, Entry>;

  private constructor(file: FileHandle, entries: ReadonlyMap<string, Entry>) {
    this.file = file;
    this.entries = entries;
  }

  static async open(path: string): Promise<ZipFile> {
    const file = await open(path, 'r');
    try {
      return new ZipFile(file, await readDirectory(file));
    } catch (error) {
      await file.close();
      throw error instanceof Problem ? error : brokenWorkbook(error);
    }
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /** The unpacked bytes of one part; refused beyond `most` of them. */
  async *read(name: string, most: number): AsyncGenerator<Buffer> {
    const entry = this.entries.get(name);
    if (entry === undefined || entry.encrypted || (entry.method !== 0 && entry.method !== 8)) throw brokenWorkbook(new Error(`${name} is missing, encrypted or packed in an unknown way`));
    const header = await bytesAt(this.file, entry.offset, 30);
    if (header.readUInt32LE(0) !== 0x04034b50) throw brokenWorkbook(new Error('no local header'));
    const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
    const packed = Readable.from(bytesBetween(this.file, start, start + entry.compressed));
    const unpacked = entry.method === 0 ? packed : packed.pipe(createInflateRaw());
    packed.on('error', (error) => unpacked.destroy(error));
    const limit = Math.min(most, Math.max(alwaysAllowed, entry.compressed * suspiciousGrowth));
    let total = 0;
    try {
      for await (const chunk of unpacked as AsyncIterable<Buffer>) {
        total += chunk.length;
        if (total > limit) throw tooLarge();
        yield chunk;
      }
    } catch (error) {
      throw error instanceof Problem ? error : brokenWorkbook(error);
    } finally {
      packed.destroy();
      unpacked.destroy();
    }
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

/** A stream of the handle's own would close it. */
async function* bytesBetween(file: FileHandle, start: number, end: number): AsyncGenerator<Buffer> {
  for (let at = start; at < end; at += readBytes) yield await bytesAt(file, at, Math.min(readBytes, end - at));
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead < length) throw brokenWorkbook(new Error('the file ends too soon'));
  return buffer;
}

async function readDirectory(file: FileHandle): Promise<Map<string, Entry>> {
  const { size } = await file.stat();
  const tailStart = Math.max(0, size - 65_557);
  const tail = await bytesAt(file, tailStart, size - tailStart);
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0) throw brokenWorkbook(new Error('no central directory'));
  let [count, length, start] = [tail.readUInt16LE(end + 10), tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  if (start === 0xffffffff || count === 0xffff || length === 0xffffffff) {
    const locator = tail.subarray(end - 20, end);
    if (locator.length < 20 || locator.readUInt32LE(0) !== 0x07064b50) throw brokenWorkbook(new Error('no ZIP64 locator'));
    const large = await bytesAt(file, Number(locator.readBigUInt64LE(8)), 56);
    [count, length, start] = [Number(large.readBigUInt64LE(32)), Number(large.readBigUInt64LE(40)), Number(large.readBigUInt64LE(48))];
  }
  if (count > mostEntries || length > 5_000_000) throw tooLarge();
  return readEntries(await bytesAt(file, start, length), count);
}

function readEntries(directory: Buffer, count: number): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (directory.readUInt32LE(at) !== 0x02014b50) throw brokenWorkbook(new Error('no entry'));
    const [nameLength, extraLength, commentLength] = [directory.readUInt16LE(at + 28), directory.readUInt16LE(at + 30), directory.readUInt16LE(at + 32)];
    const name = directory.toString('utf8', at + 46, at + 46 + nameLength);
    const extra = directory.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    const [compressed, unpacked, offset] = [directory.readUInt32LE(at + 20), directory.readUInt32LE(at + 24), directory.readUInt32LE(at + 42)];
    const wide = wideValues(extra, [unpacked, compressed, offset]);
    entries.set(name.replaceAll('\\', '/').replace(/^\//, ''), { method: directory.readUInt16LE(at + 10), encrypted: (directory.readUInt16LE(at + 8) & 1) === 1, compressed: wide[1] ?? 0, offset: wide[2] ?? 0 });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

/** Values that do not fit 32 bits stand in a field of their own, in this order. */
function wideValues(extra: Buffer, values: number[]): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let from = at + 4;
    return values.map((value) => {
      if (value !== 0xffffffff) return value;
      from += 8;
      return Number(extra.readBigUInt64LE(from - 8));
    });
  }
  return values;
}
