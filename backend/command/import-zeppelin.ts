import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { sourceKinds } from '../sources/index.ts';
import { findNotes, readTarget, remarkLines, reportPage, summaryLine, writeImport, writeReport, type Target } from '../zeppelin/index.ts';
import { cannotSave } from './cannot-save.ts';
import { WrongUse, type PlainCommand } from './command.ts';

const usage = 'tasksheet import-zeppelin NOTE… --to DIR [--source jdbc=warehouse …] [--group NAME] [--owner ADDRESS] [--force] [--json]';

function readArguments(given: string[]) {
  try {
    return parseArgs({
      args: given,
      allowPositionals: true,
      options: { to: { type: 'string' }, source: { type: 'string', multiple: true, default: [] }, group: { type: 'string' }, owner: { type: 'string' }, force: { type: 'boolean', default: false } },
    });
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error));
  }
}

function readSources(pairs: string[], { sources }: Target): Map<string, string> {
  const names = sources.map(({ name }) => name);
  return new Map(
    pairs.map((pair) => {
      const at = pair.lastIndexOf('=');
      const [interpreter, source] = [pair.slice(0, at).toLowerCase(), pair.slice(at + 1)];
      if (at < 1 || !/^[A-Za-z_]\w*$/.test(source)) throw new WrongUse(`--source needs INTERPRETER=SOURCE, such as jdbc=warehouse or "jdbc(crm)=crm"; this is ${pair}.`);
      if (names.length > 0 && !names.includes(source)) throw new WrongUse(`--source ${pair}: sources.yaml has no source ${source}. There are: ${names.join(', ')}.`);
      return [interpreter, source] as const;
    }),
  );
}

/** Makes draft tasks of Zeppelin notes, with a report of all that differs. */
export const importZeppelin: PlainCommand = {
  name: 'import-zeppelin',
  usage,
  summary: 'Make draft tasks of Zeppelin notes (.zpln, note.json, folders), with a report',
  needs: 'nothing',
  run: async (config, { arguments: given, workingDirectory, output }) => {
    const { values, positionals } = readArguments(given);
    if (positionals.length === 0) throw new WrongUse('At least one note, or a folder of notes, is needed.');
    if (values.to === undefined) throw new WrongUse('--to DIR is needed: the catalog, or a new folder.');
    const directory = resolve(workingDirectory, values.to);
    const target = await readTarget(directory);
    const chosen = readSources(values.source, target);
    if (values.group !== undefined && target.groups?.includes(values.group) === false) throw new WrongUse(`--group ${values.group}: groups.yaml has no such group. There are: ${target.groups.join(', ')}.`);
    const notes = await findNotes(positionals.map((path) => resolve(workingDirectory, path)), workingDirectory);
    if (notes.length === 0) throw new WrongUse(`There are no notes (.zpln, note.json) in ${positionals.join(', ')}.`);
    const { language } = config;
    const options = { directory, chosen, force: values.force, sourceKinds, ...(values.group === undefined ? {} : { group: values.group }), ...(values.owner === undefined ? {} : { owner: values.owner }) };
    const { outcomes, general, report } = await writeImport(notes, target, options)
      .then(async (written) => ({ ...written, report: await writeReport(directory, reportPage(written.outcomes, written.general.map((text) => text[language]), language), values.force) }))
      .catch((error: unknown) => {
        throw cannotSave(directory, error);
      });
    if (output.json) output.line(JSON.stringify({ report, general, notes: outcomes }));
    else {
      for (const outcome of outcomes) [summaryLine(outcome, language), ...remarkLines(outcome, language)].forEach((line) => output.line(line));
      for (const text of general) output.line(text[language]);
      output.line(`${values.to}/${report}`);
    }
    const isWhole = outcomes.every(({ broken, kept, faults }) => broken === undefined && kept.length === 0 && faults.every(({ warning }) => warning === true));
    return isWhole && outcomes.some(({ task }) => task !== undefined) ? 0 : 1;
  },
};
