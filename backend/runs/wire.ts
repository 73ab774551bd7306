import { bareType } from '../../shared/engine-type.ts';
import type { ResultColumn } from '../../shared/result.ts';

/** A column name as ClickHouse quotes it. */
export function quoteName(name: string): string {
  return `\`${name.replace(/\\/g, '\\\\').replace(/`/g, '\\`')}\``;
}

function quoteText(text: string): string {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
}

/** An expression that gives a column the engine type that its meaning asks for, if it has another. */
function typed({ name, type, engineType }: ResultColumn, timeZone: string): { expression: string; engineType: string } | undefined {
  const column = quoteName(name);
  const inner = bareType(engineType);
  const nullable = /Nullable\(/.test(engineType) ? (one: string) => `Nullable(${one})` : (one: string) => one;
  const isMoment = /^DateTime/.test(inner);
  if (type === 'datetime' && isMoment) {
    const scale = /^DateTime64\((\d+)/.exec(inner)?.[1];
    return { expression: `toTimeZone(${column}, ${quoteText(timeZone)})`, engineType: nullable(scale === undefined ? `DateTime('${timeZone}')` : `DateTime64(${scale}, '${timeZone}')`) };
  }
  if (type === 'datetime' && /^Date/.test(inner)) return { expression: `toDateTime64(${column}, 0, ${quoteText(timeZone)})`, engineType: nullable(`DateTime64(0, '${timeZone}')`) };
  if (type === 'date' && isMoment) return { expression: `toDate32(toTimeZone(${column}, ${quoteText(timeZone)}))`, engineType: nullable('Date32') };
  if (type === 'flag' && inner !== 'Bool') return { expression: `CAST(${column}, '${nullable('Bool')}')`, engineType: nullable('Bool') };
  return undefined;
}

/**
 * Columns with engine types as their meaning asks for: moments in the company's zone, dates without a time, flags as
 * Bool; and the expressions that make them so.
 */
export function typedColumns(columns: ResultColumn[], timeZone: string): { columns: ResultColumn[]; replace: { expression: string; name: string }[] } {
  const changed = columns.map((column) => ({ column, as: typed(column, timeZone) }));
  return {
    columns: changed.map(({ column, as }) => (as === undefined ? column : { ...column, engineType: as.engineType })),
    replace: changed.flatMap(({ column, as }) => (as === undefined ? [] : [{ name: column.name, expression: as.expression }])),
  };
}

function wireExpression({ name, type, engineType }: ResultColumn): string {
  const column = quoteName(name);
  const inner = bareType(engineType);
  if (inner === 'Bool' && type === 'flag') return column;
  const isNumber = /^(U?Int(8|16|32|64|128|256)|Decimal.*|Float.*|BFloat.*)$/.test(inner) && !['code', 'text', 'link'].includes(type);
  return isNumber || /^(String|FixedString.*)$/.test(inner) ? column : `toString(${column})`;
}

/** How rows are read as `Cell` values (shared/result.ts): local times in the company's zone, codes as text, nothing rounded. */
export function wireSelect(columns: ResultColumn[], timeZone: string): { select: { expression: string; name: string }[]; replace: { expression: string; name: string }[] } {
  const as = typedColumns(columns, timeZone);
  return { select: as.columns.map((column) => ({ expression: wireExpression(column), name: column.name })), replace: as.replace };
}
