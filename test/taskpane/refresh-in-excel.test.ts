import type { Browser, Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startExcelHost, type WebExcel } from '../excel-host/index.ts';
import { startProduct, type RunningProduct } from '../running-product.ts';
import { launchBrowser } from './browser.ts';

let product: RunningProduct;
let browser: Browser;
let excel: WebExcel;
let pane: Frame;
let page: Page;

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  excel = await startExcelHost({ paneUrl: `${product.address}/taskpane.html`, browser, paneWidth: 320 });
  ({ pane, page } = excel);
  page.setDefaultTimeout(20_000);
});

afterAll(async () => {
  await excel?.close();
  await browser?.close();
  await product?.close();
});

test('a cell that asks before anyone has signed in is told what to do, not left waiting', async () => {
  await pane.getByRole('button', { name: /Мария/ }).waitFor();
  const outcome = await excel.host.runtime.callFunction('RUN', ['partner-cards', [[['partner']], [[12]]]]);
  expect(outcome).toMatchObject({ failed: true });
});

test('=TASK.RUN answers a cell with titles and rows once its person has signed in', async () => {
  await pane.getByRole('button', { name: /Мария/ }).click();
  await pane.getByRole('button', { name: /^Карты партнёра/ }).first().waitFor();
  const outcome = await excel.host.runtime.callFunction('RUN', ['partner-cards', [[['partner']], [[12]], [['issued']], [['lastMonth']]]]);
  expect(outcome).toHaveProperty('value');
  if ('value' in outcome) expect((outcome.value as unknown[][])[0]).toEqual(['Номер карты', 'Дата выпуска']);
});

test('a table is refreshed in place by one press: what was changed in it comes back, what a person wrote beside it stays', async () => {
  await pane.getByRole('button', { name: /^Карты партнёра/ }).first().click();
  await pane.getByRole('combobox', { name: /Партнёр/ }).fill('лента');
  await pane.locator('[role=option]').first().click();
  await pane.getByRole('button', { name: 'Получить в лист' }).click();
  await pane.getByText(/^Готово: лист «/).waitFor();
  const sheet = excel.workbook.activeSheet;
  const first = String(sheet.range('A2').values[0]?.[0]);
  sheet.range('A2').enter([['изменено']]);
  sheet.range('E2').enter([['моя заметка']]);
  await pane.getByRole('button', { name: 'Меню' }).click();
  await pane.getByRole('menuitem', { name: 'Таблицы в книге' }).click();
  await pane.getByRole('button', { name: 'Обновить', exact: true }).click();
  await pane.getByText(/^Обновлено: /).waitFor();
  expect(String(sheet.range('A2').values[0]?.[0])).toBe(first);
  expect(sheet.range('E2').values[0]?.[0]).toBe('моя заметка');
  expect(excel.workbook.tables.length).toBe(1);
  expect(excel.host.unknownCalls).toEqual([]);
});

test('each command that the ribbon names is known to the page', async () => {
  const { readFileSync } = await import('node:fs');
  const named = [...readFileSync('manifest.xml', 'utf8').matchAll(/<FunctionName>(\w+)<\/FunctionName>/g)].map(([, name]) => name);
  const known = await pane.evaluate(() => Object.keys((Office.actions as unknown as { _association: { mappings: Record<string, unknown> } })._association.mappings));
  expect(known.map((name) => name.toUpperCase()).sort()).toEqual(named.map((name) => (name ?? '').toUpperCase()).sort());
});
