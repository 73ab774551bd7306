import { z } from 'zod';
import { fieldKindNames } from '../../shared/form.ts';
import { fieldKindOf, type FieldKindName } from '../../shared/fields/index.ts';
import { localised } from './shapes.ts';

/** Keys that every field may have. */
export const commonKeys = {
  use: z.string().optional(),
  kind: z.enum(fieldKindNames),
  label: localised,
  help: localised.optional(),
  placeholder: localised.optional(),
  required: z.boolean().optional(),
  default: z.unknown(),
  visibleWhen: z
    .strictObject({
      field: z.string(),
      is: z
        .union([z.array(z.union([z.string(), z.number(), z.boolean()])).min(1), z.string(), z.number(), z.boolean()], { error: 'write a value or a list of values' })
        .transform((is) => [is].flat()),
    })
    .optional(),
};

/** Keys that a kind has besides the common ones, with what each holds. */
export function settingsOf(kind: FieldKindName): Record<string, z.ZodType> {
  const { settings } = fieldKindOf(kind);
  return settings instanceof z.ZodObject ? (settings.shape as Record<string, z.ZodType>) : {};
}

/** Keys that hold queries or options; read by their own code. */
export function sourceKeysOf(kind: FieldKindName): string[] {
  if (kind === 'choice' || kind === 'choices') return ['options'];
  return kind === 'list' ? ['known'] : [];
}
