import { Transform, type TransformCallback } from 'node:stream';
import { EngineError, engineProblem, parseEngineError, problemOf } from './engine-problem.ts';

const tailBytes = 16 * 1024;
const newline = 0x0a;

/** Formats without lines. `Native` is blocks that start with their columns: text behind them can't be read as one. */
export type BinaryFormat = 'Native' | 'RowBinary';

export interface TailReaderOptions {
  /** `X-ClickHouse-Exception-Tag` of the answer; `null` from a server that does not send one. */
  exceptionTag: string | null;
  /** Whether each line is a row, and how many there must be. */
  lines?: number;
  /** What stands before the rows of a good answer. */
  head?: Buffer;
  binary?: BinaryFormat;
}

/**
 * Passes an answer on and holds back its last bytes until the end is known to be good. ClickHouse reports an error in
 * mid-stream only as text at the end of a body that has already begun with status 200; a server from 25.11 on frames it
 * with a tag, older ones just write it. A body that does not end with a whole row is an error too.
 */
export class TailReader extends Transform {
  private readonly exceptionTag: string | null;
  private readonly expectedLines: number | undefined;
  private held: Buffer[] = [];
  private heldBytes = 0;
  private lineCount = 0;
  private head: Buffer | undefined;
  private readonly binary: BinaryFormat | undefined;
  private words: EngineError | null = null;

  constructor({ exceptionTag, lines, head, binary }: TailReaderOptions) {
    super();
    this.binary = binary;
    this.exceptionTag = exceptionTag;
    this.expectedLines = lines;
    this.head = head;
  }

  /**
   * An exception's text at the end of an older server's Native answer. Values may look like that too, so it is no failure
   * here; but whoever reads the blocks fails on it, and this is why.
   */
  get lastWords(): EngineError | null {
    return this.words;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.expectedLines !== undefined) this.lineCount += countNewlines(chunk);
    this.held.push(chunk);
    this.heldBytes += chunk.length;
    while (this.held[0] && this.heldBytes - this.held[0].length >= tailBytes) this.release();
    done();
  }

  override _flush(done: TransformCallback): void {
    const tail = Buffer.concat(this.held);
    const error = this.exceptionIn(tail) ?? this.incomplete(tail);
    if (!error) this.pass(tail);
    done(error && engineProblem(error));
  }

  private release(): void {
    const chunk = this.held.shift();
    if (!chunk) return;
    this.heldBytes -= chunk.length;
    this.pass(chunk);
  }

  private pass(chunk: Buffer): void {
    if (this.head) this.push(this.head);
    this.head = undefined;
    if (chunk.length > 0) this.push(chunk);
  }

  private exceptionIn(tail: Buffer): Error | null {
    const text = tail.subarray(-tailBytes).toString('utf8');
    if (this.exceptionTag !== null) {
      const start = text.lastIndexOf(`\r\n__exception__\r\n${this.exceptionTag}`, text.length - `${this.exceptionTag}\r\n__exception__\r\n`.length);
      if (start >= 0) return parseEngineError(withoutClose(text.slice(start), this.exceptionTag)) ?? new EngineError(0, text.slice(start, start + 500));
      if (text.endsWith(`${this.exceptionTag}\r\n__exception__\r\n`)) return new EngineError(0, text.slice(0, 500));
      if (this.binary !== undefined) return null;
    }
    const found = oldServerException(text);
    if (this.binary !== 'Native') return found;
    this.words = found;
    return null;
  }

  private incomplete(tail: Buffer): Error | null {
    if (this.binary === undefined && tail.length > 0 && tail[tail.length - 1] !== newline) return problemOf('interrupted', new Error('the answer ended inside a row'));
    if (this.expectedLines !== undefined && this.lineCount !== this.expectedLines)
      return wrongCount(this.expectedLines, this.lineCount);
    return null;
  }
}

/** The block ends with its length and the tag again. */
function withoutClose(block: string, tag: string): string {
  const close = block.lastIndexOf(` ${tag}\r\n__exception__`);
  return close < 0 ? block : block.slice(0, close).replace(/\n\d+$/, '');
}

/** Rows of JSON end with a bracket, of CSV with a quote or a number: only an exception's text ends with a round bracket. */
function oldServerException(tail: string): EngineError | null {
  if (!/\)\s*$/.test(tail)) return null;
  const start = tail.lastIndexOf('Code: ');
  return start < 0 ? null : parseEngineError(tail.slice(start));
}

export function wrongCount(expected: number, came: number): Error {
  return problemOf('interrupted', new Error(`expected ${expected} rows, ${came} came`));
}

export function countNewlines(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) count += 1;
  return count;
}
