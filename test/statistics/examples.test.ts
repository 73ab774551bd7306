import { readFileSync, readdirSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import * as statistics from '../../shared/statistics/index.ts';
import { expectClose } from './close.ts';

const folder = new URL('../../shared/statistics/', import.meta.url);
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'));

interface Example {
  file: string;
  call: string;
  /** A value, then words about its source. */
  answer: string;
}

const examples: Example[] = files.flatMap((file) =>
  [...readFileSync(new URL(file, folder), 'utf8').matchAll(/@example (.+)\n +\* +\/\/ (.+)/g)].map(([, call = '', answer = '']) => ({ file, call, answer: answer.split(/ {2,}/)[0] ?? '' })),
);

test.each(examples)('$file: $call', ({ call, answer }) => {
  // `?.` after null, since the names of an example are those a reader would import.
  const value: unknown = runInNewContext(call.replace(/\?\./g, '.'), { ...statistics });
  const expected: unknown = runInNewContext(`(${answer})`);
  if (typeof expected === 'number') expectClose(value, expected, 0.5 * 10 ** (1 - answer.replace(/e.*|[^\d]/g, '').replace(/^0+/, '').length));
  else if (typeof expected === 'string') expect(value).toBe(expected);
  else expectAlike(value, expected);
});

/** Numbers of an example stand with the digits that a reader needs. */
function expectAlike(value: unknown, expected: unknown): void {
  if (typeof expected === 'number') expectClose(value, expected, 1e-5);
  else if (typeof expected !== 'object' || expected === null) expect(value).toBe(expected);
  else {
    expect(Object.keys(value as object)).toEqual(Object.keys(expected));
    for (const [name, part] of Object.entries(expected)) expectAlike((value as Record<string, unknown>)[name], part);
  }
}

test('every function of the list has an example', () => {
  const shown = new Set(examples.map(({ call }) => /^\w+/.exec(call)?.[0]));
  const functions = Object.entries(statistics).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
  expect(functions.filter((name) => !shown.has(name))).toEqual([]);
  expect(functions.length).toBeGreaterThan(30);
});
