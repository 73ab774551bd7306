import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FileColumnType } from '../../shared/fields/file.ts';
import { ColumnObserver, ProgramObserver, fileExpression, programExpression } from '../../backend/table-files/index.ts';
import { context, scratchEngine, type ScratchEngine } from '../workbench/scratch-engine.ts';

let scratch: ScratchEngine;
beforeAll(async () => {
  scratch = await scratchEngine('Europe/Moscow');
});
afterAll(() => scratch.close());

function observed(values: string[], commaMeansDecimal = true) {
  const observer = new ColumnObserver();
  values.forEach((value, at) => observer.observe(value, at + 2, false));
  return observer.facts(commaMeansDecimal);
}

/** What the engine makes of the texts, as the product would ask it. */
async function readAs(values: string[], expression: (text: string) => string): Promise<unknown[]> {
  const texts = values.map((value) => `'${value.replaceAll("'", "\\'")}'`).join(', ');
  const { rows } = await scratch.workbench.select({ sql: `SELECT toString(${expression('c1')}) AS v FROM (SELECT arrayJoin([${texts}]) AS c1)`, parameters: {} }, { database: '', databases: [] }, context());
  return rows.map(([value]) => value);
}

test.each<[FileColumnType, string[], (string | null)[]]>([
  ['integer', ['1', '-20', '1 234 567', '1\u00a0234', ''], ['1', '-20', '1234567', '1234', null]],
  ['decimal', ['1,5', '-0,25', '1 234,56', '7', ''], ['1.5', '-0.25', '1234.56', '7', null]],
  ['decimal', ['1.5', '12345.123456789012', '8'], ['1.5', '12345.123456789012', '8']],
  ['decimal', ['1,234.50', '1,234,567', '12.25'], ['1234.5', '1234567', '12.25']],
  ['date', ['2026-03-01', '2026-12-31', ''], ['2026-03-01', '2026-12-31', null]],
  ['date', ['01.03.2026', '1.3.2026', '31.12.1999'], ['2026-03-01', '2026-03-01', '1999-12-31']],
  ['date', ['2026-03-01 00:00:00', '01.03.2026 0:00'], ['2026-03-01', '2026-03-01']],
  ['datetime', ['2026-03-01 10:30:15', '2026-03-01T10:30', '01.03.2026 9:05', '1.3.2026 23:59:59', '01.03.2026', ''], ['2026-03-01 10:30:15.000', '2026-03-01 10:30:00.000', '2026-03-01 09:05:00.000', '2026-03-01 23:59:59.000', '2026-03-01 00:00:00.000', null]],
  ['code', ['001', '12', '4276380012345678'], ['001', '12', '4276380012345678']],
  ['code', ['+79161234567', '+79031234567'], ['+79161234567', '+79031234567']],
  ['text', ['12', 'x'], ['12', 'x']],
  ['text', ['31.02.2026'], ['31.02.2026']],
  ['text', ['03/04/2026'], ['03/04/2026']],
  ['text', ['', ''], ['', '']],
])('%s: %j', async (type, values, read) => {
  const facts = observed(values);
  expect(facts.type).toBe(type);
  expect(await readAs(values, (text) => fileExpression(text, type, facts.decimals))).toEqual(read);
});

describe('what does not go says its row', () => {
  test('one wrong value among thousands is found: every value is looked at', () => {
    const values = Array.from({ length: 50_000 }, (_, at) => String(at));
    values[43_210] = '43 2x10';
    expect(observed(values)).toMatchObject({ type: 'text', misfits: { integer: { row: 43_212, value: '43 2x10' } } });
  });

  test('1,234 is one thing in a file of commas and another in a file of semicolons', () => {
    expect(observed(['1,234', '5,678'], true)).toMatchObject({ type: 'decimal', decimals: 'comma' });
    expect(observed(['1,234', '5,678'], false).misfits.decimal).toEqual({ row: 2, value: '1,234' });
    expect(observed(['1,234', '5,678.5'], false)).toMatchObject({ type: 'decimal', decimals: 'grouped' });
  });

  test('two decimal signs in one column are no number', () => {
    expect(observed(['1,5', '2.5'])).toMatchObject({ type: 'text', misfits: { decimal: { row: 3, value: '2.5' } } });
  });

  test('card numbers that Excel has shortened are no codes any more', () => {
    expect(observed(['4,27638E+15']).misfits.code).toEqual({ row: 2, value: '4,27638E+15' });
    const rounded = new ColumnObserver();
    rounded.observe('4276380012345670', 7, true);
    expect(rounded.facts(true).misfits.code).toEqual({ row: 7, value: '4276380012345670' });
  });

  test('dates beyond the calendar are no dates', () => {
    expect(observed(['29.02.2028', '29.02.2026']).misfits.date).toEqual({ row: 3, value: '29.02.2026' });
    expect(observed(['2026-13-01']).misfits.datetime).toEqual({ row: 2, value: '2026-13-01' });
    expect(observed(['2026-03-01 24:30']).misfits.datetime).toBeDefined();
  });
});

test.each([
  ['integer', ['1', '-2', '']],
  ['decimal', ['1e-05', '2.5', 'nan', '-inf']],
  ['boolean', ['True', 'False']],
  ['date', ['2026-03-01', '2026-03-02 00:00:00']],
  ['datetime', ['2026-03-01 10:00:00', '2026-03-01T10:00:00.123456+03:00']],
  ['string', ['007', '1']],
  ['string', ['a', '1']],
] as const)('a program writes %s as %j', (type, values) => {
  const observer = new ProgramObserver();
  values.forEach((value, at) => observer.observe(value, at + 2));
  expect(observer.facts().type).toBe(type);
});

test('decimals that an author has typed keep every digit', async () => {
  expect(await readAs(['12345678901234567.89', '1e-05', '2.5E3', '0.1', '', 'nan'], (text) => programExpression(text, 'decimal', true))).toEqual(['12345678901234567.89', '0.00001', '2500', '0.1', null, null]);
});
