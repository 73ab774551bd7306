import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { CastType } from '../../../shared/cast-type.ts';
import { bareType } from '../../../shared/engine-type.ts';
import type { BoundValue } from '../../../shared/fields/field-kind.ts';
import type { StoredTable, Workbench } from '../../workbench/workbench.ts';
import type { BoundStep } from '../source.ts';

/** A column's type in the words by which an author types a step's columns. */
function wordOf(engineType: string): CastType {
  const type = bareType(engineType);
  if (/^U?Int/.test(type)) return 'integer';
  if (/^(Decimal|Float|BFloat)/.test(type)) return 'decimal';
  if (/^DateTime/.test(type)) return 'datetime';
  if (/^Date/.test(type)) return 'date';
  return type === 'Bool' ? 'boolean' : 'string';
}

/** Numbers as numbers where JSON keeps them exactly. */
function plainValue({ scalar, value }: BoundValue): unknown {
  const one = (text: string): unknown => (scalar === 'integer' && Number.isSafeInteger(Number(text)) ? Number(text) : scalar === 'decimal' && String(Number(text)) === text ? Number(text) : text);
  if (Array.isArray(value)) return value.map(one);
  return typeof value === 'boolean' ? value : one(value);
}

async function writeTable(workbench: Workbench, table: StoredTable, { path, signal }: { path: string; signal: AbortSignal }): Promise<void> {
  const rows = await workbench.stream(table, { format: 'CSVWithNames', settings: { format_csv_null_representation: '' } }, signal);
  await pipeline(rows, createWriteStream(`${path}.csv`, { mode: 0o600 }), { signal });
  const columns = table.columns.map(({ name, engineType }) => ({ name, type: wordOf(engineType) }));
  await writeFile(`${path}.json`, JSON.stringify({ columns, rows: table.rows }, null, 2), { mode: 0o600 });
}

/** Lays out what a script is given: `steps/NAME.csv`, `files/FIELD.csv`, each with its types beside it, and `values.json`. */
export async function writeGivenFiles(workbench: Workbench, { steps, parameters }: BoundStep, { directory, signal }: { directory: string; signal: AbortSignal }): Promise<void> {
  for (const folder of ['steps', 'files', 'tmp']) await mkdir(join(directory, folder), { mode: 0o700 });
  for (const [name, table] of Object.entries(steps)) {
    const path = name.startsWith('file.') ? join('files', name.slice('file.'.length)) : join('steps', name);
    await writeTable(workbench, table, { path: join(directory, path), signal });
  }
  const values = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, plainValue(value)]));
  await writeFile(join(directory, 'values.json'), JSON.stringify(values, null, 2), { mode: 0o600 });
}
