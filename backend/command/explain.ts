import { parseArgs } from 'node:util';
import type { BoundValue } from '../../shared/fields/field-kind.ts';
import { languageOf, type Language } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import { explainTask, type ExplainedStep } from '../runs/explain.ts';
import { readWrittenValues } from '../runs/written-values.ts';
import type { ProductCommand } from './command.ts';
import { warnOfFaults } from './lint.ts';
import { orWrongUse, readSettings, taskNamed } from './task-arguments.ts';

const mostShown = 5;

const words = {
  parameters: { ru: 'Параметры:', en: 'Parameters:' },
  reads: { ru: 'читает', en: 'reads' },
  none: { ru: 'Оценки нет.', en: 'No estimate.' },
  rows: { ru: 'Прочитает строк, около:', en: 'Rows to read, about:' },
  refused: { ru: 'Оценки нет:', en: 'No estimate:' },
  nothing: { ru: 'Ничего не выполнено.', en: 'Nothing was run.' },
};

function shown({ value }: BoundValue): string {
  if (!Array.isArray(value)) return JSON.stringify(value);
  return `[${value.slice(0, mostShown).map((one) => JSON.stringify(one)).join(', ')}${value.length > mostShown ? `, … ${value.length}` : ''}]`;
}

function estimateInWords({ estimate }: ExplainedStep, language: Language): string {
  if (estimate instanceof Problem) return `${words.refused[language]} ${estimate.text[language]}`;
  return estimate === null ? words.none[language] : `${words.rows[language]} ${estimate.toLocaleString(language)}`;
}

function linesOf(step: ExplainedStep, language: Language): string[] {
  const reads = step.after.length === 0 ? '' : ` (${words.reads[language]} ${step.after.join(', ')})`;
  const parameters = Object.entries(step.parameters).map(([name, value]) => `  ${name}: ${value.scalar} = ${shown(value)}`);
  return [`-- step ${step.name} on ${step.on}${reads}`, step.sql, '', ...(parameters.length === 0 ? [] : [words.parameters[language], ...parameters]), estimateInWords(step, language), ''];
}

function asJson({ estimate, ...step }: ExplainedStep): unknown {
  return { ...step, ...(estimate instanceof Problem ? { estimate: null, problem: { code: estimate.code, text: estimate.text } } : { estimate }) };
}

/** Shows what a run would ask of each source, and runs nothing. */
export const explain: ProductCommand = {
  name: 'explain',
  usage: 'tasksheet explain TASK [--set field=value …] [--json]',
  summary: 'Show the exact query and parameters for each source, with an estimate; runs nothing',
  needs: 'product',
  run: async (product, { arguments: given, output }) => {
    const { values, positionals } = orWrongUse(() => parseArgs({ args: given, allowPositionals: true, options: { set: { type: 'string', multiple: true, default: [] } } }));
    const task = taskNamed(product, positionals);
    warnOfFaults(product, task.id, output);
    const context = product.fieldContext();
    const settings = readSettings(values.set);
    const files = new Set(task.fields.filter(({ kind }) => kind === 'file').map(({ name }) => name));
    const written = readWrittenValues(task, Object.fromEntries(Object.entries(settings).filter(([name]) => !files.has(name))), context);
    const steps = await explainTask(task, written, { sources: product.sources, context });
    const language = languageOf(product.config.language);
    if (output.json) output.line(JSON.stringify({ task: task.id, version: task.version, steps: steps.map(asJson) }));
    else [...steps.flatMap((step) => linesOf(step, language)), words.nothing[language]].forEach((line) => output.line(line));
    return 0;
  },
};
