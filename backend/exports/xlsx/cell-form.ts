import { isExactType } from '../../../shared/engine-type.ts';
import type { Language } from '../../../shared/language.ts';
import { numberFormatOf } from '../../../shared/number-format.ts';
import type { ColumnType, ResultColumn } from '../../../shared/result.ts';

export type CellKind = 'text' | 'number' | 'date' | 'datetime' | 'flag';

/** How the cells of a column are written. `format` is a number format in Excel's own (English) notation; absent = General. */
export interface CellForm {
  kind: CellKind;
  format: string | null;
  /** Numbers come from decimals or integers, so more than 15 digits would lose some: then they are text. */
  exact: boolean;
}

/** Text in a file stays text without a format; only codes say it, so that what is typed beside them stays text too. */
const withoutFormat: ColumnType[] = ['text', 'link', 'flag'];

export function cellForm(column: ResultColumn, language: Language): CellForm {
  return {
    kind: kinds[column.type],
    format: withoutFormat.includes(column.type) ? null : numberFormatOf(column, language),
    exact: isExactType(column.engineType),
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
