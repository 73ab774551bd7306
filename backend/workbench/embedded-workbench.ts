import { resolve } from 'node:path';
import { openWorkbench } from './clickhouse-workbench.ts';
import { startEmbeddedEngine, type EmbeddedEngineOptions } from './embedded-engine.ts';
import type { Workbench } from './workbench.ts';

export interface EmbeddedWorkbenchOptions extends EmbeddedEngineOptions {
  /** The scratch database. */
  database?: string;
  timeZone?: string;
}

/** The workbench on its own engine in a child process. Closing it stops the engine. */
export async function openEmbeddedWorkbench(options: EmbeddedWorkbenchOptions): Promise<Workbench> {
  const engine = await startEmbeddedEngine(options);
  try {
    const { database, timeZone } = options;
    const workbench = await openWorkbench({ endpoint: () => engine.endpoint(), database, timeZone, embedded: true, transferDirectory: resolve(options.directory, '../transfer') });
    const closeClient = workbench.close.bind(workbench);
    workbench.close = async () => {
      await closeClient();
      await engine.close();
    };
    return workbench;
  } catch (error) {
    await engine.close();
    throw error;
  }
}
