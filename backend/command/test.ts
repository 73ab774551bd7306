import { lintCatalog } from '../catalog/index.ts';
import { tryExample, type ExampleOutcome } from '../examples/try-example.ts';
import type { Product } from '../product.ts';
import { catalogRules } from '../kinds.ts';
import { builtInLanguages } from '../sources/open-sources.ts';
import { withFiles } from '../examples/given-files.ts';
import { lintEngine, reportFaults, warnOfFaults } from './lint.ts';
import { WrongUse, type ExitCode, type Output, type ProductCommand } from './command.ts';

const words = ({ task, example, rows, faults }: ExampleOutcome): string =>
  `${faults.length === 0 ? 'ok    ' : 'FAILED'} ${task} example ${example + 1}${rows === undefined ? '' : `: ${rows} rows`}${faults.map((fault) => `\n       ${fault}`).join('')}`;

/** What the nightly round found, without running anything. */
async function showLast({ examples }: Product, taskId: string | undefined, output: Output): Promise<ExitCode> {
  const checks = await examples.last(taskId);
  if (output.json) output.line(JSON.stringify({ checks: checks.map((check) => ({ ...check, checkedAt: check.checkedAt.toISOString() })) }));
  else if (checks.length === 0) output.line('No example was checked at night yet.');
  else checks.forEach((check) => output.line(`${words(check)}  (${check.checkedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC)`));
  return checks.every(({ faults }) => faults.length === 0) ? 0 : 1;
}

/** Has the engines check every query, then runs every example of the tasks and compares it with its expectation. */
export const test: ProductCommand = {
  name: 'test',
  usage: 'tasksheet test [TASK] [--last] [--json]',
  summary: "Check queries on the engines, run tasks' examples and check what they expect",
  needs: 'product',
  run: async (product, { arguments: given, output, signal }) => {
    const [taskId, ...rest] = given.filter((one) => one !== '--last');
    if (rest.length > 0) throw new WrongUse('At most one task.');
    const tasks = product.catalog.tasks().filter((task) => (taskId === undefined ? task.status !== 'retired' : task.id === taskId));
    if (tasks.length === 0) throw new WrongUse(`There is no task ${taskId}.`);
    if (given.includes('--last')) return showLast(product, taskId, output);
    const faults = taskId === undefined ? await lintCatalog(product.catalogDirectory, lintEngine(product), { ...catalogRules, builtInSources: builtInLanguages(product.config.scripts), advice: true }) : [];
    const lintCode = output.json || taskId !== undefined ? 0 : reportFaults(faults, output);
    const outcomes: ExampleOutcome[] = [];
    for (const { id } of tasks) warnOfFaults(product, id, output);
    for (const task of tasks)
      for (let example = 0; example < task.examples.length; example += 1) {
        const outcome = await tryExample({ runs: product.runs, withFiles: (one, values, until) => withFiles(product, one, values, { folder: product.catalogDirectory, signal: until }) }, task, example, signal);
        outcomes.push(outcome);
        if (!output.json) output.line(words(outcome));
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
