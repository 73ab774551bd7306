import type { BoundParts, FieldContext } from '../../shared/fields/field-kind.ts';
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
    case 'cohort':
    case 'file':
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

/** Whether a period of the form lies, in part or whole, beyond the loaded data; `future`: it begins after today. */
export function beyondLoaded(task: TaskDetail, values: FormValues, context: FieldContext): 'no' | 'partly' | 'future' {
  const until = task.fresh?.until;
  if (until === undefined || until === null) return 'no';
  const late = visibleFields(task.fields, values).filter((field) => endsAfter(field, values[field.name], { until, context }));
  if (late.length === 0) return 'no';
  return late.some((field) => beginsAfterToday(field, values[field.name], context)) ? 'future' : 'partly';
}

function beginsAfterToday(field: FieldView, value: AnyValue | undefined, context: FieldContext): boolean {
  const bound = boundPeriod(field, value, context);
  const begin = (bound?.from ?? bound?.[''])?.value;
  return typeof begin === 'string' && begin > context.today;
}

function endsAfter(field: FieldView, value: AnyValue | undefined, { until, context }: { until: NonNullable<Freshness['until']>; context: FieldContext }): boolean {
  const end = boundPeriod(field, value, context)?.end?.value;
  // Data "as of" the last second of a day has that day whole.
  return typeof end === 'string' && Date.parse(end) - 1000 > Math.max(Date.parse(until), Date.parse(startOfDay('1970-01-02', context.zone)));
}

/** A filled-in day, month or period as it would be bound. */
function boundPeriod(field: FieldView, value: AnyValue | undefined, context: FieldContext): BoundParts | undefined {
  if (field.kind !== 'date' && field.kind !== 'dateRange' && field.kind !== 'month') return undefined;
  if (value === undefined || faultOf(field, value, context) !== null) return undefined;
  const kind = fieldKindOf(field.kind);
  return kind.bind(kind.resolve(kind.value.parse(value), context), kind.settings.parse(field.settings), context);
}
