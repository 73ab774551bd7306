import { lex } from '../template/index.ts';
import type { SourceText } from './source-text.ts';
import type { Fault, Task } from './task.ts';

/** What is right and yet surely not meant: told by lint, not when a catalog is opened. */
export function adviceFor(task: Task, source: SourceText, isSql: (on: string) => boolean): Fault[] {
  return task.kind === 'query' ? [...unusedFields(task, source), ...unorderedResults(task, source, isSql)] : [];
}

/** Fields that people fill in for nothing: no query, other field or file name uses them. A script is given all of them. */
function unusedFields({ fields, steps, fresh, fileName }: Task, source: SourceText): Fault[] {
  if (steps.some(({ isScript }) => isScript === true)) return [];
  const byFields = fields.flatMap(({ dependsOn, visibleWhen, known }) => [...dependsOn, ...(known?.template.fields ?? []), visibleWhen?.field]);
  const used = new Set([...steps.flatMap(({ template }) => template.fields), ...(fresh?.template.fields ?? []), ...byFields]);
  const form = Math.max(0, source.text.search(/^form:/m));
  const place = (name: string): number => form + Math.max(0, source.text.slice(form).search(new RegExp(`(?<=^\\s+|[{,]\\s*)${name}\\s*:`, 'm')));
  return fields
    .filter(({ name }) => !used.has(name) && !new RegExp(`\\{\\{\\s*${name}\\s*\\}\\}`).test(`${fileName.ru} ${fileName.en}`))
    .map(({ name }) => ({ ...source.fault(place(name), `the form asks for "${name}" and nothing uses it`, `write {{${name}}} into a query, or remove the field`), warning: true }));
}

const aggregate = /^(count|sum|avg|min|max|uniq|quantile|any|median|topk|grouparray)\w*$/i;

/** Results whose rows may come in another order each time: a refreshed table would shuffle, and "the first 100" mean nothing. */
function unorderedResults({ steps, results }: Task, source: SourceText, isSql: (on: string) => boolean): Fault[] {
  return steps.flatMap(({ name, on, isScript, template, line }) => {
    const isShown = results.some(({ step }) => step === name);
    if (!isShown || isScript === true || !isSql(on) || !mayShuffle(template.source)) return [];
    const offset = line === 1 ? 0 : source.text.split('\n').slice(0, line - 1).join('\n').length + 1;
    return [{ ...source.fault(offset, `the rows of step ${name} come in any order`, 'end the query with ORDER BY, so that people see the same order every time'), warning: true }];
  });
}

/** Reads tables, sorts nothing at the outermost level, and returns more than the one row of aggregates. */
function mayShuffle(sql: string): boolean {
  let depth = 0;
  const outer: string[] = [];
  for (const { kind, start, end } of lex(sql)) {
    const text = sql.slice(start, end);
    if (kind === 'mark' && text === ')') depth -= 1;
    if (depth === 0 && (kind === 'word' || kind === 'field')) outer.push(text.toLowerCase());
    if (kind === 'mark' && text === '(') depth += 1;
  }
  const first = outer[outer.indexOf('select') + 1] ?? '';
  const isOneRow = aggregate.test(first) && !outer.includes('group');
  return outer.includes('from') && !outer.includes('order') && !isOneRow;
}
