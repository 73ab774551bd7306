import { Problem } from '../../shared/problem.ts';
import { readCatalogFiles } from './catalog-files.ts';
import { compileCatalog } from './compile-catalog.ts';
import { lintTask } from './lint-task.ts';
import type { LintEngine } from './lint-queries.ts';
import { compileRules, type CatalogOptions } from './open-catalog.ts';
import { sortedFaults, type SourceText } from './source-text.ts';
import type { Fault } from './task.ts';

/**
 * Every fault of a catalog. With an engine, the queries of tasks without faults are also described on it: wrong SQL,
 * columns that the header promises and no query returns, days compared with moments. `only` names the one task whose
 * queries are asked about.
 */
export async function lintCatalog(directory: string, engine?: LintEngine, options: CatalogOptions & { only?: string } = {}): Promise<Fault[]> {
  const files = await readCatalogFiles(directory);
  const { tasks, faults } = await compileCatalog(files, compileRules(options));
  const found = [...faults];
  const asked = [...tasks.values()].filter(({ id }) => options.only === undefined || options.only === id);
  for (const task of engine === undefined ? [] : asked) {
    const source = files.texts.get(`tasks/${task.id}.sql`);
    if (source === undefined || engine === undefined) continue;
    const shared = [...files.texts.values()].filter(({ file }) => file.startsWith('fields/'));
    found.push(...(await lintTask(task, [source, ...shared], engine).catch((error: unknown) => [notLinted(source, error)])));
  }
  return sortedFaults(found);
}

function notLinted(source: SourceText, error: unknown): Fault {
  if (!(error instanceof Problem)) throw error;
  return { ...source.fault(0, error.message, 'its queries could not be checked on the engine'), warning: true };
}
