import { createReadStream } from 'node:fs';
import type { WrittenAs } from '../../shared/upload.ts';

export type Encoding = Extract<WrittenAs, { format: 'csv' }>['encoding'];

const marks: { encoding: Encoding; bytes: number[] }[] = [
  { encoding: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
];

/** Which half of each pair of bytes is often zero tells the order; text in one byte a character has no zeros at all. */
function wideEncoding(head: Buffer): Encoding | 'binary' | undefined {
  const zeros = [0, 0];
  for (let at = 0; at < head.length; at += 1) if (head[at] === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (even + odd === 0) return undefined;
  if (odd > 10 * even) return 'utf-16le';
  return even > 10 * odd ? 'utf-16be' : 'binary';
}

/** Counts well-formed characters of several bytes, and bytes that fit nowhere. */
class Utf8Count {
  valid = 0;
  invalid = 0;
  private missing = 0;

  feed(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (this.missing > 0 && (byte & 0xc0) === 0x80) {
        this.missing -= 1;
        if (this.missing === 0) this.valid += 1;
        continue;
      }
      if (this.missing > 0) this.invalid += 1;
      this.missing = byte < 0xc2 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : byte < 0xf5 ? 3 : 0;
      if (byte >= 0x80 && this.missing === 0) this.invalid += 1;
    }
  }
}

/**
 * How the text is written. Its mark says it, or zero bytes; otherwise the whole file is looked at: Russian text in
 * Windows-1251 is hardly ever well-formed UTF-8. Some damaged characters do not turn UTF-8 into another encoding.
 */
export async function detectEncoding(path: string, head: Buffer): Promise<Encoding | 'binary'> {
  const marked = marks.find(({ bytes }) => bytes.every((byte, at) => head[at] === byte));
  if (marked !== undefined) return marked.encoding;
  const wide = wideEncoding(head);
  if (wide !== undefined) return wide;
  const count = new Utf8Count();
  for await (const chunk of createReadStream(path, { highWaterMark: 1_000_000 }) as AsyncIterable<Buffer>) count.feed(chunk);
  return count.invalid === 0 || count.valid > 10 * count.invalid ? 'utf-8' : 'windows-1251';
}

/** The file's text piece by piece, without its mark, every line end as `\n` unless it is to be exact. */
export async function* decoded(path: string, encoding: Encoding, { exact }: { exact: boolean }): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  const lines = exact ? (text: string): string => text : withLineFeeds;
  let held = '';
  for await (const chunk of createReadStream(path, { highWaterMark: 262_144 }) as AsyncIterable<Buffer>) {
    const text = held + decoder.decode(chunk, { stream: true });
    // The other half of a line end may come with the next piece.
    held = text.endsWith('\r') ? '\r' : '';
    yield lines(held === '' ? text : text.slice(0, -1));
  }
  yield lines(held + decoder.decode());
}

function withLineFeeds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}
