import { z } from 'zod';
import { localText } from '../language.ts';
import { fieldKind, type BoundValue, type ScalarType } from './field-kind.ts';

/** What an option stands for in JSON. Wide integers are text. */
export const optionValue = z.union([z.string(), z.number()]);
export type OptionValue = z.infer<typeof optionValue>;

/** One entry of a choice. `hint` is a second line, such as a date and a text. */
export const option = z.strictObject({ value: optionValue, label: localText, hint: z.string().optional() });
export type Option = z.infer<typeof option>;

/** How values of a choice are bound: the type of the options' column, or of the fixed options. */
export const choiceSettings = z.object({ scalar: z.enum(['string', 'integer', 'decimal', 'date']).default('string') });

/** Two values are the same option when they are written the same: 12 and "12" are. */
export function sameOption(one: OptionValue, other: OptionValue): boolean {
  return String(one) === String(other);
}

export function boundOption(value: OptionValue, scalar: ScalarType): BoundValue {
  return { scalar, value: String(value) };
}

/** One of the options. Whether the value is among them is checked where the options are known. */
export const choice = fieldKind({
  kind: 'choice',
  settings: choiceSettings,
  value: optionValue,
  parts: [''],
  parseText: (written) => written.trim(),
  isEmpty: (value) => value === '',
  resolve: (value) => value,
  check: () => null,
  describe: (value) => String(value),
  bind: (value, { scalar }) => ({ '': boundOption(value, scalar) }),
});
