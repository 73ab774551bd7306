/** A piece of ClickHouse SQL as `formatQuerySingleLine` writes it. */
export interface SqlPiece {
  kind: 'string' | 'name' | 'placeholder' | 'word' | 'other';
  text: string;
}

const pieces = /'(?:[^'\\]|\\[\s\S])*'|`(?:[^`\\]|\\[\s\S])*`|"(?:[^"\\]|\\[\s\S])*"|\{[A-Za-z_]\w*:[^{}]*\}|[\p{L}_][\p{L}\p{N}_]*|[\s\S]/gu;

/** Splits normalised SQL so that words inside strings and quoted names are never taken for code. Joined again it is the same text. */
export function sqlPieces(sql: string): SqlPiece[] {
  return [...sql.matchAll(pieces)].map(([text]) => ({ kind: kindOf(text), text }));
}

function kindOf(text: string): SqlPiece['kind'] {
  if (text.startsWith("'") && text.length > 1) return 'string';
  if ((text.startsWith('`') || text.startsWith('"')) && text.length > 1) return 'name';
  if (text.startsWith('{') && text.length > 1) return 'placeholder';
  return /^[\p{L}_]/u.test(text) ? 'word' : 'other';
}

/** Name and type of a placeholder's text. */
export function placeholderParts(text: string): { name: string; type: string } {
  const colon = text.indexOf(':');
  return { name: text.slice(1, colon), type: text.slice(colon + 1, -1).trim() };
}

/** An identifier in backquotes. */
export function quotedName(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}

/** A string literal. Backslash and quote are all that could end it; NUL would end the text on its way into chDB. */
export function stringLiteral(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0')}'`;
}
