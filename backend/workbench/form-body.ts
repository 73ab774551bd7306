import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';

/** Parameters longer than this travel in the body: addresses have limits on the way. */
const maxAddressCharacters = 4_000;

/** A table that travels with a statement, as ClickHouse's HTTP interface takes it: its rows need no right to write. */
export interface ExternalTable {
  name: string;
  /** Columns with their types. */
  structure: string;
  format: 'RowBinary' | 'TabSeparated';
  /** Asked for once for each time that the statement is sent. */
  rows(): AsyncIterable<Buffer>;
}

/** Whether parameters in ClickHouse's text form are too long for an address. */
export function isLongInAddress(parameters: Record<string, string>): boolean {
  return Object.values(parameters).reduce((sum, value) => sum + encodeURIComponent(value).length, 0) > maxAddressCharacters;
}

/** Fields as `multipart/form-data`. */
export function formBody(fields: Record<string, string>): { content: string; contentType: string } {
  const { boundary, contentType } = freshBoundary();
  return { content: `${fieldParts(boundary, fields)}--${boundary}--`, contentType };
}

/** Fields and tables as `multipart/form-data`, read as it is sent. What describes a table stands before it. */
export function externalBody(fields: Record<string, string>, tables: ExternalTable[]): { content: Readable; contentType: string } {
  const { boundary, contentType } = freshBoundary();
  async function* content(): AsyncGenerator<Buffer> {
    yield Buffer.from(fieldParts(boundary, fields));
    for (const { name, structure, format, rows } of tables) {
      yield Buffer.from(fieldParts(boundary, { [`${name}_format`]: format, [`${name}_structure`]: structure }));
      yield Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`);
      yield* rows();
      yield Buffer.from('\r\n');
    }
    yield Buffer.from(`--${boundary}--\r\n`);
  }
  return { content: Readable.from(content(), { objectMode: false }), contentType };
}

function freshBoundary(): { boundary: string; contentType: string } {
  const boundary = `----tasksheet-${randomUUID()}`;
  return { boundary, contentType: `multipart/form-data; boundary=${boundary}` };
}

function fieldParts(boundary: string, fields: Record<string, string>): string {
  return Object.entries(fields).map(([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join('');
}
