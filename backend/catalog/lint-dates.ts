import { Problem } from '../../shared/problem.ts';
import type { TaskQueries } from './lint-queries.ts';
import type { Field, Step, Template, TemplatePart } from './task.ts';

/** A `{{period.from}}` that stands directly after `column >=`. */
interface DateComparison {
  /** Places of the part in nested clauses. */
  path: number[];
  column: string;
  name: string;
  part: string;
  offset: number;
}

const comparison = /([\p{L}_`"][\p{L}\p{N}_.`"]*)\s*(?:>=|<=|<|>|=|\bBETWEEN)\s*$/iu;
const dateKinds = ['date', 'month', 'dateRange'];
const mark = 'TasksheetDateTime';

/**
 * Local days that are compared with moments: `event_at < {{period.until}}` means midnight of the server's zone, not of the
 * company's. The engine tells the column's type: each comparison is described once more in a form that only a DateTime breaks.
 * Comparisons with expressions instead of columns are not seen.
 */
export async function daysAgainstMoments(step: Step, fields: Field[], queries: TaskQueries): Promise<{ offset: number; message: string; advice: string }[]> {
  const found: { offset: number; message: string; advice: string }[] = [];
  for (const { path, column, name, part, offset } of comparisons(step.template.parts, fields)) {
    const answer = await queries.columns(step.on, probed(step.template, path, column));
    if (!(answer instanceof Problem) || !saysMark(answer)) continue;
    const better = part === 'until' ? 'end' : 'start';
    found.push({ offset, message: `${column} is a DateTime, {{${part === '' ? name : `${name}.${part}`}}} is a day`, advice: `write {{${name}.${better}}}: the moment of local midnight` });
  }
  return found;
}

function comparisons(parts: TemplatePart[], fields: Field[], above: number[] = []): DateComparison[] {
  return parts.flatMap((part, index): DateComparison[] => {
    const path = [...above, index];
    if (part.kind === 'optional') return comparisons(part.parts, fields, path);
    const before = parts[index - 1];
    if (part.kind !== 'field' || before?.kind !== 'text' || !['', 'from', 'until'].includes(part.part)) return [];
    const column = comparison.exec(before.text)?.[1];
    const isDate = fields.some(({ name, kind }) => name === part.name && dateKinds.includes(kind));
    return column === undefined || !isDate ? [] : [{ path, column, name: part.name, part: part.part, offset: part.offset }];
  });
}

/** People see an engine's error by its name; its whole text is the cause. */
function saysMark({ message, cause }: Problem): boolean {
  return message.includes(mark) || (cause instanceof Error && cause.message.includes(mark));
}

/** The template with one value wrapped into a cast whose type has no meaning when the column is a DateTime. */
function probed(template: Template, path: number[], column: string): Template {
  const wrap = (parts: TemplatePart[], [first, ...rest]: number[]): TemplatePart[] =>
    parts.flatMap((part, index): TemplatePart[] => {
      if (index !== first) return [part];
      if (part.kind === 'optional') return [{ ...part, parts: wrap(part.parts, rest) }];
      return [{ kind: 'text', text: 'CAST(' }, part, { kind: 'text', text: `, if(match(toTypeName(${column}), 'DateTime'), '${mark}', 'Date32'))` }];
    });
  return { ...template, parts: wrap(template.parts, path) };
}
