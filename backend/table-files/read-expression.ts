import type { CastType } from '../../shared/cast-type.ts';
import type { FileColumnType } from '../../shared/fields/file.ts';
import type { DecimalForm } from './column-facts.ts';

/** The day of a text that begins with `2026-03-01` or `1.3.2026`, the ISO way. */
function isoDay(text: string): string {
  const day = `substringIndex(substringIndex(${text}, ' ', 1), ',', 1)`;
  const part = (at: number, length: number): string => `leftPad(splitByChar('.', ${day})[${at}], ${length}, '0')`;
  return `if(position(${text}, '.') BETWEEN 2 AND 3, concat(${part(3, 4)}, '-', ${part(2, 2)}, '-', ${part(1, 2)}), substring(${text}, 1, 10))`;
}

/** The time after a dotted or ISO day, empty when there is none. */
function timeOf(text: string): string {
  return `if(position(${text}, '.') BETWEEN 2 AND 3, if(position(${text}, ' ') = 0, '', leftPad(substringIndex(${text}, ' ', -1), if(length(substringIndex(${text}, ' ', -1)) > 5, 8, 5), '0')), substring(${text}, 12))`;
}

/** ClickHouse that reads a person's text as a type; blank is NULL except for text. The column was found to fit. */
export function fileExpression(text: string, type: FileColumnType, decimals: DecimalForm): string {
  switch (type) {
    case 'text':
    case 'code':
      return text;
    case 'integer':
      return `toInt64OrNull(replaceRegexpAll(${text}, '[^0-9-]', ''))`;
    case 'decimal':
      return `toDecimal128OrNull(${decimals === 'comma' ? `replaceOne(replaceRegexpAll(${text}, '[^0-9,-]', ''), ',', '.')` : `replaceRegexpAll(${text}, '[^0-9.-]', '')`}, 12)`;
    case 'date':
      return `toDate32OrNull(${isoDay(text)})`;
    case 'datetime':
      return `parseDateTime64BestEffortOrNull(nullIf(trimRight(concat(${isoDay(text)}, ' ', ${timeOf(text)})), ''), 3)`;
  }
}

/** ClickHouse that reads what a program wrote; `exact` for decimals that are no binary fractions. */
export function programExpression(text: string, type: CastType, exact = false): string {
  switch (type) {
    case 'string':
      return text;
    case 'integer':
      return `toInt64OrNull(${text})`;
    case 'decimal':
      return exact ? `toDecimal128OrNull(${text}, 12)` : `toFloat64OrNull(${text})`;
    case 'boolean':
      return `CAST(if(${text} = '', NULL, lower(${text}) = 'true'), 'Nullable(Bool)')`;
    case 'date':
      return `toDate32OrNull(substring(${text}, 1, 10))`;
    case 'datetime':
      return `parseDateTime64BestEffortOrNull(nullIf(${text}, ''), 3)`;
  }
}
