import type { Token } from './lexer.ts';

/** What a `[[` opens: an optional clause whose `]]` begins at the token `end`; an array of arrays; or nothing that ends. */
export type DoubleBracket = { end: number } | 'array' | 'unclosed';

/**
 * Tells optional clauses from arrays. `[[` opens a clause only when the two brackets that close it stand side by side and a
 * `{{` is between; brackets inside are paired, so `[[ AND x[1] IN {{y}} ]]` ends where it should and `[[1, 2], [3]]` stays SQL.
 */
export class Brackets {
  /** Token of the closing bracket by token of the opening one. */
  private readonly pairs = new Map<number, number>();
  /** Tokens of fields, ascending. */
  private readonly fields: number[] = [];

  constructor(
    private readonly tokens: Token[],
    source: string,
  ) {
    const open: number[] = [];
    for (const [index, { kind, start }] of tokens.entries()) {
      if (kind === 'field') this.fields.push(index);
      if (kind !== 'mark') continue;
      if (source.charAt(start) === '[') open.push(index);
      const opening = source.charAt(start) === ']' ? open.pop() : undefined;
      if (opening !== undefined) this.pairs.set(opening, index);
    }
  }

  /** Judges the `[[` whose first bracket is the token `opening`. */
  judge(opening: number): DoubleBracket {
    const [outer, inner] = [this.pairs.get(opening), this.pairs.get(opening + 1)];
    if (outer === undefined || inner === undefined) return this.hasField(opening, this.tokens.length) ? 'unclosed' : 'array';
    const sideBySide = outer === inner + 1;
    return sideBySide && this.hasField(opening, inner) ? { end: inner } : 'array';
  }

  private hasField(from: number, until: number): boolean {
    let low = 0;
    let high = this.fields.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.fields[middle] ?? 0) < from) low = middle + 1;
      else high = middle;
    }
    return (this.fields[low] ?? Infinity) < until;
  }
}
