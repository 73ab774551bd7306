import type { Option, OptionValue } from '../../shared/fields/choice.ts';
import { fieldKindOf, type FieldValue } from '../../shared/fields/index.ts';
import type { FormValues } from '../../shared/form.ts';
import type { LocalText } from '../../shared/language.ts';
import type { Field, Task } from '../catalog/task.ts';
import type { FormReport, FormRequest, FormsParts, UnknownEntries } from './forms.ts';
import { neededFields, type FormReader } from './form-reader.ts';
import { unknownEntries } from './known-entries.ts';
import { fillFirst, noneKnown, noSuchField, notAnOption, unknownWords } from './messages.ts';
import { periodProblems } from './loaded-period.ts';
import type { FieldOptions } from './options.ts';
import { readValue } from './values.ts';
import { shownFields } from './visibility.ts';
import { goneUpload, pickColumns } from '../uploads/index.ts';
import { fileWords, valueWords } from './words.ts';

export interface CheckParts extends Pick<FormsParts, 'loadedUntil' | 'uploads'> {
  reader: FormReader;
  options: FieldOptions;
}

type CheckRequest = FormRequest & { unknown?: UnknownEntries };

/** Checks a form in full. Fields are taken so that one which depends on others comes after them. */
export async function examineForm(parts: CheckParts, task: Task, values: FormValues, request: CheckRequest): Promise<FormReport> {
  const check = new FormCheck(parts, task, values, request);
  return check.run();
}

class FormCheck {
  private readonly report: FormReport = { entered: {}, resolved: {}, words: [], fieldWords: {}, files: {}, problems: {}, unknown: {} };
  private readonly shown: Set<string>;

  constructor(
    private readonly parts: CheckParts,
    private readonly task: Task,
    private readonly values: FormValues,
    private readonly request: CheckRequest,
  ) {
    this.shown = shownFields(task.fields, values);
  }

  async run(): Promise<FormReport> {
    const names = new Set(this.task.fields.map(({ name }) => name));
    for (const name of Object.keys(this.values)) if (!names.has(name)) this.refuse(name, noSuchField(name));
    for (const field of inOrderOfDependence(this.task.fields)) if (this.shown.has(field.name)) await this.field(field);
    if (this.task.needsComplete && this.task.fresh !== undefined && Object.keys(this.report.problems).length === 0) await this.periods();
    this.report.words = this.task.fields.flatMap(({ name, label }) => {
      const text = this.report.fieldWords[name];
      return text === undefined ? [] : [{ label, text }];
    });
    return this.report;
  }

  private async field(field: Field): Promise<void> {
    const given = Object.hasOwn(this.values, field.name) ? this.values[field.name] : undefined;
    const read = readValue(field, given, this.request.context);
    if (read.state === 'wrong') this.refuse(field.name, read.problem);
    if (read.state !== 'filled') return;
    if (given !== undefined) this.report.entered[field.name] = given;
    const first = this.emptyNeeded(field);
    if (first !== undefined) return this.refuse(field.name, fillFirst(first));
    if (field.kind === 'choice' || field.kind === 'choices') return this.choice(field, read.value);
    if (field.known !== undefined && Array.isArray(read.value)) return this.list({ ...field, known: field.known }, read.value.map(String));
    if (field.kind === 'file') return this.file(field, String(read.value));
    this.accept(field, read.value);
  }

  /** A field that this one's queries need and that has no good value. */
  private emptyNeeded(field: Field): Field | undefined {
    const needed = [field.optionsQuery, field.known].flatMap((query) => (query === undefined ? [] : neededFields(query)));
    return this.task.fields.find(({ name, kind }) => needed.includes(name) && kind !== 'toggle' && !Object.hasOwn(this.report.resolved, name));
  }

  private async choice(field: Field, value: FieldValue): Promise<void> {
    const wanted: OptionValue[] = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string' || typeof one === 'number');
    const { chosen, missing: absent } = await this.parts.options.choose(field, wanted, { ...this.reading(), task: this.task, personId: this.request.person.id });
    if (absent.length > 0) return this.refuse(field.name, notAnOption(absent));
    const values = chosen.map((option) => option.value);
    const accepted = field.kind === 'choices' ? values : values[0];
    if (accepted !== undefined) this.accept(field, accepted, chosen);
  }

  private async list(field: Field & { known: NonNullable<Field['known']> }, entries: string[]): Promise<void> {
    const unknown = await unknownEntries(this.parts.reader, field, entries, this.reading());
    if (unknown.length === 0) return this.accept(field, entries);
    this.report.unknown[field.name] = unknown;
    if (this.request.unknown === 'keep') return this.accept(field, entries);
    if (unknown.length === entries.length) return this.refuse(field.name, noneKnown(entries.length));
    if (this.request.unknown !== 'leaveOut') return this.refuse(field.name, unknownWords(unknown, entries.length));
    const left = new Set(unknown);
    this.accept(field, entries.filter((entry) => !left.has(entry)));
  }

  private async file(field: Field, id: string): Promise<void> {
    const upload = await this.parts.uploads?.find(this.request.person.id, id);
    if (upload === undefined) return this.refuse(field.name, goneUpload);
    const picked = pickColumns(field.settings, upload);
    if ('problem' in picked) return this.refuse(field.name, picked.problem);
    this.report.files[field.name] = { id, table: upload.table, select: picked.select };
    this.accept(field, id);
    this.report.fieldWords[field.name] = fileWords(upload.name, upload.table.rows);
  }

  private async periods(): Promise<void> {
    const until = await this.parts.loadedUntil(this.task, this.report.resolved, this.request);
    Object.assign(this.report.problems, periodProblems(this.task.fields, this.report.resolved, until, this.request.context));
  }

  private reading() {
    return { fields: this.task.fields, values: this.report.resolved, context: this.request.context, signal: this.request.signal };
  }

  private accept(field: Field, value: FieldValue, chosen?: readonly Option[]): void {
    this.report.resolved[field.name] = value;
    if (!fieldKindOf(field.kind).isEmpty(value)) this.report.fieldWords[field.name] = valueWords(field, value, chosen);
  }

  private refuse(name: string, problem: LocalText): void {
    Object.defineProperty(this.report.problems, name, { value: problem, enumerable: true, configurable: true, writable: true });
  }
}

/** The form's order, but a field after those that its queries read. A circle, which the catalog refuses, ends where it began. */
export function inOrderOfDependence(fields: readonly Field[]): Field[] {
  const byName = new Map(fields.map((field) => [field.name, field]));
  const ordered = new Set<Field>();
  const begun = new Set<Field>();
  const visit = (field: Field): void => {
    if (begun.has(field)) return;
    begun.add(field);
    for (const name of field.dependsOn) {
      const other = byName.get(name);
      if (other !== undefined) visit(other);
    }
    ordered.add(field);
  };
  fields.forEach(visit);
  return [...ordered];
}
