import { z } from 'zod';
import { localText, type LocalText } from '../language.ts';
import { fieldKind } from './field-kind.ts';

/** What a column of a person's file can be read as. A `code` is digits that are a name: cards, phones. */
export const fileColumnTypes = ['text', 'code', 'integer', 'decimal', 'date', 'datetime'] as const;
export type FileColumnType = (typeof fileColumnTypes)[number];

const columnType = z.enum(fileColumnTypes);
const declared = z.union([columnType, z.strictObject({ type: columnType, title: localText })], { error: `write a type (${fileColumnTypes.join(', ')}) or { type: …, title: { ru: …, en: … } }` });

const settings = z.object({
  /** The columns that queries read: by name, or by a title that people write in their files. */
  columns: z
    .record(z.string(), declared)
    .refine((columns) => Object.keys(columns).every((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)), 'use latin letters, digits and _ for the names; what people write in their files goes into title: { ru: …, en: … }')
    .refine((columns) => Object.keys(columns).length > 0, 'name at least one column'),
  /** Whether the file's other columns are in the table too, under their own names. */
  otherColumns: z.boolean().default(false),
});

/** One column that an analyst asks of a file. */
export interface DeclaredColumn {
  name: string;
  type: FileColumnType;
  title: LocalText | undefined;
}

export function declaredColumns(columns: z.infer<typeof settings>['columns']): DeclaredColumn[] {
  return Object.entries(columns).map(([name, column]) => (typeof column === 'string' ? { name, type: column, title: undefined } : { name, type: column.type, title: column.title }));
}

const engineTypes: Record<FileColumnType, string> = {
  text: 'String',
  code: 'String',
  integer: 'Nullable(Int64)',
  decimal: 'Nullable(Decimal(38, 12))',
  date: 'Nullable(Date32)',
  datetime: 'Nullable(DateTime64(3))',
};

/** The table that a file of a field with these settings makes, as far as its analyst has declared it. */
export function fileTable(of: Record<string, unknown>): { name: string; engineType: string }[] {
  return declaredColumns(settings.parse(of).columns).map(({ name, type }) => ({ name, engineType: engineTypes[type] }));
}

/** Headings are compared as people write them: case, ё, blanks and underscores do not matter. */
export function sameHeading(one: string, other: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replaceAll('ё', 'е').replace(/[\s\u00a0_]+/g, '');
  return plain(one) === plain(other);
}

/** The step as which a field's file is read: no step of an analyst's can be called so. */
export function fileStep(field: string): string {
  return `file.${field}`;
}

/** A file that a person gives: its value is the id of the upload; in a query it stands for a table. */
export const file = fieldKind({
  kind: 'file',
  settings,
  value: z.string(),
  parts: [''],
  parseText: (written) => (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(written.trim()) ? written.trim() : undefined),
  isEmpty: (value) => value === '',
  resolve: (value) => value,
  check: () => null,
  describe: (value) => value,
  bind: () => ({}),
});
