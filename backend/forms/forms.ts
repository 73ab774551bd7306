import type { FieldContext } from '../../shared/fields/field-kind.ts';
import type { AnyValue, FormValues, OptionsAnswer } from '../../shared/form.ts';
import type { LocalText } from '../../shared/language.ts';
import type { Task } from '../catalog/task.ts';
import type { Source } from '../sources/source.ts';
import type { Uploads } from '../uploads/index.ts';
import type { StoredTable } from '../workbench/workbench.ts';

/** What becomes of list entries that are not known: say so, leave them out, or keep them. */
export type UnknownEntries = 'ask' | 'leaveOut' | 'keep';

/** Who fills in the form, and when. */
export interface FormRequest {
  person: { id: string };
  context: FieldContext;
  signal?: AbortSignal;
}

/** A form whose every value was checked. */
export interface CheckedForm {
  /** As entered, relative words kept; hidden and empty fields left out. */
  entered: FormValues;
  /** Relative words as days, options by their own values, lists without repeats; hidden and empty fields left out. */
  resolved: FormValues;
  /** Filled fields in words, in the form's order. */
  words: { label: LocalText; text: LocalText }[];
  /** The same by field name, for file names. */
  fieldWords: Record<string, LocalText>;
  /** People's files by field, and how their rows are read. */
  files: Record<string, GivenFile>;
}

/** A file whose columns are those that the field asks for. */
export interface GivenFile {
  id: string;
  table: StoredTable;
  /** A SELECT list over the table. */
  select: string;
}

/** All that a check found. */
export interface FormReport extends CheckedForm {
  /** One message a field; empty when the form may run. */
  problems: Record<string, LocalText>;
  /** Entries of lists that are not known, by field. */
  unknown: Record<string, string[]>;
}

export interface FormsParts {
  sources: ReadonlyMap<string, Source>;
  /** How far a task's data is loaded, as ISO 8601; `null` when nothing is. Asked only where a task needs complete periods. */
  loadedUntil: (task: Task, values: FormValues, request: FormRequest) => Promise<string | null>;
  now?: () => number;
  /** Files that people have given; without it no file field can be filled in. */
  uploads?: Pick<Uploads, 'find'>;
}

/** All that the server does with forms. Every method throws only Problem. */
export interface Forms {
  /** Checks in full, whatever the pane has checked before; throws `invalid_values` with one message a field. */
  check(task: Task, values: FormValues, request: FormRequest & { unknown?: UnknownEntries }): Promise<CheckedForm>;
  /** The same, but tells instead of throwing. */
  examine(task: Task, values: FormValues, request: FormRequest & { unknown?: UnknownEntries }): Promise<FormReport>;
  /** Options of a choice, and the value that a field opens with where a query gives it, for the values of the other fields. */
  options(task: Task, field: string, asked: { search?: string; values: FormValues }, request: FormRequest): Promise<OptionsAnswer>;
  /** The value that a field opens with, for one whose default is a query; `undefined` while fields that it needs are empty. */
  defaultFromQuery(task: Task, field: string, values: FormValues, request: FormRequest): Promise<AnyValue | undefined>;
}
