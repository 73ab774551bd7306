import { beforeEach, describe, expect, it } from 'vitest';
import { associateFunctions, connectFunctions, type FunctionCall, type FunctionResult, type SendBatch } from '../../addin/functions/index.ts';
import { Problem } from '../../shared/problem.ts';
import { ExcelHost, loadOfficeInNode } from '../excel-host/index.ts';

let host: ExcelHost;
let sent: FunctionCall[][];
const invalidValue = 7;
const notAvailable = 1;

function answering(answer: (call: FunctionCall) => FunctionResult): SendBatch {
  return (calls) => {
    sent.push(calls);
    return Promise.resolve(calls.map(answer));
  };
}

beforeEach(() => {
  host = new ExcelHost();
  sent = [];
  const { CustomFunctions } = loadOfficeInNode(host);
  Object.assign(globalThis, { CustomFunctions });
  associateFunctions();
});

describe('=TASK.RUN', () => {
  it('gives the table that the server answers, with empty cells for nulls', async () => {
    connectFunctions(answering(() => ({ values: [['Номер', 'Дата'], ['0012', null]] })), () => 'ru');
    expect(await host.runtime.callFunction('RUN', ['partner-cards', [[['partner']], [[12]], [['cities']], [['Тверь'], ['Москва']]]])).toEqual({ value: [['Номер', 'Дата'], ['0012', '']] });
    expect(sent).toEqual([[{ name: 'RUN', arguments: ['partner-cards', 'partner', 12, 'cities', [['Тверь'], ['Москва']]] }]]);
  });

  it('asks for a whole column of cells in one request, and once for equal questions', async () => {
    connectFunctions(answering((call) => ({ values: [[String(call.arguments[2])]] })), () => 'ru');
    const outcomes = await Promise.all(Array.from({ length: 40 }, (_cell, index) => host.runtime.callFunction('RUN', ['t', [[['partner']], [[index % 20]]]])));
    expect(sent.map((calls) => calls.length)).toEqual([20]);
    expect(outcomes[37]).toEqual({ value: [['17']] });
  });

  it('splits more calls than one request takes', async () => {
    connectFunctions(answering(() => ({ values: [[1]] })), () => 'ru');
    await Promise.all(Array.from({ length: 250 }, (_cell, index) => host.runtime.callFunction('RUN', [`t${index}`, []])));
    expect(sent.map((calls) => calls.length)).toEqual([200, 50]);
  });

  it.each([
    ['ru', 'invalid_values', invalidValue, 'Нет такого партнёра.'],
    ['en', 'query_failed', notAvailable, 'No such partner.'],
  ] as const)('shows the refusal of one call in words (%s)', async (language, code, number, message) => {
    connectFunctions(answering(() => ({ problem: { code, text: { ru: 'Нет такого партнёра.', en: 'No such partner.' } } })), () => language);
    expect(await host.runtime.callFunction('RUN', ['t', []])).toEqual({ failed: true, code: number, message });
  });

  it('settles every cell when the server cannot be reached', async () => {
    const problem = new Problem('source_unreachable', { ru: 'Сервер не отвечает.', en: 'The server does not answer.' });
    connectFunctions(() => Promise.reject(problem), () => 'ru');
    const outcomes = await Promise.all([1, 2, 3].map((value) => host.runtime.callFunction('RUN', ['t', [[['a']], [[value]]]])));
    expect(outcomes).toEqual(Array.from({ length: 3 }, () => ({ failed: true, code: notAvailable, message: 'Сервер не отвечает.' })));
  });

  it('settles a cell whose answer never comes, before Excel gives up on it', async () => {
    connectFunctions(() => new Promise(() => undefined), () => 'ru', { answerMilliseconds: 150, gatherMilliseconds: 10 });
    expect(await host.runtime.callFunction('RUN', ['t', []])).toMatchObject({ failed: true, code: notAvailable, message: expect.stringContaining('дольше 50 секунд') as string });
  });

  it('refuses an answer that is short of results', async () => {
    connectFunctions(() => Promise.resolve([]), () => 'ru');
    expect(await host.runtime.callFunction('RUN', ['t', []])).toMatchObject({ failed: true, code: notAvailable });
  });

  it('does not ask for a cell that was deleted meanwhile', async () => {
    connectFunctions(answering(() => ({ values: [[1]] })), () => 'ru');
    host.runtime.startFunction('RUN', ['gone', []], 'Лист1!A1').cancel();
    await host.runtime.callFunction('RUN', ['kept', []]);
    expect(sent).toEqual([[{ name: 'RUN', arguments: ['kept'] }]]);
  });

  it('is described for Excel by its own comment: repeating fields, cancelable', async () => {
    const { generateCustomFunctionsMetadata } = await import('custom-functions-metadata');
    const { metadataJson, errors } = await generateCustomFunctionsMetadata('addin/functions/run.ts');
    expect(errors).toEqual([]);
    const { functions } = JSON.parse(metadataJson) as { functions: { id: string; options?: object; parameters: { name: string; repeating?: boolean; type: string }[] }[] };
    expect(functions.map(({ id }) => id)).toEqual(['RUN']);
    expect(functions[0]).toMatchObject({ options: { cancelable: true }, parameters: [{ name: 'task', type: 'string' }, { name: 'fields', repeating: true }], result: { dimensionality: 'matrix' } });
  });
});
