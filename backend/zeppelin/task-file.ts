import { lex } from '../template/index.ts';
import type { DraftField } from './plan.ts';

export interface DraftStep {
  name: string;
  /** For the result's title. */
  title: string;
  paragraph: number;
  source: string;
  body: string;
}

export interface DraftScript {
  name: string;
  title: string;
  /** Inside `tasks/`. */
  path: string;
}

export interface DraftTask {
  title: string;
  description: { ru: string; en: string };
  group: string;
  owner: string;
  fields: DraftField[];
  steps: DraftStep[];
  script?: DraftScript;
}

/** The text of a task file. */
export function writeTask(task: DraftTask): string {
  const header = [
    `title: ${both(task.title)}`,
    `description: { ru: ${yaml(task.description.ru)}, en: ${yaml(task.description.en)} }`,
    `group: ${yaml(task.group)}`,
    `owner: ${yaml(task.owner)}`,
    'status: draft',
    ...(task.fields.length === 0 ? [] : ['form:', ...task.fields.flatMap(writeField)]),
    ...writeResults(task),
  ];
  const steps = task.steps.map(({ name, source, paragraph, body }) => `-- step ${name} on ${source}\n-- Zeppelin: ${paragraph}\n${plainComments(body).trim()}\n`);
  const script = task.script === undefined ? [] : [`-- step ${task.script.name} with python from ${task.script.path}\n`];
  return `/*\n${header.join('\n')}\n*/\n${[...steps, ...script].join('\n')}`;
}

/** Text as YAML and JSON both read it. The header is a comment of SQL, which must not end early. */
function yaml(value: string): string {
  const written = JSON.stringify(value).replaceAll('*/', '*\\/').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  return /^[a-z][a-z0-9_]*$/.test(value) && !/^(y|n|yes|no|on|off|true|false|null)$/.test(value) ? value : written;
}

function both(text: string): string {
  return `{ ru: ${yaml(text)}, en: ${yaml(text)} }`;
}

function scalar(value: string | number): string {
  return typeof value === 'number' ? String(value) : yaml(value);
}

function writeField({ name, kind, label, required, default: value, decimals, scalar: bound, options }: DraftField): string[] {
  return [
    `  ${name}:`,
    `    kind: ${kind}`,
    `    label: ${both(label)}`,
    ...(required === undefined ? [] : [`    required: ${String(required)}`]),
    ...(decimals === undefined ? [] : [`    decimals: ${decimals}`]),
    ...(bound === undefined ? [] : [`    scalar: ${bound}`]),
    ...(value === undefined ? [] : [`    default: ${writeDefault(value)}`]),
    ...(options === undefined ? [] : ['    options:', ...options.map(({ value: one, label: text, sql }) => `      - { value: ${scalar(one)}, label: ${both(text)}${sql === undefined ? '' : `, sql: ${yaml(sql)}`} }`)]),
  ];
}

function writeDefault(value: NonNullable<DraftField['default']>): string {
  if (typeof value === 'string' || typeof value === 'number') return scalar(value);
  return Array.isArray(value) ? `[${value.map(scalar).join(', ')}]` : `{ from: ${yaml(value.from)}, until: ${yaml(value.until)} }`;
}

/** Every paragraph showed its own table, so every step that no other reads is a result. */
function writeResults({ steps, script }: DraftTask): string[] {
  const read = new Set(steps.flatMap(({ body }) => [...body.matchAll(/\bsteps\.(\w+)/g)].map(([, name]) => name)));
  const shown = [...steps.filter(({ name }) => !read.has(name)), ...(script === undefined ? [] : [script])];
  return shown.length < 2 ? [] : ['results:', ...shown.map(({ name, title }) => `  ${name}: { step: ${name}, title: ${both(title)} }`)];
}

/** A comment that begins with the word step would begin a step. */
function plainComments(body: string): string {
  return lex(body)
    .map(({ kind, start, end }) => {
      const text = body.slice(start, end);
      return kind === 'comment' ? text.replace(/^([ \t]*--[ \t]*)(step\b)/gim, '$1— $2') : text;
    })
    .join('');
}
