import { beforeAll, describe, expect, it } from 'vitest';
import { generateCustomFunctionsMetadata } from 'custom-functions-metadata';
import { readdirSync } from 'node:fs';
import { associateFunctions, connectFunctions, worksheetFunctions } from '../../addin/functions/index.ts';
import type { Language } from '../../shared/language.ts';
import { ExcelHost, loadOfficeInNode, type FunctionOutcome } from '../excel-host/index.ts';

let host: ExcelHost;
let language: Language = 'ru';
const invalidValue = 7;
const notAvailable = 1;

beforeAll(() => {
  host = new ExcelHost();
  const { CustomFunctions } = loadOfficeInNode(host);
  Object.assign(globalThis, { CustomFunctions });
  associateFunctions();
  // These functions must never ask the server.
  connectFunctions(() => Promise.reject(new Error('The server was asked.')), () => language);
});

const cells = (...values: unknown[]): unknown[][][] => values.map((value) => [[value]]);
const column = (...values: unknown[]): unknown[][] => values.map((value) => [value]);
const ab = (name: string, ...given: unknown[]): Promise<FunctionOutcome> => host.runtime.callFunction(`AB.${name}`, given);
const numberOf = async (outcome: Promise<FunctionOutcome>): Promise<number> => {
  const read = await outcome;
  if (!('value' in read)) throw new Error(read.message);
  return read.value as number;
};
const fails = (code: number, message: string) => ({ failed: true, code, message: expect.stringContaining(message) as string });

describe('=TASK.AB.PVALUE', () => {
  it('compares shares: R prop.test(c(200, 250), c(4000, 4000), correct = FALSE)', async () => {
    expect(await numberOf(ab('PVALUE', cells(200, 4000, 250, 4000)))).toBeCloseTo(0.0152558237, 9);
  });

  it.concurrent('takes a row of four cells as well as four cells', async () => {
    expect(await ab('PVALUE', [[[200, 4000, 250, 4000]]])).toEqual(await ab('PVALUE', cells(200, 4000, 250, 4000)));
  });

  it('compares columns of values by Welch: R t.test(extra ~ group, data = sleep)', async () => {
    const first = column(0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2);
    const second = column(1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4);
    expect(await numberOf(ab('PVALUE', [first, second]))).toBeCloseTo(0.0793941401873582, 9);
    // The same as means; sd() of R.
    expect(await numberOf(ab('PVALUE', cells(0.75, 1.7890096577591623, 10, 2.33, 2.002248735796829, 10)))).toBeCloseTo(0.0793941401873582, 9);
  });

  it.concurrent('takes a column of noughts and ones, or of TRUE and FALSE, as a share', async () => {
    const flags = (hits: number, users: number) => column(...Array.from({ length: users }, (_user, index) => (index < hits ? 1 : 0)));
    const truths = column(...Array.from({ length: 500 }, (_user, index) => index < 31));
    expect(await ab('PVALUE', [flags(25, 500), truths])).toEqual(await ab('PVALUE', cells(25, 500, 31, 500)));
  });

  it.concurrent('takes Fisher’s test for rare events: seven of seven in one of two equal groups is 2 C(1000, 7) / C(2000, 7)', async () => {
    expect(await numberOf(ab('PVALUE', cells(0, 1000, 7, 1000)))).toBeCloseTo(0.01546126619960746, 12);
  });

  it('never answers 0, however small it is', async () => {
    expect(await numberOf(ab('PVALUE', cells(1, 1e9, 5e8, 1e9)))).toBeGreaterThan(0);
  });

  it.concurrent.each([
    ['decimal commas', cells('10,2', '5,1', 400, '11,2', '5,3', 400), cells(10.2, 5.1, 400, 11.2, 5.3, 400)],
    ['thousands with blanks', cells('200', '4 000', '250', '4 000'), cells(200, 4000, 250, 4000)],
    ['empty cells of a column', [column(1, 2, '', 3, 4.5), column(2, null, 3, 4, 8)], [column(1, 2, 3, 4.5), column(2, 3, 4, 8)]],
    ['an empty argument at the end', cells(200, 4000, 250, 4000, ''), cells(200, 4000, 250, 4000)],
  ])('reads %s', async (_case, given, same) => {
    expect(await numberOf(ab('PVALUE', given))).toBe(await numberOf(ab('PVALUE', same)));
  });

  it.concurrent.each([
    ['more did it than there are', cells(5, 4, 1, 4), invalidValue, 'Контроль: сделали 5, а всего 4'],
    ['text', cells(200, 'много', 250, 4000), invalidValue, 'нужно число, а здесь «много»'],
    ['a number with a comma that may mean thousands', cells(200, '4,000', 250, 4000), invalidValue, '«4,000»'],
    ['an empty cell', cells(200, '', 250, 4000), invalidValue, 'ячейка пуста'],
    ['a part of a user', cells(20.5, 4000, 250, 4000), invalidValue, 'целое число'],
    ['less than nobody', cells(-1, 4000, 250, 4000), invalidValue, 'целое число'],
    ['TRUE instead of a number', cells(true, 4000, 250, 4000), invalidValue, 'TRUE'],
    ['three cells', cells(200, 4000, 250), invalidValue, 'ячеек: 3'],
    ['five numbers', cells(200, 4000, 250, 4000, 0.9), invalidValue, 'на одно больше'],
    ['a heading in a column', [column('Чек', 2, 3, 4), column(2, 3, 4, 5)], invalidValue, 'Контроль, ячейка 1'],
    ['a deviation below zero', cells(10, -1, 400, 11, 5, 400), invalidValue, 'не бывает меньше нуля'],
    ['0 of 0', cells(0, 0, 0, 0), notAvailable, 'никого нет'],
    ['one empty group', cells(0, 0, 5, 100), notAvailable, 'никого нет'],
    ['nobody in both groups', cells(0, 100, 0, 100), notAvailable, 'Никто или все'],
    ['everybody in both groups', cells(100, 100, 100, 100), notAvailable, 'Никто или все'],
    ['one user', cells(3, 0, 1, 4, 0, 1), notAvailable, 'меньше двух'],
    ['no variation', cells(3, 0, 10, 3, 0, 10), notAvailable, 'все значения одинаковы'],
  ] as const)('answers %s with an error in words', async (_case, given, code, message) => {
    expect(await ab('PVALUE', given)).toEqual(fails(code, message));
  });

  it('says it in the pane’s language', async () => {
    language = 'en';
    const outcome = await ab('PVALUE', cells(5, 4, 1, 4)).finally(() => (language = 'ru'));
    expect(outcome).toEqual(fails(invalidValue, 'Control: 5 did it, of 4 users.'));
  });
});

