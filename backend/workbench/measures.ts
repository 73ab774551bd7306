import { quotedName } from './sql-text.ts';
import { rowColumn } from './stored-columns.ts';
import type { StoredColumn, StoredTable, TableMeasures } from './workbench.ts';

const sampledRows = 20_000;
const longInteger = '999999999999999';

/** The query that `readMeasures` reads. Hashes see the row's number, so a change of order changes them. */
export function measureSql(table: StoredTable, from: string): string {
  const hashes = table.columns.map((column) => `lower(leftPad(hex(sum(sipHash64(${rowColumn}, ${hashed(column)}))), 16, '0'))`);
  const long = table.columns.map(({ name, engineType }) => (isInteger(engineType) ? `ifNull(max(${quotedName(name)}) > ${longInteger} OR min(${quotedName(name)}) < -${longInteger}, 0)` : '0'));
  return `SELECT ${bytesOf(table, from)}, [${hashes.join(', ')}], [${long.join(', ')}] FROM ${from}`;
}

/** Text is dear to make: the size comes from some rows, evenly spread. */
function bytesOf(table: StoredTable, from: string): string {
  const every = Math.max(1, Math.ceil(table.rows / sampledRows));
  const row = table.columns.map(({ name }) => `length(toJSONString(${quotedName(name)})) + 1`).join(' + ');
  return `(SELECT toString(toUInt64(sum(${row} + 2) * ${every})) FROM ${from} WHERE ${rowColumn} % ${every} = 0)`;
}

export function readMeasures(table: StoredTable, row: unknown[] | undefined): TableMeasures {
  const [bytes, hashes, long] = (row ?? []) as [string, string[], number[]];
  return {
    bytes: Number(bytes),
    fingerprints: Object.fromEntries(table.columns.map(({ name }, at) => [name, hashes[at] ?? ''])),
    longIntegers: table.columns.filter((_, at) => Number(long[at]) === 1).map(({ name }) => name),
  };
}

/** A tuple around the value: a hash of a bare NULL is NULL, and would not count. */
function hashed({ name, engineType }: StoredColumn): string {
  return /\b(JSON|Dynamic|Variant|Object)\b/.test(engineType) ? `toJSONString(${quotedName(name)})` : `tuple(${quotedName(name)})`;
}

function isInteger(type: string): boolean {
  return /^(LowCardinality\()?(Nullable\()?U?Int(64|128|256)\)*$/.test(type);
}
