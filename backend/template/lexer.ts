/** One lexical piece of SQL. `closed` is false for a string, comment or `{{` that runs to the end of the text. */
export interface Token {
  kind: 'word' | 'quoted' | 'comment' | 'field' | 'space' | 'mark' | 'text';
  start: number;
  end: number;
  closed: boolean;
}

const closingQuotes: Record<string, string> = { "'": "'", '"': '"', '`': '`', '‘': '’', '“': '”' };

/** After a quote that opens at `start`: both `\'` and `''` stand for a quote inside; curly quotes know no escape. */
function endOfQuoted(sql: string, start: number): number | null {
  const opening = sql.charAt(start);
  const closing = closingQuotes[opening] ?? opening;
  const escapes = opening === closing;
  for (let at = start + 1; at < sql.length; at += 1) {
    const character = sql.charAt(at);
    if (escapes && character === '\\') at += 1;
    else if (character === closing && escapes && sql.charAt(at + 1) === closing) at += 1;
    else if (character === closing) return at + 1;
  }
  return null;
}

function after(sql: string, ending: string, from: number): number | null {
  const found = sql.indexOf(ending, from);
  return found === -1 ? null : found + ending.length;
}

function match(pattern: RegExp, sql: string, start: number): number | null {
  pattern.lastIndex = start;
  const found = pattern.exec(sql);
  return found === null ? null : start + found[0].length;
}

function token(kind: Token['kind'], start: number, end: number | null, length: number): Token {
  return { kind, start, end: end ?? length, closed: end !== null };
}

function fieldAt(text: string, start: number): Token {
  const field = match(/\{\{[^{}\n]*\}\}/y, text, start);
  return field === null ? { kind: 'field', start, end: start + 2, closed: false } : token('field', start, field, text.length);
}

function tokenAt(sql: string, start: number): Token {
  const { length } = sql;
  const space = match(/\s+/y, sql, start);
  if (space !== null) return token('space', start, space, length);
  const word = match(/[\p{L}\p{N}_]+/uy, sql, start);
  if (word !== null) return token('word', start, word, length);
  const lineComment = match(/(?:--|#[ !])[^\n]*/y, sql, start);
  if (lineComment !== null) return token('comment', start, lineComment, length);
  if (sql.startsWith('/*', start)) return token('comment', start, after(sql, '*/', start + 2), length);
  if (sql.charAt(start) in closingQuotes) return token('quoted', start, endOfQuoted(sql, start), length);
  if (sql.startsWith('{{', start)) return fieldAt(sql, start);
  const tag = match(/\$\w*\$/y, sql, start);
  const heredoc = tag === null ? null : after(sql, sql.slice(start, tag), tag);
  return heredoc === null ? token('mark', start, start + 1, length) : token('quoted', start, heredoc, length);
}

/**
 * Cuts SQL in ClickHouse's lexical rules: strings `'…' "…" \`…\`` with both kinds of escape, `--`, `# ` and block comments
 * (which do not nest), heredocs `$tag$…$tag$`. A `{{…}}` on one line is one token.
 */
export function lex(sql: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < sql.length; ) {
    const next = tokenAt(sql, at);
    tokens.push(next);
    at = next.end;
  }
  return tokens;
}

/** Cuts YAML so that fields, comments and brackets are seen; whether it is YAML shows when it is read, with its values put in. */
export function lexYaml(yaml: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < yaml.length; ) {
    const next = yamlTokenAt(yaml, at);
    tokens.push(next);
    at = next.end;
  }
  return tokens;
}

function yamlTokenAt(yaml: string, start: number): Token {
  const { length } = yaml;
  const space = match(/\s+/y, yaml, start);
  if (space !== null) return token('space', start, space, length);
  if (yaml.startsWith('{{', start)) return fieldAt(yaml, start);
  const opensComment = yaml.charAt(start) === '#' && (start === 0 || /\s/.test(yaml.charAt(start - 1)));
  if (opensComment) return token('comment', start, match(/[^\n]*/y, yaml, start), length);
  if (/[[\]]/.test(yaml.charAt(start))) return token('mark', start, start + 1, length);
  return token('text', start, match(/(?:(?!\{\{)[^\s[\]])+/y, yaml, start), length);
}