describe('=TASK.AB.INTERVAL and LIFT', () => {
  it.concurrent('gives Newcombe’s interval: 1998, table II, 48/80 against 56/70', async () => {
    const outcome = await ab('INTERVAL', cells(48, 80, 56, 70));
    const [[low, high]] = (outcome as unknown as { value: [[number, number]] }).value;
    expect(low).toBeCloseTo(0.0524, 4);
    expect(high).toBeCloseTo(0.3339, 4);
  });

  it.concurrent('gives Student’s interval of means, wider the surer: R t.test(sleep)$conf.int', async () => {
    const figures = cells(2.33, 2.002248735796829, 10, 0.75, 1.7890096577591623, 10);
    const [[low, high]] = (await ab('INTERVAL', figures) as unknown as { value: [[number, number]] }).value;
    expect([low, high].map((limit) => limit.toFixed(4))).toEqual(['-3.3655', '0.2055']);
    const [[wider]] = (await ab('INTERVAL', [...figures, ...cells('99%')]) as unknown as { value: [[number, number]] }).value;
    expect(wider).toBeLessThan(low);
  });

  it.concurrent('gives the relative change and its interval', async () => {
    expect(await numberOf(ab('LIFT', cells(200, 4000, 250, 4000)))).toBeCloseTo(0.25, 12);
    const [[low, high]] = (await ab('INTERVAL', cells(200, 4000, 250, 4000, 'lift')) as unknown as { value: [[number, number]] }).value;
    expect(low).toBeGreaterThan(0);
    expect(low).toBeLessThan(0.25);
    expect(high).toBeGreaterThan(0.25);
  });

  it('refuses per cents of what may be zero', async () => {
    expect(await ab('LIFT', cells(0, 1000, 7, 1000))).toEqual(fails(notAvailable, 'может быть и ноль'));
  });

  it('refuses a confidence of 95 and words it does not know', async () => {
    expect(await ab('INTERVAL', cells(48, 80, 56, 70, 95))).toEqual(fails(invalidValue, 'между 0 и 1'));
    expect(await ab('INTERVAL', cells(48, 80, 56, 70, 'широкий'))).toEqual(fails(invalidValue, 'широкий'));
  });
});

describe('=TASK.AB.SRM', () => {
  it.concurrent('tests sizes against the plan: R chisq.test(c(5100, 4900))$p.value', async () => {
    expect(await numberOf(ab('SRM', column(5100, 4900), null))).toBeCloseTo(0.0455002638963584, 12);
    expect(await numberOf(ab('SRM', [[5100, 4900]], [[50, 50]]))).toBeCloseTo(0.0455002638963584, 12);
  });

  it('works with the plan left out', async () => {
    expect(await numberOf(ab('SRM', column(5100, 4900)))).toBeCloseTo(0.0455002638963584, 12);
  });

  it('answers users in a group that was planned to get none with the smallest p-value', async () => {
    expect(await numberOf(ab('SRM', column(500, 500, 3), column(0.5, 0.5, 0)))).toBeLessThan(1e-200);
  });

  it.concurrent.each([
    ['one group', column(500), null, invalidValue, 'двух групп'],
    ['more shares than groups', column(500, 500), column(1, 1, 1), invalidValue, 'Групп 2, а долей 3'],
    ['nobody', column(0, 0), null, notAvailable, 'никого нет'],
    ['a handful', column(2, 3), null, notAvailable, 'слишком мало'],
  ] as const)('answers %s with an error in words', async (_case, sizes, shares, code, message) => {
    expect(await ab('SRM', sizes, shares)).toEqual(fails(code, message));
  });
});

