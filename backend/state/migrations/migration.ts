/** One numbered change of the schema. Applied ones are never edited: their checksum is recorded. */
export interface Migration {
  number: number;
  name: string;
  sql: string;
}
