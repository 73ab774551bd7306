import { Problem } from '../../../shared/problem.ts';

/** A piece of T-SQL. Joined again, the texts of all tokens are the same query. */
export interface Token {
  kind: 'space' | 'comment' | 'string' | 'name' | 'word' | 'variable' | 'temporary' | 'other';
  text: string;
  /** How many brackets are open around it; a bracket itself counts as outside. */
  depth: number;
}

const shapes: { kind: Token['kind']; shape: RegExp }[] = [
  { kind: 'space', shape: /\s+/y },
  { kind: 'comment', shape: /--[^\n]*/y },
  { kind: 'string', shape: /[Nn]?'(?:[^']|'')*'/y },
  { kind: 'name', shape: /\[(?:[^\]]|\]\])*\]|"(?:[^"]|"")*"/y },
  { kind: 'variable', shape: /@@?[\p{L}\p{N}_@#$]+/uy },
  { kind: 'temporary', shape: /##?[\p{L}\p{N}_@#$]+/uy },
  { kind: 'word', shape: /[\p{L}_][\p{L}\p{N}_@#$]*/uy },
  { kind: 'other', shape: /\d[\w.]*|[^'["]/uy },
];

const unclosed = {
  comment: { ru: 'комментарий /* не закрыт', en: 'a /* comment is not closed' },
  quote: { ru: 'кавычка или скобка [ не закрыта', en: 'a quote or a [ bracket is not closed' },
};

/** Splits T-SQL so that words inside strings, comments and quoted names are never taken for code. Throws Problem when one is not closed. */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  for (let at = 0; at < sql.length; ) {
    const { kind, text } = sql.startsWith('/*', at) ? { kind: 'comment' as const, text: blockComment(sql, at) } : tokenAt(sql, at);
    if (text === ')') depth -= 1;
    tokens.push({ kind, text, depth });
    if (text === '(') depth += 1;
    at += text.length;
  }
  return tokens;
}

function tokenAt(sql: string, at: number): Pick<Token, 'kind' | 'text'> {
  for (const { kind, shape } of shapes) {
    shape.lastIndex = at;
    const found = shape.exec(sql);
    if (found !== null) return { kind, text: found[0] };
  }
  throw notClosed('quote');
}

/** Block comments of T-SQL nest. */
function blockComment(sql: string, from: number): string {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = from;
  let open = 0;
  for (let found = mark.exec(sql); found !== null; found = mark.exec(sql)) {
    open += found[0] === '/*' ? 1 : -1;
    if (open === 0) return sql.slice(from, mark.lastIndex);
  }
  throw notClosed('comment');
}

function notClosed(what: keyof typeof unclosed): Problem {
  const { ru, en } = unclosed[what];
  return new Problem('query_refused', { ru: `В запросе ${ru}.`, en: `In the query ${en}.` });
}

/** Whether a token carries meaning. */
export function isCode({ kind }: Token): boolean {
  return kind !== 'space' && kind !== 'comment';
}

/** The word in capitals; '' for what is not an unquoted word. */
export function wordOf(token: Token | undefined): string {
  return token?.kind === 'word' ? token.text.toUpperCase() : '';
}

export function textOfTokens(tokens: Token[]): string {
  return tokens.map(({ text }) => text).join('');
}

/** An identifier in square brackets. */
export function bracketed(name: string): string {
  return `[${name.replaceAll(']', ']]')}]`;
}
