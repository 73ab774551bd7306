import { relative, sep } from 'node:path';
import { watch } from 'chokidar';
import { readCatalogFiles } from './catalog-files.ts';
import { compileCatalog, type CompileRules } from './compile-catalog.ts';
import type { SourceRules } from './source-file.ts';
import type { Catalog, Fault, Task, TaskLimits } from './task.ts';

export interface CatalogOptions {
  /** Limits of tasks that set none of their own. */
  limits?: Partial<TaskLimits>;
  /** Kinds of sources that can be opened, with their settings: what is not among them is a fault. */
  sourceKinds?: SourceRules['kinds'];
  /** Names of sources that exist without `sources.yaml`; `workbench` when absent. */
  builtInSources?: string[];
  /** Whether files are followed; yes when absent. */
  watch?: boolean;
}

/** Editors write a file in several steps (truncate and write; write beside and rename): changes this close are one. */
const settleMs = 150;

export function compileRules({ limits, sourceKinds, builtInSources }: CatalogOptions): CompileRules {
  return {
    limits: { timeSeconds: 300, rows: 5_000_000, memoryBytes: 4_000_000_000, ...limits },
    sources: { builtIn: builtInSources ?? ['workbench'], ...(sourceKinds === undefined ? {} : { kinds: sourceKinds }) },
  };
}

/**
 * Reads the catalog in `directory` and follows its changes. A file with faults stays at its last good version, a deleted
 * one is gone; `faults()` says what to mend. Never throws for what stands, or is missing, in the directory.
 */
export async function openCatalog(directory: string, options: CatalogOptions = {}): Promise<Catalog> {
  const rules = compileRules(options);
  const listeners = new Set<() => void>();
  let following: Fault[] = [];
  const failed = (what: string, error: unknown): Fault[] => [
    { file: '.', line: 1, column: 1, message: `${what}: ${error instanceof Error ? error.message : String(error)}`, advice: 'what was good stays in use; tell the operator' },
  ];
  const onWatchError = (error: unknown): void => {
    following = failed('changes are not followed any more', error);
  };
  const follower = options.watch === false ? null : await follow(directory, () => void schedule(), onWatchError);
  let current = compileCatalog(await readCatalogFiles(directory), rules);
  let timer: NodeJS.Timeout | undefined;
  let reloading: Promise<void> = Promise.resolve();
  let closed = false;

  const reload = async (): Promise<void> => {
    const files = await readCatalogFiles(directory);
    if (closed) return;
    current = compileCatalog(files, rules, current);
    for (const listener of listeners) listener();
  };
  const schedule = (): void => {
    if (closed) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      reloading = reloading.then(reload).catch((error: unknown) => {
        current = { ...current, faults: failed('the catalog could not be read again', error) };
      });
    }, settleMs);
  };

  return {
    tasks: () => [...current.tasks.values()],
    task: (id) => current.tasks.get(id) ?? formerly(id, [...current.tasks.values()]),
    sources: () => current.sources,
    access: () => current.access,
    faults: () => [...following, ...current.faults],
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await follower?.close();
      await reloading;
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
  return watcher;
}
