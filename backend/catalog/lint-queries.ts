import type { FormValues } from '../../shared/form.ts';
import { Problem } from '../../shared/problem.ts';
import { renderTemplate } from '../template/index.ts';
import type { BoundValue } from '../../shared/fields/field-kind.ts';
import { fewestValues, sampleValues } from './sample-values.ts';
import type { Field, RenderedQuery, Task, Template } from './task.ts';

export interface EngineColumn {
  name: string;
  engineType: string;
}

/** The real engines, asked without running anything. */
export interface LintEngine {
  /** The placeholder of a bound value in the language of the source `on`. */
  placeholder(on: string, name: string, value: BoundValue): string;
  /** What a query would return on the source `on`. Throws Problem with the engine's words. */
  describe(on: string, query: RenderedQuery): Promise<EngineColumn[]>;
}

const context = { zone: 'Europe/Moscow', today: '2026-01-15' };

/** Asks the engine what the queries of one task return, earlier steps replaced by tables of the columns that they return. */
export class TaskQueries {
  private readonly known = new Map<string, Promise<EngineColumn[] | Problem>>();
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
  step(name: string): Promise<EngineColumn[] | Problem | null> {
    const step = this.task.steps.find((one) => one.name === name);
    return step === undefined ? Promise.resolve(null) : this.columns(step.on, step.template);
  }

  columns(on: string, template: Template): Promise<EngineColumn[] | Problem | null> {
    return this.ask(on, template, this.values);
  }

  /** The same with everything that may be empty left empty. */
  columnsWithFewest(on: string, template: Template): Promise<EngineColumn[] | Problem | null> {
    return this.ask(on, template, fewestValues(this.task.fields, this.values));
  }

  private async ask(on: string, template: Template, values: FormValues): Promise<EngineColumn[] | Problem | null> {
    const tables = new Map<string, string>();
    for (const name of template.steps) {
      const columns = await this.step(name);
      if (columns === null || columns instanceof Problem) return null;
      tables.set(name, tableOf(columns));
    }
    try {
      const query = renderTemplate(template, {
        fields: this.fields,
        values,
        context,
        placeholder: (name, value) => this.engine.placeholder(on, name, value),
        step: (name) => tables.get(name) ?? '',
        search: 'sample',
      });
      return await this.describe(on, query);
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

/** A table of these columns in ClickHouse's language, without data. */
function tableOf(columns: EngineColumn[]): string {
  const quoted = (text: string, quote: string): string => `${quote}${text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`)}${quote}`;
  const list = columns.map(({ name, engineType }) => `defaultValueOfTypeName(${quoted(engineType, "'")}) AS ${quoted(name, '`')}`);
  return `(SELECT ${list.join(', ')})`;
}
