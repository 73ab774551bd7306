import { readLiteral, type Literal } from './literal.ts';
import { isKeyword, type Statement, type Surroundings } from './statement.ts';

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'like' | 'between' | 'in';

/** A column compared with values that stand in the query. */
export interface Comparison extends Surroundings {
  /** Name of the column, without its table. */
  column: string;
  /** What is compared, as written: `c.issued_on`, `toDate(created_at)`. */
  operand: string;
  operator: Operator;
  /** The operator as written: `NOT ILIKE`. */
  sign: string;
  isNegated: boolean;
  /** Where the column, the operator and the last value begin and end. */
  start: number;
  operatorStart: number;
  end: number;
  literals: Literal[];
}

interface Operand {
  first: number;
  column: string;
}

/** Every comparison of a column with literals, from left to right. */
export function comparisonsOf(statement: Statement): Comparison[] {
  const found: Comparison[] = [];
  for (let index = 0; index < statement.code.length; index += 1) {
    const comparison = comparisonAt(statement, index);
    if (comparison === null) continue;
    found.push(comparison);
    while ((statement.code[index + 1]?.end ?? Infinity) <= comparison.end) index += 1;
  }
  return found;
}

interface WrittenOperator {
  operator: Operator;
  isNegated: boolean;
  next: number;
}

function operatorAt(statement: Statement, index: number): WrittenOperator | null {
  const { code } = statement;
  const [first, second] = [code[index], code[index + 1]];
  if (first === undefined) return null;
  if (first.kind === 'word') {
    const isNegated = /^not$/i.test(first.text);
    const word = code[isNegated ? index + 1 : index]?.text.toLowerCase() ?? '';
    const operator = ({ like: 'like', ilike: 'like', between: 'between', in: 'in' } as const)[word];
    return operator === undefined ? null : { operator, isNegated, next: index + (isNegated ? 2 : 1) };
  }
  const before = code[index - 1];
  // The second half of `->`, `=>` or of an operator that was read before.
  if (before?.kind === 'mark' && before.end === first.start && /[-=<>!]/.test(before.text)) return null;
  const pair = second?.kind === 'mark' && second.start === first.end ? first.text + second.text : '';
  const double = ({ '<=': '<=', '>=': '>=', '<>': '!=', '!=': '!=', '==': '=' } as const)[pair];
  if (double !== undefined) return { operator: double, isNegated: double === '!=', next: index + 2 };
  const single = ({ '=': '=', '<': '<', '>': '>' } as const)[first.text];
  return single === undefined ? null : { operator: single, isNegated: false, next: index + 1 };
}

function comparisonAt(statement: Statement, index: number): Comparison | null {
  const written = operatorAt(statement, index);
  const operand = written === null ? null : operandBefore(statement, index);
  if (written === null || operand === null) return null;
  const { operator, isNegated, next } = written;
  const literals = literalsAt(statement, next, operator, operand.column);
  const [first, last] = [statement.code[operand.first], literals.at(-1)];
  const sign = statement.code[index];
  if (first === undefined || last === undefined || sign === undefined) return null;
  const before = statement.text(operand.first - 1);
  if (/^(\+|-|\*|\/|%|\|)$/.test(before)) return null;
  return {
    ...statement.surroundings(index),
    column: operand.column,
    operand: statement.sql.slice(first.start, statement.code[index - 1]?.end),
    operator,
    sign: statement.sql.slice(sign.start, statement.code[next]?.start).trim(),
    isNegated: isNegated || /^not$/i.test(before),
    start: first.start,
    operatorStart: sign.start,
    end: operator === 'in' ? (statement.code[statement.partner(next) ?? next]?.end ?? last.end) : last.end,
    literals,
  };
}

function literalsAt(statement: Statement, index: number, operator: Operator, column: string): Literal[] {
  if (operator === 'in') return listAt(statement, index, column);
  const first = readLiteral(statement, index, column);
  if (first === null || operator !== 'between') return first === null ? [] : [first];
  const second = /^and$/i.test(statement.text(first.next)) ? readLiteral(statement, first.next + 1, column) : null;
  return second === null ? [] : [first, second];
}

/** `('a', 'b')`; nothing when anything else than values stands in it. */
function listAt(statement: Statement, index: number, column: string): Literal[] {
  const close = statement.partner(index);
  if (statement.text(index) !== '(' || close === undefined) return [];
  const literals: Literal[] = [];
  for (let at = index + 1; at < close; ) {
    const literal = readLiteral(statement, at, column);
    const ends = literal !== null && (literal.next === close || statement.text(literal.next) === ',');
    if (literal === null || !ends) return [];
    literals.push(literal);
    at = literal.next + 1;
  }
  return literals;
}

/** The column, path or call that ends before a token. */
function operandBefore(statement: Statement, index: number): Operand | null {
  const last = index - 1;
  const closing = statement.text(last);
  if (closing === ')') return callBefore(statement, last);
  if (closing === ']') return bracketBefore(statement, last);
  return pathBefore(statement, last);
}

function isName(statement: Statement, index: number): boolean {
  const token = statement.code[index];
  if (token?.kind === 'quoted') return /^[`"]/.test(token.text);
  return token?.kind === 'word' && !/^\d/.test(token.text) && !isKeyword(token.text);
}

function plainName(text: string): string {
  return /^[`"]/.test(text) ? text.slice(1, -1) : text;
}

function pathBefore(statement: Statement, last: number): Operand | null {
  if (!isName(statement, last)) return null;
  let first = last;
  while (statement.text(first - 1) === '.' && isName(statement, first - 2)) first -= 2;
  return { first, column: plainName(statement.text(last)) };
}

/** `[issued on]` of SQL Server, or `tags[1]`. */
function bracketBefore(statement: Statement, last: number): Operand | null {
  const open = statement.partner(last);
  if (open === undefined) return null;
  const element = pathBefore(statement, open - 1);
  if (element !== null) return element;
  const [from, until] = [statement.code[open], statement.code[last]];
  if (from === undefined || until === undefined) return null;
  const first = statement.text(open - 1) === '.' && isName(statement, open - 2) ? open - 2 : open;
  return { first, column: statement.sql.slice(from.end, until.start) };
}

const typeName = /^(date|date32|datetime|datetime2|datetime64|timestamp)$/i;

function callBefore(statement: Statement, last: number): Operand | null {
  const open = statement.partner(last);
  if (open === undefined || !isName(statement, open - 1)) return null;
  for (let at = open + 1; at < last; at += 1) {
    const isPart = /^[.(]$/.test(statement.text(at + 1));
    if (isName(statement, at) && !isPart && !typeName.test(statement.text(at))) return { first: open - 1, column: plainName(statement.text(at)) };
  }
  return { first: open - 1, column: statement.text(open - 1) };
}
