import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { clickhouseSource } from '../../backend/sources/clickhouse.ts';
import type { BoundStep, Source } from '../../backend/sources/source.ts';
import type { StoredTable } from '../../backend/workbench/workbench.ts';
import { startScriptedClickHouse, type ScriptedClickHouse } from '../services/clickhouse-server.ts';
import { context, scratchEngine, type ScratchEngine } from '../workbench/scratch-engine.ts';

export const never = new AbortController().signal;
export const step: BoundStep = { name: 'step', sql: 'SELECT a, t FROM numbered', parameters: {}, steps: {} };
export const described = '["a","UInt64"]\n["t","String"]\n';
export const nativeRows = / FORMAT Native$/;

/** A source whose server is scripted anew for each test, beside a real workbench. It describes `step` and leaves the rest to the test. */
export class ScriptedSource {
  near!: ScratchEngine;
  server!: ScriptedClickHouse;
  source!: Source;
  /** As a real engine writes them: 40,000 rows in five blocks. */
  blocks!: Buffer;
  #count = 0;

  constructor() {
    beforeAll(async () => {
      this.near = await scratchEngine();
      this.blocks = await this.native("SELECT number AS a, repeat('x', 10) AS t FROM numbers(40000)");
    });
    afterAll(() => this.near.close());
    beforeEach(async () => {
      this.server = await startScriptedClickHouse();
      this.source = this.open();
      this.server.on(/^DESCRIBE/, (response) => void response.end(described));
      return async () => {
        await this.source.close();
        await this.server.close();
      };
    });
  }

  /** Blocks of a query as a real engine writes them. */
  async native(sql: string): Promise<Buffer> {
    const { url, password } = await this.near.engine.endpoint();
    const response = await fetch(`${url}/?max_block_size=8192&query=${encodeURIComponent(`${sql} FORMAT Native`)}`, { headers: { 'X-ClickHouse-Key': password } });
    return Buffer.from(await response.arrayBuffer());
  }

  open(more: Record<string, unknown> = {}): Source {
    const settings = clickhouseSource.settings.parse({ url: this.server.url, user: 'reader', password: 'p', database: 'd', ...more });
    return clickhouseSource.open(settings, { name: 'warehouse', workbench: this.near.workbench, timeZone: 'UTC' });
  }

  run(changes: Parameters<typeof context>[0] = {}, one = this.source): Promise<StoredTable> {
    return one.run(step, `fault_${(this.#count += 1)}`, context(changes));
  }

  async nothingStored(): Promise<void> {
    expect(await this.near.workbench.storedTableIds()).not.toContain(`fault_${this.#count}`);
  }

  statements(): string[] {
    return this.server.seen.map(({ sql }) => sql);
  }
}
