import { randomUUID } from 'node:crypto';
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { Statement } from './engine-client.ts';
import { engineProblem, problemOf } from './engine-problem.ts';
import { GrowingFile } from './growing-file.ts';
import { countNewlines, wrongCount } from './tail-reader.ts';

const pauseMs = 2;
/** Answers up to this size are read at once: their file is closed before anybody reads them. */
const wholeBytes = 1 << 20;
/** Larger answers that may wait for their readers at once: each holds its disk space until then. */
const maxOpenFiles = 40;

/** Fills the file at `path`; stops when `signal` says so. */
type WriteFile = (path: string, signal: AbortSignal) => Promise<unknown>;
type Frame = Pick<Statement, 'head' | 'lines'>;

/**
 * Files through which the embedded engine hands over answers: no reader, however slow, holds a query of the engine, and the
 * engine writes a large one two to three times as fast as it can send it. A large one is read while it is written.
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

  /**
   * Lets `write` fill a file and gives its bytes after `frame.head`: at once when it is small, otherwise as they come. A
   * reader that leaves, or `signal`, stops the writer. The file leaves its folder before this resolves.
   */
  async read(write: WriteFile, frame: Frame, signal: AbortSignal): Promise<Readable> {
    const path = join(this.directory, randomUUID());
    const left = new AbortController();
    const answer: Answer = { written: write(path, AbortSignal.any([signal, left.signal])), isWritten: false };
    answer.written = answer.written.finally(() => (answer.isWritten = true));
    answer.written.catch(() => undefined);
    try {
      const file = await opened(path, answer);
      return await this.begun(file, answer, frame, { signal, left });
    } catch (error) {
      left.abort();
      throw engineProblem(error);
    } finally {
      await rm(path, { force: true });
    }
  }

  private async begun(file: FileHandle, answer: Answer, frame: Frame, stops: { signal: AbortSignal; left: AbortController }): Promise<Readable> {
    try {
      while (!answer.isWritten && (await file.stat()).size <= wholeBytes) await wait(pauseMs);
      if (answer.isWritten) await answer.written;
      if (answer.isWritten && (await file.stat()).size <= wholeBytes) return await wholeFile(file, frame);
      if (this.openFiles >= maxOpenFiles) throw problemOf('too_many');
    } catch (error) {
      await file.close();
      throw error;
    }
    return this.followed(new GrowingFile(file, answer.written.catch((error: unknown) => Promise.reject(engineProblem(error)))), frame, stops);
  }

  private followed(bytes: GrowingFile, frame: Frame, { signal, left }: { signal: AbortSignal; left: AbortController }): Readable {
    // Not a generator around the stream: one that is destroyed before its first read never starts, and leaves the file open.
    if (frame.head !== undefined) bytes.unshift(frame.head);
    const stop = (): void => void bytes.destroy(problemOf('interrupted'));
    this.openFiles += 1;
    bytes.once('close', () => {
      this.openFiles -= 1;
      left.abort();
      signal.removeEventListener('abort', stop);
    });
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    return bytes;
  }
}

interface Answer {
  written: Promise<unknown>;
  isWritten: boolean;
}

/** The engine makes the file when it begins to write. */
async function opened(path: string, answer: Answer): Promise<FileHandle> {
  for (;;) {
    const { isWritten } = answer;
    if (isWritten) await answer.written;
    try {
      return await open(path, 'r');
    } catch (error) {
      if (isWritten || !(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
    await wait(pauseMs);
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
