import type { CastType } from '../../shared/cast-type.ts';
import type { LocalText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import type { StoredColumn } from './workbench.ts';

const engineTypes: Record<CastType, string> = {
  string: 'String',
  integer: 'Int64',
  decimal: 'Decimal(38, 12)',
  date: 'Date32',
  datetime: 'DateTime64(3)',
  boolean: 'Bool',
};

/** The engine's type of a cast; one that may be empty unless the column's own type may not. */
export function castEngineType(cast: CastType, engineType?: string): string {
  const isNullable = engineType === undefined || /^(?:LowCardinality\()?Nullable\(/.test(engineType);
  return isNullable ? `Nullable(${engineTypes[cast]})` : engineTypes[cast];
}

const missing = (column: string, columns: StoredColumn[]): LocalText => {
  const names = columns.map(({ name }) => name).join(', ');
  return { ru: `Тип задан столбцу «${column}», а такого столбца нет. Есть: ${names}.`, en: `A type is given to the column “${column}”, which is not there. There are: ${names}.` };
};

/** The columns with the author's types. Throws Problem when one of them is not there. */
export function withCasts(columns: StoredColumn[], casts: Record<string, CastType> = {}): StoredColumn[] {
  const absent = Object.keys(casts).find((name) => !columns.some((column) => column.name === name));
  if (absent !== undefined) throw new Problem('query_failed', missing(absent, columns));
  return columns.map((column) => {
    const cast = Object.hasOwn(casts, column.name) ? casts[column.name] : undefined;
    return cast === undefined ? column : { ...column, engineType: castEngineType(cast, column.engineType) };
  });
}
