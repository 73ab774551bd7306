import { isCode, tokensOf, wordOf, type Token } from '../../sources/mssql/tsql-tokens.ts';
import type { SentParameter } from './messages.ts';

/** T-SQL of the kinds that Tasksheet sends, as PostgreSQL reads it. */
export interface Translated {
  text: string;
  values: (string | null)[];
}

const words: Record<string, string> = {
  NVARCHAR: 'varchar',
  NCHAR: 'char',
  DATETIME: 'timestamp(3)',
  SMALLDATETIME: 'timestamp(0)',
  BIT: 'boolean',
  TINYINT: 'smallint',
  FLOAT: 'float8',
  REAL: 'float4',
  UNIQUEIDENTIFIER: 'uuid',
  ISNULL: 'coalesce',
  LEN: 'length',
  CLUSTERED: '',
};

/** Temporary tables belong to a session; the one PostgreSQL behind all sessions tells them apart by name. */
export interface TranslateOptions {
  session: string;
  parameters: SentParameter[];
  /** Puts NULL of the same type in the place of every parameter: a view can't have any. */
  withoutValues?: boolean;
}

export function translated(sql: string, options: TranslateOptions): Translated {
  const tokens = tokensOf(sql);
  const values: (string | null)[] = [];
  const ends = new Map<number, string>();
  const text = tokens.map((token, at) => {
    const end = token.text === ')' ? takeEnd(ends, token.depth + 1) : '';
    return end + textOf(tokens, at, { ...options, values, ends });
  });
  return { text: text.join('') + takeEnd(ends, 0), values };
}

interface Place extends TranslateOptions {
  values: (string | null)[];
  /** LIMIT clauses that wait for the end of their depth. */
  ends: Map<number, string>;
}

function takeEnd(ends: Map<number, string>, depth: number): string {
  const text = ends.get(depth) ?? '';
  ends.delete(depth);
  return text;
}

function textOf(tokens: Token[], at: number, place: Place): string {
  const token = tokens[at];
  if (token === undefined || token.text === '') return '';
  switch (token.kind) {
    case 'name':
      return nameText(token.text.startsWith('"') ? token.text.slice(1, -1) : token.text.slice(1, -1).replaceAll(']]', ']'), place.session);
    case 'temporary':
      return nameText(token.text, place.session);
    case 'string':
      return token.text.replace(/^[Nn]/, '');
    case 'variable':
      return parameterText(token.text.slice(1), place);
    case 'word':
      return wordText(tokens, at, place);
    case 'space':
    case 'comment':
    case 'other':
      return token.text;
  }
}

function nameText(name: string, session: string): string {
  const own = name.startsWith('#') ? `${session}_${name}` : name;
  return `"${own.replaceAll('"', '""')}"`;
}

function parameterText(name: string, { parameters, values, withoutValues }: Place): string {
  const parameter = parameters.find((one) => one.name === `@${name}`);
  if (parameter === undefined) throw new UnknownVariable(`@${name}`);
  const type = translated(parameter.declared, { session: '', parameters: [] }).text;
  if (withoutValues === true) return `CAST(NULL AS ${type})`;
  values.push(parameter.value === null ? null : String(parameter.value));
  return `CAST($${values.length}::text AS ${type})`;
}

/** A variable that was not declared: error 137. */
export class UnknownVariable extends Error {}

function wordText(tokens: Token[], at: number, { ends }: Place): string {
  const word = wordOf(tokens[at]);
  const following = codeAfter(tokens, at, 3);
  if (word === 'TOP') {
    ends.set(tokens[at]?.depth ?? 0, ` LIMIT ${following[1]?.text ?? ''}`);
    blank(following);
    return '';
  }
  if (word === 'COLLATE' || word === 'INDEX') {
    blank(following.slice(0, 1));
    return word === 'INDEX' ? 'INDEX' : '';
  }
  if ((word === 'VARCHAR' || word === 'NVARCHAR') && wordOf(following[1]) === 'MAX') {
    blank(following);
    return 'text';
  }
  if (word === 'DATETIME2') {
    const digits = following[0]?.text === '(' ? Math.min(6, Number(following[1]?.text)) : 6;
    if (following[0]?.text === '(') blank(following);
    return `timestamp(${digits})`;
  }
  return words[word] ?? tokens[at]?.text ?? '';
}

function codeAfter(tokens: Token[], at: number, count: number): Token[] {
  const found: Token[] = [];
  for (let next = at + 1; next < tokens.length && found.length < count; next += 1) {
    const token = tokens[next];
    if (token !== undefined && isCode(token)) found.push(token);
  }
  return found;
}

function blank(tokens: Token[]): void {
  for (const token of tokens) token.text = '';
}
