import { beforeEach, describe, expect, it } from 'vitest';
import { associateFunctions, connectFunctions, type FunctionCall } from '../../addin/functions/index.ts';
import { ExcelHost, loadOfficeInNode } from '../excel-host/index.ts';

let host: ExcelHost;
let sent: FunctionCall[][];

beforeEach(() => {
  host = new ExcelHost();
  sent = [];
  const { CustomFunctions } = loadOfficeInNode(host);
  Object.assign(globalThis, { CustomFunctions });
  associateFunctions();
  connectFunctions((calls) => {
    sent.push(calls);
    return Promise.resolve(calls.map((call) => ({ values: [[JSON.stringify(call.arguments)]] })));
  }, () => 'ru');
});

const shapeOf = ({ arguments: [metric, , grain, ...filters] }: FunctionCall) => JSON.stringify([metric, grain, ...filters.filter((_name, at) => at % 2 === 0)]);

describe('=TASK.METRIC', () => {
  it('asks for metric, period, grain and filters as the cells hold them', async () => {
    await host.runtime.callFunction('METRIC', ['card_issues', [[46296, 46326]], null, [[['city']], [['Тверь'], ['Москва']]]]);
    expect(sent).toEqual([[{ name: 'METRIC', arguments: ['card_issues', [[46296, 46326]], null, 'city', [['Тверь'], ['Москва']]] }]]);
  });

  it('asks for one number when only metric and period are given', async () => {
    await host.runtime.callFunction('METRIC', ['card_issues', [['lastMonth']], null, []]);
    expect(sent).toEqual([[{ name: 'METRIC', arguments: ['card_issues', 'lastMonth', null] }]]);
  });

  it('sends 10,000 cells over 50 shapes in at most 5 requests, no shape in two of them', async () => {
    const cells = Array.from({ length: 10_000 }, (_cell, index) => ({ metric: `m${index % 10}`, grain: [null, 'день', 'неделя', 'месяц', 'год'][Math.floor(index / 10) % 5], place: Math.floor(index / 50) }));
    const outcomes = await Promise.all(cells.map(({ metric, grain, place }) => host.runtime.callFunction('METRIC', [metric, [['2026-10']], grain, [[['city']], [[`city ${place}`]]]])));
    expect(outcomes.every((outcome, index) => 'value' in outcome && String(outcome.value).includes(`city ${cells[index]!.place}"`))).toBe(true);
    expect(sent.length).toBeLessThanOrEqual(5);
    expect(sent.flat()).toHaveLength(10_000);
    const placesOf = new Map<string, Set<number>>();
    sent.forEach((calls, request) => calls.forEach((call) => placesOf.set(shapeOf(call), (placesOf.get(shapeOf(call)) ?? new Set()).add(request))));
    expect(placesOf.size).toBe(50);
    expect([...placesOf.values()].every((requests) => requests.size === 1)).toBe(true);
  });

  it('keeps tasks and metrics in requests of their own sizes', async () => {
    await Promise.all([
      ...Array.from({ length: 250 }, (_cell, index) => host.runtime.callFunction('RUN', [`t${index}`, []])),
      ...Array.from({ length: 300 }, (_cell, index) => host.runtime.callFunction('METRIC', ['m', [[`2026-01-01..2026-${String(1 + (index % 10)).padStart(2, '0')}-${String(1 + Math.floor(index / 10) % 28).padStart(2, '0')}`]], null, []])),
    ]);
    expect(sent.map((calls) => calls.length)).toEqual([200, 50, 280]);
  });
});
