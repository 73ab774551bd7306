import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { startExcelHost } from '../excel-host/index.ts';
import { startProduct, type RunningProduct } from '../running-product.ts';
import { launchBrowser } from './browser.ts';

let running: RunningProduct;
let browser: Browser;

beforeAll(async () => {
  [running, browser] = await Promise.all([startProduct(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await running.close();
});

const reason = { ru: 'Не было карт за последний день.', en: 'The last day was missing.' };
const recallAll = () => running.product.recalls.recall({ taskId: 'partner-cards', from: '2020-01-01' }, reason, 'anna@company.example');

test('a recalled result is told in the workbook and on opening, got anew with what changed, and the notice is put away', async () => {
  const excel = await startExcelHost({ paneUrl: `${running.address}/taskpane.html`, browser, paneWidth: 320, culture: 'ru-RU', officeLanguage: 'ru-RU' });
  const { pane, page } = excel;
  page.setDefaultTimeout(20_000);
  await pane.getByRole('button', { name: /Мария/ }).click();
  await pane.getByRole('searchbox').fill('Карты партнёра');
  await pane.getByRole('button', { name: /^Карты партнёра/ }).first().click();
  await pane.getByRole('combobox', { name: /Партнёр/ }).fill('лента');
  await pane.locator('[role=option]').first().click();
  await pane.getByRole('button', { name: 'Получить в лист' }).click();
  await pane.getByText(/^Готово: лист «/).waitFor();
  expect(await recallAll()).toHaveLength(1);
  await pane.getByRole('button', { name: 'Меню' }).click();
  await pane.getByRole('menuitem', { name: 'Таблицы в книге' }).click();
  await pane.getByText(/отозван, обновите таблицу/).waitFor();
  await pane.getByRole('button', { name: 'Обновить', exact: true }).click();
  await pane.getByText(/^Обновлено: /).waitFor();
  await pane.getByText(/отозван, обновите таблицу/).waitFor({ state: 'detached' });
  await excel.close();

  const context = await browser.newContext({ locale: 'ru-RU', viewport: { width: 320, height: 720 } });
  const plain = await context.newPage();
  plain.setDefaultTimeout(20_000);
  await plain.goto(`${running.address}/taskpane.html`);
  await plain.getByRole('button', { name: /Мария/ }).click();
  await plain.getByText('Отозван результат «Карты партнёра»').waitFor();
  await plain.getByText(reason.ru).waitFor();
  await plain.getByRole('button', { name: 'Открыть', exact: true }).click();
  await plain.getByRole('button', { name: 'Получить заново и сравнить' }).click();
  await plain.getByText('Строки и значения те же.').waitFor();
  await plain.goto(`${running.address}/taskpane.html`);
  await plain.getByRole('searchbox').waitFor();
  await plain.getByText('Недавние').waitFor();
  expect(await plain.getByText('Отозван результат').count()).toBe(0);
  await context.close();
});
