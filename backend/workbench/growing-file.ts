import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';

const readBytes = 1 << 18;
const pauseMs = 4;

/** Bytes of a file that somebody else is still writing. Ends when `written` resolves and all is read; fails when it rejects. */
export class GrowingFile extends Readable {
  private readonly file: FileHandle;
  private isWritten = false;
  private position = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(file: FileHandle, written: Promise<unknown>) {
    super({ highWaterMark: readBytes });
    this.file = file;
    written.then(
      () => (this.isWritten = true),
      (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
    );
  }

  override _read(): void {
    this.readOn().catch((error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))));
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.timer);
    this.file.close().then(
      () => done(error),
      (failed: Error) => done(error ?? failed),
    );
  }

  private async readOn(): Promise<void> {
    // Asked before the read: what was written until then is in it.
    const isLast = this.isWritten;
    const { bytesRead, buffer } = await this.file.read({ buffer: Buffer.allocUnsafe(readBytes), position: this.position });
    if (this.destroyed) return;
    this.position += bytesRead;
    if (bytesRead > 0) this.push(buffer.subarray(0, bytesRead));
    else if (isLast) this.push(null);
    else this.timer = setTimeout(() => this._read(), pauseMs);
  }
}
