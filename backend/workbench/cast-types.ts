import type { CastType } from '../../shared/cast-type.ts';
import type { LocalText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import { EngineError } from './engine-problem.ts';
import { quotedName } from './sql-text.ts';
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

/** Text of each type that stands in for an empty value while the others are read. */
const examples: Record<CastType, string> = { string: '', integer: '0', decimal: '0', date: '2000-01-01', datetime: '2000-01-01 00:00:00', boolean: 'false' };

/** What the engine alone would turn into another value: text of a nullable column that can't be read into NULL, too large or broken numbers into other whole ones. */
function exactly({ name, engineType }: StoredColumn, cast: CastType): string | undefined {
  const column = quotedName(name);
  if (cast === 'date' && /^(LowCardinality\()?(Nullable\()?String/.test(engineType)) return exactDay(column);
  if (cast !== 'string' && /^(LowCardinality\()?Nullable\(String/.test(engineType)) {
    const text = `nullIf(CAST(${column}, 'Nullable(String)'), '')`;
    return `if(isNull(${text}), NULL, accurateCast(ifNull(${text}, '${examples[cast]}'), '${engineTypes[cast]}'))`;
  }
  return cast === 'integer' ? `accurateCast(${column}, '${castEngineType(cast, engineType)}')` : undefined;
}

/** The engine reads 30 February as 2 March and years before 1900 as 1900: a day must be written as it was given. */
function exactDay(column: string): string {
  const text = `nullIf(CAST(${column}, 'Nullable(String)'), '')`;
  const given = `ifNull(${text}, '${examples.date}')`;
  const day = `accurateCast(${given}, '${engineTypes.date}')`;
  return `if(isNull(${text}) OR throwIf(toString(${day}) != substring(${given}, 1, 10)), NULL, ${day})`;
}

/** All columns, where a value that does not fit the author's type is an error. A column of a repeated name is left to the engine. */
export function exactSelection(columns: StoredColumn[], casts: Record<string, CastType> = {}): string {
  const replaced = columns.flatMap((column) => {
    const cast = Object.hasOwn(casts, column.name) ? casts[column.name] : undefined;
    const isAlone = columns.filter(({ name }) => name === column.name).length === 1;
    const read = cast === undefined || !isAlone ? undefined : exactly(column, cast);
    return read === undefined ? [] : [`${read} AS ${quotedName(column.name)}`];
  });
  return replaced.length === 0 ? '*' : `* REPLACE (${replaced.join(', ')})`;
}

/** Codes of values that cannot be read as a type. */
const unreadable = new Set([6, 27, 38, 41, 53, 69, 70, 72, 349, 395, 407, 439, 467]);

/** An error of a step whose author has given types, in words about those. */
export function castProblem(error: unknown, casts: Record<string, CastType> = {}): unknown {
  const given = Object.entries(casts).map(([name, cast]) => `${name}: ${cast}`).join(', ');
  if (given === '' || !(error instanceof Problem) || error.code !== 'query_failed' || !(error.cause instanceof EngineError) || !unreadable.has(error.cause.code)) return error;
  return new Problem('query_failed', {
    ru: `Не каждое значение читается как тип, заданный в строке шага (${given}): ошибка ClickHouse ${error.cause.codeName || error.cause.code}. Задайте другой тип или приведите значения в запросе, например toInt64OrNull(…).`,
    en: `Not every value can be read as the type given in the step's line (${given}): ClickHouse error ${error.cause.codeName || error.cause.code}. Give another type, or convert the values in the query, for example by toInt64OrNull(…).`,
  }, { cause: error.cause });
}
