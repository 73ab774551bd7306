import type { BoundValue, FieldContext } from '../../shared/fields/field-kind.ts';
import { fieldKindOf } from '../../shared/fields/index.ts';
import type { AnyValue, FormValues } from '../../shared/form.ts';
import type { LocalText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import type { Field, Task } from '../catalog/task.ts';
import { makePlan, sourceNamed, stepMark, type Plan, type PlannedStep, type Sources } from './plan.ts';

/** One step as it would be sent. */
export interface ExplainedStep {
  name: string;
  on: string;
  /** The exact query; earlier steps stand in it as `steps.NAME`, since their tables are not there yet. */
  sql: string;
  parameters: Record<string, BoundValue>;
  after: string[];
  /** Rows that it would read; `null` where nobody can tell, and a Problem where the source refused to. */
  estimate: number | null | Problem;
}

/** What a run with these values would ask each source, in order. Asks engines for estimates only; checks no options. */
export async function explainTask(task: Task, values: FormValues, parts: { sources: Sources; context: FieldContext }): Promise<ExplainedStep[]> {
  const plan = makePlan(task, resolved(task.fields, values, parts.context), { ...parts, personal: true });
  const explained: ExplainedStep[] = [];
  for (const step of inOrder(plan.steps)) {
    const { name, on, parameters, after } = step;
    explained.push({ name, on, parameters, after, sql: readable(step, plan), estimate: await estimateOf(step, parts.sources) });
  }
  return explained;
}

/** What is given, and defaults for the rest. A default that is a query is not asked for: such a field must be given. */
function resolved(fields: Field[], values: FormValues, context: FieldContext): FormValues {
  const faults: Record<string, LocalText> = {};
  const filled = fields.flatMap((field): [string, AnyValue][] => {
    const kind = fieldKindOf(field.kind);
    const read = kind.value.safeParse(field.kind === 'file' ? 'sample' : (values[field.name] ?? field.default));
    if (!read.success) return [];
    const value = kind.resolve(read.data, context);
    const fault = field.kind === 'file' ? null : kind.check(value, field.settings);
    if (fault !== null) faults[field.name] = fault;
    return [[field.name, value]];
  });
  if (Object.keys(faults).length > 0) throw new Problem('invalid_values', { ru: 'Значения не подходят.', en: 'Some values do not fit.' }, { fields: faults });
  return Object.fromEntries(filled);
}

/** Each step after those that it reads; otherwise as they are written. */
function inOrder(steps: PlannedStep[]): PlannedStep[] {
  const ordered: PlannedStep[] = [];
  const add = (step: PlannedStep): void => {
    if (ordered.includes(step)) return;
    for (const name of step.after) steps.filter((other) => other.name === name).forEach(add);
    ordered.push(step);
  };
  steps.forEach(add);
  return ordered;
}

function readable({ sql }: PlannedStep, { mark, steps }: Plan): string {
  const names = new Set(steps.flatMap(({ name, after }) => [name, ...after]));
  return [...names].reduce((text, name) => text.replaceAll(stepMark(mark, name), `steps.${name}`), sql);
}

async function estimateOf({ name, on, sql, parameters, after }: PlannedStep, sources: Sources): Promise<number | null | Problem> {
  const source = sourceNamed(sources, on);
  if (source.estimate === undefined || after.length > 0) return null;
  try {
    return await source.estimate({ name, sql, parameters, steps: {} });
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}
