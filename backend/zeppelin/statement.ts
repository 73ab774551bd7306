import { lex, type Token } from '../template/index.ts';
import type { Placeholder } from './grammar/index.ts';

/** A query whose placeholders stand as `{{z0}}`, `{{z1}}`, …, so that the rules of SQL can be read around them. */
export interface MarkedText {
  text: string;
  placeholders: Placeholder[];
}

/** Puts a mark in the place of every placeholder, the swallowed underscore of a hidden one included. */
export function markPlaceholders(text: string, placeholders: Placeholder[]): MarkedText {
  let marked = '';
  let from = 0;
  for (const [index, { start, end }] of placeholders.entries()) {
    marked += `${text.slice(from, start)}{{z${index}}}`;
    from = end;
  }
  return { text: marked + text.slice(from), placeholders };
}

export const markPattern = /\{\{z(\d+)\}\}/g;

/** One SQL statement, cut into tokens. */
export class Statement {
  readonly tokens: Token[];
  /** Indices of the tokens that are neither space nor comment. */
  readonly solid: number[];

  constructor(readonly text: string) {
    this.tokens = lex(text);
    this.solid = this.tokens.flatMap(({ kind }, index) => (kind === 'space' || kind === 'comment' ? [] : [index]));
  }

  /** Text of the solid token at a place among the solid ones; '' outside. */
  at(place: number): string {
    const token = this.token(place);
    return token === undefined ? '' : this.text.slice(token.start, token.end);
  }

  token(place: number): Token | undefined {
    const index = this.solid[place];
    return index === undefined ? undefined : this.tokens[index];
  }

  isWord(place: number, pattern: RegExp): boolean {
    return this.token(place)?.kind === 'word' && pattern.test(this.at(place));
  }

  /** Place of the parenthesis that is open at a place; -1 when none is. */
  openBefore(place: number): number {
    let depth = 0;
    for (let at = place - 1; at >= 0; at -= 1) {
      const text = this.at(at);
      if (text === ')' || text === ']') depth += 1;
      else if (text === '(' || text === '[') {
        if (depth === 0) return at;
        depth -= 1;
      }
    }
    return -1;
  }

  /** Place of the nearest word before `place`, in the same parentheses, that fits; -1 when there is none. */
  wordBefore(place: number, pattern: RegExp): number {
    let depth = 0;
    for (let at = place - 1; at >= 0; at -= 1) {
      const text = this.at(at);
      if (text === ')' || text === ']') depth += 1;
      else if (text === '(' || text === '[') {
        if (depth === 0) return -1;
        depth -= 1;
      } else if (depth === 0 && this.isWord(at, pattern)) return at;
    }
    return -1;
  }
}

/** Cuts a script at its semicolons. Pieces without SQL are dropped; `start` is a piece's place in the text. */
export function statementsOf(text: string): { text: string; start: number }[] {
  const ends = lex(text).filter(({ kind, start }) => kind === 'mark' && text.charAt(start) === ';').map(({ start }) => start);
  return [...ends, text.length].flatMap((end, index) => {
    const from = index === 0 ? 0 : (ends[index - 1] ?? 0) + 1;
    const piece = text.slice(from, end);
    const hasCode = lex(piece).some(({ kind }) => kind !== 'space' && kind !== 'comment');
    return hasCode ? [{ text: piece, start: from }] : [];
  });
}
