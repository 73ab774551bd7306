import type { FieldKindName } from '../../shared/fields/index.ts';
import type { LocalText } from '../../shared/language.ts';

/** A stretch of the query that a field takes the place of, once it has a name. */
export interface Edit {
  start: number;
  end: number;
  write: (name: string) => string;
}

export type ProposedDefault = string | number | (string | number)[] | { from: string | number; until: string | number };

/** A field that values of a query could become. */
export interface Proposal {
  name: string;
  kind: FieldKindName;
  label: LocalText;
  /** The shared field that it is taken from. */
  use?: string;
  settings: { decimals?: number; scalar?: 'integer' };
  default?: ProposedDefault;
  /** Whether it becomes a field unless the author says otherwise. */
  isSuggested: boolean;
  /** What the author should know about it. */
  remarks: LocalText[];
  /** Where its values stand now. */
  places: { line: number; text: string }[];
  edits: Edit[];
}

/** A field of `fields/*.yaml` that a proposal may use. */
export interface SharedField {
  name: string;
  kind: FieldKindName;
  scalar: 'integer' | 'string';
}

/** A name as words: `partner_id` → `Partner id`. */
export function wordsOf(name: string): string {
  const words = name.replace(/([a-zа-я\d])([A-ZА-Я])/g, '$1 $2').replace(/[_\-\s]+/g, ' ').trim().toLowerCase();
  return words === '' ? name : words.charAt(0).toUpperCase() + words.slice(1);
}
