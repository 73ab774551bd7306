import { createHash } from 'node:crypto';
import { option as optionShape, type Option, type OptionValue } from '../../shared/fields/choice.ts';
import type { FormValues, OptionsAnswer } from '../../shared/form.ts';
import { sameText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import type { BoundValue } from '../../shared/fields/field-kind.ts';
import type { Field, Task, TemplateQuery } from '../catalog/task.ts';
import { withoutSql } from './field-views.ts';
import type { FormReader, ReadRequest, ReadRows } from './form-reader.ts';
import { findOptions, searchable, type SearchableOption } from './search.ts';

/** Rows of a query that are held for searching. */
const heldOptions = 10_000;
const shownOptions = 100;
const heldForMs = 60_000;
/** Over all lists: the oldest are forgotten first. */
const heldInAll = 300_000;
const heldLists = 500;

interface OptionList {
  options: SearchableOption[];
  byValue: Map<string, Option>;
  /** False when the query has more rows than are held. */
  whole: boolean;
}

export interface OptionsRequest extends ReadRequest {
  task: Pick<Task, 'id' | 'version'>;
  /** Lists are never shared between people, whose rights may differ. */
  personId: string;
}

/** Options of choices: fixed or from a query, searched, and held for a minute. */
export class FieldOptions {
  private readonly lists = new Map<string, { at: number; list: Promise<OptionList>; size: number }>();

  constructor(
    private readonly reader: FormReader,
    private readonly now: () => number = Date.now,
  ) {}

  /** At most a hundred options that fit the search, best first. */
  async find(field: Field, request: OptionsRequest): Promise<OptionsAnswer> {
    const typed = request.search ?? '';
    const list = await this.list(field, request);
    const found = field.searchesItself ? list.options.map(({ option }) => option) : findOptions(list.options, typed);
    const missing = found.length === 0 && !list.whole ? await this.byExactValue(field, typed, request) : found;
    return { options: missing.slice(0, shownOptions), more: missing.length > shownOptions };
  }

  /** The options that these values stand for, in the order of the options; values that are no options come back as `missing`. */
  async choose(field: Field, values: OptionValue[], request: OptionsRequest): Promise<{ chosen: Option[]; missing: OptionValue[] }> {
    const list = await this.list(field, { ...request, search: undefined });
    const beyond = values.filter((value) => !list.byValue.has(String(value)));
    const fetched = beyond.length > 0 && !list.whole ? await this.fetch(field, beyond, request) : [];
    const wanted = new Set(values.map(String));
    const chosen = [...list.options.map(({ option }) => option), ...fetched].filter((option) => wanted.has(String(option.value)));
    const found = new Set(chosen.map((option) => String(option.value)));
    return { chosen, missing: values.filter((value) => !found.has(String(value))) };
  }

  private async byExactValue(field: Field, typed: string, request: OptionsRequest): Promise<Option[]> {
    const value = typed.trim();
    return value === '' || !fitsScalar(value, scalarOf(field)) ? [] : this.fetch(field, [value], request);
  }

  private async fetch(field: Field, values: OptionValue[], request: OptionsRequest): Promise<Option[]> {
    if (field.optionsQuery === undefined) return [];
    const scalar = scalarOf(field);
    const fitting = values.map(String).filter((value) => fitsScalar(value, scalar));
    if (fitting.length === 0) return [];
    return optionsFrom(await this.reader.rowsWhere(field.optionsQuery, 'value', { scalar, value: fitting }, { ...request, search: undefined }), field);
  }

  private list(field: Field, request: OptionsRequest): Promise<OptionList> {
    if (field.optionsQuery === undefined) return Promise.resolve(listOf((field.options ?? []).map(withoutSql), true));
    const search = field.searchesItself ? (request.search ?? '') : undefined;
    return this.held(keyOf(field, request, search), () => this.read(field, field.optionsQuery, { ...request, search }));
  }

  private async read(field: Field, query: TemplateQuery | undefined, request: OptionsRequest): Promise<OptionList> {
    if (query === undefined) return listOf([], true);
    const most = (request.search ?? '').trim() === '' ? heldOptions : shownOptions + 1;
    const read = await this.reader.firstRows(query, most + 1, request);
    return listOf(optionsFrom(read, field).slice(0, most), read.rows.length <= most);
  }

  private held(key: string, read: () => Promise<OptionList>): Promise<OptionList> {
    const now = this.now();
    const before = this.lists.get(key);
    if (before !== undefined && now - before.at < heldForMs) return before.list;
    const list = read();
    const held = { at: now, list, size: 0 };
    this.lists.delete(key);
    this.lists.set(key, held);
    list.then(
      ({ options }) => {
        held.size = options.length;
        this.forgetOldest();
      },
      () => {
        if (this.lists.get(key) === held) this.lists.delete(key);
      },
    );
    return list;
  }

  private forgetOldest(): void {
    let inAll = [...this.lists.values()].reduce((sum, { size }) => sum + size, 0);
    for (const [key, { size }] of this.lists) {
      if (inAll <= heldInAll && this.lists.size <= heldLists) return;
      this.lists.delete(key);
      inAll -= size;
    }
  }
}

function keyOf(field: Field, { task, personId, values, context }: OptionsRequest, search: string | undefined): string {
  const dependedOn: FormValues = Object.fromEntries(field.dependsOn.map((name) => [name, values[name] ?? null]));
  const parts = [task.id, task.version, field.name, personId, context.today, dependedOn, search ?? null];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}

function listOf(options: readonly Option[], whole: boolean): OptionList {
  return { options: options.map(searchable), byValue: new Map(options.map((option) => [String(option.value), option])), whole };
}

/** Rows of an options' query: columns `value` and, where there are any, `label` and `hint`. */
function optionsFrom({ columns, rows }: ReadRows, field: Field): Option[] {
  const place = (name: string) => columns.findIndex((column) => column.name === name);
  const value = place('value');
  if (value < 0)
    throw new Problem('query_failed', { ru: `Запрос вариантов поля «${field.label.ru}» не возвращает столбец value. Скажите аналитику.`, en: `The options' query of “${field.label.en}” has no column “value”. Tell the analyst.` });
  const label = place('label') < 0 ? value : place('label');
  const hint = place('hint');
  const seen = new Set<string>();
  return rows.flatMap((row) => {
    const written = row[value];
    if (written === null || written === undefined || seen.has(String(written))) return [];
    seen.add(String(written));
    const hintText = hint < 0 || row[hint] === null || row[hint] === undefined ? undefined : String(row[hint]);
    const made = { value: typeof written === 'number' ? written : String(written), label: sameText(String(row[label] ?? written)), ...(hintText === undefined ? {} : { hint: hintText }) };
    return [optionShape.parse(made)];
  });
}

function scalarOf(field: Field): BoundValue['scalar'] {
  const scalar = field.settings.scalar;
  return scalar === 'integer' || scalar === 'decimal' || scalar === 'date' ? scalar : 'string';
}

/** Whether a text can be bound as this type at all; what can't is no option. */
function fitsScalar(value: string, scalar: BoundValue['scalar']): boolean {
  if (scalar === 'integer') return /^-?\d{1,18}$/.test(value);
  if (scalar === 'decimal') return /^-?\d{1,20}(\.\d{1,12})?$/.test(value);
  return scalar !== 'date' || /^\d{4}-\d{2}-\d{2}$/.test(value);
}
