import type { Frame, Page } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

async function focusedText(): Promise<string> {
  return pane.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');
}

describe('inside Excel, with the real Office.js', () => {
  test('one button runs the task and writes the result to a new sheet', async () => {
    await pane.getByRole('button', { name: /Мария/ }).click();
    await pane.getByRole('button', { name: /^Карты партнёра/ }).first().click();
    await pane.getByRole('combobox', { name: /Партнёр/ }).fill('лента');
    await pane.locator('[role=option]').first().click();
    await pane.getByRole('button', { name: 'Получить в лист' }).click();
    await pane.getByText(/^Готово: лист «/).waitFor();
    expect(excel.workbook.worksheets.length).toBeGreaterThan(1);
    const sheet = excel.workbook.activeSheet;
    expect(sheet.name).toMatch(/^Карты Лента/);
    expect(sheet.range('A1:B1').values).toEqual([['Номер карты', 'Дата выпуска']]);
    expect(String(sheet.range('A2').values[0]?.[0])).toMatch(/^\d{19}$/);
    expect(excel.host.unknownCalls).toEqual([]);
  });

  test('coming back to the result does not write it again', async () => {
    const sheets = excel.workbook.worksheets.length;
    await pane.getByRole('button', { name: 'Мои запуски' }).click();
    await pane.getByRole('heading', { level: 1, name: 'Мои запуски' }).waitFor();
    await pane.getByRole('button', { name: 'Назад' }).click();
    await pane.getByRole('button', { name: 'Получить в лист' }).waitFor();
    expect(excel.workbook.worksheets.length).toBe(sheets);
  });

  test('filled cells are asked about before anything is written over them', async () => {
    await pane.getByRole('button', { name: 'Куда записать' }).click();
    await pane.getByRole('menuitem', { name: 'С выделенной ячейки' }).click();
    const dialog = pane.getByRole('alertdialog');
    await dialog.getByText('Здесь уже есть данные').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  test('Tab, which Office.js takes over, stays inside a dialog, and Escape closes it', async () => {
    await pane.getByRole('button', { name: 'Спросить об этом' }).click();
    const dialog = pane.getByRole('dialog');
    await dialog.waitFor();
    for (let press = 0; press < 8; press += 1) {
      await page.keyboard.press('Tab');
      expect(await pane.evaluate(() => document.activeElement === document.body || document.activeElement?.closest('[role=dialog]') !== null), `after Tab ${press + 1}: ${await focusedText()}`).toBe(true);
    }
    await dialog.getByRole('textbox').first().focus();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(focusedText).toBe('Спросить об этом');
  });

  test('history of the page still works, and the title leaves room for Excel’s own menu', async () => {
    expect(await pane.evaluate(() => typeof window.history.pushState)).toBe('function');
    const room = await pane.getByRole('button', { name: 'Меню' }).evaluate((button) => window.innerWidth - button.getBoundingClientRect().right);
    expect(room).toBeGreaterThanOrEqual(34);
  });
});
