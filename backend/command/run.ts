import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { languageOf } from '../../shared/language.ts';
import type { LinkFormat } from '../../shared/run.ts';
import { localAccess } from '../access/local.ts';
import type { Product } from '../product.ts';
import { openResultFile } from '../runs/result-file.ts';
import { cannotSave } from './cannot-save.ts';
import { warnOfFaults } from './lint.ts';
import { WrongUse, type CommandInput, type ProductCommand } from './command.ts';
import { failureOf, runOnce } from './run-once.ts';
import { orWrongUse, readSettings, taskNamed } from './task-arguments.ts';
import { watchTask } from './watch-task.ts';

const usage = 'tasksheet run TASK [--set field=value …] [--result NAME] [--out FILE.csv|FILE.xlsx] [--for-excel] [--watch] [--json]';

function readArguments(given: string[]) {
  return orWrongUse(() =>
    parseArgs({
      args: given,
      allowPositionals: true,
      options: { set: { type: 'string', multiple: true, default: [] }, result: { type: 'string' }, out: { type: 'string' }, 'for-excel': { type: 'boolean', default: false }, watch: { type: 'boolean', default: false }, json: { type: 'boolean' } },
    }),
  );
}

function formatOf(out: string, forExcel: boolean): LinkFormat {
  switch (extname(out).toLowerCase()) {
    case '.xlsx':
      return 'xlsx';
    case '.csv':
      return forExcel ? 'csv' : 'csv-systems';
    default:
      throw new WrongUse(`--out must end in .csv or .xlsx, this is ${out}`);
  }
}

/** Writes beside the file and renames at the end, so that a failure never leaves a short file under its name. */
async function save(product: Product, runId: string, format: LinkFormat, out: string, result: string | undefined, signal: AbortSignal): Promise<void> {
  const file = await openResultFile(product, { runId, format, ...(result === undefined ? {} : { result }), partner: false, language: product.config.language, access: localAccess() }, signal);
  const partial = `${out}.part`;
  try {
    await pipeline(file.stream, createWriteStream(partial), { signal });
    await rename(partial, out);
  } catch (error) {
    // Where the file cannot be written, neither may it be possible to remove: the first failure is the one to tell.
    await rm(partial, { force: true }).catch(() => undefined);
    throw cannotSave(out, error);
  }
}

async function printRows(product: Product, runId: string, result: string | undefined, input: CommandInput): Promise<void> {
  const file = await openResultFile(product, { runId, format: 'csv-systems', ...(result === undefined ? {} : { result }), partner: false, language: product.config.language, access: localAccess() }, input.signal);
  file.stream.setEncoding('utf8');
  let pending = '';
  for await (const chunk of file.stream as AsyncIterable<string>) {
    const lines = (pending + chunk).split('\n');
    pending = lines.pop() ?? '';
    lines.forEach((line) => input.output.line(line));
  }
  if (pending !== '') input.output.line(pending);
}

/** A task that has faults from its first line on is not in the catalog yet; its file is. */
async function watchFor(product: Product, [taskId, ...rest]: string[], { settings, values, input }: { settings: Record<string, string>; values: { out?: string | undefined; result?: string | undefined }; input: CommandInput }): Promise<0> {
  if (values.out !== undefined || input.output.json) throw new WrongUse('--watch shows the first rows; leave --out and --json out.');
  const hasFile = taskId !== undefined && rest.length === 0 && product.catalog.faults().some(({ file }) => file === `tasks/${taskId}.sql`);
  const id = hasFile ? taskId : taskNamed(product, taskId === undefined ? [] : [taskId, ...rest]).id;
  await watchTask(product, { taskId: id, settings, result: values.result }, input);
  return 0;
}

export const run: ProductCommand = {
  name: 'run',
  usage,
  summary: 'Run a task and print its result, or save it',
  needs: 'product',
  run: async (product, input) => {
    const { values, positionals } = readArguments(input.arguments);
    const settings = readSettings(values.set);
    if (values.watch) return watchFor(product, positionals, { settings, values, input });
    const task = taskNamed(product, positionals);
    const format = values.out === undefined ? undefined : formatOf(values.out, values['for-excel']);
    warnOfFaults(product, task.id, input.output);
    const ended = await runOnce(product, task, settings, input);
    const failure = failureOf(ended);
    if (failure?.forAuthor !== undefined) input.output.warn(failure.forAuthor);
    if (failure !== null) throw failure;
    if (ended.status.state === 'succeeded' && format !== undefined && values.out !== undefined) {
      const out = resolve(input.workingDirectory, values.out);
      await save(product, ended.id, format, out, values.result, input.signal);
      const rows = ended.status.results.map(({ name, rows: count }) => `${name}: ${count.toLocaleString(languageOf(product.config.language))}`).join(', ');
      input.output.line(input.output.json ? JSON.stringify({ run: ended, out }) : `№ ${ended.provenance.number} · ${rows} · ${out}`);
      return 0;
    }
    if (input.output.json) input.output.line(JSON.stringify({ run: ended }));
    else await printRows(product, ended.id, values.result, input);
    return 0;
  },
};
