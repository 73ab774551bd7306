import type { Language } from '../../../shared/language.ts';
import type { ColumnType, ResultColumn } from '../../../shared/result.ts';
import { bareType } from '../engine-type.ts';

export type CellKind = 'text' | 'number' | 'date' | 'datetime' | 'flag';

/** How the cells of a column are written. `format` is a number format in Excel's own (English) notation; absent = General. */
export interface CellForm {
  kind: CellKind;
  format: string | null;
  /** Numbers come from decimals or integers, so more than 15 digits would lose some: then they are text. */
  exact: boolean;
}

/** The format that keeps digits as they are. */
export const textFormat = '@';

export function cellForm(column: ResultColumn, language: Language): CellForm {
  const engineType = bareType(column.engineType);
  return {
    kind: kinds[column.type],
    format: formats[column.type](engineType, language),
    exact: !/^(Float|BFloat)/.test(engineType),
  };
}

const kinds: Record<ColumnType, CellKind> = {
  text: 'text',
  code: 'text',
  link: 'text',
  integer: 'number',
  decimal: 'number',
  percent: 'number',
  money: 'number',
  date: 'date',
  datetime: 'datetime',
  flag: 'flag',
};

const formats: Record<ColumnType, (engineType: string, language: Language) => string | null> = {
  text: () => null,
  link: () => null,
  flag: () => null,
  code: () => textFormat,
  // Years and other short numbers stand without a separator of thousands.
  integer: () => '[<10000]0;#,##0',
  decimal: decimalFormat,
  percent: () => '0.0%',
  money: () => '#,##0.00',
  date: (_, language) => dateFormats[language],
  datetime: (engineType, language) => `${dateFormats[language]} hh:mm:ss${/^DateTime64\([1-9]/.test(engineType) ? '.000' : ''}`,
};

const dateFormats: Record<Language, string> = { ru: 'dd.mm.yyyy', en: 'yyyy-mm-dd' };

function decimalFormat(engineType: string): string {
  const scale = /^Decimal\(\d+, (\d+)\)$/.exec(engineType)?.[1];
  if (scale === undefined) return '#,##0.00####';
  return scale === '0' ? '#,##0' : `#,##0.${'0'.repeat(Math.min(Number(scale), 10))}`;
}
