import { gzipSync } from 'node:zlib';
import type { FileFault } from './faults.ts';
import type { StandInCohort } from './stand-in-data.ts';

export interface CsvRequest {
  cohort: StandInCohort;
  /** `undefined` without properties, an empty list for all. */
  keys: string[] | undefined;
}

const piece = 1 << 16;

function quoted(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** The cohort's file, as Amplitude writes it: ids first, then the properties asked for. */
export async function csvOf({ cohort, keys }: CsvRequest): Promise<Buffer> {
  let names = keys ?? [];
  const users = [];
  for await (const user of cohort.users()) users.push(user);
  if (keys?.length === 0) names = [...new Set(users.flatMap(({ properties = {} }) => Object.keys(properties)))];
  const parts: string[] = [`${['amplitude_id', 'user_id', ...names].map(quoted).join(',')}\n`];
  for (const { amplitudeId, userId, properties = {} } of users) parts.push(`${[amplitudeId, userId, ...names.map((name) => properties[name] ?? '')].map(quoted).join(',')}\n`);
  return Buffer.from(parts.join(''), 'utf8');
}

export interface FileAnswer {
  headers: Record<string, string>;
  bytes: Buffer;
  /** The connection is broken after the bytes. */
  breaks: boolean;
}

/** The file with whatever is wrong with it. */
export function fileAnswer(whole: Buffer, fault: FileFault | undefined): FileAnswer {
  const given = fault?.body === undefined ? whole : Buffer.from(fault.body);
  const packed = fault?.gzip === undefined ? given : gzipSync(given);
  const bytes = fault?.bytes === undefined ? packed : packed.subarray(0, fault.bytes);
  const end = fault?.end ?? 'short';
  const length: Record<string, string> = end === 'clean' ? {} : { 'content-length': String(end === 'broken' ? packed.length : bytes.length) };
  return {
    bytes,
    breaks: end === 'broken' && fault?.bytes !== undefined,
    headers: fault?.gzip === 'declared' ? { 'content-type': 'text/csv', ...length, 'content-encoding': 'gzip' } : { 'content-type': 'text/csv', ...length },
  };
}

export function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
}
