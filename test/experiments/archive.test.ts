import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import type { ApiClient } from '../api-client.ts';
import { startProduct, type RunningProduct } from '../running-product.ts';

// Whole products on engines of their own: slow where the machine is busy.
vi.setConfig({ testTimeout: 60_000 });

let product: RunningProduct;
let manager: ApiClient;
beforeAll(async () => {
  product = await startProduct();
  manager = await product.api.signInAs('manager');
});
afterAll(() => product.close());

async function look(api: ApiClient, task: string, locale: 'ru' | 'en' = 'ru') {
  const { run } = await api.call('submit', { params: { id: task }, body: { values: {}, locale } });
  for (;;) {
    const { run: now } = await api.call('run', { params: { id: run.id } });
    if (now.status.state === 'succeeded') return { run: now, status: now.status };
    if (now.status.state !== 'queued' && now.status.state !== 'running') throw new Error(JSON.stringify(now.status));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('a test is written down at its first look, decided with a reason, and found again by any word', async () => {
  const { run, status } = await look(manager, 'experiment-onboarding-hints');
  expect(status.outcome).toMatchObject({ kind: 'experiment', running: true });
  expect(status.results.map(({ name }) => name)).toEqual(['readout', 'metrics', 'groups', 'segments', 'days', 'notes']);
  const { experiments } = await manager.call('experiments', { query: {} });
  expect(experiments).toMatchObject([{ taskId: 'experiment-onboarding-hints', state: 'running', looks: 1, registeredBy: 'maria@company.example', decisions: [] }]);
  const id = experiments[0]!.id;
  const { experiment } = await manager.call('decideExperiment', { params: { id }, body: { decision: 'rollOut', why: 'Обучение проходят чаще', runId: run.id } });
  expect(experiment).toMatchObject({ state: 'decided', decisions: [{ decision: 'rollOut', why: 'Обучение проходят чаще', person: 'maria@company.example', runNumber: run.provenance.number.replace('№ ', '') }] });
  const found = async (search: string) => (await manager.call('experiments', { query: { search } })).experiments.length;
  expect([await found('подсказки обучение'), await found('ОБУЧЕНИЕ проходят'), await found('retention')]).toEqual([1, 1, 0]);
});

test('a second look counts, and a plan that was changed meanwhile is told', async () => {
  await look(manager, 'experiment-dark-theme');
  const file = join(product.catalog, 'tasks/experiment-dark-theme.sql');
  await writeFile(file, (await readFile(file, 'utf8')).replace('users: 30000', 'users: 50000'));
  const analyst = await product.api.signInAs('analyst');
  await expect.poll(() => product.product.catalog.task('experiment-dark-theme')?.section, { timeout: 20_000 }).toMatchObject({ planned: { users: 50_000 } });
  const { status } = await look(analyst, 'experiment-dark-theme', 'en');
  expect(status.outcome?.kind === 'experiment' ? status.outcome.notes[0]?.en : '').toBe('The plan was changed after the first look at the test: size or end. Take the verdict with care.');
  const { experiments } = await analyst.call('experiments', { query: { search: 'dark' } });
  expect(experiments[0]?.looks).toBe(2);
});

test('tables have the words of their reader, also when both ask at once', async () => {
  const [ru, en] = await Promise.all([look(manager, 'experiment-search-tips', 'ru'), look(manager, 'experiment-search-tips', 'en')]);
  const words = async (id: string) => (await manager.call('rows', { params: { id }, query: { result: 'metrics' } })).rows[0]?.[1];
  expect([await words(ru.run.id), await words(en.run.id)]).toEqual(['цель', 'target']);
});

test('the whole read-out is one workbook of values', async () => {
  const { run } = await look(manager, 'experiment-quick-till');
  const { url } = await manager.call('link', { params: { id: run.id }, body: { format: 'xlsx', locale: 'ru' } });
  const answer = await fetch(`${url.replace(/^https?:\/\/[^/]+/, product.address)}/file`);
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(await answer.arrayBuffer());
  expect(workbook.worksheets.map(({ name }) => name)).toEqual(expect.arrayContaining(['Итоги теста', 'Показатели', 'Проверка групп', 'Срезы (разведка)', 'Эффект по дням', 'Метод и данные']));
  const cells = workbook.worksheets.flatMap((sheet) => sheet.getSheetValues().flatMap((row) => (Array.isArray(row) ? row : [])));
  expect(cells.filter((cell) => typeof cell === 'object' && cell !== null && 'formula' in cell)).toEqual([]);
  expect(cells).toContain('Сбои приложения');
});

test('who may not decide, or does not know the test, is told so', async () => {
  const { experiments } = await manager.call('experiments', { query: {} });
  const id = experiments[0]!.id;
  const operator = await product.api.signInAs('operator');
  expect((await operator.raw('decideExperiment', { params: { id }, body: { decision: 'stop', why: 'because' } })).status).toBe(403);
  expect((await operator.raw('experiment', { params: { id } })).status).toBe(404);
  expect((await manager.raw('experiment', { params: { id: 'no-such' } })).status).toBe(404);
  expect((await manager.raw('decideExperiment', { params: { id }, body: { decision: 'rollOut', why: ' ' } })).status).toBe(400);
  expect((await manager.raw('decideExperiment', { params: { id }, body: { decision: 'rollOut', why: 'because', runId: 'not-mine' } })).status).toBe(404);
});
