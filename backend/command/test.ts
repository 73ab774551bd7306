import { Problem } from '../../shared/problem.ts';
import { lintCatalog } from '../catalog/index.ts';
import { localAccess } from '../access/local.ts';
import type { Task, TaskExample } from '../catalog/task.ts';
import type { Product } from '../product.ts';
import { catalogRules } from '../kinds.ts';
import { builtInLanguages } from '../sources/open-sources.ts';
import { withFiles } from './given-files.ts';
import { lintEngine, reportFaults, warnOfFaults } from './lint.ts';
import { WrongUse, type ProductCommand } from './command.ts';

interface Outcome {
  task: string;
  example: number;
  faults: string[];
  rows: number | undefined;
}

function faultsOf(expect: TaskExample['expect'], rows: number, columns: string[]): string[] {
  const faults: string[] = [];
  if (expect.rows !== undefined && rows !== expect.rows) faults.push(`expected ${expect.rows} rows, came ${rows}`);
  if (expect.rowsAtLeast !== undefined && rows < expect.rowsAtLeast) faults.push(`expected at least ${expect.rowsAtLeast} rows, came ${rows}`);
  if (expect.rowsAtMost !== undefined && rows > expect.rowsAtMost) faults.push(`expected at most ${expect.rowsAtMost} rows, came ${rows}`);
  const missing = (expect.columns ?? []).filter((column) => !columns.includes(column));
  if (missing.length > 0) faults.push(`missing columns: ${missing.join(', ')}; there are ${columns.join(', ')}`);
  return faults;
}

async function tryExample(product: Product, task: Task, example: number, signal: AbortSignal): Promise<Outcome> {
  const { values, expect } = task.examples[example] as TaskExample;
  try {
    const given = await withFiles(product, task, values, { folder: product.catalogDirectory, signal });
    const submitted = await product.runs.submit(localAccess(), task.id, given, { language: 'en', unknown: 'leaveOut' });
    const { status } = await product.runs.wait(localAccess(), submitted.id, signal);
    if (status.state === 'failed') return { task: task.id, example, rows: undefined, faults: [status.message.en] };
    if (status.state !== 'succeeded') return { task: task.id, example, rows: undefined, faults: [`ended as ${status.state}`] };
    const [first] = status.results;
    return { task: task.id, example, rows: first?.rows, faults: faultsOf(expect, first?.rows ?? 0, (first?.columns ?? []).map(({ name }) => name)) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const fields = Object.entries(error.fields ?? {}).map(([name, text]) => `${name}: ${text.en}`);
    return { task: task.id, example, rows: undefined, faults: [error.message, ...fields] };
  }
}

/** Has the engines check every query, then runs every example of the tasks and compares it with its expectation. */
export const test: ProductCommand = {
  name: 'test',
  usage: 'tasksheet test [TASK] [--json]',
  summary: "Check queries on the engines, run tasks' examples and check what they expect",
  needs: 'product',
  run: async (product, { arguments: [taskId, ...rest], output, signal }) => {
    if (rest.length > 0) throw new WrongUse('At most one task.');
    const tasks = product.catalog.tasks().filter((task) => (taskId === undefined ? task.status !== 'retired' : task.id === taskId));
    if (tasks.length === 0) throw new WrongUse(`There is no task ${taskId}.`);
    const faults = taskId === undefined ? await lintCatalog(product.catalogDirectory, lintEngine(product), { ...catalogRules, builtInSources: builtInLanguages(product.config.scripts), advice: true }) : [];
    const lintCode = output.json || taskId !== undefined ? 0 : reportFaults(faults, output);
    const outcomes: Outcome[] = [];
    for (const { id } of tasks) warnOfFaults(product, id, output);
    for (const task of tasks)
      for (let example = 0; example < task.examples.length; example += 1) {
        const outcome = await tryExample(product, task, example, signal);
        outcomes.push(outcome);
        if (!output.json) output.line(`${outcome.faults.length === 0 ? 'ok    ' : 'FAILED'} ${task.id} example ${example + 1}${outcome.rows === undefined ? '' : `: ${outcome.rows} rows`}${outcome.faults.map((fault) => `\n       ${fault}`).join('')}`);
      }
    const failed = outcomes.filter(({ faults }) => faults.length > 0).length;
    const without = tasks.filter(({ examples }) => examples.length === 0).map(({ id }) => id);
    if (output.json) output.line(JSON.stringify({ faults, outcomes, without }));
    else {
      if (without.length > 0) output.line(`without examples: ${without.join(', ')}`);
      output.line(`${outcomes.length - failed} passed, ${failed} failed`);
    }
    return failed === 0 && lintCode === 0 && faults.every(({ warning }) => warning === true) ? 0 : 1;
  },
};
