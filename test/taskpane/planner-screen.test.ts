import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProduct, type RunningProduct } from '../running-product.ts';
import { launchBrowser } from './browser.ts';

let product: RunningProduct;
let browser: Browser;

beforeAll(async () => {
  if (!existsSync(join(import.meta.dirname, '../../dist/taskpane/taskpane.html'))) throw new Error('The pane is not built: run `node build.mjs pane` first.');
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await product?.close();
});

test('a person plans a test: the statistics come only then, the answer follows what is typed, nothing scrolls sideways', async () => {
  const context = await browser.newContext({ locale: 'ru-RU', viewport: { width: 320, height: 640 } });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const faults: string[] = [];
  const scripts: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => scripts.push(new URL(request.url()).pathname));
  await page.goto(`${product.address}/taskpane.html`);
  await page.getByRole('button', { name: /Мария/ }).click();
  await page.getByRole('button', { name: 'A/B-тесты', exact: true }).click();
  expect(scripts.filter((path) => /statistics/.test(path))).toEqual([]);
  await page.getByRole('button', { name: 'Спланировать тест' }).click();
  await page.getByRole('heading', { name: 'Ответ' }).waitFor();
  expect(scripts.filter((path) => /statistics/.test(path))).toHaveLength(1);
  await page.getByLabel('Что должно измениться').selectOption('card_issues');
  await page.getByText(/карт на человека за 14 дней/).waitFor();
  const needed = page.getByText(/^Нужно:/);
  const before = await needed.textContent();
  await page.getByLabel('Какое изменение нельзя пропустить').fill('2,5');
  expect(await needed.textContent()).not.toBe(before);
  await page.getByLabel('Доля людей в тестовой группе').fill('сто');
  await page.getByText('Напишите процент больше 0 и меньше 100, обычно 50.').waitFor();
  expect(await needed.count()).toBe(0);
  expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
  await page.getByRole('button', { name: 'Назад' }).click();
  await page.getByRole('heading', { name: 'A/B-тесты' }).waitFor();
  expect(faults).toEqual([]);
  await context.close();
});
