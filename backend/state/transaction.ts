/** A value that may be bound to `$1, $2 …`. JSON columns take `toJson(value)`. */
export type Parameter = string | number | bigint | boolean | Date | null | undefined | readonly string[] | readonly number[];

/**
 * What can be asked inside and outside a transaction. Both engines answer alike:
 * timestamptz is a Date; date, timestamp without zone, numeric and interval are strings; bigint (counts, identities) is a
 * number, and one beyond 2^53 is an error rather than a rounded value; json is parsed; bytea is a Uint8Array.
 */
export interface Transaction {
  query<T extends object>(sql: string, parameters?: readonly Parameter[]): Promise<T[]>;
}

/** A value for a json or jsonb column. The drivers differ in what they do with arrays, so it always travels as text. */
export function toJson(value: unknown): string {
  return JSON.stringify(value) ?? 'null';
}
