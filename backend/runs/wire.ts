import type { ResultColumn } from '../../shared/result.ts';
import { innerType } from './result-columns.ts';

/** A column name as ClickHouse quotes it. */
export function quoteName(name: string): string {
  return `\`${name.replace(/\\/g, '\\\\').replace(/`/g, '\\`')}\``;
}

function quoteText(text: string): string {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
}

function wireExpression({ name, type, engineType }: ResultColumn, timeZone: string): string {
  const column = quoteName(name);
  const inner = innerType(engineType);
  if (type === 'datetime') return /^DateTime/.test(inner) ? `toString(toTimeZone(${column}, ${quoteText(timeZone)}))` : `concat(toString(${column}), ' 00:00:00')`;
  if (type === 'date') return /^DateTime/.test(inner) ? `toString(toDate32(toTimeZone(${column}, ${quoteText(timeZone)})))` : `toString(${column})`;
  if (type === 'flag') return `CAST(${column}, 'Nullable(Bool)')`;
  const asItIs = /^(U?Int(8|16|32|64|128|256)|Decimal.*|Float.*|BFloat.*)$/.test(inner) && type !== 'code' && type !== 'text' && type !== 'link';
  return asItIs || /^(String|FixedString.*)$/.test(inner) ? column : `toString(${column})`;
}

/** The columns as `Cell` values (shared/result.ts) travel: local times in the company's zone, codes as text, nothing rounded. */
export function wireSelect(columns: ResultColumn[], timeZone: string): { expression: string; name: string }[] {
  return columns.map((column) => ({ expression: wireExpression(column, timeZone), name: column.name }));
}
