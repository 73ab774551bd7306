import { Problem } from '../../shared/problem.ts';
import { readCatalogFiles } from './catalog-files.ts';
import { compileCatalog } from './compile-catalog.ts';
import { lintTask } from './lint-task.ts';
import type { LintEngine } from './lint-queries.ts';
import { adviceFor } from './lint-rules.ts';
import { compileRules, type CatalogOptions } from './open-catalog.ts';
import { sourceLanguages } from './source-file.ts';
import { sortedFaults, type SourceText } from './source-text.ts';
import type { Fault } from './task.ts';

export interface LintOptions extends CatalogOptions {
  /** The one task whose queries are asked about. */
  only?: string;
  /** Whether what is right but unwise is warned of. */
  advice?: boolean;
}

/**
 * Every fault of a catalog. With an engine, the queries of tasks without faults are also described on it: wrong SQL,
 * columns that the header promises and no query returns, days compared with moments.
 */
export async function lintCatalog(directory: string, engine?: LintEngine, options: LintOptions = {}): Promise<Fault[]> {
  const files = await readCatalogFiles(directory);
  const rules = compileRules(options);
  const { tasks, sources, faults } = await compileCatalog(files, rules);
  const languages = sourceLanguages(rules.sources, sources);
  const found = [...faults];
  const isSql = (on: string): boolean => languages.get(on) === 'sql';
  for (const task of options.advice === true ? tasks.values() : []) {
    const source = files.texts.get(`tasks/${task.id}.sql`);
    if (source !== undefined) found.push(...adviceFor(task, source, isSql));
  }
  const asked = [...tasks.values()].filter(({ id }) => options.only === undefined || options.only === id);
  for (const task of engine === undefined ? [] : asked) {
    const source = files.texts.get(`tasks/${task.id}.sql`);
    if (source === undefined || engine === undefined) continue;
    const shared = [...files.texts.values()].filter(({ file }) => /^(fields\/|tasks\/.+\/)/.test(file));
    found.push(...(await lintTask(task, [source, ...shared], engine).catch((error: unknown) => [notLinted(source, error)])));
  }
  return sortedFaults(found);
}

function notLinted(source: SourceText, error: unknown): Fault {
  if (!(error instanceof Problem)) throw error;
  return { ...source.fault(0, error.message, 'its queries could not be checked on the engine'), warning: true };
}
