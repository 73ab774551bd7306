import type { Field, TemplateQuery } from '../catalog/task.ts';
import type { FormReader, ReadRequest } from './form-reader.ts';

/**
 * Entries of a list that its `known` query does not return, in the order of the list. The engine looks for those that
 * were entered; what it knows is never fetched whole.
 */
export async function unknownEntries(reader: FormReader, field: Field & { known: TemplateQuery }, entries: string[], request: ReadRequest): Promise<string[]> {
  const column = (await reader.columns(field.known, request))[0];
  if (column === undefined || entries.length === 0) return entries;
  const isNumber = /int/i.test(column.engineType);
  const written = (entry: string) => (isNumber && /^-?\d{1,18}$/.test(entry) ? BigInt(entry).toString() : entry);
  const askable = isNumber ? entries.filter((entry) => /^-?\d{1,18}$/.test(entry)) : entries;
  const wanted = { scalar: isNumber ? ('integer' as const) : ('string' as const), value: [...new Set(askable.map(written))] };
  const { rows } = wanted.value.length === 0 ? { rows: [] } : await reader.knownRows(field.known, column.name, wanted, request);
  const known = new Set(rows.map((row) => String(row[0])));
  return entries.filter((entry) => !known.has(written(entry)));
}
