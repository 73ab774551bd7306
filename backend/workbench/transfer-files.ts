import { randomUUID } from 'node:crypto';
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Statement } from './engine-client.ts';
import { engineProblem, problemOf } from './engine-problem.ts';
import { countNewlines, wrongCount } from './tail-reader.ts';

const readBytes = 1 << 20;
/** Answers up to this size are read at once: their file is closed before anybody reads them. */
const wholeBytes = 1 << 20;
/** Larger answers that may wait for their readers at once: each holds its disk space until then. */
const maxOpenFiles = 40;

type Frame = Pick<Statement, 'head' | 'lines'>;

/**
 * Files through which the embedded engine hands over answers: no reader, however slow, holds a query of the engine, the
 * engine writes a large one two to three times as fast as it can send it, and it is whole before its first byte is read.
 */
export class TransferFiles {
  private readonly directory: string;
  private openFiles = 0;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** Files that a crash left are nobody's: one process owns the directory. */
  async prepare(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
  }

  /** Lets `write` fill a file, then gives its bytes after `frame.head`. The file is gone from its folder before they are read. */
  async read(write: (path: string) => Promise<unknown>, frame: Frame, signal: AbortSignal): Promise<Readable> {
    const path = join(this.directory, randomUUID());
    try {
      await write(path);
      return await this.opened(await open(path, 'r'), frame, signal);
    } catch (error) {
      throw engineProblem(error);
    } finally {
      await rm(path, { force: true });
    }
  }

  private async opened(file: FileHandle, frame: Frame, signal: AbortSignal): Promise<Readable> {
    try {
      if ((await file.stat()).size <= wholeBytes) return await wholeFile(file, frame);
      if (this.openFiles >= maxOpenFiles) throw problemOf('too_many');
    } catch (error) {
      await file.close();
      throw error;
    }
    const bytes = file.createReadStream({ highWaterMark: readBytes });
    // Not a generator around the stream: one that is destroyed before its first read never starts, and leaves the file open.
    if (frame.head !== undefined) bytes.unshift(frame.head);
    const stop = (): void => void bytes.destroy(problemOf('interrupted'));
    this.openFiles += 1;
    bytes.once('close', () => {
      this.openFiles -= 1;
      signal.removeEventListener('abort', stop);
    });
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    return bytes;
  }
}

/** A small table that was dropped after it moved to a shared one reads as no rows at all, without an error. */
async function wholeFile(file: FileHandle, { head, lines }: Frame): Promise<Readable> {
  const bytes = await file.readFile();
  await file.close();
  const count = countNewlines(bytes);
  if (lines !== undefined && lines !== count) throw wrongCount(lines, count);
  return Readable.from([head, bytes].filter((part) => part !== undefined && part.length > 0), { objectMode: false });
}
