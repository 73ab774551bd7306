import type { LocalText } from '../../shared/language.ts';

/** Where in a note something stands. `line` counts from 1 in the paragraph's own text. */
export interface Place {
  /** Number of the paragraph, from 1; absent for the note as a whole. */
  paragraph?: number;
  title?: string;
  line?: number;
}

/** One thing that a person should know about an import: it now differs, was guessed, or stayed behind. */
export interface Remark extends Place {
  kind: 'changed' | 'guessed' | 'lost';
  text: LocalText;
}

/** Collects remarks, each once. */
export class Remarks {
  private readonly found = new Map<string, Remark>();

  changed(place: Place, ru: string, en: string): void {
    this.add({ kind: 'changed', ...place, text: { ru, en } });
  }

  guessed(place: Place, ru: string, en: string): void {
    this.add({ kind: 'guessed', ...place, text: { ru, en } });
  }

  lost(place: Place, ru: string, en: string): void {
    this.add({ kind: 'lost', ...place, text: { ru, en } });
  }

  add(remark: Remark): void {
    const key = JSON.stringify([remark.kind, remark.paragraph, remark.text.en]);
    if (!this.found.has(key)) this.found.set(key, remark);
  }

  all(): Remark[] {
    return [...this.found.values()].sort((one, other) => (one.paragraph ?? 0) - (other.paragraph ?? 0) || (one.line ?? 0) - (other.line ?? 0));
  }
}

/** Line of an offset in a text, from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
