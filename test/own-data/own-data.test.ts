import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Run } from '../../shared/run.ts';
import type { ApiClient } from '../api-client.ts';
import { startProduct, type RunningProduct } from '../running-product.ts';

let running: RunningProduct;
let manager: ApiClient;
let analyst: ApiClient;

beforeAll(async () => {
  running = await startProduct();
  [manager, analyst] = [await running.api.signInAs('manager'), await running.api.signInAs('analyst')];
});
afterAll(() => running.close());

async function finish(api: ApiClient, task: string, values: Record<string, unknown>): Promise<Run> {
  const submitted = await api.call('submit', { params: { id: task }, body: { values: values as never } });
  for (;;) {
    const { run } = await api.call('run', { params: { id: submitted.run.id } });
    if (run.status.state !== 'queued' && run.status.state !== 'running') return run;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function rowsOf(task: string, values: Record<string, unknown>, result?: string): Promise<unknown[][]> {
  const run = await finish(analyst, task, values);
  expect(run.status).toMatchObject({ state: 'succeeded' });
  const { rows } = await analyst.call('rows', { params: { id: run.id }, query: result === undefined ? {} : { result } });
  // Whole numbers of 64 bits travel as text.
  return rows.map((row) => row.map((cell) => (typeof cell === 'string' && /^\d+$/.test(cell) ? Number(cell) : cell)));
}

async function select(sql: string): Promise<unknown[][]> {
  const source = running.product.sources.get('tasksheet')!;
  const limits = { timeSeconds: 30, rows: 1_000, memoryBytes: 1_000_000_000 };
  return (await source.select({ name: 'x', sql, parameters: {}, steps: {} }, { queryId: `own-${Math.random()}`.replace('.', ''), limits, signal: new AbortController().signal })).rows;
}

describe('the product’s own data', () => {
  test('on a new product every view can be read and every sample task on it runs', async () => {
    for (const view of ['runs', 'downloads', 'people', 'tasks', 'requests']) expect(await select(`SELECT count() AS n FROM ${view}`)).toHaveLength(1);
    const tasks = running.product.catalog.tasks().filter(({ group }) => group === 'usage');
    expect(tasks).toHaveLength(4);
    for (const { id, examples } of tasks) for (const { values, expect: promised } of examples) {
      const { status } = await finish(analyst, id, values);
      expect(status.state === 'succeeded' ? status.results[0]?.columns.map(({ name }) => name) : status).toEqual(promised.columns);
    }
  });

  test('who uses what: runs, failures and downloads are counted, values are nowhere', async () => {
    const lenta = { partner: 12, issued: 'lastMonth', columns: ['number'] };
    const first = await finish(manager, 'partner-cards', lenta);
    await finish(manager, 'partner-cards', { ...lenta, partner: 14 });
    const { url } = await manager.call('link', { params: { id: first.id }, body: { format: 'csv' } });
    expect((await fetch(`${url}/file`)).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 5_100));
    const { today } = await manager.call('company');
    const period = { from: `${today.slice(0, 4)}-01-01`, until: `${Number(today.slice(0, 4)) + 1}-01-01` };
    const cards = (await rowsOf('usage-by-task', { period })).find(([task]) => task === 'partner-cards');
    expect(cards?.slice(0, 6)).toEqual(['partner-cards', 'Карты партнёра', 'Cards of a partner', 2, 1, 0]);
    expect(cards?.[7]).toBe(1);
    expect(await rowsOf('usage-by-task', { period }, 'by_person')).toContainEqual(['maria@company.example', 'manager', 2, 1, expect.any(String)]);
    const unused = (await rowsOf('usage-unused-tasks', { days: 90 })).map(([task]) => task);
    expect(unused).toContain('plastic-cards');
    expect(unused).not.toContain('partner-cards');
    const saves = running.product.catalog.task('partner-cards')?.saves ?? 0;
    const [month] = await rowsOf('usage-hours-saved', { period });
    expect(Number(month?.[3])).toBeCloseTo(Math.round((2 * saves) / 6) / 10, 1);
    const everything = JSON.stringify(await select("SELECT * FROM runs WHERE person = 'maria@company.example'"));
    expect(everything).not.toMatch(/Лента|lastMonth/);
  });

  test('colleagues may not run the tasks about everyone', async () => {
    expect((await manager.problem('task', { params: { id: 'usage-by-task' } })).code).toBe('not_found');
  });
});

describe('requests', () => {
  test('are taken by one analyst, put back, and become a task that the asker may open', async () => {
    const heard: string[] = [];
    const { question } = await manager.call('ask', { body: { text: 'Выпуск карт по городам' } });
    heard.push(question.state);
    const change = (body: object) => analyst.call('answerQuestion', { params: { id: question.id }, body: body as never }).then((answer) => heard.push(answer.question.state) && answer.question);
    expect(await change({ state: 'taken' })).toMatchObject({ takenBy: 'anna@company.example' });
    expect(await change({ state: 'taken' })).toMatchObject({ takenBy: 'anna@company.example' });
    await running.product.state.query("UPDATE questions SET taken_by = 'boris@company.example' WHERE id = $1", [question.id]);
    expect(await analyst.problem('answerQuestion', { params: { id: question.id }, body: { state: 'taken' } })).toMatchObject({ code: 'conflict', text: { ru: expect.stringContaining('boris@company.example') as string } });
    expect(await change({ state: 'new' })).toMatchObject({ takenBy: null });
    expect((await analyst.problem('answerQuestion', { params: { id: question.id }, body: { state: 'new' } })).code).toBe('conflict');
    for (const task of ['no-such-task', 'usage-by-task']) expect((await analyst.problem('answerQuestion', { params: { id: question.id }, body: { state: 'became_task', task } })).code).toBe('invalid_request');
    await change({ state: 'became_task', task: 'partner-cards', answer: 'Есть в карточках' });
    expect((await manager.call('questions')).questions[0]).toMatchObject({ state: 'became_task', becameTask: { id: 'partner-cards', title: { ru: 'Карты партнёра' } }, answer: 'Есть в карточках', answeredBy: 'anna@company.example' });
    expect(heard).toEqual(['new', 'taken', 'taken', 'new', 'became_task']);
    expect((await manager.problem('answerQuestion', { params: { id: question.id }, body: { state: 'taken' } })).code).toBe('not_found');
    expect((await analyst.problem('answerQuestion', { params: { id: question.id }, body: { state: 'done', answer: '' } })).code).toBe('invalid_request');
  });

  test('are counted: what is still done by hand', async () => {
    for (const text of ['Раз', 'Два']) {
      const { question } = await manager.call('ask', { body: { text } });
      await analyst.call('answerQuestion', { params: { id: question.id }, body: { state: text === 'Раз' ? 'done' : 'declined', answer: 'x' } });
    }
    await new Promise((resolve) => setTimeout(resolve, 5_100));
    const [before] = await select("SELECT count() FROM runs WHERE state = 'succeeded'");
    const [month] = await rowsOf('usage-requests-by-hand', { period: 'thisYear' });
    const runs = Number(before?.[0]);
    expect(month?.slice(1, 7)).toEqual([runs, 3, 1, 1, 1, 0]);
    expect(Number(month?.[7])).toBeCloseTo(1 / (runs + 1), 6);
  });
});
