import { trimmed } from './java-text.ts';

const pairs: readonly { open: string; close: string; nests: boolean }[] = [
  { open: '"', close: '"', nests: false },
  { open: "'", close: "'", nests: false },
  { open: '${', close: '}', nests: false },
  { open: '(', close: ')', nests: true },
  { open: '<', close: '>', nests: true },
];
const escapable = '"\',;${}';

/**
 * Cuts a list at its `|` as Zeppelin does. Quotes, `<` and `(` open a stretch whose `|` do not cut, and the first character
 * after the opening is never seen as the closing one, so `''` and `()` stay open. A backslash does not protect a `|`; only
 * the last piece is trimmed, and dropped when nothing is after the last `|`.
 */
export function splitOptions(text: string): string[] {
  return new Splitter(text).split();
}

class Splitter {
  private readonly pieces: string[] = [];
  private piece = '';
  /** Open stretches, innermost last. */
  private readonly open: (typeof pairs)[number][] = [];
  private openedAt = -1;
  /** Length of the piece after its last escaped character; the character behind it neither opens nor closes. */
  private guarded = -1;

  constructor(private readonly text: string) {}

  split(): string[] {
    for (let at = 0; at < this.text.length; at += 1) {
      const character = this.text.charAt(at);
      if (character === '\\') {
        at += 1;
        this.escaped(this.text.charAt(at), at < this.text.length);
      } else if (this.open.length > 0) this.inside(character, at);
      else this.outside(character, at);
    }
    if (this.piece !== '') this.pieces.push(trimmed(this.piece));
    return this.pieces;
  }

  private escaped(character: string, isThere: boolean): void {
    if (!isThere) return;
    this.piece += escapable.includes(character) ? character : `\\${character}`;
    this.guarded = this.piece.length;
  }

  private endsWith(mark: string): boolean {
    return this.piece.length - mark.length >= this.guarded + 1 && this.piece.endsWith(mark);
  }

  private inside(character: string, at: number): void {
    this.piece += character;
    const pair = this.open.at(-1);
    if (pair === undefined || (at === this.openedAt + 1 && pair.open.length === 1)) return;
    if (pair.nests && this.endsWith(pair.open)) {
      this.open.push(pair);
      this.openedAt = at;
    } else if (this.endsWith(pair.close)) {
      this.open.pop();
      this.openedAt = -1;
    }
  }

  private outside(character: string, at: number): void {
    if (character === '|') {
      this.pieces.push(this.piece);
      this.piece = '';
      this.guarded = -1;
      return;
    }
    this.piece += character;
    const pair = pairs.find(({ open }) => this.endsWith(open));
    if (pair === undefined) return;
    this.open.push(pair);
    this.openedAt = at;
  }
}
