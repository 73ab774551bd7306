import { fieldKindOf, type FieldValue } from '../../shared/fields/index.ts';
import type { FieldContext } from '../../shared/fields/field-kind.ts';
import type { AnyValue } from '../../shared/form.ts';
import type { LocalText } from '../../shared/language.ts';
import type { Field } from '../catalog/task.ts';
import { missing, unreadable, unseenSigns } from './messages.ts';

export type ReadValue = { state: 'empty' } | { state: 'wrong'; problem: LocalText } | { state: 'filled'; value: FieldValue };

/** What can be said about one value without asking any source. */
export function readValue(field: Field, given: AnyValue | undefined, context: FieldContext): ReadValue {
  if (given === undefined || given === null) return whenEmpty(field);
  const kind = fieldKindOf(field.kind);
  const parsed = kind.value.safeParse(given);
  if (!parsed.success) return { state: 'wrong', problem: unreadable(field) };
  if (field.kind === 'toggle') return { state: 'filled', value: parsed.data };
  if (kind.isEmpty(parsed.data)) return whenEmpty(field);
  const value = kind.resolve(parsed.data, context);
  const problem = kind.check(value, field.settings) ?? (hasUnseenSigns(value) ? unseenSigns : null);
  return problem === null ? { state: 'filled', value } : { state: 'wrong', problem };
}

/** A toggle that was never touched says no, so it is never missing. */
function whenEmpty(field: Field): ReadValue {
  return field.required && field.kind !== 'toggle' ? { state: 'wrong', problem: missing(field) } : { state: 'empty' };
}

/** Signs that no engine agrees on: control characters and halves of characters. */
function hasUnseenSigns(value: FieldValue): boolean {
  const texts: unknown[] = Array.isArray(value) ? value : [value];
  return texts.some((text) => typeof text === 'string' && /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text));
}
