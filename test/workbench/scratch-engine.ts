import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedEngine, type EmbeddedEngine } from '../../backend/workbench/embedded-engine.ts';
import { openWorkbench } from '../../backend/workbench/clickhouse-workbench.ts';
import type { QueryContext, ReadScope, Workbench } from '../../backend/workbench/workbench.ts';

/** A real engine on a directory of its own, gone after the tests. */
export interface ScratchEngine {
  engine: EmbeddedEngine;
  workbench: Workbench;
  directory: string;
  log: string[];
  close(): Promise<void>;
}

export async function scratchEngine(timeZone = 'UTC', maxServerMemoryBytes?: number): Promise<ScratchEngine> {
  const directory = mkdtempSync(join(tmpdir(), 'tasksheet-workbench-'));
  const log: string[] = [];
  const engine = await startEmbeddedEngine({ directory, log: (line) => log.push(line), maxServerMemoryBytes });
  const transferDirectory = join(directory, 'transfer');
  const workbench = await openWorkbench({ endpoint: () => engine.endpoint(), timeZone, embedded: true, transferDirectory });
  return {
    engine,
    workbench,
    directory,
    log,
    close: async () => {
      await workbench.close();
      await engine.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

let count = 0;

export function context(changes: Partial<QueryContext> & { rows?: number; timeSeconds?: number; memoryBytes?: number } = {}): QueryContext {
  const { rows = 2_000_000, timeSeconds = 60, memoryBytes = 4_000_000_000, ...others } = changes;
  count += 1;
  return { queryId: `test-${process.pid}-${count}`, limits: { rows, timeSeconds, memoryBytes }, signal: new AbortController().signal, ...others };
}

export const wallet: ReadScope = { database: 'wallet', databases: [] };

export async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
