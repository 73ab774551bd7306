import { lex } from '../template/index.ts';

/** A token of code, without blanks and comments. */
export interface Code {
  kind: 'word' | 'quoted' | 'mark';
  text: string;
  start: number;
  end: number;
}

/** Where in a query a token stands. */
export interface Surroundings {
  /** The same for everything that is joined by AND. */
  run: string;
  /** In WHERE, HAVING or ON, and not inside a function's parentheses. */
  isCondition: boolean;
}

const conditions = /^(where|prewhere|having|qualify|on)$/i;
const otherClauses = /^(select|from|join|group|order|limit|offset|with|settings|union|except|intersect|window|format|using|over)$/i;
const separators = /^(or|xor|case|when|then|else|end)$/i;
const keywords =
  /^(select|distinct|from|where|prewhere|and|or|xor|not|in|on|as|by|having|qualify|when|then|else|case|end|between|like|ilike|join|union|all|limit|offset|with|over|using|is|interval|any|exists|group|order|global)$/i;

/** Whether a word is SQL's own and so names neither a column nor a function. */
export function isKeyword(word: string): boolean {
  return keywords.test(word);
}

/** One SELECT cut into tokens, each knowing its surroundings. */
export class Statement {
  readonly code: Code[];
  private readonly around: Surroundings[] = [];
  private readonly partners = new Map<number, number>();

  constructor(readonly sql: string) {
    this.code = lex(sql).flatMap(({ kind, start, end, closed }) => (closed && (kind === 'word' || kind === 'quoted' || kind === 'mark') ? [{ kind, start, end, text: sql.slice(start, end) }] : []));
    this.look();
  }

  text(index: number): string {
    return this.code[index]?.text ?? '';
  }

  surroundings(index: number): Surroundings {
    return this.around[index] ?? { run: '', isCondition: false };
  }

  /** The parenthesis or bracket that belongs to the one at `index`. */
  partner(index: number): number | undefined {
    return this.partners.get(index);
  }

  line(offset: number): number {
    return this.sql.slice(0, offset).split('\n').length;
  }

  private look(): void {
    let frames = 0;
    const stack = [{ id: 0, run: 0, isCondition: false }];
    const open: number[] = [];
    for (const [index, { kind, text }] of this.code.entries()) {
      const top = stack.at(-1) ?? { id: 0, run: 0, isCondition: false };
      if (kind === 'word' && conditions.test(text)) Object.assign(top, { isCondition: true, run: top.run + 1 });
      else if (kind === 'word' && otherClauses.test(text)) Object.assign(top, { isCondition: false, run: top.run + 1 });
      else if ((kind === 'word' && separators.test(text)) || (kind === 'mark' && text === ',')) top.run += 1;
      this.around.push({ run: `${top.id}.${top.run}`, isCondition: top.isCondition });
      if (kind !== 'mark') continue;
      if (text === '(' || text === '[') {
        const before = this.code[index - 1];
        const isCall = text === '[' || (before?.kind === 'word' && !isKeyword(before.text));
        stack.push({ id: (frames += 1), run: 0, isCondition: !isCall && top.isCondition });
        open.push(index);
      }
      if ((text === ')' || text === ']') && stack.length > 1) {
        stack.pop();
        const opening = open.pop() ?? index;
        this.partners.set(opening, index).set(index, opening);
      }
    }
  }
}
