import { choice } from './choice.ts';
import { choices } from './choices.ts';
import { cohort } from './cohort.ts';
import { date } from './date.ts';
import { dateRange } from './date-range.ts';
import { file } from './file.ts';
import { list } from './list.ts';
import { month } from './month.ts';
import { number } from './number.ts';
import { numberRange } from './number-range.ts';
import { text } from './text.ts';
import { toggle } from './toggle.ts';
import type { BoundParts, FieldContext, FieldKind } from './field-kind.ts';
import type { Language, LocalText } from '../language.ts';
import type { z } from 'zod';

/** Every kind of field. A new kind is one file, one line here, one widget in the pane, one test. */
export const fieldKinds = { text, number, numberRange, toggle, date, month, dateRange, choice, choices, list, cohort, file };

export type FieldKindName = keyof typeof fieldKinds;
export type ValueOf<K extends FieldKindName> = z.infer<(typeof fieldKinds)[K]['value']>;
export type SettingsOf<K extends FieldKindName> = z.infer<(typeof fieldKinds)[K]['settings']>;
export type FieldValue = { [K in FieldKindName]: ValueOf<K> }[FieldKindName];

/**
 * A kind with its value's type forgotten, for code that treats all fields alike. Safe because a value reaches the other
 * methods only after `value.safeParse` of the same kind, and settings only after `settings.parse`.
 */
export type AnyFieldKind = FieldKind<FieldKindName, FieldValue, Record<string, unknown>>;

export function fieldKindOf(name: FieldKindName): AnyFieldKind {
  return fieldKinds[name] as unknown as AnyFieldKind;
}

export type { BoundParts, FieldContext, Language, LocalText };
