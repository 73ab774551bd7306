import { quotedName } from './sql-text.ts';
import type { StoredColumn, StoredTable, TableMeasures } from './workbench.ts';

const sampledRows = 20_000;
const longInteger = '999999999999999';

/** The SELECT list that `readMeasures` reads. Hashes see the row's number, so a change of order changes them. */
export function measureExpressions(table: StoredTable): string {
  const every = Math.max(1, Math.ceil(table.rows / sampledRows));
  const names = table.columns.map(({ name }) => quotedName(name));
  const texts = names.map((name) => `length(toJSONString(${name})) + 1`);
  const bytes = `toString(toUInt64(sumIf(${texts.join(' + ')} + 2, _row % ${every} = 0) * ${every}))`;
  const hashes = table.columns.map((column) => `lower(leftPad(hex(sum(sipHash64(_row, ${hashed(column)}))), 16, '0'))`);
  const long = table.columns.map(({ name, engineType }) => (isInteger(engineType) ? `ifNull(max(${quotedName(name)}) > ${longInteger} OR min(${quotedName(name)}) < -${longInteger}, 0)` : '0'));
  return [bytes, `[${hashes.join(', ')}]`, `[${long.join(', ')}]`].join(', ');
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
