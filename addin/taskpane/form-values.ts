import type { FieldContext } from '../../shared/fields/field-kind.ts';
import { fieldKindOf } from '../../shared/fields/index.ts';
import type { AnyValue, FieldView, FormValues } from '../../shared/form.ts';
import type { Freshness, TaskDetail } from '../../shared/task.ts';
import { startOfDay } from '../../shared/relative-period.ts';
import type { LocalText } from '../../shared/language.ts';
import { table } from './words.ts';

export type Faults = Record<string, LocalText>;

/** The values a form opens with. */
export function defaultValues(fields: FieldView[]): FormValues {
  return Object.fromEntries(fields.flatMap((field) => (field.default === undefined || field.default === null ? [] : [[field.name, field.default]])));
}

/** Values of an earlier run, of those fields that the form still has. */
export function knownValues(values: FormValues, fields: FieldView[]): FormValues {
  return Object.fromEntries(fields.flatMap(({ name }) => (values[name] === undefined || values[name] === null ? [] : [[name, values[name]]])));
}

function isEmpty(field: FieldView, value: AnyValue | undefined): boolean {
  if (value === undefined || value === null) return true;
  const kind = fieldKindOf(field.kind);
  const parsed = kind.value.safeParse(value);
  return parsed.success && kind.isEmpty(parsed.data);
}

/** Fields that are shown with these values; one that hangs on a hidden one is hidden too. An untouched toggle says no. */
export function visibleFields(fields: FieldView[], values: FormValues): FieldView[] {
  const isShown = (field: FieldView, seen: string[]): boolean => {
    const { visibleWhen: condition } = field;
    if (condition === undefined) return true;
    const other = fields.find(({ name }) => name === condition.field);
    if (other === undefined || seen.includes(other.name) || !isShown(other, [...seen, field.name])) return false;
    const value = values[other.name] ?? (other.kind === 'toggle' ? false : null);
    const held = (Array.isArray(value) ? value : [value]).map(String);
    return condition.is.some((wanted) => held.includes(String(wanted)));
  };
  return fields.filter((field) => isShown(field, []));
}

/** What travels to the server: visible, filled fields only. */
export function submittedValues(fields: FieldView[], values: FormValues): FormValues {
  return Object.fromEntries(visibleFields(fields, values).flatMap((field) => (isEmpty(field, values[field.name]) ? [] : [[field.name, values[field.name] ?? null]])));
}

/** Sets one field; what depended on it, directly or through others, is cleared. */
export function withValue(fields: FieldView[], values: FormValues, { name, value }: { name: string; value: AnyValue | undefined }): FormValues {
  const { [name]: before, ...rest } = values;
  const next: FormValues = value === undefined ? rest : { ...rest, [name]: value };
  if (JSON.stringify(before) === JSON.stringify(value)) return next;
  return fields
    .filter((field) => field.name !== name && field.dependsOn.includes(name) && next[field.name] !== undefined)
    .reduce((cleared, field) => withValue(fields, cleared, { name: field.name, value: undefined }), next);
}

/** What is wrong with one field before it is sent; the server checks everything again. */
export function faultOf(field: FieldView, value: AnyValue | undefined, context: FieldContext): LocalText | null {
  if (isEmpty(field, value)) return field.required && field.kind !== 'toggle' ? table.required : null;
  const kind = fieldKindOf(field.kind);
  const parsed = kind.value.safeParse(value);
  if (!parsed.success) return expectation(field);
  return kind.check(kind.resolve(parsed.data, context), kind.settings.parse(field.settings));
}

function expectation({ kind }: FieldView): LocalText {
  switch (kind) {
    case 'number':
    case 'numberRange':
      return table.needNumber;
    case 'date':
    case 'month':
      return table.needDate;
    case 'dateRange':
      return table.needBothDates;
    case 'text':
    case 'toggle':
    case 'choice':
    case 'choices':
    case 'list':
      return table.needOther;
  }
}

export function faultsOf(fields: FieldView[], values: FormValues, context: FieldContext): Faults {
  return Object.fromEntries(
    visibleFields(fields, values).flatMap((field) => {
      const fault = faultOf(field, values[field.name], context);
      return fault === null ? [] : [[field.name, fault]];
    }),
  );
}

/** The last day that the form asks about lies beyond the loaded data. */
export function beyondLoaded(task: TaskDetail, values: FormValues, context: FieldContext): boolean {
  const until = task.fresh?.until;
  return until !== undefined && until !== null && visibleFields(task.fields, values).some((field) => endsAfter(field, values[field.name], { until, context }));
}

function endsAfter(field: FieldView, value: AnyValue | undefined, { until, context }: { until: NonNullable<Freshness['until']>; context: FieldContext }): boolean {
  if (field.kind !== 'date' && field.kind !== 'dateRange' && field.kind !== 'month') return false;
  if (value === undefined || faultOf(field, value, context) !== null) return false;
  const kind = fieldKindOf(field.kind);
  const bound = kind.bind(kind.resolve(kind.value.parse(value), context), kind.settings.parse(field.settings), context);
  const end = bound.end?.value;
  // Data "as of" the last second of a day has that day whole.
  return typeof end === 'string' && Date.parse(end) - 1000 > Math.max(Date.parse(until), Date.parse(startOfDay('1970-01-02', context.zone)));
}
