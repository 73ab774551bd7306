import { z } from 'zod';
import { optionValue } from '../../shared/fields/choice.ts';
import { lex } from '../template/index.ts';
import { localised } from './shapes.ts';
import type { Fault, SqlOption } from './task.ts';
import { excerpt, items, type YamlValue } from './yaml-value.ts';
import { readKeys } from './yaml-shape.ts';
import { entries } from './yaml-value.ts';

const optionShape = { value: optionValue, label: localised, hint: z.string().optional(), sql: z.string().optional() };

/** Fixed options of a choice. */
export function readOptions(of: YamlValue, faults: Fault[]): SqlOption[] {
  const options: SqlOption[] = [];
  const written = items(of) ?? [];
  if (written.length === 0) faults.push(of.source.fault(of.offset, 'options is empty', 'add { value: …, label: { ru: …, en: … } }'));
  for (const item of written) {
    const { value, label, hint, sql } = readKeys(item, optionShape, 'an option', faults);
    checkSql(item, sql, faults);
    if (value === undefined || label === undefined) continue;
    if (options.some((other) => String(other.value) === String(value))) faults.push(of.source.fault(item.offset, `the option "${value}" is there twice`, 'give each option its own value'));
    options.push({ value, label, ...(hint === undefined ? {} : { hint }), ...(sql === undefined ? {} : { sql: sql.trim() }) });
  }
  const withSql = options.filter(({ sql }) => sql !== undefined).length;
  if (withSql > 0 && withSql < options.length)
    faults.push(of.source.fault(of.offset, `${withSql} of ${options.length} options have sql`, 'give it to all of them, or to none'));
  return options;
}

/** The text of an option goes into the query as it is, so it must end what it begins. */
function checkSql(item: YamlValue, sql: string | undefined, faults: Fault[]): void {
  const place = entries(item)?.find(({ key }) => key === 'sql')?.value;
  if (sql === undefined || place === undefined) return;
  const from = excerpt(place);
  const fault = (offset: number, message: string, advice: string): void => {
    faults.push(item.source.fault(from.offset(offset), message, advice));
  };
  if (sql.trim() === '') fault(0, 'sql of an option is empty', 'write the column or expression that stands for it');
  const tokens = lex(sql);
  for (const { kind, start, closed } of tokens) {
    if (kind === 'comment') fault(start, 'a comment in the sql of an option', 'remove it: it would swallow what follows');
    else if (kind === 'field') fault(start, '{{ in the sql of an option', 'it can name only columns; use a step for what depends on another field');
    else if (kind === 'quoted' && !closed) fault(start, 'this quote is never closed', 'add the closing quote');
    else if (kind === 'mark' && sql.charAt(start) === ';') fault(start, '; in the sql of an option', 'remove it: this is a piece of one query');
  }
  const marks = tokens.filter(({ kind }) => kind === 'mark').map(({ start }) => sql.charAt(start));
  for (const [open, close] of [['(', ')'], ['[', ']']] as const)
    if (marks.filter((mark) => mark === open).length !== marks.filter((mark) => mark === close).length)
      fault(0, `${open} and ${close} in the sql of an option do not match`, 'close what is opened');
}

/** The column that an option's text makes: its alias, or the column itself; `null` when the engine would name it by the whole text. */
export function columnOf(sql: string): string | null {
  const tokens = lex(sql).filter(({ kind }) => kind !== 'space' && kind !== 'comment');
  const texts = tokens.map(({ start, end }) => sql.slice(start, end));
  const last = texts.at(-1) ?? '';
  const name = /^[`"]/.test(last) ? last.slice(1, -1) : last;
  const isPath = texts.every((text, index) => (index % 2 === 0 ? /^[\p{L}_`"]/u.test(text) : text === '.'));
  const isAliased = /^as$/i.test(texts.at(-2) ?? '') && /^[\p{L}_`"]/u.test(last);
  return isPath || isAliased ? name : null;
}
