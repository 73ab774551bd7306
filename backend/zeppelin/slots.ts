import { markPattern, type Statement } from './statement.ts';

/** Where in SQL a value stands, as far as the words around it tell. */
export type Clause =
  | 'comment'
  | 'operand' // beside an operator: a value
  | 'in' // alone in the parentheses of IN
  | 'count' // after LIMIT, OFFSET, TOP or INTERVAL
  | 'argument' // in a function's parentheses
  | 'table' // after FROM or JOIN
  | 'item' // an element of SELECT, GROUP BY or ORDER BY
  | 'joined' // part of a name
  | 'name' // the whole of a quoted name
  | 'fragment'; // anything else: a direction, an operator, a whole condition

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'like' | 'between' | 'and';

/** One stretch of a statement that a bound value, or several joined ones, takes the place of. */
export interface Slot {
  start: number;
  end: number;
  clause: Clause;
  /** Written in quotes, so a string to the engine. */
  quoted: boolean;
  /** Literal texts, and indices of placeholders. */
  pieces: (string | number)[];
  operator?: Operator;
  /** Place of the operator's own text, where it stands before the value. */
  operatorRange?: { start: number; end: number };
  /** What the value is compared with, where that is one column or call. */
  column?: { text: string; start: number };
  /** Where the value ends with the conversion around it: `toDate('…')`. */
  outerEnd?: number;
  /** Name of the function that the value is a direct argument of, in small letters. */
  call?: string;
}

const keywords =
  /^(select|distinct|from|where|and|or|not|in|on|as|by|having|when|then|else|case|between|like|ilike|join|union|all|limit|offset|with|over|partition|values|set|top|using|is|interval|any|exists|prewhere|qualify|array|global)$/i;
const castCalls = /^(todate|todate32|todatetime|todatetime64|date|timestamp|datetime)$/i;

