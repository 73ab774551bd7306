import { fieldKindOf } from '../../shared/fields/index.ts';
import { anyValue, type AnyValue } from '../../shared/form.ts';
import { addDays, isoDate } from '../../shared/relative-period.ts';
import type { Field, TemplateQuery } from '../catalog/task.ts';
import type { FormReader, ReadRequest, ReadRows } from './form-reader.ts';

/**
 * The value that a query gives a field to open with. Periods: columns `from` and `until` (the first day after), or one
 * column, the first day after, with the year before it. Other kinds: the first column. `undefined` where the query found nothing.
 */
export async function queriedDefault(reader: FormReader, field: Field & { defaultQuery: TemplateQuery }, request: ReadRequest): Promise<AnyValue | undefined> {
  const read = await reader.firstRows(field.defaultQuery, 1, request);
  const kind = fieldKindOf(field.kind);
  const value = kind.value.safeParse(field.kind === 'dateRange' ? periodFrom(read) : plainFrom(field, read));
  if (!value.success || kind.check(kind.resolve(value.data, request.context), field.settings) !== null) return undefined;
  return anyValue.parse(value.data);
}

function periodFrom({ columns, rows }: ReadRows): unknown {
  const row = rows[0];
  if (row === undefined) return undefined;
  const place = (name: string) => columns.findIndex((column) => column.name === name);
  const day = (at: number) => isoDate.safeParse(String(row[at] ?? '').slice(0, 10)).data;
  const until = day(place('until') < 0 && place('from') < 0 ? 0 : place('until'));
  if (until === undefined) return undefined;
  const from = day(place('from')) ?? addDays(until, -365);
  return from < until ? { from, until } : undefined;
}

function plainFrom(field: Field, { rows }: ReadRows): unknown {
  const value = rows[0]?.[0];
  if (value === null || value === undefined) return undefined;
  if (field.kind === 'date') return String(value).slice(0, 10);
  if (field.kind === 'month') return String(value).slice(0, 7);
  if (field.kind === 'text') return String(value);
  if (field.kind === 'list' || field.kind === 'choices') return rows.map((row) => String(row[0]));
  return value;
}
