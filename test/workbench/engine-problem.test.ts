import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BoundValue } from '../../shared/fields/field-kind.ts';
import { Problem } from '../../shared/problem.ts';
import { engineProblem, parseEngineError } from '../../backend/workbench/engine-problem.ts';
import { context, scratchEngine, wallet, type ScratchEngine } from './scratch-engine.ts';

let scratch: ScratchEngine;
beforeAll(async () => {
  scratch = await scratchEngine();
  await scratch.workbench.command('CREATE DATABASE wallet');
  await scratch.workbench.command('CREATE TABLE wallet.people (number UInt64, name String) ENGINE = MergeTree ORDER BY number');
  await scratch.workbench.command("INSERT INTO wallet.people SELECT number, 'Ivan Private Row' FROM numbers(10)");
});
afterAll(() => scratch.close());

const parameters: Record<string, BoundValue> = { v: { scalar: 'string', value: 'Bound Secret' } };

/** What a person sees of a query in each way to run it, and what only the log has. */
async function told(sql: string): Promise<{ words: string[]; causes: string[] }> {
  const query = { sql, parameters: sql.includes('{v:') ? parameters : {} };
  const ways = [
    () => scratch.workbench.describe(query, wallet),
    () => scratch.workbench.select(query, wallet, context()),
    () => scratch.workbench.store(query, wallet, 'told', context()),
  ];
  const words: string[] = [];
  const causes: string[] = [];
  for (const way of ways) {
    const problem: unknown = await way().catch((error: unknown) => error);
    if (!(problem instanceof Problem)) continue;
    expect(problem.code).toBe('query_failed');
    words.push(problem.text.ru, problem.text.en);
    causes.push(String((problem.cause as Error).message));
  }
  await scratch.workbench.drop(['told']);
  return { words, causes };
}

describe('a failed query', () => {
  test.each([
    ['a date', 'SELECT toDate(name) AS d FROM people', 'CANNOT_PARSE_DATE (38).'],
    ['a number', "SELECT CAST(name, 'UInt8') AS n FROM people", 'CANNOT_PARSE_TEXT (6).'],
    ['a scalar subquery', 'SELECT (SELECT toDate(max(name)) FROM people) AS d', 'CANNOT_PARSE_DATE (38).'],
    ['a bound value as a date', 'SELECT toDate({v:String}) AS d', 'CANNOT_PARSE_DATE (38).'],
    ['a bound value of another type', 'SELECT number FROM people WHERE number = {v:String}', 'TYPE_MISMATCH (53).'],
    ['a bound value as a type', "SELECT JSONExtract('{}', {v:String}) AS t", 'SYNTAX_ERROR (62).'],
    ['a bound value as a time zone', 'SELECT toDateTime(now(), {v:String}) AS t', 'BAD_ARGUMENTS (36).'],
    ['a bound value beside a wrong alias', 'SELECT {v:String} AS a, name AS a, a FROM people', 'MULTIPLE_EXPRESSIONS_FOR_ALIAS (179).'],
  ])('names the error of %s and quotes neither rows, values nor SQL', async (_name, sql, expected) => {
    const { words, causes } = await told(sql);
    expect(words.length).toBeGreaterThan(0);
    for (const one of words) {
      expect(one).toContain(expected);
      expect(one).not.toMatch(/Ivan|Bound|Secret|SELECT|people/);
    }
    expect(causes.join()).toMatch(/Ivan|Bound/);
  });

  test.each([
    ['an unknown column', 'SELECT nobody FROM people WHERE name = {v:String}', 'UNKNOWN_IDENTIFIER (47): Unknown expression identifier `nobody`.'],
    ['an unknown column of a join', 'SELECT * FROM people a JOIN people b ON a.x = b.number WHERE a.name = {v:String}', "Identifier 'a.x' cannot be resolved from table with name a."],
    ['an unknown table', 'SELECT a FROM nobody', "UNKNOWN_TABLE (60): Unknown table expression identifier 'nobody'."],
    ['a typo', 'SELECT 1 FROM people WHERE name = {v:String} AND', 'SYNTAX_ERROR (62): Syntax error: failed at position 49 (end of query)'],
    ['wrong types', 'SELECT name + 1 AS x FROM people WHERE name = {v:String}', 'ILLEGAL_TYPE_OF_ARGUMENT (43): Illegal types String and UInt8 of arguments of function plus.'],
    ['too few arguments', 'SELECT plus(1) AS x, {v:String} AS y', "passed 1, should be 2."],
    ['a forgotten GROUP BY', 'SELECT number, count() FROM people WHERE name = {v:String}', "Column 'wallet.people.number' is not under aggregate function and not in GROUP BY keys."],
  ])('tells the analyst how to mend %s, without the values of the form', async (_name, sql, expected) => {
    const { words } = await told(sql);
    expect(words).toHaveLength(6);
    for (const one of words) {
      expect(one).toContain(expected);
      expect(one).not.toMatch(/Bound|Secret|SELECT/);
    }
  });

  test('is told the same by servers of other versions', () => {
    const words = (text: string): string => engineProblem(parseEngineError(text)).text.en;
    const version = '(version 24.3.1.2672 (official build))';
    expect(words(`Code: 47. DB::Exception: Missing columns: 'nobody' while processing query: 'SELECT nobody WHERE name = 'Bound'', required columns: 'nobody'. (UNKNOWN_IDENTIFIER) ${version}`)).toBe("The query failed. ClickHouse error UNKNOWN_IDENTIFIER (47): Missing columns: 'nobody'.");
    expect(words(`Code: 27. DB::Exception: Cannot parse input: expected '\\t' before: 'Ivan (ROW)'. (CANNOT_PARSE_INPUT_ASSERTION_FAILED) ${version}`)).toBe('The query failed. ClickHouse error CANNOT_PARSE_INPUT_ASSERTION_FAILED (27).');
    expect(words('Code: 38. DB::Exception: Cannot parse date here: Ivan')).toBe('The query failed. ClickHouse error 38.');
  });

  test('is told plainly that text meets numbers in a join', async () => {
    const { words } = await told('SELECT * FROM people a JOIN (SELECT 12 AS n, {v:String} AS v) b ON a.name = b.n');
    for (const one of words) {
      expect(one).toMatch(/UInt8, String/);
      expect(one).toMatch(/\(user_id: string\)/);
      expect(one).not.toMatch(/Bound|Secret|SELECT|people/);
    }
    expect(words.length).toBeGreaterThan(0);
  });
});
