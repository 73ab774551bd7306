import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Opaque handles of the native addon. */
type NativeConnection = object;
type NativeStream = object;

interface NativeAddon {
  CreateConnection(directory: string, commandLine?: readonly string[]): NativeConnection;
  CloseConnection(connection: NativeConnection): void;
  QueryAsyncConnection(connection: NativeConnection, sql: string, format: string): Promise<{ bytes: Buffer }>;
  StreamQuery(connection: NativeConnection, sql: string, format: string): NativeStream;
  StreamFetch(stream: NativeStream): Promise<{ done: boolean; bytes: Buffer }>;
  StreamCancel(stream: NativeStream): void;
}

/**
 * chDB's native addon, below its `Session`: a session's close() waits for every query of the process, so beside one
 * long query the sessions of all short ones would pile up. Here a connection is closed when its own work is done.
 */
function loadAddon(): NativeAddon {
  const require = createRequire(import.meta.url);
  const loader = require(join(dirname(require.resolve('chdb')), 'dist/loader.js')) as { loadNative(): NativeAddon };
  return loader.loadNative();
}

function fetchChunk(addon: NativeAddon, stream: NativeStream): Promise<{ done: boolean; bytes: Buffer }> {
  const chunk = addon.StreamFetch(stream);
  // Whoever awaits it sees the failure; nobody may be there yet when it comes.
  chunk.catch(() => undefined);
  return chunk;
}

/** One connection for one query: settings, parameters and leftovers of a failed query die with it. */
export class ChdbConnection {
  private readonly addon: NativeAddon;
  private readonly handle: NativeConnection;
  private readonly onClose: () => void;

  constructor(addon: NativeAddon, handle: NativeConnection, onClose: () => void) {
    this.addon = addon;
    this.handle = handle;
    this.onClose = onClose;
  }

  /** The whole answer at once, computed off the event loop. */
  async run(sql: string, format: string): Promise<Buffer> {
    return (await this.addon.QueryAsyncConnection(this.handle, sql, format)).bytes;
  }

  /** A SELECT in chunks, computed one ahead of the reader. Throws at once for other statements. */
  stream(sql: string, format: string): AsyncIterable<Buffer> {
    const { addon } = this;
    const handle = addon.StreamQuery(this.handle, sql, format);
    return (async function* chunks() {
      let next = fetchChunk(addon, handle);
      try {
        for (;;) {
          const chunk = await next;
          if (chunk.done) return;
          next = fetchChunk(addon, handle);
          yield chunk.bytes;
        }
      } finally {
        // The handle must outlive the fetch that is under way.
        await next.catch(() => undefined);
        addon.StreamCancel(handle);
      }
    })();
  }

  close(): void {
    this.addon.CloseConnection(this.handle);
    this.onClose();
  }
}

/** The engine on one directory. One connection stays open: without any, the engine stops and starts again for each query. */
export class Chdb {
  private readonly addon = loadAddon();
  private readonly keeper: NativeConnection;
  private readonly directory: string;
  private open = 0;

  constructor(directory: string, commandLine: readonly string[]) {
    this.directory = directory;
    this.keeper = this.addon.CreateConnection(directory, commandLine);
  }

  connect(): ChdbConnection {
    const handle = this.addon.CreateConnection(this.directory);
    this.open += 1;
    return new ChdbConnection(this.addon, handle, () => (this.open -= 1));
  }

  /** True while a query is at work. */
  get busy(): boolean {
    return this.open > 0;
  }

  close(): void {
    this.addon.CloseConnection(this.keeper);
  }
}
