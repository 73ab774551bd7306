import { fileStep, fileTable } from '../../shared/fields/file.ts';
import type { FormValues } from '../../shared/form.ts';
import { Problem } from '../../shared/problem.ts';
import { renderPieces, sourceOffset } from '../template/index.ts';
import { faultyPlace } from './engine-place.ts';
import type { BoundValue } from '../../shared/fields/field-kind.ts';
import { fewestValues, sampleValues } from './sample-values.ts';
import { withCasts } from '../workbench/cast-types.ts';
import type { Field, RenderedQuery, Step, Task, Template } from './task.ts';

export interface EngineColumn {
  name: string;
  engineType: string;
}

/** The real engines, asked without running anything. */
export interface LintEngine {
  /** The placeholder of a bound value in the language of the source `on`. */
  placeholder(on: string, name: string, value: BoundValue): string;
  /** A table of these columns without data, in the language of the source `on`: it stands for an earlier step. */
  emptyTable(on: string, columns: EngineColumn[]): string;
  /** What a query would return on the source `on`. Throws Problem with the engine's words. */
  describe(on: string, query: RenderedQuery): Promise<EngineColumn[]>;
}

const context = { zone: 'Europe/Moscow', today: '2026-01-15' };

/** Asks the engine what the queries of one task return, earlier steps replaced by tables of the columns that they return. */
export class TaskQueries {
  private readonly known = new Map<string, Promise<EngineColumn[] | Problem>>();
  private readonly places = new WeakMap<Problem, number>();
  private readonly values: FormValues;
  /** Conditions of showing never hold all at once; for lint every field is there. */
  private readonly fields: Field[];

  constructor(
    private readonly task: Task,
    private readonly engine: LintEngine,
  ) {
    this.values = sampleValues(task);
    this.fields = task.fields.map((field) => ({ ...field, visibleWhen: undefined }));
  }

  /** Columns of a step with every field filled in. `null` when it reads a step that has no columns. */
  async step(name: string): Promise<EngineColumn[] | Problem | null> {
    const step = this.task.steps.find((one) => one.name === name);
    if (step === undefined || step.isScript === true) return null;
    const columns = await this.columns(step.on, step.template);
    return columns === null || columns instanceof Problem ? columns : typed(columns, step.casts);
  }

  /** Where in its template the engine found what it complains about, when that is known. */
  placeOf(problem: Problem): number | undefined {
    return this.places.get(problem);
  }

  columns(on: string, template: Template): Promise<EngineColumn[] | Problem | null> {
    return this.ask(on, template, this.values);
  }

  /** The same with everything that may be empty left empty. */
  columnsWithFewest(on: string, template: Template): Promise<EngineColumn[] | Problem | null> {
    return this.ask(on, template, fewestValues(this.task.fields, this.values));
  }

  private async ask(on: string, template: Template, values: FormValues): Promise<EngineColumn[] | Problem | null> {
    const files = this.fields.filter(({ name, kind }) => kind === 'file' && template.fields.includes(name));
    const tables = new Map(files.map(({ name, settings }) => [fileStep(name), this.engine.emptyTable(on, fileTable(settings))]));
    for (const name of template.steps) {
      const columns = await this.step(name);
      if (columns === null || columns instanceof Problem) return null;
      tables.set(name, this.engine.emptyTable(on, columns));
    }
    try {
      const { query, pieces } = renderPieces(template, {
        fields: this.fields,
        values,
        context,
        placeholder: (name, value) => this.engine.placeholder(on, name, value),
        step: (name) => tables.get(name) ?? '',
        search: 'sample',
      });
      const answer = await this.describe(on, query);
      const place = answer instanceof Problem ? faultyPlace(answer, query.sql) : null;
      if (answer instanceof Problem && place !== null) this.places.set(answer, sourceOffset(template, pieces, place));
      return answer;
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
  }

  private describe(on: string, query: RenderedQuery): Promise<EngineColumn[] | Problem> {
    const key = JSON.stringify([on, query]);
    const asked =
      this.known.get(key) ??
      this.engine.describe(on, query).catch((error: unknown) => {
        if (error instanceof Problem) return error;
        throw error;
      });
    this.known.set(key, asked);
    return asked;
  }
}

function typed(columns: EngineColumn[], casts: Step['casts']): EngineColumn[] | Problem {
  try {
    return withCasts(columns, casts);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}
