import { expect, test } from 'vitest';
import { fieldKindOf, type FieldKindName } from '../../shared/fields/index.ts';
import type { AnyValue } from '../../shared/form.ts';
import { Problem } from '../../shared/problem.ts';
import { field, render } from './fields.ts';

/** Texts that have broken templates of other products. */
const hostile = [
  "' OR 1=1 --", '$0', '$&', '$1$', '\\', "\\'", '{{x}}', '{{x.from}}', ']]', '[[ {{x}} ]]', '\u0000', 'a\u0000b', '😀', '\ud800', '{f_x:String}', '{f_x:Identifier}',
  '%', '_', '/*', '*/', '--', ';', '`', '"', "''", '‘', '$$', '\n-- step x on y\n', 'steps.secret', 'views.secret', '#{7*7}', '${7*7}', '__proto__', 'constructor', '\u202e', '\r\n',
];

/** A generator with a seed (mulberry32), so that a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The canary is in every hostile value: if a value got into the text, it would show. */
const canary = 'CANARY7';

const templates: Record<FieldKindName, string> = {
  text: 'SELECT {{x}}, {{x}} [[ AND a = {{x}} ]]',
  number: 'SELECT {{x}} [[ AND a = {{x}} ]]',
  numberRange: 'SELECT {{x.from}}, {{x.until}} [[ AND a < {{x.until}} ]]',
  toggle: 'SELECT {{x}} [[ AND a = {{x}} ]]',
  date: 'SELECT {{x}}, {{x.start}} [[ AND a = {{x.end}} ]]',
  month: 'SELECT {{x}}, {{x.from}}, {{x.end}} [[ AND a = {{x}} ]]',
  dateRange: 'SELECT {{x.from}}, {{x.end}} [[ AND a = {{x.until}} ]]',
  choice: 'SELECT {{x}} [[ AND a = {{x}} ]]',
  choices: 'SELECT a IN {{x}} [[ AND a IN {{x}} ]]',
  list: 'SELECT a IN {{x}} [[ AND a NOT IN {{x}} ]]',
  cohort: 'SELECT {{x}} [[ AND a = {{x}} ]]',
  file: 'SELECT a FROM {{x}} [[ JOIN {{x}} AS other USING (a) ]]',
};

function shapes(text: string): AnyValue[] {
  return [text, [text], [text, text + text], { from: text, until: text }, { from: text, until: null }, { [text]: text }];
}

test.each(Object.entries(templates) as [FieldKindName, string][])('no value of a field of kind %s gets into the text', (kind, sql) => {
  const next = random(7);
  const pick = () => hostile[Math.floor(next() * hostile.length)] ?? '';
  const seen = new Set<string>();
  let bound = 0;
  for (let round = 0; round < 400; round += 1) {
    const text = `${pick()}${round % 2 === 0 ? canary : ''}${pick()}${pick()}`;
    for (const value of shapes(text)) {
      for (const settings of [{}, { scalar: 'integer' }])
        try {
          const rendered = render(sql, [field('x', kind, { settings: kind === 'file' ? { columns: { a: 'text' } } : fieldKindOf(kind).settings.safeParse(settings).success ? settings : {} })], { x: value });
          bound += 1;
          expect(rendered.sql).not.toContain(canary);
          seen.add(rendered.sql.replace(/ +/g, ' '));
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
        }
    }
  }
  // Text depends on what is filled in, never on what with: at most one text with the clause, one without, for each binding type.
  expect(seen.size).toBeLessThanOrEqual(4);
  if (['text', 'choice', 'choices', 'list'].includes(kind)) expect(bound).toBeGreaterThan(400);
});

test('10 MB of text is a parameter like any other', () => {
  const value = "' OR 1=1 --".repeat(1_000_000);
  const { sql, parameters } = render('SELECT {{x}}', [field('x', 'text')], { x: value });
  expect(sql).toBe('SELECT {f_x:String}');
  expect(parameters.f_x?.value === value).toBe(true);
});

test('a list of 100,000 is one parameter', () => {
  const { sql, parameters } = render('a IN {{x}}', [field('x', 'list')], { x: Array.from({ length: 100_000 }, (_, index) => `${index}'`) });
  expect(sql).toBe('a IN {f_x:Array(String)}');
  expect(parameters.f_x?.value).toHaveLength(100_000);
});

test('what a person types to search is never text of the query', () => {
  for (const text of hostile) expect(render('a ILIKE {{search}}', [], {}, { search: canary + text }).sql).toBe('a ILIKE {f_search:String}');
});
