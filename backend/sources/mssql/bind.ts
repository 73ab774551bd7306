import mssql from 'mssql';
import type { ISqlType } from 'mssql';
import { Problem } from '../../../shared/problem.ts';
import type { BoundValue, ScalarType } from '../../../shared/fields/field-kind.ts';
import type { StoredTable } from '../../workbench/workbench.ts';
import type { BoundStep } from '../source.ts';
import { localClock } from './clock-changes.ts';
import { textType, type TextSize } from './column-types.ts';
import { tsqlDialect } from './dialect.ts';
import { readStatement } from './tsql-statement.ts';
import { bracketed, isCode, tokensOf, wordOf, type Token } from './tsql-tokens.ts';

/** One parameter as the driver sends it; `declared` is its T-SQL type. */
export interface ServerParameter {
  name: string;
  type: ISqlType;
  declared: string;
  value: string | number | bigint | boolean | Date;
}

/** A list that travels as a temporary table with one column `value`. */
export interface ListTable {
  name: string;
  declared: string;
  items: string[];
}

/** A step's statement with all that it needs. */
export interface BoundStatement {
  sql: string;
  parameters: ServerParameter[];
  lists: ListTable[];
  /** Earlier steps by the name of their temporary table. */
  steps: Record<string, StoredTable>;
}

/** A request holds 2,100 parameters at most; longer lists also make plans that the server does not use again. */
const mostListParameters = 1_000;
const mostParameters = 2_000;

/** What stands for a value in T-SQL. A list is taken apart when it is bound. */
export function placeholder(name: string, { scalar, value }: BoundValue): string {
  if (Array.isArray(value)) return `(@${name})`;
  return scalar === 'decimal' ? `CAST(@${name} AS ${decimalType([String(value)])})` : `@${name}`;
}

/** A file's step has a point in its name, which would end the name of a schema here. */
export function stepTable(name: string): string {
  return `#${name.replace('.', '$')}`;
}

/** The step as one checked statement with its values. Throws Problem when it is not a single reading statement. */
export function boundStatement({ sql, parameters, steps }: BoundStep, zone: string): BoundStatement {
  readStatement(sql);
  const bound: BoundStatement = { sql: '', parameters: [], lists: [], steps: Object.fromEntries(Object.entries(steps).map(([name, table]) => [stepTable(name), table])) };
  const sent = new Map<string, string>();
  const textOf = (token: Token): string => {
    const name = token.kind === 'variable' ? token.text.slice(1) : '';
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (value === undefined) return token.text;
    const known = sent.get(name) ?? (Array.isArray(value.value) ? boundList(name, value.scalar, value.value, zone, bound) : boundScalar(name, value.scalar, String(value.value), zone, bound));
    sent.set(name, known);
    return known;
  };
  const tokens = tokensOf(sql);
  const end = tokens.findLastIndex((token) => isCode(token) && token.text !== ';');
  bound.sql = tokens.slice(0, end + 1).map(textOf).join('');
  return bound;
}

function boundScalar(name: string, scalar: ScalarType, text: string, zone: string, bound: BoundStatement): string {
  bound.parameters.push({ name, ...typedValue(scalar, text, zone) });
  return `@${name}`;
}

/** What stands inside the brackets of `IN (…)`. */
function boundList(name: string, scalar: ScalarType, items: string[], zone: string, bound: BoundStatement): string {
  const distinct = [...new Set(items)];
  if (distinct.length === 0) return 'SELECT NULL WHERE 1 = 0';
  if (distinct.length > mostListParameters || bound.parameters.length + distinct.length > mostParameters) return listTable(name, scalar, distinct, zone, bound);
  // `$` is in no field's name, so no other parameter is called so.
  return distinct.map((item, at) => castOf(scalar, boundScalar(`${name}$${at + 1}`, scalar, item, zone, bound), distinct)).join(', ');
}

function castOf(scalar: ScalarType, text: string, items: string[]): string {
  return scalar === 'decimal' ? `CAST(${text} AS ${decimalType(items)})` : text;
}

function listTable(name: string, scalar: ScalarType, items: string[], zone: string, bound: BoundStatement): string {
  const table = `#list_${name}`;
  const texts = items.map((item) => listText(scalar, item, zone));
  const whole = scalar === 'integer' || scalar === 'boolean';
  const declared = whole ? (texts.every(fitsInt) ? 'int' : 'bigint') : textType(sizeOf(texts));
  bound.lists.push({ name: table, declared, items: texts });
  const cast = { decimal: decimalType(items), date: 'date', instant: 'datetime2(7)', string: '', integer: '', boolean: '' }[scalar];
  return `SELECT ${cast === '' ? 'value' : `CAST(value AS ${cast})`} FROM ${bracketed(table)}`;
}

function listText(scalar: ScalarType, text: string, zone: string): string {
  check(scalar, text);
  if (scalar === 'boolean') return text === 'true' ? '1' : '0';
  return scalar === 'instant' ? localClock(text, zone) : text;
}

