import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { EngineException } from './exception.ts';
import { checkedSetting } from './settings.ts';
import { stringLiteral } from '../sql-text.ts';

const maxBodyBytes = 64 * 1024 * 1024;

/** One request to ClickHouse's HTTP interface, read and checked. */
export interface EngineRequest {
  sql: string;
  /** File with the rows of an INSERT; whoever runs it removes it. */
  rowsFile: string | null;
  /** Tables that came with the statement, their rows in files that whoever runs it removes. */
  external: ExternalFile[];
  queryId: string;
  database: string | null;
  format: string;
  settings: Record<string, string>;
  parameters: Record<string, string>;
  /** The whole answer before the first byte: true statuses, for answers that are small. */
  waitEndOfQuery: boolean;
  gzip: boolean;
}

export interface ExternalFile {
  name: string;
  structure: string;
  format: string;
  path: string;
}

/** Reads a request: query in the body, in `query=`, or both (an INSERT with rows); parameters in the URL or as multipart. */
export async function readRequest(request: IncomingMessage, freshId: string, incoming: string): Promise<EngineRequest> {
  const url = new URL(request.url ?? '/', 'http://engine');
  const fields = new Map(url.searchParams);
  const insert = insertParts(fields.get('query') ?? '');
  if (insert) {
    const rest = { ...options(fields, freshId), gzip: acceptsGzip(request, fields) };
    const rowsFile = await spool(request, incoming);
    return { sql: insert.from(rowsFile), rowsFile, external: [], ...rest };
  }
  let body = await readBody(request);
  const tables: { name: string; rows: Blob }[] = [];
  const contentType = request.headers['content-type'] ?? '';
  if (contentType.startsWith('multipart/form-data')) {
    for (const [name, value] of await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData())
      if (typeof value === 'string') fields.set(name, value);
      else tables.push({ name, rows: value });
    body = Buffer.alloc(0);
  }
  const described = tables.map(({ name }) => description(name, fields));
  const rest = { ...options(fields, freshId), gzip: acceptsGzip(request, fields) };
  const sql = statement(fields.get('query') ?? '', body);
  const external: ExternalFile[] = [];
  for (const [at, table] of described.entries()) {
    const path = join(incoming, randomUUID());
    external.push({ ...table, path });
    await writeFile(path, Buffer.from(await (tables[at]?.rows ?? new Blob()).arrayBuffer()), { mode: 0o600 });
  }
  return { sql, rowsFile: null, external, ...rest };
}

/** Takes what describes a table out of the fields: the rest are settings. */
function description(name: string, fields: Map<string, string>): Omit<ExternalFile, 'path'> {
  const [format, structure] = [fields.get(`${name}_format`) ?? 'TabSeparated', fields.get(`${name}_structure`) ?? ''];
  if (structure === '') throw new EngineException(36, `The table ${name.slice(0, 100)} has no structure`, 'BAD_ARGUMENTS');
  fields.delete(`${name}_format`);
  fields.delete(`${name}_structure`);
  return { name: checkedWord(name, 'table'), format: checkedWord(format, 'format'), structure };
}

interface Insert {
  /** The statement that reads the rows from a file. */
  from(file: string): string;
}

/** `INSERT INTO t (a, b) FORMAT X` without rows of its own, or `INSERT INTO t (a, b) SELECT … FROM input('…') … FORMAT X`. */
function insertParts(query: string): Insert | null {
  const found = /^(\s*INSERT\s+INTO\s[\s\S]*?)\s+FORMAT\s+([A-Za-z]+)[\s;]*$/i.exec(query);
  const [into, format] = [found?.[1] ?? '', found?.[2] ?? ''];
  if (into === '') return null;
  const input = /^(\s*INSERT\s+INTO\s[\s\S]*\sFROM\s+)input\(('(?:[^'\\]|\\[\s\S])*')\)(\s+LIMIT\s+\d+)?$/i.exec(into);
  if (input) return { from: (file) => `${input[1]}file(${stringLiteral(file)}, ${format}, ${input[2]})${input[3] ?? ''}` };
  return /\bSELECT\b/i.test(into) ? null : { from: (file) => `${into} FROM INFILE ${stringLiteral(file)} FORMAT ${format}` };
}

/**
 * Rows go to the engine as a file. Written after the statement, as chDB's own insert does, they would be SQL: a blank
 * line ends the rows there, and what follows runs as the next statement.
 */
async function spool(request: IncomingMessage, incoming: string): Promise<string> {
  const file = join(incoming, randomUUID());
  await pipeline(request, createWriteStream(file, { mode: 0o600 }));
  return file;
}

function statement(query: string, body: Buffer): string {
  const sql = query === '' ? body.toString('utf8') : body.length === 0 ? query : `${query}\n${body.toString('utf8')}`;
  if (sql.trim() === '') throw new EngineException(62, 'Empty query', 'SYNTAX_ERROR');
  return sql.replace(/[;\s]+$/, '');
}

function options(fields: Map<string, string>, freshId: string): Omit<EngineRequest, 'sql' | 'rowsFile' | 'external' | 'gzip'> {
  const settings: Record<string, string> = {};
  const parameters: Record<string, string> = {};
  for (const [name, value] of fields) {
    if (ownFields.has(name)) continue;
    if (name.startsWith('param_')) parameters[checkedWord(name.slice(6), 'parameter')] = value;
    else {
      const checked = checkedSetting(name, value);
      if (checked !== null) settings[name] = checked;
    }
  }
  const database = fields.get('database') ?? '';
  return {
    settings,
    parameters,
    queryId: checkedWord(fields.get('query_id') || freshId, 'query_id'),
    database: database === '' ? null : database,
    format: checkedWord(fields.get('default_format') ?? 'TabSeparated', 'format'),
    waitEndOfQuery: ['1', 'true'].includes(fields.get('wait_end_of_query') ?? ''),
  };
}

const ownFields = new Set(['query', 'query_id', 'database', 'default_format', 'wait_end_of_query']);

function checkedWord(word: string, what: string): string {
  if (!/^[A-Za-z0-9_.:-]{1,128}$/.test(word)) throw new EngineException(36, `Wrong ${what}`, 'BAD_ARGUMENTS');
  return word;
}

function acceptsGzip(request: IncomingMessage, fields: Map<string, string>): boolean {
  return fields.get('enable_http_compression') === '1' && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > maxBodyBytes) throw new EngineException(307, 'The body of the request is too large', 'TOO_MANY_BYTES');
    parts.push(part);
  }
  return Buffer.concat(parts);
}
