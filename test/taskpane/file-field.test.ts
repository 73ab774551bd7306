import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startExcelHost } from '../excel-host/index.ts';
import { startProduct, type RunningProduct } from '../running-product.ts';
import { inWindows1251 } from '../table-files/files.ts';
import { launchBrowser } from './browser.ts';

let product: RunningProduct;
let browser: Browser;
let page: Page;

const task = `/*
title: { ru: Сверка по файлу, en: Match a file }
description: { ru: Строки файла., en: Rows of a file. }
group: exports
owner: anna@company.example
status: published
form:
  clients:
    kind: file
    label: { ru: Клиенты, en: Clients }
    columns: { card: { type: code, title: { ru: Номер карты, en: Card number } }, since: date }
*/
-- step answer on workbench
SELECT card, since FROM {{clients}} ORDER BY card
`;

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  await writeFile(join(product.catalog, 'tasks/match-file.sql'), task);
});
afterAll(async () => {
  await browser?.close();
  await product?.close();
});

async function openForm(target: Pick<Page, 'getByRole' | 'getByText'>): Promise<void> {
  await target.getByRole('button', { name: /Мария/ }).click();
  await target.getByRole('button', { name: /^Сверка по файлу/ }).first().click();
  await target.getByText('Нужны столбцы: Номер карты, since.').waitFor();
}

describe('a file field in the pane, 320 px wide', () => {
  beforeAll(async () => {
    page = await browser.newPage({ locale: 'ru-RU', viewport: { width: 320, height: 800 } });
    page.setDefaultTimeout(20_000);
    await page.goto(`${product.address}/taskpane.html`);
    await openForm(page);
  });

  test('a chosen file is shown as it was understood, and its run gives its rows', async () => {
    await page.locator('input[type=file]').setInputFiles({ name: 'Клиенты.csv', mimeType: 'text/csv', buffer: inWindows1251('Номер карты;Since;Город\r\n0042;01.03.2026;Орёл\r\n0007;2.3.2026;Тула\r\n') });
    await page.getByText('2 строки, 3 столбца · CSV, Windows-1251, «;»').waitFor();
    const preview = page.getByRole('region', { name: 'Первые строки файла' });
    expect(await preview.getByRole('columnheader').allTextContents()).toEqual(['Номер картыкод', 'Sinceдата', 'Городтекст']);
    expect(await preview.getByRole('cell').allTextContents()).toEqual(['0042', '01.03.2026', 'Орёл', '0007', '2.3.2026', 'Тула']);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await page.getByRole('button', { name: 'Получить' }).click();
    await page.getByText('0007').first().waitFor();
    await page.getByRole('button', { name: 'Назад' }).click();
    await page.getByText('2 строки, 3 столбца', { exact: false }).waitFor();
  });

  test('a file without a needed column, and one that can\'t be read, say what to do; the buttons work by keyboard', async () => {
    await page.locator('input[type=file]').setInputFiles({ name: 'other.csv', mimeType: 'text/csv', buffer: Buffer.from('card,city\n1,x\n') });
    await page.getByRole('alert').filter({ hasText: 'В файле нет столбцов: since.' }).waitFor();
    await page.locator('input[type=file]').setInputFiles({ name: 'broken.csv', mimeType: 'text/csv', buffer: Buffer.from('card,since\n1,2026-03-01\n2\n') });
    await page.getByRole('alert').filter({ hasText: 'строка 3: ячеек 1, а в заголовке 2' }).waitFor();
    await page.getByRole('button', { name: 'Получить' }).click();
    const choose = page.getByRole('button', { name: /Клиенты.*Выбрать файл/ });
    expect(await choose.evaluate((element) => element === document.activeElement)).toBe(true);
    const chooser = page.waitForEvent('filechooser');
    await page.keyboard.press('Enter');
    await (await chooser).setFiles({ name: 'third.csv', mimeType: 'text/csv', buffer: Buffer.from('card,since\n1,2026-03-01\n') });
    await page.getByText('1 строка, 2 столбца', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Убрать' }).click();
    await choose.waitFor();
  });

  test('a file can be dropped on the field', async () => {
    const files = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(['card,since\n5,2026-03-01\n'], 'dropped.csv', { type: 'text/csv' }));
      return data;
    });
    await page.getByText('или перетащите сюда XLSX или CSV').dispatchEvent('drop', { dataTransfer: files });
    await page.getByText('dropped.csv').waitFor();
    await page.getByText('1 строка, 2 столбца', { exact: false }).waitFor();
  });
});

test('inside Excel the selected table is taken with its dates and leading zeros', async () => {
  const excel = await startExcelHost({ paneUrl: `${product.address}/taskpane.html`, browser, paneWidth: 320 });
  try {
    excel.page.setDefaultTimeout(20_000);
    const sheet = excel.workbook.activeSheet;
    const range = sheet.range('B2:C4');
    range.setNumberFormat([['@', 'General'], ['@', 'dd.mm.yyyy'], ['@', 'dd.mm.yyyy']]);
    range.enter([['Номер карты', 'since'], ['0042', 46082], ['0007', 46083]]);
    excel.workbook.selection = range;
    await openForm(excel.pane as never);
    await excel.pane.getByRole('button', { name: 'Взять выделенную таблицу' }).click();
    const preview = excel.pane.getByRole('region', { name: 'Первые строки файла' });
    await preview.waitFor();
    expect(await preview.getByRole('cell').allTextContents()).toEqual(['0042', '2026-03-01', '0007', '2026-03-02']);
    expect(excel.host.unknownCalls).toEqual([]);
  } finally {
    await excel.close();
  }
});
