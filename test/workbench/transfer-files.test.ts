import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TransferFiles } from '../../backend/workbench/transfer-files.ts';
import type { StreamOptions, StoredTable } from '../../backend/workbench/workbench.ts';
import { context, scratchEngine, textOf, type ScratchEngine } from './scratch-engine.ts';

let scratch: ScratchEngine;
let table: StoredTable;
const nowhere = { database: '', databases: [] };

beforeAll(async () => {
  scratch = await scratchEngine();
  table = await scratch.workbench.store({ sql: "SELECT number, repeat('x', 600) AS text FROM numbers(30000) ORDER BY number", parameters: {} }, nowhere, 'wide', context());
});
afterAll(() => scratch.close());

function stream(options: Partial<StreamOptions> = {}, signal = new AbortController().signal): Promise<Readable> {
  return scratch.workbench.stream(table, { format: 'CSVWithNames', ...options }, signal);
}

/** Files of a folder that this process holds open, deleted ones too. */
function openFilesIn(directory: string): number {
  return readdirSync('/proc/self/fd').filter((fd) => linkOf(fd).startsWith(directory)).length;
}
function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}

describe('readers of the embedded engine', () => {
  test('a crowd that does not read leaves the engine free for others', async () => {
    const stalled = await Promise.all(Array.from({ length: 14 }, () => stream({ limit: 20_000 })));
    const { rows } = await scratch.workbench.select({ sql: 'SELECT 7', parameters: {} }, nowhere, context({ timeSeconds: 5 }));
    expect(rows).toEqual([[7]]);
    const text = await textOf(stalled[0] as Readable);
    expect(text.split('\n')).toHaveLength(20_002);
    for (const one of stalled) one.destroy();
    await expect.poll(() => openFilesIn(scratch.directory)).toBe(0);
  });

  test('no file stays open when a reader leaves before its first byte, after it, or by its signal', async () => {
    (await stream()).destroy();
    (await stream({ format: 'JSONCompactEachRow' })).destroy();
    const begun = await stream();
    begun.once('data', () => begun.destroy());
    const stop = new AbortController();
    const aborted = await stream({}, stop.signal);
    stop.abort();
    await expect(textOf(aborted)).rejects.toMatchObject({ code: 'interrupted' });
    await expect.poll(() => openFilesIn(scratch.directory)).toBe(0);
    expect(readdirSync(join(scratch.directory, 'transfer'))).toEqual([]);
  });

  test('small answers hold no file even while nobody reads them', async () => {
    const pages = await Promise.all(Array.from({ length: 50 }, (_, at) => stream({ offset: at * 20, limit: 20 })));
    expect(openFilesIn(scratch.directory)).toBe(0);
    expect(await textOf(pages[49] as Readable)).toMatch(/^"number","text"\n980,"x+"\n/);
    expect(await textOf(await stream({ limit: 0 }))).toBe('"number","text"\n');
    expect(await textOf(await stream({ format: 'CSV', limit: 0 }))).toBe('');
  });
});

describe('transfer files', () => {
  test('more large answers than forty at once are refused until one is read', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tasksheet-transfer-'));
    const files = new TransferFiles(directory);
    const large = Buffer.alloc((1 << 20) + 1, 'x');
    const read = (): Promise<Readable> => files.read((path) => writeFile(path, large), {}, new AbortController().signal);
    const waiting = await Promise.all(Array.from({ length: 40 }, read));
    await expect(read()).rejects.toMatchObject({ code: 'too_many' });
    expect(openFilesIn(directory)).toBe(40);
    expect((await textOf(waiting[0] as Readable)).length).toBe(large.length);
    const next = await read();
    for (const one of [...waiting, next]) one.destroy();
    await expect.poll(() => openFilesIn(directory)).toBe(0);
    rmSync(directory, { recursive: true });
  });

  test('a large answer is read while it is written, and fails when its writer does', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tasksheet-transfer-'));
    const files = new TransferFiles(directory);
    let fail: (error: Error) => void = () => undefined;
    const failed = new Promise<never>((_resolve, reject) => (fail = reject));
    const growing = await files.read(
      async (path) => {
        await writeFile(path, Buffer.alloc(3 << 20, 'x'));
        await failed;
      },
      {},
      new AbortController().signal,
    );
    let bytes = 0;
    growing.on('data', (chunk: Buffer) => (bytes += chunk.length));
    await expect.poll(() => bytes).toBe(3 << 20);
    const ended = new Promise((resolve) => growing.once('error', resolve));
    fail(new Error('the engine was stopped'));
    expect(await ended).toMatchObject({ code: 'interrupted' });
    await expect.poll(() => openFilesIn(directory)).toBe(0);
    rmSync(directory, { recursive: true });
  });

  test('a reader that leaves stops the writer', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tasksheet-transfer-'));
    const files = new TransferFiles(directory);
    let stopped = false;
    const growing = await files.read(
      async (path, signal) => {
        await writeFile(path, Buffer.alloc(3 << 20, 'x'));
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        stopped = true;
      },
      {},
      new AbortController().signal,
    );
    growing.destroy();
    await expect.poll(() => stopped).toBe(true);
    rmSync(directory, { recursive: true });
  });
});
