import type { AnyValue, FormValues } from '../../shared/form.ts';
import type { Field, Task } from './task.ts';

/** Values with which a query can be tried: what the task's examples or defaults say, else something of the right kind. */
export function sampleValues({ fields, examples }: Pick<Task, 'fields' | 'examples'>): FormValues {
  const written = Object.assign({}, ...examples.map(({ values }) => values)) as FormValues;
  return Object.fromEntries(fields.map((field) => [field.name, allColumns(field) ?? written[field.name] ?? field.default ?? sampleOf(field)]));
}

/** Every option of a field that puts columns into the query, so that all of them are tried. */
function allColumns({ kind, options }: Field): AnyValue | undefined {
  return kind === 'choices' && options?.some(({ sql }) => sql !== undefined) === true ? options.map(({ value }) => value) : undefined;
}

/** The fewest values with which the task can be run: optional and hidden fields empty. */
export function fewestValues(fields: Field[], values: FormValues): FormValues {
  const needed = fields.filter(({ required, visibleWhen }) => required && visibleWhen === undefined);
  return Object.fromEntries(needed.map(({ name }) => [name, values[name] ?? null]));
}

function sampleOf({ kind, options, settings }: Field): AnyValue {
  const option = options?.[0]?.value ?? { integer: 1, decimal: '1.5', date: '2026-01-15' }[String(settings.scalar)] ?? 'sample';
  switch (kind) {
    case 'text':
    case 'cohort':
      return '5mjbq8w';
    case 'file':
      return 'sample';
    case 'number':
      return sampleNumber(settings, 1);
    case 'numberRange':
      return { from: sampleNumber(settings, 1), until: typeof settings.max === 'number' ? settings.max : sampleNumber(settings, 2) };
    case 'toggle':
      return true;
    case 'date':
      return '2026-01-15';
    case 'month':
      return '2026-01';
    case 'dateRange':
      return { from: '2026-01-01', until: '2026-02-01' };
    case 'choice':
      return option;
    case 'choices':
    case 'list':
      return [kind === 'list' ? String(option) : option];
  }
}

function sampleNumber({ min }: Record<string, unknown>, otherwise: number): number {
  return typeof min === 'number' ? min : otherwise;
}