/** Every stretch of a marked statement that holds placeholders, from left to right. */
export function slotsOf(statement: Statement, doubleQuotedStrings: boolean): Slot[] {
  return statement.tokens.flatMap(({ kind, start, end }, index) => {
    const written = statement.text.slice(start, end);
    if (!written.includes('{{z')) return [];
    if (kind === 'comment') return [{ start, end, clause: 'comment' as const, quoted: false, pieces: piecesOf(written) }];
    if (kind === 'field') return [bareSlot(statement, index)];
    const isString = written.startsWith("'") || (written.startsWith('"') && doubleQuotedStrings);
    if (isString) return [quotedSlot(statement, index)];
    const isWhole = /^[`"]\{\{z\d+\}\}[`"]$/.test(written);
    return [{ start, end, clause: isWhole ? ('name' as const) : ('joined' as const), quoted: false, pieces: piecesOf(written.slice(1, -1)) }];
  });
}

function piecesOf(text: string): (string | number)[] {
  const pieces: (string | number)[] = [];
  let from = 0;
  for (const found of text.matchAll(markPattern)) {
    if (found.index > from) pieces.push(text.slice(from, found.index));
    pieces.push(Number(found[1]));
    from = found.index + found[0].length;
  }
  return from < text.length ? [...pieces, text.slice(from)] : pieces;
}

function quotedSlot(statement: Statement, index: number): Slot {
  const token = statement.tokens[index];
  const { start, end } = token ?? { start: 0, end: 0 };
  const pieces = piecesOf(statement.text.slice(start + 1, end - 1));
  const place = statement.solid.indexOf(index);
  const slot = { start, end, quoted: true, pieces };
  const around = contextOf(statement, place, slot);
  return around.clause === 'item' || around.clause === 'fragment' ? { ...around, clause: 'operand' } : around;
}

function bareSlot(statement: Statement, index: number): Slot {
  const { start, end } = statement.tokens[index] ?? { start: 0, end: 0 };
  const slot = { start, end, quoted: false, pieces: piecesOf(statement.text.slice(start, end)) };
  return touchesName(statement, index) ? { ...slot, clause: 'joined' } : contextOf(statement, statement.solid.indexOf(index), slot);
}

/** Whether a word, a dot or another placeholder stands directly beside. */
function touchesName(statement: Statement, index: number): boolean {
  const beside = [statement.tokens[index - 1], statement.tokens[index + 1]];
  return beside.some((token) => token !== undefined && (token.kind === 'word' || token.kind === 'field' || (token.kind === 'mark' && statement.text.charAt(token.start) === '.')));
}

type Bare = Pick<Slot, 'start' | 'end' | 'quoted' | 'pieces'>;

function contextOf(statement: Statement, place: number, slot: Bare): Slot {
  const before = statement.at(place - 1);
  const after = statement.at(place + 1);
  if (before === '(' && after === ')' && statement.isWord(place - 2, /^in$/i))
    return { ...slot, start: statement.token(place - 1)?.start ?? slot.start, end: statement.token(place + 1)?.end ?? slot.end, clause: 'in' };
  if (statement.isWord(place - 1, /^in$/i)) return { ...slot, clause: 'in' };
  const typed = /^(date|timestamp|datetime)$/i.test(before) && slot.quoted ? (statement.token(place - 1)?.start ?? slot.start) : slot.start;
  const from = typed === slot.start ? place : place - 1;
  const ranged = { ...slot, start: typed };
  const isCast = before === '(' && after === ')' && statement.isWord(place - 2, castCalls);
  const call = callAround(statement, place);
  const compared = isCast ? comparison(statement, place - 2, place + 1) : comparison(statement, from, place);
  const named = call === undefined ? {} : { call };
  const outer = isCast ? { outerEnd: statement.token(place + 1)?.end ?? slot.end } : {};
  if (compared !== null) return { ...ranged, clause: 'operand', ...named, ...outer, ...compared };
  if (statement.isWord(from - 1, /^(limit|offset|top|interval)$/i)) return { ...ranged, clause: 'count' };
  if (call !== undefined) return { ...ranged, clause: 'argument', ...named };
  if (statement.isWord(from - 1, /^(from|join|table|into|update|describe)$/i)) return { ...ranged, clause: 'table' };
  if (statement.isWord(from - 1, /^(then|else|when|not)$/i) || /^[-+*/%|]$/.test(before)) return { ...ranged, clause: 'operand' };
  return { ...ranged, clause: listItem(statement, from) };
}

/** Name of the function whose arguments these are; `undefined` in plain parentheses. */
function callAround(statement: Statement, place: number): string | undefined {
  const open = statement.openBefore(place);
  const isCall = open > 0 && statement.at(open) === '(' && statement.token(open - 1)?.kind === 'word' && !keywords.test(statement.at(open - 1));
  const isDirect = ['(', ','].includes(statement.at(place - 1));
  return isCall && isDirect ? statement.at(open - 1).toLowerCase() : undefined;
}

function listItem(statement: Statement, place: number): Clause {
  const previous = statement.at(place - 1);
  const keyword = statement.wordBefore(place, /^(select|by|from|where|having|on|in|values|limit|with|set|prewhere)$/i);
  if (keyword === -1) return previous === '(' || previous === ',' ? inList(statement, place) : 'fragment';
  const isList = /^(select|by)$/i.test(statement.at(keyword));
  const begins = previous === ',' || keyword === place - 1 || statement.isWord(place - 1, /^distinct$/i);
  return isList && begins ? 'item' : 'fragment';
}

function inList(statement: Statement, place: number): Clause {
  const open = statement.openBefore(place);
  return statement.isWord(open - 1, /^(in|values)$/i) ? 'operand' : 'fragment';
}

type Comparison = Pick<Slot, 'operator' | 'operatorRange' | 'column'>;

/** The comparison that the stretch between two places is one side of. */
function comparison(statement: Statement, first: number, last: number): Comparison | null {
  const between = betweenAt(statement, first);
  if (between !== null) return between;
  const operator = operatorEndingAt(statement, first - 1);
  if (operator !== null) {
    const start = statement.token(operator.place)?.start ?? 0;
    const end = statement.token(first - 1)?.end ?? 0;
    return { operator: operator.operator, operatorRange: { start, end }, ...columnEndingAt(statement, operator.place - 1) };
  }
  const turned = operatorStartingAt(statement, last + 1);
  return turned === null ? null : { operator: turned };
}

function betweenAt(statement: Statement, place: number): Comparison | null {
  const range = (at: number) => ({ start: statement.token(at)?.start ?? 0, end: statement.token(at)?.end ?? 0 });
  const isNegated = (at: number) => statement.isWord(at - 1, /^not$/i);
  if (statement.isWord(place - 1, /^between$/i))
    return { operator: 'between', ...(isNegated(place - 1) ? {} : { operatorRange: range(place - 1), ...columnEndingAt(statement, place - 2) }) };
  if (!statement.isWord(place - 1, /^and$/i)) return null;
  const word = statement.wordBefore(place - 1, /^(between|and|or|where|having|on|select|when)$/i);
  if (word === -1 || !/^between$/i.test(statement.at(word))) return null;
  return { operator: 'and', ...(isNegated(word) ? {} : { operatorRange: range(place - 1), ...columnEndingAt(statement, word - 1) }) };
}

function operatorEndingAt(statement: Statement, place: number): { operator: Operator; place: number } | null {
  if (statement.isWord(place, /^i?like$/i)) return { operator: 'like', place: statement.isWord(place - 1, /^not$/i) ? place - 1 : place };
  const [one, other] = [statement.at(place), statement.at(place - 1)];
  const touching = statement.token(place - 1)?.end === statement.token(place)?.start;
  if (one === '=') {
    if (touching && (other === '<' || other === '>')) return { operator: `${other}=`, place: place - 1 };
    if (touching && other === '!') return { operator: '!=', place: place - 1 };
    return { operator: '=', place: touching && other === '=' ? place - 1 : place };
  }
  if (one === '>' && other === '<' && touching) return { operator: '!=', place: place - 1 };
  return one === '<' || one === '>' ? { operator: one, place } : null;
}

/** `'${from}' <= column` is `column >= '${from}'`. */
function operatorStartingAt(statement: Statement, place: number): Operator | null {
  const [one, other] = [statement.at(place), statement.at(place + 1)];
  if (statement.isWord(place, /^(not|i?like|between)$/i)) return 'like';
  if (one === '=') return '=';
  if (one === '!' || (one === '<' && other === '>')) return '!=';
  if (one === '<') return other === '=' ? '>=' : '>';
  if (one === '>') return other === '=' ? '<=' : '<';
  return null;
}

/** The column, dotted or not, or the call that ends at a place. */
function columnEndingAt(statement: Statement, place: number): Pick<Slot, 'column'> {
  let first = place;
  if (statement.at(place) === ')') {
    const open = statement.openBefore(place);
    if (open < 1 || statement.token(open - 1)?.kind !== 'word' || keywords.test(statement.at(open - 1))) return {};
    first = open - 1;
  } else if (!isName(statement, place)) return {};
  while (statement.at(first - 1) === '.' && isName(statement, first - 2)) first -= 2;
  if (/^[-+*/%|.]$/.test(statement.at(first - 1))) return {};
  const [start, end] = [statement.token(first)?.start ?? 0, statement.token(place)?.end ?? 0];
  return { column: { text: statement.text.slice(start, end), start } };
}

function isName(statement: Statement, place: number): boolean {
  const token = statement.token(place);
  return (token?.kind === 'word' && !/^\d/.test(statement.at(place)) && !keywords.test(statement.at(place))) || (token?.kind === 'quoted' && /^[`"]/.test(statement.at(place)));
}