function typedValue(scalar: ScalarType, text: string, zone: string): Omit<ServerParameter, 'name'> {
  check(scalar, text);
  switch (scalar) {
    case 'string':
      return textValue(text);
    case 'decimal':
      // The driver would make it a JavaScript number, so it travels as text and is cast in the query.
      return { type: mssql.VarChar(80), declared: 'varchar(80)', value: text };
    case 'integer':
      return fitsInt(text) ? { type: mssql.Int(), declared: 'int', value: Number(text) } : { type: mssql.BigInt(), declared: 'bigint', value: BigInt(text) };
    case 'boolean':
      return { type: mssql.Bit(), declared: 'bit', value: text === 'true' };
    case 'date':
      return { type: mssql.Date(), declared: 'date', value: new Date(`${text}T00:00:00Z`) };
    case 'instant':
      return clockValue(localClock(text, zone));
  }
}

/**
 * Text as varchar where it is plain ASCII: against a varchar column its index serves, and against an nvarchar column the
 * value is what is converted. As nvarchar, the column of a varchar table would be converted row by row. Other text is
 * nvarchar, because which letters a varchar can hold depends on the column's collation.
 */
function textValue(text: string): Omit<ServerParameter, 'name'> {
  const ascii = isAscii(text);
  const fits = text.length <= (ascii ? 8_000 : 4_000);
  const length = fits ? (ascii ? 8_000 : 4_000) : mssql.MAX;
  return { type: ascii ? mssql.VarChar(length) : mssql.NVarChar(length), declared: `${ascii ? 'varchar' : 'nvarchar'}(${fits ? length : 'max'})`, value: text };
}

/** datetime where it holds the moment exactly: it is raised to any column's type, and never the column to its. */
function clockValue(local: string): Omit<ServerParameter, 'name'> {
  const value = new Date(`${local.replace(' ', 'T')}Z`);
  const exact = local >= '1753' && local.endsWith('.000');
  return exact ? { type: mssql.DateTime(), declared: 'datetime', value } : { type: mssql.DateTime2(7), declared: 'datetime2(7)', value };
}

function fitsInt(text: string): boolean {
  return Math.abs(Number(text)) < 2 ** 31;
}

function isAscii(text: string): boolean {
  return /^[\x01-\x7f]*$/.test(text);
}

export function sizeOf(texts: string[]): TextSize {
  return { bytes: texts.reduce((most, text) => Math.max(most, text.length), 0), ascii: texts.every(isAscii) };
}

function decimalType(items: string[]): string {
  const scale = Math.min(38, Math.max(0, ...items.map((item) => item.split('.')[1]?.length ?? 0)));
  return `decimal(38, ${scale})`;
}

const shapes: Partial<Record<ScalarType, RegExp>> = {
  integer: /^-?\d{1,19}$/,
  decimal: /^-?\d{1,38}(\.\d{1,38})?$/,
  date: /^\d{4}-\d\d-\d\d$/,
  instant: /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?Z$/,
};

function check(scalar: ScalarType, text: string): void {
  const fits = shapes[scalar]?.test(text) ?? true;
  if (fits && (scalar !== 'integer' || BigInt.asIntN(64, BigInt(text)) === BigInt(text))) return;
  throw new Problem('invalid_values', { ru: `Значение «${text.slice(0, 60)}» не подходит к полю.`, en: `The value “${text.slice(0, 60)}” does not fit the field.` });
}

const clauseWords = new Set('ON WHERE GROUP ORDER HAVING UNION EXCEPT INTERSECT JOIN INNER LEFT RIGHT FULL CROSS OUTER OPTION FOR OFFSET WITH PIVOT UNPIVOT TABLESAMPLE WINDOW'.split(' '));

/** The statement with empty tables instead of temporary ones: a description makes none. */
export function describable({ sql, lists, steps }: BoundStatement): string {
  const tokens = tokensOf(sql);
  const parts = tokens.map((token, at) => {
    const list = lists.find(({ name }) => bracketed(name) === token.text);
    if (list !== undefined) return `(SELECT CAST(NULL AS ${list.declared}) AS value WHERE 1 = 0) AS list`;
    const table = token.kind === 'temporary' && isTablePlace(tokens, at) ? steps[token.text] : undefined;
    if (table === undefined) return token.text;
    return `${tsqlDialect.emptyTable(table.columns)}${hasAlias(tokens, at) ? '' : ` AS ${bracketed(token.text)}`}`;
  });
  return parts.join('');
}

/** `#step.column` is not a table, `FROM #step` is. */
function isTablePlace(tokens: Token[], at: number): boolean {
  return tokens[at + 1]?.text !== '.';
}

function hasAlias(tokens: Token[], at: number): boolean {
  const next = tokens.slice(at + 1).find(isCode);
  if (next === undefined) return false;
  if (next.kind === 'name') return true;
  return wordOf(next) === 'AS' || (wordOf(next) !== '' && !clauseWords.has(wordOf(next)));
}