describe('=TASK.AB.SAMPLESIZE and MDE', () => {
  it.concurrent('plans shares: R power.prop.test(p1 = 0.1, p2 = 0.11, power = 0.8)', async () => {
    expect(await ab('SAMPLESIZE', 0.1, 0.11, null, null, null, null)).toEqual({ value: [[14751]] });
    expect(await ab('SAMPLESIZE', '10%', '11%', '', '80%', '0,05', '')).toEqual({ value: [[14751]] });
  });

  it.concurrent('plans means: R 2 * (qnorm(0.975) + qnorm(0.8))^2 * 10^2', async () => {
    expect(await ab('SAMPLESIZE', 50, 51, 10, null, null, null)).toEqual({ value: [[1570]] });
  });

  it('answers both groups when they are not to be equal: R (qnorm(0.975) + qnorm(0.8))^2 * 10^2 * (1 + 1/4) = 981.1', async () => {
    expect(await ab('SAMPLESIZE', 50, 51, 10, null, null, 4)).toEqual({ value: [[982, 3925]] });
  });

  it.concurrent('tells the smallest change: R power.prop.test(n = 2000, p1 = 0.1, power = 0.8)$p2 - 0.1', async () => {
    expect(await numberOf(ab('MDE', 0.1, 2000, null, null, null, null))).toBeCloseTo(0.0281562443, 9);
  });

  it.concurrent('tells the smallest change of a mean: R power.t.test’s normal form, (qnorm(0.975) + qnorm(0.8)) * 10 * sqrt(2 / 1570)', async () => {
    expect(await numberOf(ab('MDE', 50, 1570, 10, null, null, null))).toBeCloseTo(0.99993, 4);
  });

  it.concurrent.each([
    ['SAMPLESIZE', [10, 11], invalidValue, 'доля лежит между 0 и 1'],
    ['SAMPLESIZE', [0.1, 0.1], invalidValue, 'искать нечего'],
    ['SAMPLESIZE', [0.1, 0.11, null, 80], invalidValue, 'Мощность'],
    ['SAMPLESIZE', [0.1, 0.11, null, 0.05], invalidValue, 'больше уровня значимости'],
    ['SAMPLESIZE', ['', 0.11], invalidValue, 'ячейка пуста'],
    ['MDE', [0.1, 0], notAvailable, 'никого нет'],
    ['MDE', [0.5, 2], notAvailable, 'больше пользователей'],
    ['MDE', [50, 100, 0], invalidValue, 'больше нуля'],
  ] as const)('%s of %j is an error in words', async (name, given, code, message) => {
    expect(await ab(name, ...given, ...Array.from({ length: 6 - given.length }, () => null))).toEqual(fails(code, message));
  });
});

describe('=TASK.AB.VERDICT', () => {
  it.concurrent.each([
    ['better', cells(200, 4000, 260, 4000), 'лучше'],
    ['worse where less is good', cells(200, 4000, 260, 4000, 'снижение'), 'хуже'],
    ['unclear', cells(20, 400, 25, 400), 'неясно'],
    ['no visible difference within the margin', cells(500_000, 1_000_000, 500_100, 1_000_000, 0.02, 'рост'), 'нет заметной разницы'],
    ['unclear when nothing can be computed', cells(0, 0, 1, 10), 'неясно'],
  ] as const)('says %s', async (_case, given, words) => {
    expect(await ab('VERDICT', given)).toEqual({ value: words });
  });
});

describe('all functions of A/B tests', () => {
  it('settle ten thousand cells, each with its own answer', async () => {
    const outcomes = await Promise.all(Array.from({ length: 10_000 }, (_cell, index) => ab('PVALUE', cells(200, 4000, 200 + (index % 100), 4000))));
    expect(outcomes.filter((outcome) => 'value' in outcome)).toHaveLength(10_000);
    expect(outcomes[50]).toEqual(await ab('PVALUE', cells(200, 4000, 250, 4000)));
  });

  it('are described for Excel in both languages, under the names that answer them', async () => {
    const files = readdirSync('addin/functions').filter((name) => name.endsWith('.ts')).map((name) => `addin/functions/${name}`);
    const { metadataJson, errors } = await generateCustomFunctionsMetadata(files);
    expect(errors).toEqual([]);
    const { functions } = JSON.parse(metadataJson) as { functions: { id: string; name: string; description: string; parameters: { description: string }[] }[] };
    expect(functions.map(({ id }) => id).sort()).toEqual(Object.keys(worksheetFunctions).sort());
    for (const { id, name, description, parameters } of functions) {
      expect(name).toBe(id);
      for (const text of [description, ...parameters.map((parameter) => parameter.description)]) expect(text).toMatch(/[а-яё].*[a-z]/is);
    }
  });
});
