import { relative, sep } from 'node:path';
import { watch } from 'chokidar';
import { readCatalogFiles } from './catalog-files.ts';
import { compileCatalog, emptyCatalog, type CompiledCatalog, type CompileRules } from './compile-catalog.ts';
import type { SourceRules } from './source-file.ts';
import type { Catalog, Fault, Task, TaskLimits } from './task.ts';

export interface CatalogOptions {
  /** Limits of tasks that set none of their own. */
  limits?: Partial<TaskLimits>;
  /** Kinds of sources that can be opened, with their settings: what is not among them is a fault. */
  sourceKinds?: SourceRules['kinds'];
  /** Sources that exist without `sources.yaml`, with the language of their steps; `workbench` when absent. */
  builtInSources?: SourceRules['builtIn'];
  /** Kinds of channels that can be opened; any kind passes when absent. */
  channelKinds?: CompileRules['channelKinds'];
  /** Kinds of tasks besides `query`. */
  kinds?: CompileRules['kinds'];
  /** Whether files are followed, or who else tells of their changes (and returns how to stop that); yes when absent. */
  watch?: boolean | ((changed: () => void) => () => void);
}

/** Editors write a file in several steps (truncate and write; write beside and rename): changes this close are one. */
const settleMs = 150;
const unread = 'the catalog could not be read again';

export function compileRules({ limits, sourceKinds, builtInSources, channelKinds, kinds }: CatalogOptions): CompileRules {
  return {
    kinds: kinds ?? [],
    ...(channelKinds === undefined ? {} : { channelKinds }),
    limits: { timeSeconds: 300, rows: 5_000_000, memoryBytes: 4_000_000_000, ...limits },
    sources: { builtIn: builtInSources ?? new Map([['workbench', 'sql']]), ...(sourceKinds === undefined ? {} : { kinds: sourceKinds }) },
  };
}

/**
 * Reads the catalog in `directory` and follows its changes. A file with faults stays at its last good version, a deleted
 * one is gone; `faults()` says what to mend. Never throws for what stands, or is missing, in the directory.
 */
export async function openCatalog(directory: string, options: CatalogOptions = {}): Promise<Catalog> {
  const rules = compileRules(options);
  const listeners = new Set<() => void>();
  let current: CompiledCatalog | undefined;
  const troubles = new Map<string, Fault>();
  let reading: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const trouble = (what: string) => (error: unknown) => {
    const message = `${what}: ${error instanceof Error ? error.message : String(error)}`;
    troubles.set(what, { file: '.', line: 1, column: 1, message, advice: 'what was good stays in use; tell the operator' });
  };
  const read = async (): Promise<void> => {
    const next = await compileCatalog(await readCatalogFiles(directory), rules, current);
    if (closed) return;
    current = next;
    troubles.delete(unread);
    for (const listener of listeners) listener();
  };
  const readSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      reading = reading.then(read).catch(trouble(unread));
    }, settleMs);
  };

  const { watch: watched = true } = options;
  const unfollow = typeof watched === 'function' ? watched(readSoon) : watched ? await follow(directory, readSoon, trouble('changes are not followed any more')) : undefined;
  reading = read();
  await reading;
  const now = (): CompiledCatalog => current ?? emptyCatalog;
  return {
    tasks: () => [...now().tasks.values()],
    task: (id) => now().tasks.get(id) ?? formerly(id, [...now().tasks.values()]),
    sources: () => now().sources,
    channels: () => now().channels,
    metrics: () => [...now().metrics.values()].filter((metric) => metric !== null),
    access: () => now().access,
    faults: () => [...troubles.values(), ...now().faults],
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await unfollow?.();
      await reading;
    },
  };
}

function formerly(id: string, tasks: Task[]): Task | undefined {
  return tasks.find(({ formerIds }) => formerIds.includes(id));
}

/** Resolves when changes are seen, so that none falls between the first reading and the first watching. */
async function follow(directory: string, onChange: () => void, onError: (error: unknown) => void) {
  const isHidden = (path: string): boolean => relative(directory, path).split(sep).some((name) => name.startsWith('.') && name !== '..' && name !== '.');
  const watcher = watch(directory, { ignoreInitial: true, ignored: isHidden });
  watcher.on('all', onChange);
  watcher.on('error', onError);
  await new Promise<void>((resolve) => watcher.once('ready', resolve));
  return () => watcher.close();
}
