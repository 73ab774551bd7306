import { Problem } from '../../shared/problem.ts';
import type { Progress, StepFigures } from '../../shared/run.ts';
import type { BoundStep, Source } from '../sources/source.ts';
import type { QueryContext, StoredTable, Workbench } from '../workbench/workbench.ts';
import type { KeptSteps } from './kept-steps.ts';
import { sourceNamed, stepMark, type Plan, type PlannedStep, type Sources } from './plan.ts';

export interface StepsParts {
  workbench: Workbench;
  sources: Sources;
  /** Where steps are kept for other runs; without it each is made anew. */
  kept?: KeptSteps;
}

export interface StepsContext {
  executionId: string;
  signal: AbortSignal;
  progress: (progress: Progress) => void;
}

export interface StepsOutcome {
  tables: Map<string, StoredTable>;
  /** Ids of tables that belong to more than this run. */
  shared: Set<string>;
  figures: StepFigures[];
}

/** Replaces the marks of earlier steps by the tables they became. Safe: values are only in parameters. */
function withTables(step: PlannedStep, mark: string, steps: Record<string, StoredTable>, source: Source): string {
  return Object.entries(steps).reduce((sql, [name, table]) => sql.replaceAll(stepMark(mark, name), () => source.stepReference(name, table)), step.sql);
}

/** The failure with the name of its step in front, so that the author knows where to look. */
function ofStep(name: string, error: unknown): unknown {
  if (!(error instanceof Problem) || error.code === 'interrupted') return error;
  const { code, text, fields, unknown, forAuthor } = error;
  return new Problem(code, { ru: `${name}: ${text.ru}`, en: `${name}: ${text.en}` }, { fields, unknown, forAuthor, cause: error });
}

/** Steps so that each stands after what it reads. The catalog has refused cycles. */
export function inOrder(steps: PlannedStep[]): PlannedStep[] {
  const placed: PlannedStep[] = [];
  const names = new Set<string>();
  while (placed.length < steps.length) {
    const next = steps.find((step) => !names.has(step.name) && step.after.every((name) => names.has(name)));
    if (next === undefined) throw new Problem('internal', { ru: 'Шаги задачи ссылаются друг на друга по кругу.', en: 'The steps of the task refer to each other in a circle.' });
    placed.push(next);
    names.add(next.name);
  }
  return placed;
}

/** The table of a step of an execution. A file's step has a point in its name, which no table can have. */
export function tableId(executionId: string, step: string): string {
  return `${executionId.replace(/-/g, '')}_${step.replace('.', '-')}`;
}

/** The steps of one execution, each run once what it reads is there. */
class StepsRun {
  private readonly tables = new Map<string, StoredTable>();
  private readonly shared = new Set<string>();
  private readonly figures = new Map<string, StepFigures>();
  /** What a step's table holds, in a word that is equal for equal contents; absent where that is not known. */
  private readonly contents = new Map<string, string>();
  private readonly started = performance.now();
  private readonly failure = new AbortController();
  private readonly running = new Map<string, Promise<void>>();
  private readonly signal: AbortSignal;

  constructor(
    private readonly plan: Plan,
    private readonly parts: StepsParts,
    private readonly context: StepsContext,
  ) {
    this.signal = AbortSignal.any([context.signal, this.failure.signal]);
  }

  /** Independent steps side by side. The first failure stops the others. */
  async run(): Promise<StepsOutcome> {
    const ordered = inOrder(this.plan.steps);
    ordered.forEach((step, number) => this.running.set(step.name, this.step(step, number)));
    const settled = await Promise.allSettled(
      [...this.running.values()].map((work) =>
        work.catch((error: unknown) => {
          this.failure.abort();
          throw error;
        }),
      ),
    );
    const failed = settled.filter((one) => one.status === 'rejected').map((one): unknown => one.reason);
    if (failed.length > 0) throw failed.find((reason) => reason instanceof Problem) ?? failed[0];
    const figures = ordered.flatMap(({ name }) => this.figures.get(name) ?? []);
    return { tables: this.tables, shared: this.shared, figures };
  }

  private async step(step: PlannedStep, number: number): Promise<void> {
    await Promise.all(step.after.map((name) => this.running.get(name)));
    this.signal.throwIfAborted();
    const begun = performance.now();
    const { table, kept } = await this.tableOf(step, this.query(step, number)).catch((error: unknown) => {
      throw this.plan.steps.length > 1 ? ofStep(step.name, error) : error;
    });
    this.tables.set(step.name, table);
    this.figures.set(step.name, { name: step.name, rows: table.rows, ms: Math.round(performance.now() - begun), kept });
  }

  private query(step: PlannedStep, number: number): QueryContext {
    const { plan, context } = this;
    return {
      queryId: `${context.executionId}-${step.name}`.replace(/[^A-Za-z0-9-]/g, '-'),
      limits: plan.limits,
      signal: this.signal,
      progress: ({ readRows, totalRows }) =>
        context.progress({ step: step.name, stepNumber: number + 1, steps: plan.steps.length, readRows, totalRows, elapsedMs: performance.now() - this.started }),
    };
  }

  private async tableOf(step: PlannedStep, query: QueryContext): Promise<{ table: StoredTable; kept: boolean }> {
    const source = sourceNamed(this.parts.sources, step.on);
    const earlier = step.after.flatMap((name): [string, StoredTable][] => (this.tables.has(name) ? [[name, this.tables.get(name) as StoredTable]] : []));
    const steps = Object.fromEntries([...earlier, ...Object.entries(step.tables ?? {})]);
    const bound: BoundStep = { name: step.name, sql: withTables(step, this.plan.mark, steps, source), parameters: step.parameters, steps, ...(step.casts === undefined ? {} : { casts: step.casts }) };
    const own = tableId(this.context.executionId, step.name);
    const { kept } = this.parts;
    const key = kept === undefined ? undefined : this.keyOf(step, kept);
    if (kept === undefined || key === undefined || step.keepSeconds === undefined) {
      // A file's rows never change.
      if (key !== undefined && step.tables !== undefined) this.contents.set(step.name, key);
      return { table: await source.run(bound, own, query), kept: false };
    }
    const same = await kept.find(key, step.keepSeconds);
    // Another task may have allowed itself more rows.
    const found = same === undefined || same.rows > this.plan.limits.rows ? undefined : same;
    const table = found ?? (await kept.keep(key, step.keepSeconds, (id) => source.run(bound, id, query)));
    this.shared.add(table.id);
    this.contents.set(step.name, table.id);
    return { table, kept: found !== undefined };
  }

  /** Absent when the step reads a table of which nobody can say whether it is the same as another time. */
  private keyOf(step: PlannedStep, kept: KeptSteps): string | undefined {
    const inputs = [...step.after.map((name) => [name, this.contents.get(name)] as const), ...Object.entries(step.tables ?? {}).map(([name, { id }]) => [name, id] as const)];
    if (inputs.some(([, contents]) => contents === undefined)) return undefined;
    const text = inputs.reduce((sql, [name, contents]) => sql.replaceAll(stepMark(this.plan.mark, name), `<${contents}>`), step.sql);
    return kept.keyOf(step, text, inputs.map(([name, contents]) => `${name} ${contents}`));
  }
}

/** Runs every step of a plan. After a failure tables of finished steps are left for the caller to drop. */
export function runSteps(plan: Plan, parts: StepsParts, context: StepsContext): Promise<StepsOutcome> {
  return new StepsRun(plan, parts, context).run();
}
