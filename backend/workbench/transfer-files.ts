import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { engineProblem } from './engine-problem.ts';

const readBytes = 1 << 20;

/**
 * Files through which the embedded engine hands over large answers: it writes one two to three times as fast as it can
 * send the same bytes, and a file is whole before its first byte is read.
 */
export class TransferFiles {
  private readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** Files that a crash left are nobody's: one process owns the directory. */
  async prepare(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
  }

  /** Lets `write` fill a file, then gives its bytes after `head`. The file is gone from its folder before they are read. */
  async read(write: (path: string) => Promise<unknown>, head: Buffer | undefined): Promise<Readable> {
    const path = join(this.directory, randomUUID());
    try {
      await write(path);
      const file = await open(path, 'r');
      const bytes = createReadStream('', { fd: file, highWaterMark: readBytes });
      return head === undefined ? bytes : Readable.from(joined(head, bytes), { objectMode: false, highWaterMark: readBytes });
    } catch (error) {
      throw engineProblem(error);
    } finally {
      await rm(path, { force: true });
    }
  }
}

async function* joined(head: Buffer, bytes: Readable): AsyncGenerator<Buffer> {
  yield head;
  for await (const chunk of bytes as AsyncIterable<Buffer>) yield chunk;
}
