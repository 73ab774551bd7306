import { lex } from '../template/index.ts';
import type { DraftField } from './plan.ts';
import { Statement } from './statement.ts';

interface Clause {
  field: string;
  start: number;
  end: number;
  text: string;
}

/**
 * Finds the ways in which notes let people leave a form empty — `AND ('x' = '' OR city = 'x')` and `AND name LIKE '%x%'` —
 * and writes them as optional clauses. A field becomes optional when it stands nowhere else.
 */
export function makeOptional(texts: string[], fields: DraftField[]): { texts: string[]; optional: DraftField[] } {
  const may = fields.filter(({ kind, default: value }) => (kind === 'text' || kind === 'choice') && value === undefined);
  const clauses = texts.map((text) => clausesOf(text).filter(({ field }) => may.some(({ name }) => name === field)));
  const optional = may.filter(({ name }) => clauses.flat().some(({ field }) => field === name) && texts.every((text, index) => standsOnlyIn(text, name, clauses[index] ?? [])));
  const isOptional = ({ field }: Clause) => optional.some(({ name }) => name === field);
  return { texts: texts.map((text, index) => replaced(text, (clauses[index] ?? []).filter(isOptional))), optional };
}

function replaced(text: string, clauses: Clause[]): string {
  return [...clauses].sort((one, other) => other.start - one.start).reduce((written, { start, end, text: clause }) => written.slice(0, start) + clause + written.slice(end), text);
}

function standsOnlyIn(text: string, name: string, clauses: Clause[]): boolean {
  return lex(text)
    .filter(({ kind, start, end }) => kind === 'field' && text.slice(start, end) === `{{${name}}}`)
    .every(({ start }) => clauses.some((clause) => clause.field === name && start >= clause.start && start < clause.end));
}

function clausesOf(text: string): Clause[] {
  const statement = new Statement(text);
  const places = statement.solid.map((_, place) => place);
  return places.flatMap((place) => emptyOr(statement, place) ?? likeAnything(statement, place) ?? []);
}

const fieldPattern = /^\{\{(\w+)\}\}$/;

/** `AND ({{x}} = '' OR condition)` at the word AND or WHERE. */
function emptyOr(statement: Statement, place: number): Clause | null {
  if (!statement.isWord(place, /^(and|where)$/i) || statement.at(place + 1) !== '(') return null;
  const [one, equals, other, or] = [2, 3, 4, 5].map((step) => statement.at(place + step));
  const field = fieldPattern.exec(other === "''" ? (one ?? '') : (other ?? ''))?.[1];
  const isEmptiness = equals === '=' && (one === "''" || other === "''") && /^or$/i.test(or ?? '');
  const close = isEmptiness && field !== undefined ? closing(statement, place + 1) : -1;
  const [from, until] = [statement.token(place + 6)?.start, statement.token(close)];
  if (field === undefined || from === undefined || until === undefined) return null;
  return clause(statement, place, field, { end: until.end, text: `(${statement.text.slice(from, until.start).trim()})` });
}

/** `AND name LIKE concat('%', {{x}}, '%')`: everything passes while the field is empty. */
function likeAnything(statement: Statement, place: number): Clause | null {
  if (!statement.isWord(place, /^(and|where)$/i) || statement.token(place + 1)?.kind !== 'word') return null;
  let at = place + 2;
  while (statement.at(at) === '.' && statement.token(at + 1)?.kind === 'word') at += 2;
  const words = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((step) => statement.at(at + step));
  const field = fieldPattern.exec(words[5] ?? '')?.[1];
  const isPattern = /^i?like$/i.test(words[0] ?? '') && [...words.slice(1, 5), ...words.slice(6)].join(' ') === "concat ( '%' , , '%' )";
  const [from, until] = [statement.token(place + 1)?.start, statement.token(at + 8)?.end];
  if (!isPattern || field === undefined || from === undefined || until === undefined) return null;
  return clause(statement, place, field, { end: until, text: statement.text.slice(from, until) });
}

function clause(statement: Statement, place: number, field: string, { end, text }: { end: number; text: string }): Clause {
  const start = statement.token(place)?.start ?? 0;
  const isWhere = statement.isWord(place, /^where$/i);
  return { field, start, end, text: `${isWhere ? `${statement.at(place)} 1 = 1 ` : ''}[[ AND ${text} ]]` };
}

function closing(statement: Statement, open: number): number {
  let depth = 0;
  for (let at = open; at < statement.solid.length; at += 1) {
    if (statement.at(at) === '(') depth += 1;
    if (statement.at(at) === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}
