import type { LocalText } from '../../shared/language.ts';
import type { Form } from './grammar/index.ts';
import type { Place } from './remark.ts';
import type { Slot } from './slots.ts';

/** One mention of a form: where it stands, and what its neighbours say. */
export interface Mention {
  form: Form;
  place: Place;
  slot: Slot;
  /** What the last person had chosen: evidence of its type, nothing more. */
  last?: string;
}

export interface DraftOption {
  value: string | number;
  label: string;
  sql?: string;
}

/** A field as it will stand in the header. */
export interface DraftField {
  name: string;
  kind: 'text' | 'number' | 'date' | 'month' | 'dateRange' | 'choice' | 'choices' | 'list';
  label: string;
  required?: false;
  default?: string | number | string[] | number[] | (string | number)[] | { from: string; until: string };
  decimals?: number;
  scalar?: 'string' | 'integer' | 'decimal';
  options?: DraftOption[];
  /** Zeppelin offered an empty option too. */
  hadEmptyOption?: true;
}

/** How the mentions of one form are written in our template. */
export type Plan =
  | { how: 'value' | 'list' | 'sql'; field: DraftField }
  /** One end of a period; `inclusive` when the form's day was the last of the period. */
  | { how: 'period'; field: DraftField; end: 'from' | 'until'; inclusive: boolean }
  /** Only mentioned in comments. */
  | { how: 'none'; label: string }
  | { how: 'lost'; reason: LocalText };
