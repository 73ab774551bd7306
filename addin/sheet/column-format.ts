import type { Language } from '../../shared/language.ts';
import type { ColumnType, ResultColumn } from '../../shared/result.ts';

/** Digits and letters stay exactly as they are, and nothing becomes a formula. */
export const textFormat = '@';

const dateFormats: Record<Language, string> = { ru: 'dd.mm.yyyy', en: 'yyyy-mm-dd' };

const formats: Record<ColumnType, (engineType: string, language: Language) => string> = {
  text: () => textFormat,
  code: () => textFormat,
  link: () => textFormat,
  flag: () => 'General',
  // Years and other short numbers stand without a separator of thousands.
  integer: () => '[<10000]0;#,##0',
  decimal: decimalFormat,
  percent: () => '0.0%',
  money: () => '#,##0.00',
  date: (_engineType, language) => dateFormats[language],
  datetime: (engineType, language) => `${dateFormats[language]} hh:mm:ss${/^DateTime64\([1-9]/.test(engineType) ? '.000' : ''}`,
};

/** A column's number format, in the English notation that Excel's API takes; the same as in our XLSX files. */
export function numberFormatOf(column: ResultColumn, language: Language): string {
  return formats[column.type](bareType(column.engineType), language);
}

/** Whether the column comes from exact decimals or integers, whose digits must not be lost. */
export function isExact(column: ResultColumn): boolean {
  return !/^(Float|BFloat)/.test(bareType(column.engineType));
}

function bareType(engineType: string): string {
  const inner = /^(?:LowCardinality|Nullable)\((.*)\)$/.exec(engineType)?.[1];
  return inner === undefined ? engineType : bareType(inner);
}

function decimalFormat(engineType: string): string {
  const scale = /^Decimal\(\d+, (\d+)\)$/.exec(engineType)?.[1];
  if (scale === undefined) return '#,##0.00####';
  return scale === '0' ? '#,##0' : `#,##0.${'0'.repeat(Math.min(Number(scale), 10))}`;
}
