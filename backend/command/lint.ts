import { resolve } from 'node:path';
import { formatFault, lintCatalog, type LintEngine } from '../catalog/index.ts';
import type { Fault } from '../catalog/task.ts';
import type { Product } from '../product.ts';
import { catalogRules } from '../kinds.ts';
import { builtInLanguages } from '../sources/open-sources.ts';
import { sourceNamed } from '../runs/plan.ts';
import { WrongUse, type ExitCode, type Output, type PlainCommand } from './command.ts';

/** Prints faults and what they come to. Warnings do not fail. */
export function reportFaults(faults: Fault[], output: Output): ExitCode {
  const wrong = faults.filter(({ warning }) => warning !== true).length;
  if (output.json) output.line(JSON.stringify({ faults }));
  else {
    faults.forEach((fault) => output.line(formatFault(fault)));
    output.line(`catalog: ${wrong} faults, ${faults.length - wrong} warnings`);
  }
  return wrong === 0 ? 0 : 1;
}

/** A file with faults is not in use: its last good version is, or nothing. Whoever runs it should know. */
export function warnOfFaults({ catalog }: Product, taskId: string, output: Output): void {
  const faults = catalog.faults().filter(({ file, warning }) => file === `tasks/${taskId}.sql` && warning !== true);
  if (faults.length > 0) output.warn(`tasks/${taskId}.sql has faults, its last good version is used:\n${faults.map(formatFault).join('\n')}`);
}

/** The product's sources, asked what queries return without running them. */
export function lintEngine({ sources }: Product): LintEngine {
  return {
    placeholder: (on, name, value) => sourceNamed(sources, on).placeholder(name, value),
    emptyTable: (on, columns) => sourceNamed(sources, on).dialect?.emptyTable(columns) ?? '',
    describe: (on, query) => sourceNamed(sources, on).describe({ name: 'lint', steps: {}, ...query }),
  };
}

export const lint: PlainCommand = {
  name: 'lint',
  usage: 'tasksheet lint [DIR] [--json]',
  summary: 'Check every file of a catalog, without engines (test asks them too)',
  needs: 'nothing',
  run: async (config, { arguments: [directory, ...rest], workingDirectory, output }) => {
    if (rest.length > 0) throw new WrongUse('At most one directory.');
    return reportFaults(await lintCatalog(resolve(workingDirectory, directory ?? config.catalogDirectory ?? 'catalog'), undefined, { ...catalogRules, builtInSources: builtInLanguages(config.scripts), advice: true }), output);
  },
};
