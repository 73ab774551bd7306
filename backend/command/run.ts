import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { languageOf } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import type { LinkFormat } from '../../shared/run.ts';
import { localAccess } from '../access/local.ts';
import type { Product } from '../product.ts';
import { openResultFile } from '../runs/result-file.ts';
import { readWrittenValues } from '../runs/written-values.ts';
import { cannotSave } from './cannot-save.ts';
import { withFiles } from './given-files.ts';
import { warnOfFaults } from './lint.ts';
import { WrongUse, type CommandInput, type ProductCommand } from './command.ts';

const usage = 'tasksheet run TASK [--set field=value …] [--result NAME] [--out FILE.csv|FILE.xlsx] [--for-excel] [--json]';

function readArguments(given: string[]) {
  try {
    return parseArgs({
      args: given,
      allowPositionals: true,
      options: { set: { type: 'string', multiple: true, default: [] }, result: { type: 'string' }, out: { type: 'string' }, 'for-excel': { type: 'boolean', default: false }, json: { type: 'boolean' } },
    });
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error));
  }
}

function readSettings(pairs: string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new WrongUse(`--set needs field=value, this is ${pair}`);
      return [pair.slice(0, at), pair.slice(at + 1)];
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

export const run: ProductCommand = {
  name: 'run',
  usage,
  summary: 'Run a task and print its result, or save it',
  needs: 'product',
  run: async (product, input) => {
    const { values, positionals } = readArguments(input.arguments);
    const [taskId, ...rest] = positionals;
    if (taskId === undefined || rest.length > 0) throw new WrongUse('Exactly one task is needed.');
    const format = values.out === undefined ? undefined : formatOf(values.out, values['for-excel']);
    const task = product.catalog.task(taskId);
    if (task === undefined) throw new WrongUse(`There is no task ${taskId}. There are: ${product.catalog.tasks().map(({ id }) => id).join(', ')}`);
    warnOfFaults(product, task.id, input.output);
    const access = localAccess();
    const settings = readSettings(values.set);
    const paths = Object.fromEntries(Object.entries(settings).filter(([name]) => task.fields.some((field) => field.name === name && field.kind === 'file')));
    const files = await withFiles(product, task, paths, { folder: input.workingDirectory, signal: input.signal });
    const written = readWrittenValues(task, { ...settings, ...(files as Record<string, string>) }, product.fieldContext());
    const submitted = await product.runs.submit(access, task.id, written, { language: product.config.language, unknown: 'ask' });
    const cancel = () => void product.runs.cancel(access, submitted.id).catch((error: unknown) => product.log.error('run_not_cancelled', error, { run: submitted.id }));
    input.signal.addEventListener('abort', cancel, { once: true });
    const ended = await product.runs.wait(access, submitted.id, input.signal).finally(() => input.signal.removeEventListener('abort', cancel));
    if (ended.status.state === 'failed' && ended.status.forAuthor !== undefined) input.output.warn(ended.status.forAuthor);
    if (ended.status.state === 'failed') throw new Problem(ended.status.code, ended.status.message);
    if (ended.status.state !== 'succeeded') throw new Problem('interrupted', { ru: 'Запуск отменён.', en: 'The run was cancelled.' });
    if (format !== undefined && values.out !== undefined) {
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
