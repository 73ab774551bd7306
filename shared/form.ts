import { z } from 'zod';
import { option } from './fields/choice.ts';
import { cohortAnswer } from './fields/cohort.ts';
import { fieldKinds, type FieldKindName } from './fields/index.ts';
import { localText } from './language.ts';

export const fieldKindNames = Object.keys(fieldKinds) as [FieldKindName, ...FieldKindName[]];

/** Shown only while another field has one of these values; hidden means empty, on the server too. */
export const visibleWhen = z.strictObject({ field: z.string(), is: z.array(z.union([z.string(), z.number(), z.boolean()])) });

/** JSON of any field value; its kind says more. `null` and absence both mean empty. */
export const anyValue = z.json();
export type AnyValue = z.infer<typeof anyValue>;

/** Values of a form by field name, as they travel and as they are recorded. */
export const formValues = z.record(z.string(), anyValue);
export type FormValues = z.infer<typeof formValues>;

/** One field as the pane draws it. The analyst's SQL never leaves the server. */
export const fieldView = z.strictObject({
  name: z.string(),
  kind: z.enum(fieldKindNames),
  label: localText,
  help: localText.optional(),
  placeholder: localText.optional(),
  required: z.boolean(),
  /** As the form opens: a value or a relative word; absent means empty. */
  default: anyValue.optional(),
  visibleWhen: visibleWhen.optional(),
  /** The kind's own settings (`min`, `maxLength`, …), already checked by it. */
  settings: z.record(z.string(), z.json()),
  /** Fixed options; absent when they come from a query. */
  options: z.array(option).optional(),
  /** True when options come from a query: ask `POST /api/tasks/:id/options/:field`. */
  optionsFromQuery: z.boolean(),
  /** True when the form opens with a value that a query gives: the same call answers it as `default`. */
  defaultFromQuery: z.boolean().optional(),
  /** Fields whose values the options depend on; a change there clears and reloads this one. */
  dependsOn: z.array(z.string()),
});
export type FieldView = z.infer<typeof fieldView>;

export const optionsRequest = z.strictObject({ search: z.string().max(200).optional(), values: formValues });

/** For a field of kind `cohort`, `cohorts` instead of options. At most 100 options; `more` says that a narrower search would find others. `default` is for a field with `defaultFromQuery`. */
export const optionsAnswer = z.strictObject({ options: z.array(option), more: z.boolean(), default: anyValue.optional(), cohorts: cohortAnswer.optional() });
export type OptionsAnswer = z.infer<typeof optionsAnswer>;
