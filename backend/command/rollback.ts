import { Problem } from '../../shared/problem.ts';
import { WrongUse, type ProductCommand } from './command.ts';
import { remoteLines } from './status.ts';

function noRemote(): Problem {
  return new Problem('conflict', {
    ru: 'Каталог — папка (TASKSHEET_CATALOG), а не ветка git: верните файлы сами, например git revert, или задайте TASKSHEET_CATALOG_GIT.',
    en: 'The catalog is a folder (TASKSHEET_CATALOG), not a git branch: put the files back yourself, such as by git revert, or set TASKSHEET_CATALOG_GIT.',
  });
}

/** Goes back to a good commit of the catalog at once, without touching the branch. */
export const rollback: ProductCommand = {
  name: 'rollback',
  usage: 'tasksheet rollback [COMMIT] [--json] | tasksheet rollback --resume',
  summary: 'Go back to the good commit of the catalog before that in use (or COMMIT), until the next push',
  needs: 'product',
  inData: true,
  run: async ({ catalogRemote, config }, { arguments: given, output }) => {
    const [what, ...rest] = given;
    if (rest.length > 0 || (what !== undefined && what.startsWith('-') && what !== '--resume')) throw new WrongUse('Say rollback, rollback COMMIT, or rollback --resume.');
    if (catalogRemote === undefined) throw noRemote();
    if (what === '--resume') await catalogRemote.resume();
    else await catalogRemote.rollback(what);
    const state = catalogRemote.state();
    if (output.json) output.line(JSON.stringify({ catalog: state }));
    else remoteLines(state, config.language).forEach((text) => output.line(text));
    return 0;
  },
};
