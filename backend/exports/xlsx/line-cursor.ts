import { isUtf8 } from 'node:buffer';

const newline = 10;

/** Walks over the lines of a byte stream, batch by batch. After `advance()` the line is `bytes` from `start` to `end`. */
export class LineCursor {
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = -1;
  /** Whether some text was not UTF-8 and got replacement characters. */
  mended = false;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #carried: Buffer = Buffer.alloc(0);
  #ended = false;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Goes to the next line of this batch; false when the batch is used up: then `more()` brings the next. */
  advance(): boolean {
    const start = this.end + 1;
    if (start >= this.bytes.length) return false;
    const end = this.bytes.indexOf(newline, start);
    this.start = start;
    this.end = end === -1 ? this.bytes.length : end;
    return true;
  }

  /** Brings the next batch of whole lines once the last is used up; false at the end of the stream. */
  async more(): Promise<boolean> {
    while (this.end + 1 >= this.bytes.length) {
      if (this.#ended) return false;
      const next = await this.#chunks.next();
      if (next.done) this.#ended = true;
      this.#start(next.done ? this.#takeCarried() : this.#wholeLines(next.value));
    }
    return true;
  }

  /** The first lines of this batch as text, without moving. */
  peek(most: number): string[] {
    const lines: string[] = [];
    let start = this.end + 1;
    while (lines.length < most && start < this.bytes.length) {
      const found = this.bytes.indexOf(newline, start);
      const end = found === -1 ? this.bytes.length : found;
      lines.push(this.bytes.toString('utf8', start, end));
      start = end + 1;
    }
    return lines;
  }

  #start(bytes: Buffer): void {
    if (isUtf8(bytes)) this.bytes = bytes;
    else {
      this.bytes = Buffer.from(bytes.toString('utf8'), 'utf8');
      this.mended = true;
    }
    this.start = 0;
    this.end = -1;
  }

  #wholeLines(chunk: Uint8Array): Buffer {
    const fresh = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const end = fresh.lastIndexOf(newline) + 1;
    if (end === 0) {
      this.#carried = Buffer.concat([this.#carried, fresh]);
      return Buffer.alloc(0);
    }
    const lines = this.#carried.length > 0 ? Buffer.concat([this.#carried, fresh.subarray(0, end)]) : fresh.subarray(0, end);
    this.#carried = fresh.subarray(end);
    return lines;
  }

  #takeCarried(): Buffer {
    const carried = this.#carried;
    this.#carried = Buffer.alloc(0);
    return carried;
  }
}
