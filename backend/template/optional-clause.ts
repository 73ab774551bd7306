import type { Token } from './lexer.ts';

/** What a `[[` opens: an optional clause up to the token `end`, where `]]` stands; an array of arrays; or nothing that ends. */
export type Brackets = { end: number } | 'array' | 'unclosed';

/**
 * `[[` opens an optional clause only when a `]]` closes it and a `{{` stands between. Brackets inside are counted, so
 * `[[ AND x IN [1, 2] … ]]` ends where it should and `[[1, 2], [3]]` stays SQL.
 */
export function optionalClause(tokens: Token[], opening: number, source: string): Brackets {
  let depth = 0;
  let holdsField = false;
  for (let at = opening + 2; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    if (token.kind === 'field') holdsField = true;
    const mark = token.kind === 'mark' ? source.charAt(token.start) : '';
    if (mark === '[') depth += 1;
    else if (mark === ']' && depth > 0) depth -= 1;
    else if (mark === ']' && source.charAt(token.end) === ']') return holdsField ? { end: at } : 'array';
    else if (mark === ']') return closesAsArray(tokens.slice(at), source) || !fieldFollows(tokens.slice(opening)) ? 'array' : 'unclosed';
  }
  return holdsField ? 'unclosed' : 'array';
}

/** Whether the two brackets of an array of arrays are closed by what follows. */
function closesAsArray(rest: Token[], source: string): boolean {
  let depth = 2;
  for (const { kind, start } of rest) {
    const mark = kind === 'mark' ? source.charAt(start) : '';
    if (mark === '[') depth += 1;
    if (mark === ']') depth -= 1;
    if (depth === 0) return true;
  }
  return false;
}

function fieldFollows(rest: Token[]): boolean {
  return rest.some(({ kind }) => kind === 'field');
}
