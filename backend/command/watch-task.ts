import { text } from 'node:stream/consumers';
import type { Language } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import { cell, type Cell } from '../../shared/result.ts';
import type { Run } from '../../shared/run.ts';
import { localAccess } from '../access/local.ts';
import { formatFault, lintCatalog } from '../catalog/index.ts';
import type { Fault, Task } from '../catalog/task.ts';
import { catalogRules } from '../kinds.ts';
import type { Product } from '../product.ts';
import { builtInLanguages } from '../sources/open-sources.ts';
import type { CommandInput } from './command.ts';
import { lintEngine } from './lint.ts';
import { failureOf, runOnce } from './run-once.ts';
import { textTable } from './text-table.ts';

const firstRows = 20;

const words = {
  waiting: { ru: 'Жду сохранения. Остановить: Ctrl+C.', en: 'Waiting for a save. Stop with Ctrl+C.' },
  faults: { ru: 'В файле ошибки, запуска не было:', en: 'The file has faults, nothing was run:' },
  gone: { ru: 'Файла задачи нет. Жду, пока он появится.', en: 'The task has no file. Waiting until it is there.' },
  rows: { ru: (rows: number, seconds: string) => `строк: ${rows.toLocaleString('ru')}, ${seconds} с`, en: (rows: number, seconds: string) => `${rows.toLocaleString('en')} rows, ${seconds} s` },
};

function faultsOf({ catalog }: Product, taskId: string): Fault[] {
  return catalog.faults().filter(({ file }) => file === `tasks/${taskId}.sql`);
}

/** Changes when the task, something that it uses or its faults do. */
function stateOf(product: Product, taskId: string): string {
  const faults = faultsOf(product, taskId);
  return JSON.stringify([product.catalog.task(taskId)?.version, faults]);
}

async function rowsOf(product: Product, run: Run, wanted: string | undefined, signal: AbortSignal): Promise<{ names: string[]; rows: Cell[][]; total: number }> {
  const { results } = await product.runs.results(localAccess(), run.id);
  const result = results.find(({ name }) => name === wanted) ?? results[0];
  if (result === undefined) return { names: [], rows: [], total: 0 };
  const lines = await text(await product.workbench.stream(result.table, { format: 'JSONCompactEachRow', select: result.columns.map(({ name }) => ({ expression: `\`${name.replace(/[\\`]/g, '\\$&')}\``, name })), limit: firstRows }, signal));
  const rows = lines.split('\n').filter((line) => line !== '').map((line) => (JSON.parse(line) as unknown[]).map((value) => cell.safeParse(value).data ?? JSON.stringify(value)));
  return { names: result.columns.map(({ name }) => name), rows, total: result.table.rows };
}

/** Where in the file the engine finds fault; nothing when it finds none by itself. */
async function engineFaults(product: Product, taskId: string): Promise<Fault[]> {
  const rules = { ...catalogRules, builtInSources: builtInLanguages(product.config.scripts), only: taskId };
  const faults = await lintCatalog(product.catalogDirectory, lintEngine(product), rules);
  return faults.filter(({ file, warning }) => file === `tasks/${taskId}.sql` && warning !== true);
}

export interface Watched {
  taskId: string;
  settings: Record<string, string>;
  result: string | undefined;
}

async function runAndShow(product: Product, task: Task, { settings, result }: Watched, input: CommandInput): Promise<void> {
  const { output, signal } = input;
  const { language } = product.config;
  const started = performance.now();
  const run = await runOnce(product, task, settings, input);
  const failure = failureOf(run);
  if (failure !== null) throw failure;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const { names, rows, total } = await rowsOf(product, run, result, signal);
  textTable(names, rows).forEach((line) => output.line(line));
  output.line(words.rows[language](total, seconds));
}

function tellProblem({ text: said, fields, forAuthor }: Problem, { output }: CommandInput, language: Language): void {
  output.warn(said[language]);
  for (const [name, fault] of Object.entries(fields ?? {})) output.warn(`  ${name}: ${fault[language]}`);
  if (forAuthor !== undefined) output.warn(forAuthor);
}

async function tryTask(product: Product, watched: Watched, input: CommandInput): Promise<void> {
  const { output } = input;
  const { language } = product.config;
  const faults = faultsOf(product, watched.taskId);
  const task = product.catalog.task(watched.taskId);
  output.line(`\n── ${new Date().toLocaleTimeString(language)} ${watched.taskId}`);
  if (faults.some(({ warning }) => warning !== true)) {
    output.line(words.faults[language]);
    faults.forEach((fault) => output.line(formatFault(fault)));
    return;
  }
  if (task === undefined) return output.line(words.gone[language]);
  faults.forEach((fault) => output.line(formatFault(fault)));
  try {
    await runAndShow(product, task, watched, input);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const placed = error.code === 'query_failed' || error.code === 'query_refused' ? await engineFaults(product, watched.taskId) : [];
    if (placed.length === 0) tellProblem(error, input, language);
    placed.forEach((fault) => output.line(formatFault(fault)));
  }
}

/** Resolves at the next save that changes the task, or when the person has had enough. */
function changed(product: Product, taskId: string, before: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = product.catalog.onChange(() => {
      if (stateOf(product, taskId) !== before) done();
    });
    const done = (): void => {
      stop();
      signal.removeEventListener('abort', done);
      resolve();
    };
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted || stateOf(product, taskId) !== before) done();
  });
}

/** Runs the task now and after every save, and shows its first rows or its faults, until it is stopped. */
export async function watchTask(product: Product, watched: Watched, input: CommandInput): Promise<void> {
  while (!input.signal.aborted) {
    const before = stateOf(product, watched.taskId);
    await tryTask(product, watched, input).catch((error: unknown) => {
      if (!input.signal.aborted) throw error;
    });
    if (input.signal.aborted) return;
    input.output.status(words.waiting[product.config.language]);
    await changed(product, watched.taskId, before, input.signal);
  }
}
