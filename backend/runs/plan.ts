import { randomBytes } from 'node:crypto';
import type { BoundValue, FieldContext } from '../../shared/fields/field-kind.ts';
import type { FormValues } from '../../shared/form.ts';
import type { LocalText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import type { Chart } from '../../shared/result.ts';
import type { Task, TaskColumn, TaskLimits } from '../catalog/task.ts';
import type { Source } from '../sources/source.ts';
import { renderTemplate } from '../template/index.ts';

/** A step whose values are bound. Where its text reads an earlier step it holds that step's `mark`. */
export interface PlannedStep {
  name: string;
  on: string;
  sql: string;
  parameters: Record<string, BoundValue>;
  after: string[];
}

/**
 * All that an execution needs, recorded when it was asked for: it runs as asked also after a restart or when the task's
 * file has changed meanwhile.
 */
export interface Plan {
  /** Beginning of the text that stands for an earlier step; random, so that no analyst's text can hold it by chance. */
  mark: string;
  steps: PlannedStep[];
  results: { name: string; title: LocalText; step: string }[];
  columns: Record<string, TaskColumn>;
  /** Whether columns declared personal may be shown. */
  personal: boolean;
  fresh?: PlannedStep;
  limits: TaskLimits;
  chart?: Chart;
}

export type Sources = ReadonlyMap<string, Source>;

export function sourceNamed(sources: Sources, name: string): Source {
  const source = sources.get(name);
  if (source === undefined)
    throw new Problem('source_unreachable', { ru: `Источник «${name}» не подключён. Скажите оператору.`, en: `Source “${name}” is not connected. Tell the operator.` });
  return source;
}

export function stepMark(mark: string, step: string): string {
  return `${mark}${step}_`;
}

/** Binds resolved, checked values into every step of a task. */
export function makePlan(task: Task, values: FormValues, parts: { sources: Sources; context: FieldContext; personal: boolean }): Plan {
  const mark = `step_${randomBytes(8).toString('hex')}_`;
  const render = (template: Task['steps'][number]['template'], on: string) =>
    renderTemplate(template, {
      fields: task.fields,
      values,
      context: parts.context,
      placeholder: (name, value) => sourceNamed(parts.sources, on).placeholder(name, value),
      step: (name) => stepMark(mark, name),
    });
  return {
    mark,
    steps: task.steps.map((step) => ({ name: step.name, on: step.on, after: step.after, ...render(step.template, step.on) })),
    results: task.results,
    columns: task.columns,
    personal: parts.personal,
    ...(task.fresh === undefined ? {} : { fresh: { name: 'fresh', on: task.fresh.on, after: [], ...render(task.fresh.template, task.fresh.on) } }),
    limits: task.limits,
    ...(task.chart === undefined ? {} : { chart: task.chart }),
  };
}
