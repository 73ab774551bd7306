import { randomBytes } from 'node:crypto';
import { fileStep } from '../../shared/fields/file.ts';
import type { BoundValue, FieldContext } from '../../shared/fields/field-kind.ts';
import type { FormValues } from '../../shared/form.ts';
import type { Language, LocalText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import type { Chart } from '../../shared/result.ts';
import type { RenderedQuery, Step, Task, TaskColumn, TaskLimits, Template } from '../catalog/task.ts';
import type { Source } from '../sources/source.ts';
import type { StoredTable } from '../workbench/workbench.ts';
import type { KindRunners } from './kind-runner.ts';
import { bindFields, renderTemplate } from '../template/index.ts';
import type { CastType } from '../../shared/cast-type.ts';

/** A step whose values are bound. Where its text reads an earlier step it holds that step's `mark`. */
export interface PlannedStep {
  name: string;
  on: string;
  sql: string;
  parameters: Record<string, BoundValue>;
  after: string[];
  casts?: Record<string, CastType>;
  /** How long its table is used again by other runs. */
  keepSeconds?: number;
  isScript?: boolean;
  /** Tables that are there already and that its text reads by their marks: a person's file. */
  tables?: Record<string, StoredTable>;
}

/** A person's file that a field of the form holds, and how its rows are read. */
export interface FileTable {
  table: StoredTable;
  /** A SELECT list over it. */
  select: string;
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
  /** For a task that is more than a query: what its kind has planned. */
  kind?: { name: string; planned: unknown };
}

export type Sources = ReadonlyMap<string, Source>;

export function sourceNamed(sources: Sources, name: string): Source {
  const source = sources.get(name);
  if (source === undefined)
    throw new Problem('source_unreachable', { ru: `Источник «${name}» не подключён. Скажите оператору.`, en: `Source “${name}” is not connected. Tell the operator.` });
  return source;
}

function scriptsOff(interpreter: string): Problem {
  return new Problem('source_unreachable', {
    ru: `Скрипты на этом сервере выключены, а задаче нужен «${interpreter}». Оператор включает их настройкой TASKSHEET_SCRIPTS.`,
    en: `Scripts are switched off on this server, and the task needs “${interpreter}”. The operator switches them on by TASKSHEET_SCRIPTS.`,
  });
}

/** With its length in front no step's mark is the beginning of another's. */
export function stepMark(mark: string, step: string): string {
  return `${mark}${step.length}_${step}_`;
}

interface PlanParts {
  sources: Sources;
  context: FieldContext;
}

function renderer(task: Task, values: FormValues, { sources, context }: PlanParts, mark: string) {
  return (template: Template, on: string): RenderedQuery => {
    const source = sourceNamed(sources, on);
    const input = {
      fields: task.fields,
      values,
      context,
      placeholder: (name: string, value: BoundValue) => source.placeholder(name, value),
      step: (name: string) => stepMark(mark, name),
    };
    return source.language === 'script' ? { sql: template.source, parameters: bindFields(input) } : renderTemplate(template, input);
  };
}

/** Lets the kind of a task plan its part. */
export async function planKind(task: Task, plan: Plan, input: { values: FormValues; person: string; language: Language; runners: KindRunners } & PlanParts): Promise<Plan> {
  if (task.kind === 'query') return plan;
  const runner = input.runners.get(task.kind);
  if (runner === undefined) throw new Problem('internal', { ru: `Вид задачи «${task.kind}» здесь не выполняется.`, en: `Tasks of kind “${task.kind}” are not carried out here.` });
  const planned = await runner.plan({ task, values: input.values, person: input.person, language: input.language, render: renderer(task, input.values, input, plan.mark) });
  return { ...plan, kind: { name: task.kind, planned } };
}

/** The query that tells how far the task's data is loaded, if the task has one. */
export function planFreshness(task: Task, values: FormValues, parts: PlanParts): PlannedStep | undefined {
  if (task.fresh === undefined) return undefined;
  const { on, template } = task.fresh;
  return { name: 'fresh', on, after: [], ...renderer(task, values, parts, '')(template, on) };
}

/** Reads a person's file as a table of the types that the form asks for. */
function fileStepOf(field: string, { table, select }: FileTable, mark: string): PlannedStep {
  return { name: fileStep(field), on: 'workbench', sql: `SELECT ${select} FROM ${stepMark(mark, 'uploaded')} ORDER BY _row`, parameters: {}, after: [], tables: { uploaded: table } };
}

function plannedStep({ name, on, after, casts, template, keepSeconds, isScript }: Step, files: string[], sources: Sources, render: (template: Template, on: string) => RenderedQuery): PlannedStep {
  if (isScript === true && !sources.has(on)) throw scriptsOff(on);
  const read = isScript === true ? files : files.filter((field) => template.fields.includes(field));
  return {
    name,
    on,
    after: [...after, ...read.map(fileStep)],
    ...(casts === undefined ? {} : { casts }),
    ...(keepSeconds === undefined ? {} : { keepSeconds }),
    ...(isScript === true ? { isScript } : {}),
    ...render(template, on),
  };
}

/** Binds resolved, checked values into every step of a task. */
export function makePlan(task: Task, values: FormValues, parts: PlanParts & { personal: boolean; files?: Record<string, FileTable> }): Plan {
  const mark = `step_${randomBytes(8).toString('hex')}_`;
  const render = renderer(task, values, parts, mark);
  const fresh = planFreshness(task, values, parts);
  const files = Object.entries(parts.files ?? {});
  return {
    mark,
    steps: [...files.map(([field, file]) => fileStepOf(field, file, mark)), ...task.steps.map((step) => plannedStep(step, files.map(([field]) => field), parts.sources, render))],
    results: task.results,
    columns: task.columns,
    personal: parts.personal,
    ...(fresh === undefined ? {} : { fresh }),
    limits: task.limits,
    ...(task.chart === undefined ? {} : { chart: task.chart }),
  };
}
