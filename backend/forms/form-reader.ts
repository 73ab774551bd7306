import { randomUUID } from 'node:crypto';
import type { BoundValue, FieldContext } from '../../shared/fields/field-kind.ts';
import type { FormValues } from '../../shared/form.ts';
import { Problem } from '../../shared/problem.ts';
import type { Field, RenderedQuery, TemplatePart, TemplateQuery } from '../catalog/task.ts';
import type { Source, SqlDialect } from '../sources/source.ts';
import { renderTemplate, searchName } from '../template/index.ts';

/** A small read for a form: who waits for it and until when. */
export interface ReadRequest {
  fields: Field[];
  /** Resolved values of the other fields. */
  values: FormValues;
  context: FieldContext;
  search?: string;
  signal?: AbortSignal;
}

export type ListValue = BoundValue & { value: string[] };

export interface ReadRows {
  columns: { name: string; engineType: string }[];
  rows: unknown[][];
}

/** A form waits for its options: they must come soon or not at all. */
const limits = { timeSeconds: 20, rows: 1_000_000, memoryBytes: 2_000_000_000 };

/** Runs an analyst's small queries for forms: options, known values, defaults. */
export class FormReader {
  constructor(private readonly sources: ReadonlyMap<string, Source>) {}

  /** The query as written. */
  rows(query: TemplateQuery, request: ReadRequest): Promise<ReadRows> {
    return this.select(query.on, this.render(query, request), request.signal);
  }

  /** The first rows of the query. */
  firstRows(query: TemplateQuery, count: number, request: ReadRequest): Promise<ReadRows> {
    const { sql, parameters } = this.render(query, request);
    return this.select(query.on, { sql: this.dialect(query.on).firstRows(sql, count), parameters }, request.signal);
  }

  /** Those rows of the query whose column is one of the given values; any number of values, each bound. */
  rowsWhere(query: TemplateQuery, column: string, values: ListValue, request: ReadRequest): Promise<ReadRows> {
    return this.wanted({ column, distinct: false }, query, values, request);
  }

  /** Which of the given values the column holds: one column, each value once. */
  knownRows(query: TemplateQuery, column: string, values: ListValue, request: ReadRequest): Promise<ReadRows> {
    return this.wanted({ column, distinct: true }, query, values, request);
  }

  private wanted(where: { column: string; distinct: boolean }, query: TemplateQuery, values: ListValue, request: ReadRequest): Promise<ReadRows> {
    const { sql, parameters } = this.render(query, request);
    const placeholder = this.source(query.on).placeholder('wanted_values', values);
    const wrapped = this.dialect(query.on).rowsWhere(sql, { ...where, placeholder });
    return this.select(query.on, { sql: wrapped, parameters: { ...parameters, wanted_values: values } }, request.signal);
  }

  /** Names and types of the query's columns. */
  columns(query: TemplateQuery, request: ReadRequest): Promise<{ name: string; engineType: string }[]> {
    return this.source(query.on).describe({ name: 'form', steps: {}, ...this.render(query, request) });
  }

  private render(query: TemplateQuery, { fields, values, context, search }: ReadRequest): RenderedQuery {
    const source = this.source(query.on);
    return renderTemplate(query.template, {
      fields,
      values,
      context,
      placeholder: (name, value) => source.placeholder(name, value),
      step: (name) => {
        throw new Problem('internal', { ru: `Запрос поля не может читать шаг «${name}».`, en: `A field's query cannot read step “${name}”.` });
      },
      ...(search === undefined ? {} : { search }),
    });
  }

  private select(on: string, { sql, parameters }: RenderedQuery, signal?: AbortSignal): Promise<ReadRows> {
    const context = { queryId: `form-${randomUUID()}`, limits, signal: signal ?? AbortSignal.timeout((limits.timeSeconds + 5) * 1000) };
    return this.source(on).select({ name: 'form', sql, parameters, steps: {} }, context);
  }

  private dialect(on: string): SqlDialect {
    const { dialect } = this.source(on);
    if (dialect === undefined) throw new Problem('internal', { ru: `Источник «${on}» не отвечает на запросы полей.`, en: `Source “${on}” does not answer fields' queries.` });
    return dialect;
  }

  private source(name: string): Source {
    const source = this.sources.get(name);
    if (source === undefined)
      throw new Problem('source_unreachable', { ru: `Источник «${name}» не подключён. Скажите оператору.`, en: `Source “${name}” is not connected. Tell the operator.` });
    return source;
  }
}

/** Fields without which the query can't be asked: those outside every `[[ … ]]`. */
export function neededFields(query: TemplateQuery): string[] {
  const inParts = (parts: TemplatePart[]): string[] =>
    parts.flatMap((part) => (part.kind === 'field' ? [part.name] : part.kind === 'view' ? inParts(part.parts) : []));
  return [...new Set(inParts(query.template.parts))].filter((name) => name !== searchName);
}
