import { sameOption } from '../../shared/fields/choice.ts';
import { fieldKindOf } from '../../shared/fields/index.ts';
import type { AnyValue } from '../../shared/form.ts';
import { relativeWord, relativeWords } from '../../shared/relative-period.ts';
import { suggest } from '../../shared/suggestion.ts';
import type { Field } from './task.ts';
import { shown } from './yaml-shape.ts';

/** Any day does: only values that do not move with the calendar are checked here. */
const context = { zone: 'UTC', today: '2026-01-01' };

export type CheckedValue = { value: AnyValue } | { message: string; advice: string };

/** A value that an analyst wrote for a field: as JSON, or as people write it (`2026-03-01..2026-03-31`). */
export function checkValue(field: Pick<Field, 'kind' | 'settings' | 'options'>, written: unknown): CheckedValue {
  const kind = fieldKindOf(field.kind);
  const direct = kind.value.safeParse(written);
  const text = typeof written === 'string' ? written : undefined;
  const value = direct.success ? direct.data : text === undefined ? undefined : kind.parseText(text, context);
  if (value === undefined) return { message: `${shown(written)} is not a value of kind ${field.kind}`, advice: shapeAdvice(field, text) };
  const unknown = optionsOf(value).find((one) => field.options !== undefined && !field.options.some((option) => sameOption(option.value, one)));
  if (unknown !== undefined) return { message: `${shown(unknown)} is not among the options`, advice: suggest(String(unknown), field.options?.map((option) => String(option.value)) ?? []) };
  const moves = relativeWord.safeParse(value).success;
  const fault = moves ? null : kind.check(kind.resolve(value, context), field.settings);
  return fault === null ? { value } : { message: `${shown(written)} does not pass the field's own settings`, advice: fault.en };
}

function optionsOf(value: unknown): (string | number)[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((one): one is string | number => typeof one === 'string' || typeof one === 'number');
}

function shapeAdvice({ kind }: Pick<Field, 'kind'>, text: string | undefined): string {
  const meant = text === undefined ? '' : suggest(text, [...relativeWords]);
  switch (kind) {
    case 'date':
    case 'month':
    case 'dateRange': {
      const example = { date: '2026-03-01', month: '2026-03', dateRange: '2026-03-01..2026-03-31' }[kind];
      return meant.startsWith('did you mean') ? meant : `write ${example} or one of: ${relativeWords.join(', ')}`;
    }
    case 'number':
      return 'write a number, such as 12 or "12.50"';
    case 'numberRange':
      return 'write { from: 18, until: 45 } or "18..45"';
    case 'toggle':
      return 'write true or false';
    case 'choices':
    case 'list':
      return 'write a list: [a, b]';
    case 'choice':
      return 'write the value of an option';
    case 'cohort':
      return 'write the id of a cohort in quotes, such as "5mjbq8w"';
    case 'file':
      return 'write the path of a file inside the catalog, such as "samples/clients.csv"';
    case 'text':
      return 'write text in quotes';
  }
}
