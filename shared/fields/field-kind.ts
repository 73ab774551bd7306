import type { z } from 'zod';
import type { Language, LocalText } from '../language.ts';

/** Where and when a value is understood: relative words mean days of the company's time zone. */
export interface FieldContext {
  /** IANA name, such as `Europe/Moscow`. */
  zone: string;
  /** The current local day there, `YYYY-MM-DD`. */
  today: string;
}

/** What a source binds a parameter as; each source maps it to its own type. `instant` is ISO 8601 in UTC. */
export type ScalarType = 'string' | 'integer' | 'decimal' | 'boolean' | 'date' | 'instant';

/** One bound parameter. Integers and decimals travel as text, so nothing is rounded. */
export interface BoundValue {
  scalar: ScalarType;
  value: string | boolean | string[];
}

/** One `{{field}}` or `{{field.part}}`: the part's name, '' for the field itself. */
export type BoundParts = Partial<Record<'' | 'from' | 'until' | 'start' | 'end', BoundValue>>;

/**
 * One kind of field: how its value looks, is checked, told to people and bound.
 * `Value` is what travels as JSON; `Settings` are the keys that an analyst may write besides the common ones.
 */
export interface FieldKind<Name extends string, Value, Settings> {
  kind: Name;
  settings: z.ZodType<Settings>;
  value: z.ZodType<Value>;
  /** Names after the dot that a template may use; '' is the field itself. */
  parts: readonly (keyof BoundParts)[];
  /** From a command line, a worksheet function or a URL; `undefined` when it can't be read. */
  parseText(text: string, context: FieldContext): Value | undefined;
  isEmpty(value: Value): boolean;
  /** Relative words to dates; other values stay. Half-open where periods are concerned. */
  resolve(value: Value, context: FieldContext): Value;
  /** What is wrong with a resolved value under these settings, in words for the person; `null` when nothing is. */
  check(value: Value, settings: Settings): LocalText | null;
  /** The value in words, as history, provenance and file names show it. Choices are named by their option labels elsewhere. */
  describe(value: Value, language: Language): string;
  /** Parameters of a resolved, checked, non-empty value. */
  bind(value: Value, settings: Settings, context: FieldContext): BoundParts;
}

/** Keeps the literal types of one kind while checking the contract. */
export function fieldKind<Name extends string, Value, Settings>(
  kind: FieldKind<Name, Value, Settings>,
): FieldKind<Name, Value, Settings> {
  return kind;
}
