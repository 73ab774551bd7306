import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { sameText } from '../../shared/language.ts';
import { gitPerson, proposeFields, readAuthoringTarget, readQueryFile, wordsOf, writeDraft, type AuthoringTarget, type Draft, type Proposal, type Proposals } from '../authoring/index.ts';
import { formatFault, lintCatalog } from '../catalog/index.ts';
import { catalogRules } from '../kinds.ts';
import { builtInLanguages } from '../sources/open-sources.ts';
import { askFields, askWithDefault, words, type Ask } from './ask-fields.ts';
import { cannotSave } from './cannot-save.ts';
import { WrongUse, type CommandInput, type PlainCommand } from './command.ts';

const usage = 'tasksheet new NAME --from FILE.sql [--on SOURCE] [--group GROUP] [--owner ADDRESS] [--to DIR] [--yes] [--json]';

function readArguments(given: string[]) {
  try {
    return parseArgs({
      args: given,
      allowPositionals: true,
      options: { from: { type: 'string' }, on: { type: 'string' }, group: { type: 'string' }, owner: { type: 'string' }, to: { type: 'string' }, yes: { type: 'boolean', default: false } },
    });
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error));
  }
}

type Given = ReturnType<typeof readArguments>['values'];

async function refuseTaken(file: string): Promise<void> {
  if (await stat(file).then(() => true, () => false)) throw new WrongUse(`${file} is there already and stays as it is. Choose another name.`);
}

/** What the command line names, else the only one there is, else what the person says. */
async function chosen(what: string, given: string | undefined, known: string[], ask: Ask | undefined): Promise<string> {
  if (given !== undefined && known.length > 0 && !known.includes(given)) throw new WrongUse(`There is no ${what} ${given}. There are: ${known.join(', ')}.`);
  const [first, ...others] = known;
  if (given !== undefined) return given;
  if (first === undefined) throw new WrongUse(what === 'source' ? 'The catalog has no source for SQL: describe one in sources.yaml, or name the catalog with --to DIR.' : `Name a ${what} with --${what}.`);
  if (others.length === 0) return first;
  if (ask !== undefined) return chosen(what, await askWithDefault(ask, `${what} (${known.join(', ')})`, first), known, ask);
  if (what === 'group') return first;
  throw new WrongUse(`There are several sources; name the one that the query is for: --on ${known.join(' or --on ')}.`);
}

async function ownerOf(given: string | undefined, directory: string, ask: Ask | undefined): Promise<string> {
  const known = given ?? (await gitPerson(directory));
  if (known !== undefined) return ask === undefined || given !== undefined ? known : askWithDefault(ask, 'owner', known);
  throw new WrongUse('Whose task is it? Say --owner you@company.example, or set git config user.email.');
}

/** For programs: what was found, with what would be done about it. */
function asJson({ fields, fixedDates }: Proposals): unknown {
  return { fields: fields.map(({ edits, ...field }) => ({ ...field, becomes: edits.map(({ write }) => write(field.name)) })), fixedDates };
}

function tell({ fields, fixedDates }: Proposals, kept: Proposal[], { output, language }: { output: CommandInput['output']; language: 'ru' | 'en' }): void {
  for (const { name, kind, use, places, remarks } of kept) {
    output.line(`  {{${name}}}  ${use === undefined ? kind : `${kind}, use: ${use}`}  ← ${places.map(({ line, text }) => `${line}: ${text}`).join('; ')}`);
    remarks.forEach((remark) => output.line(`      ! ${remark[language]}`));
  }
  for (const { places } of fields.filter((field) => !kept.some(({ edits }) => edits === field.edits))) output.line(`  ${words.stays[language]}  ${places.map(({ line, text }) => `${line}: ${text}`).join('; ')}`);
  for (const { line, text } of fixedDates) output.line(`  ! ${words.fixedDate[language](text, line)}`);
}

async function fileOf(name: string, directory: string): Promise<string> {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) throw new WrongUse(`"${name}" can't be the name of a task. Use small latin letters, digits and dashes, such as partner-cards.`);
  const file = join(directory, 'tasks', `${name}.sql`);
  await refuseTaken(file);
  return file;
}

async function titleOf(name: string, ask: Ask | undefined): Promise<Draft['title']> {
  const title = wordsOf(name);
  return ask === undefined ? sameText(title) : { ru: await askWithDefault(ask, 'title, ru', title), en: await askWithDefault(ask, 'title, en', title) };
}

async function makeDraft(name: string, sql: string, fields: Proposal[], parts: { given: Given; target: AuthoringTarget; ask: Ask | undefined; on: string }): Promise<Draft> {
  const { given, target, ask, on } = parts;
  return { title: await titleOf(name, ask), group: await chosen('group', given.group, target.groups, ask), owner: await ownerOf(given.owner, target.directory, ask), on, sql, fields };
}

/** Makes a draft task of a query: the values in it become fields, each asked about on a terminal. */
export const newTask: PlainCommand = {
  name: 'new',
  usage,
  summary: 'Make a draft task of an SQL file: its dates, ids and lists become fields',
  needs: 'nothing',
  run: async (config, { arguments: all, workingDirectory, output, ask: terminal }) => {
    const { values: given, positionals } = readArguments(all);
    const [name, ...rest] = positionals;
    if (name === undefined || rest.length > 0) throw new WrongUse('Exactly one name is needed, such as partner-cards.');
    if (given.from === undefined) throw new WrongUse('--from FILE.sql is needed: the query that you have.');
    const { language } = config;
    const isPreview = output.json && !given.yes;
    const ask = given.yes || output.json ? undefined : terminal;
    if (ask === undefined && !given.yes && !isPreview) throw new WrongUse('Nobody can be asked here, since the input is not a terminal. Add --yes to take what is proposed, or --json to see it first.');
    const directory = resolve(workingDirectory, given.to ?? config.catalogDirectory ?? 'catalog');
    const rules = { ...catalogRules, builtInSources: builtInLanguages(config.scripts) };
    const file = await fileOf(name, directory);
    const sql = await readQueryFile(resolve(workingDirectory, given.from));
    const target = await readAuthoringTarget(directory, rules);
    const proposals = proposeFields(sql, target.shared);
    if (isPreview) {
      output.line(JSON.stringify(asJson(proposals)));
      return 0;
    }
    const on = await chosen('source', given.on, target.sources, ask);
    const fields = ask === undefined ? proposals.fields.filter(({ isSuggested }) => isSuggested) : await askFields(proposals.fields, ask, language);
    const draft = await makeDraft(name, sql, fields, { given, target, ask, on });
    await save(file, writeDraft(draft));
    const faults = (await lintCatalog(directory, undefined, { ...rules, advice: true })).filter((fault) => fault.file === `tasks/${name}.sql`);
    if (output.json) output.line(JSON.stringify({ file, ...(asJson({ ...proposals, fields }) as object), faults }));
    else {
      output.line(relative(workingDirectory, file));
      tell(proposals, fields, { output, language });
      faults.forEach((fault) => output.line(formatFault(fault)));
      output.line(words.next[language](name));
    }
    return faults.every(({ warning }) => warning === true) ? 0 : 1;
  },
};

async function save(file: string, text: string): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true })
    .then(() => writeFile(file, text, { flag: 'wx' }))
    .catch((error: unknown) => {
      throw cannotSave(file, error);
    });
}
