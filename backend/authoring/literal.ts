import { isoDate } from '../../shared/relative-period.ts';
import type { Code, Statement } from './statement.ts';

/** A value that stands in a query as it is. */
export interface Literal {
  start: number;
  end: number;
  /** The token after it. */
  next: number;
  kind: 'day' | 'moment' | 'number' | 'text';
  /** What is meant: text without quotes, days and moments as `2026-10-01` and `2026-10-01 12:30:00`. */
  value: string;
  /** The query itself says that it is a moment: `toDateTime('2026-10-01')`. */
  isCastToMoment: boolean;
}

const castCalls = /^(todate|todate32|todatetime|todatetime64|parsedatetimebesteffort|date|timestamp)$/i;
const momentCasts = /time/i;
const continues = /^(\+|-|\*|\/|%|\||\.|\[|\()$/;
const dateColumn = /date|day|period|time|[_ ](on|at|dt)$/i;

/** Reads the literal that begins at a token, with the conversion around it; `null` when there is none or it is part of a longer expression. */
export function readLiteral(statement: Statement, index: number, column: string): Literal | null {
  const found = bare(statement, index, column) ?? typed(statement, index, column) ?? called(statement, index, column);
  if (found === null) return null;
  const suffixed = withSuffix(statement, found);
  return continues.test(statement.text(suffixed.next)) ? null : suffixed;
}

function bare({ code }: Statement, index: number, column: string): Literal | null {
  const [first, second] = [code[index], code[index + 1]];
  if (first === undefined) return null;
  if (first.text.startsWith("'")) return ofText(first.text, { start: first.start, end: first.end, next: index + 1 }, column);
  if (/^n$/i.test(first.text) && second?.start === first.end && second.text.startsWith("'")) return ofText(second.text, { start: first.start, end: second.end, next: index + 2 }, column);
  const signed = first.text === '-' ? 1 : 0;
  const whole = code[index + signed];
  if (whole === undefined || !/^\d+$/.test(whole.text)) return null;
  const [point, fraction] = [code[index + signed + 1], code[index + signed + 2]];
  const isDecimal = point?.text === '.' && point.start === whole.end && fraction !== undefined && /^\d+$/.test(fraction.text);
  const last = isDecimal ? fraction : whole;
  const value = `${signed === 1 ? '-' : ''}${whole.text}${isDecimal ? `.${fraction.text}` : ''}`;
  return { start: first.start, end: last.end, next: index + signed + (isDecimal ? 3 : 1), kind: 'number', value, isCastToMoment: false };
}

/** `DATE '2026-10-01'`. */
function typed({ code }: Statement, index: number, column: string): Literal | null {
  const [word, quoted] = [code[index], code[index + 1]];
  if (word === undefined || quoted === undefined || !/^(date|timestamp)$/i.test(word.text) || !quoted.text.startsWith("'")) return null;
  return { ...ofText(quoted.text, { start: word.start, end: quoted.end, next: index + 2 }, column), isCastToMoment: momentCasts.test(word.text) };
}

/** `toDate('2026-10-01')`, `CAST('2026-10-01' AS date)`, `CONVERT(date, '2026-10-01')`: one quoted day or moment inside. */
function called(statement: Statement, index: number, column: string): Literal | null {
  const word = statement.code[index];
  const close = statement.partner(index + 1);
  if (word === undefined || word.kind !== 'word' || statement.text(index + 1) !== '(' || close === undefined) return null;
  const inside = statement.code.slice(index + 2, close);
  const quoted = inside.filter(({ kind }) => kind === 'quoted');
  const isCast = /^(cast|convert|try_cast|try_convert)$/i.test(word.text) && inside.some(({ text }) => /^(date|datetime|datetime2|timestamp|date32|datetime64)$/i.test(text));
  const [only] = quoted;
  if (only === undefined || quoted.length > 1 || inside.some(({ text }) => text === '(' || continues.test(text)) || !(castCalls.test(word.text) || isCast)) return null;
  const end = statement.code[close] as Code;
  const literal = ofText(only.text, { start: word.start, end: end.end, next: close + 1 }, `${column}_date`);
  const saysMoment = momentCasts.test(word.text) || inside.some(({ kind, text }) => kind === 'word' && momentCasts.test(text));
  return literal.kind === 'text' ? null : { ...literal, isCastToMoment: saysMoment };
}

/** `'2026-10-01'::date`. */
function withSuffix({ code }: Statement, literal: Literal): Literal {
  const [one, two, type] = [code[literal.next], code[literal.next + 1], code[literal.next + 2]];
  if (one?.text !== ':' || two?.text !== ':' || type?.kind !== 'word' || code[literal.next + 3]?.text === '(') return literal;
  return { ...literal, end: type.end, next: literal.next + 3, isCastToMoment: literal.isCastToMoment || momentCasts.test(type.text) };
}

function ofText(written: string, place: Pick<Literal, 'start' | 'end' | 'next'>, column: string): Literal {
  const value = written.slice(1, -1).replace(/''/g, "'").replace(/\\(['\\])/g, '$1');
  const [, day = '', clock] = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?$/.exec(value) ?? [];
  if (isoDate.safeParse(day).success) return { ...place, kind: clock === undefined ? 'day' : 'moment', value: clock === undefined ? day : `${day} ${clock}`, isCastToMoment: false };
  const compact = /^(\d{4})(\d{2})(\d{2})$/.exec(value);
  const spread = compact === null ? '' : compact.slice(1).join('-');
  if (dateColumn.test(column) && isoDate.safeParse(spread).success) return { ...place, kind: 'day', value: spread, isCastToMoment: false };
  return { ...place, kind: 'text', value, isCastToMoment: false };
}
