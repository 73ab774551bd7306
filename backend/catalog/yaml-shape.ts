import { z } from 'zod';
import { suggest } from '../../shared/suggestion.ts';
import type { Fault } from './task.ts';
import { absent, at, entries, type YamlEntry, type YamlValue } from './yaml-value.ts';

type Issue = z.core.$ZodIssue;
type Shape = Record<string, z.ZodType>;

/** What of a shape could be read; a key with faults is absent. */
export type Read<S extends Shape> = { [K in keyof S]?: z.output<S[K]> };

/** Reads a mapping key by key, so that one wrong key does not hide the others. `what` names the mapping in messages. */
export function readKeys<S extends Shape>(of: YamlValue, shape: S, what: string, faults: Fault[]): Read<S> {
  const pairs = entries(of);
  if (pairs !== null) return readEntries(pairs, of, { shape, what, faults });
  faults.push(of.source.fault(of.offset, `${what} is ${shown(of.value)}`, `write it as keys and values: ${Object.keys(shape).slice(0, 4).join(', ')}, …`));
  return {};
}

/** The same for entries that may come from several files; what is missing is reported at `of`. */
export function readEntries<S extends Shape>(pairs: YamlEntry[], of: YamlValue, { shape, what, faults }: { shape: S; what: string; faults: Fault[] }): Read<S> {
  const known = Object.keys(shape);
  for (const { key, keyOffset, value } of pairs)
    if (!known.includes(key)) faults.push(value.source.fault(keyOffset, `${what} has no key "${key}"`, suggest(key, known)));
  const result: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(shape)) {
    const entry = pairs.find((pair) => pair.key === key);
    const value = readValue(entry?.value ?? absent(of), schema, key, faults);
    if (value !== undefined) result[key] = value;
  }
  return result as Read<S>;
}

/** Reads one value; `undefined` when it has faults, or is absent and may be. */
export function readValue<T>(of: YamlValue, schema: z.ZodType<T>, name: string, faults: Fault[]): T | undefined {
  const read = schema.safeParse(of.value, { reportInput: true });
  if (read.success) return read.data;
  for (const issue of read.error.issues) faults.push(...issueFaults(issue, of, schema, name));
  return undefined;
}

function issueFaults(issue: Issue, of: YamlValue, schema: z.ZodType, name: string): Fault[] {
  const place = at(of, issue.path);
  const path = [name, ...issue.path].join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, issue.path);
    return issue.keys.map((key) => {
      const entry = entries(place)?.find((pair) => pair.key === key);
      return of.source.fault(entry?.keyOffset ?? place.offset, `${path} has no key "${key}"`, suggest(key, known));
    });
  }
  const [message, advice] = words(issue, path, knownKeys(schema, issue.path));
  return [of.source.fault(place.offset, message, advice)];
}

const languageNames: Record<string, string> = { ru: 'Russian', en: 'English' };

function words(issue: Issue, path: string, keys: string[]): [string, string] {
  const last = String(issue.path.at(-1) ?? '');
  const languageName = languageNames[last];
  const isEmpty = issue.input === undefined || issue.input === null || issue.input === '';
  if (isEmpty && languageName !== undefined) return [`${path.slice(0, -last.length - 1)} has no ${languageName} text`, `add ${last}: …`];
  if (issue.input === undefined) return [`${path} is missing`, keys.includes('ru') ? `add ${path}: { ru: …, en: … }` : `add ${path}`];
  const message = `${path} is ${shown(issue.input)}`;
  if (issue.code === 'invalid_type') return [message, keys.includes('ru') ? 'write it in both languages: { ru: …, en: … }' : `${expected(issue.expected, keys)} is needed here`];
  return [message, issue.code === 'invalid_value' ? suggest(String(issue.input), issue.values.map(String)) : issue.message];
}

function expected(type: string, keys: string[]): string {
  if (type === 'object' && keys.length > 0) return `{ ${keys.map((key) => `${key}: …`).join(', ')} }`;
  const names: Record<string, string> = { string: 'text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list [ … ]', object: 'a mapping', record: 'a mapping' };
  return names[type] ?? type;
}

/** A value as a message quotes it. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function knownKeys(schema: z.ZodType, path: PropertyKey[]): string[] {
  let here: unknown = schema;
  for (const step of path) {
    here = inner(here);
    if (here instanceof z.ZodObject) here = (here.shape as Shape)[String(step)];
    else if (here instanceof z.ZodArray) here = here.element;
    else if (here instanceof z.ZodRecord) here = here.valueType;
    else return [];
  }
  here = inner(here);
  return here instanceof z.ZodObject ? Object.keys(here.shape as Shape) : [];
}

function inner(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable) return inner(schema.unwrap());
  if (schema instanceof z.ZodPipe) return inner(schema.in);
  return schema;
}
