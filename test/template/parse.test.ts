import { describe, expect, test } from 'vitest';
import { parseTemplate } from '../../backend/template/index.ts';

const parts = (sql: string) => parseTemplate(sql).template.parts;
const messages = (sql: string) => parseTemplate(sql).faults.map(({ offset, message }) => `${offset}: ${message}`);

describe('what is templating', () => {
  test('a field and its parts are read, with spaces or without', () => {
    const { template, faults } = parseTemplate('WHERE a = {{a}} AND d >= {{ d.from }} AND d < {{d.until}}');
    expect(faults).toEqual([]);
    expect(template.fields).toEqual(['a', 'd']);
    expect(template.parts.filter((part) => part.kind === 'field').map(({ name, part }) => [name, part])).toEqual([['a', ''], ['d', 'from'], ['d', 'until']]);
  });

  test('steps and views are read outside strings and comments only', () => {
    const { template } = parseTemplate("SELECT 'steps.no', `views.no`, x.steps.no -- steps.no\n/* views.no */ FROM steps.cards JOIN views.live AS v USING id # steps.no");
    expect([template.steps, template.views]).toEqual([['cards'], ['live']]);
  });

  test.each([
    ['an array of arrays', 'SELECT [[1,2],[3]]'],
    ['an array of arrays with a field', 'SELECT [[1,{{a}}],[3]]'],
    ['an array of one array', 'SELECT [[1,2]]'],
    ['an index in an index', 'SELECT a[b[1]]'],
    ['double brackets in a string', "SELECT '[[ a ]]'"],
  ])('%s stays SQL', (_, sql) => {
    const { template, faults } = parseTemplate(sql);
    expect(faults).toEqual([]);
    expect(template.parts.some(({ kind }) => kind === 'optional')).toBe(false);
  });

  test('an optional clause ends where it should, brackets inside counted', () => {
    const [, clause, rest] = parts('x [[ AND y IN {{c}} AND z[1] = [2] AND w[{{i}}]]] tail');
    expect(clause?.kind === 'optional' && clause.parts.map((part) => (part.kind === 'text' ? part.text : part.kind))).toEqual([' AND y IN ', 'field', ' AND z[1] = [2] AND w[', 'field', ']']);
    expect(rest).toEqual({ kind: 'text', text: ' tail' });
  });

  test('maps, JSON and closing braces stay SQL', () => {
    expect(messages("SELECT map('a', 1), {'a': {'b': 1}}, x.a.b FROM t")).toEqual([]);
    expect(parts("SELECT {'a': {'b': 1}}")).toEqual([{ kind: 'text', text: "SELECT {'a': {'b': 1}}" }]);
  });

  test('a semicolon at the end is dropped, comments after it too', () => {
    expect(parts('SELECT 1;\n-- done\n')).toEqual([{ kind: 'text', text: 'SELECT 1' }]);
  });

  test.each([
    ["'it''s {{'.", "SELECT 'it''s' , {{a}}"],
    ['a backslash before a quote', "SELECT 'a\\'', {{a}}"],
    ['a heredoc', "SELECT $tag$ it's $$ -- $tag$, {{a}}"],
    ['double quotes and backticks', 'SELECT "it\'s", `it\'s`, {{a}}'],
    ['curly quotes', 'SELECT ‘it\'s’, “it\'s”, {{a}}'],
    ['a line comment', "SELECT 1 -- it's\n, {{a}}"],
    ['a hash comment', "SELECT 1 # it's\n, {{a}}"],
    ['a block comment', "SELECT 1 /* it's */, {{a}}"],
    ['a dollar that is no heredoc', 'SELECT $1, {{a}}'],
  ])('what follows %s is still read', (_, sql) => {
    expect(messages(sql)).toEqual([]);
    expect(parseTemplate(sql).template.fields).toEqual(['a']);
  });
});

describe('faults, each with its place and advice', () => {
  test.each([
    ["SELECT '{{a}}'", '8: {{a}} in a string'],
    ["SELECT '%{{a}}%'", '9: {{a}} in a string'],
    ['SELECT "{{a}}"', '8: {{a}} in a string'],
    ['SELECT $$ {{a}} $$', '10: {{a}} in a string'],
    ['SELECT ‘{{a}}’', '8: {{a}} in a string'],
    ['SELECT 1 -- {{a}}', '12: {{a}} in a comment'],
    ['SELECT 1 /* {{a}} */', '12: {{a}} in a comment'],
    ['SELECT 1 /* {{ */', '12: {{…}} in a comment'],
    ['SELECT {{a', '7: {{ is never closed'],
    ['SELECT {{a}\n}', '7: {{ is never closed'],
    ['SELECT {{}}', '7: {{ }} without a name'],
    ['SELECT {{a b}}', '7: {{a b}} is not a field'],
    ['SELECT {{a.b.c}}', '7: {{a.b.c}} is not a field'],
    ['SELECT {{a.frm}}', '7: {{a.frm}} has no part "frm"'],
    ['SELECT {{цена}}', '7: {{цена}} is not a field'],
    ['x [[ AND a = {{a}}', '2: [[ is never closed'],
    ['x [[ AND a = {{a}} ] AND b', '2: [[ is never closed'],
    ['x AND a = {{a}} ]]', '16: ]] closes nothing'],
    ['x [[ a = {{a}} [[ b = {{b}} ]] ]]', '15: [[ … ]] inside another one'],
    ["SELECT 'open", '7: this quote is never closed'],
    ['SELECT /* open', '7: this comment is never closed'],
    ['SELECT {a:String}', '7: {a:…} is not a parameter here'],
    ['SELECT 1; SELECT 2', '8: more than one query'],
    ['SELECT * FROM steps.', '14: steps. without a name'],
    ['SELECT steps.a.b FROM steps.a', '7: a column is read through steps.a.'],
  ])('%s', (sql, expected) => {
    const { faults } = parseTemplate(sql);
    expect(faults.map(({ offset, message }) => `${offset}: ${message}`)).toEqual([expected]);
    expect(faults[0]?.advice).not.toBe('');
  });

  test('LIKE in quotes is told how to join', () => {
    expect(parseTemplate("name LIKE '%{{a}}%'").faults[0]?.advice).toContain("concat('%', {{a}}, '%')");
  });

  test('all at once', () => {
    expect(messages("SELECT '{{a}}', {{b.x}} /* {{c}} */ [[ {{d}}")).toHaveLength(4);
  });
});

test.each([
  ['clauses in clauses', '[[ {{a}} '],
  ['clauses that are closed', '[[ {{a}} ]] '],
  ['brackets', '['],
  ['double brackets', '[[1],[2]] '],
  ['semicolons', ';'],
  ['quotes', "'"],
  ['comments', '/*'],
  ['dollars', '$a$ $b$ '],
  ['braces', '{{'],
])('hundreds of kilobytes of %s are read without running out of stack', (_, piece) => {
  const { template } = parseTemplate(piece.repeat(Math.floor(200_000 / piece.length)));
  expect(template.source.length).toBeGreaterThan(190_000);
});
