import { bareType } from './engine-type.ts';
import type { Language } from './language.ts';
import type { ColumnType, ResultColumn } from './result.ts';

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

/** A column's number format in Excel's own (English) notation, the same in the worksheet and in the XLSX file. */
export function numberFormatOf(column: ResultColumn, language: Language): string {
  return formats[column.type](bareType(column.engineType), language);
}

function decimalFormat(engineType: string): string {
  const scale = /^Decimal\(\d+, (\d+)\)$/.exec(engineType)?.[1];
  if (scale === undefined) return '#,##0.00####';
  return scale === '0' ? '#,##0' : `#,##0.${'0'.repeat(Math.min(Number(scale), 10))}`;
}
