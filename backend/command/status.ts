import type { Language } from '../../shared/language.ts';
import { catalogCommit, formatFault } from '../catalog/index.ts';
import type { Commit, RemoteState } from '../catalog-remote/index.ts';
import { WrongUse, type ProductCommand } from './command.ts';

function line({ id, author, email, at, subject }: Commit): string {
  return `${id.slice(0, 10)}  ${at}  ${author === email ? email : `${author} <${email}>`}  ${subject}`;
}

/** The catalog's commit in use, and what keeps the newest one from use. */
export function remoteLines({ address, inUse, newest, held, refused, pulledAt, trouble }: RemoteState, language: Language): string[] {
  const russian = language === 'ru';
  const never = russian ? 'ещё не отвечал' : 'no answer yet';
  const pulled = pulledAt?.toISOString() ?? never;
  return [
    `${russian ? 'Каталог' : 'Catalog'}: ${address}, ${russian ? 'получен' : 'pulled'}: ${pulled}`,
    `  ${russian ? 'действует' : 'in use'}:  ${line(inUse)}`,
    ...(newest.id === inUse.id ? [] : [`  ${russian ? 'новейший' : 'newest'}:   ${line(newest)}`]),
    ...(held ? [russian ? '  Откат: остаётся до следующего push или tasksheet rollback --resume.' : '  Rolled back: stays until the next push or tasksheet rollback --resume.'] : []),
    ...(trouble === undefined ? [] : [`  ✗ ${trouble[language]}`]),
    ...(refused?.reports ?? []).flatMap(({ commit, faults }) => [
      `  ✗ ${russian ? 'не принят, исправить' : 'not taken, to be mended by'} ${commit.email}: ${line(commit)}`,
      ...faults.map((fault) => `      ${formatFault(fault)}`),
    ]),
  ];
}

/** Says which commit of the catalog is in use; fails when a push was refused or the remote is away. */
export const status: ProductCommand = {
  name: 'status',
  usage: 'tasksheet status [--json]',
  summary: 'The catalog in use: its commit, and a push that was not taken with its faults',
  needs: 'product',
  inData: true,
  run: async ({ catalogRemote, catalogDirectory, config }, { arguments: given, output }) => {
    if (given.length > 0) throw new WrongUse('status takes no arguments.');
    if (catalogRemote === undefined) {
      const commit = await catalogCommit(catalogDirectory);
      output.line(output.json ? JSON.stringify({ catalog: { directory: catalogDirectory, commit: commit ?? null } }) : `${config.language === 'ru' ? 'Каталог' : 'Catalog'}: ${catalogDirectory}${commit === undefined ? '' : ` (${commit})`}`);
      return 0;
    }
    const state = catalogRemote.state();
    if (output.json) output.line(JSON.stringify({ catalog: state }));
    else remoteLines(state, config.language).forEach((text) => output.line(text));
    return state.refused === undefined && state.trouble === undefined ? 0 : 1;
  },
};
