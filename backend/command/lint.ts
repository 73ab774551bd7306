import { resolve } from 'node:path';
import { formatFault, openCatalog } from '../catalog/index.ts';
import { WrongUse, type PlainCommand } from './command.ts';

export const lint: PlainCommand = {
  name: 'lint',
  usage: 'tasksheet lint [DIR] [--json]',
  summary: 'Check every file of a catalog',
  needs: 'nothing',
  run: async (config, { arguments: [directory, ...rest], workingDirectory, output }) => {
    if (rest.length > 0) throw new WrongUse('At most one directory.');
    const catalog = await openCatalog(resolve(workingDirectory, directory ?? config.catalogDirectory ?? 'catalog'), { watch: false });
    const faults = catalog.faults();
    if (output.json) output.line(JSON.stringify({ faults }));
    else faults.forEach((fault) => output.line(formatFault(fault)));
    await catalog.close();
    const wrong = faults.filter(({ warning }) => warning !== true).length;
    if (!output.json) output.line(`${catalog.tasks().length} tasks, ${wrong} faults, ${faults.length - wrong} warnings`);
    return wrong === 0 ? 0 : 1;
  },
};
