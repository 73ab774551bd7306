import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProduct, type RunningProduct } from '../running-product.ts';
import { launchBrowser } from '../taskpane/browser.ts';

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

test('a manager reads a test out at 320 px, writes the decision down and finds it in the archive', { timeout: 60_000 }, async () => {
  const context = await browser.newContext({ locale: 'ru-RU', viewport: { width: 320, height: 640 } });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(`${product.address}/taskpane.html`);
  await page.getByRole('button', { name: /Мария/ }).click();
  await page.getByRole('searchbox').fill('Подсказки на старте');
  await page.getByRole('button', { name: /Подсказки на старте/ }).first().click();
  await page.getByRole('button', { name: /^Получить/ }).first().click();
  const panel = page.getByRole('region', { name: 'Итоги теста' });
  await panel.getByRole('status').waitFor();
  await expect.poll(() => panel.getByRole('status').innerText()).toMatch(/Тест ещё идёт\. Прошли обучение – /);
  expect(await panel.getByRole('listitem').allInnerTexts()).toContainEqual(expect.stringContaining('Отписки · не должен ухудшиться'));
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);

  await panel.getByRole('button', { name: 'Записать решение' }).click();
  const save = panel.getByRole('button', { name: 'Записать', exact: true });
  await panel.getByLabel('Почему').fill('Ждём конца');
  // Nothing is decided until it is chosen.
  expect(await save.isDisabled()).toBe(true);
  await panel.getByLabel('Решение').selectOption('continue');
  await save.click();
  await panel.getByText('Продолжаем тест').waitFor();

  await page.getByRole('button', { name: 'Назад' }).click();
  await page.getByRole('button', { name: 'Назад' }).click();
  await page.getByRole('button', { name: 'A/B-тесты', exact: true }).click();
  await page.getByRole('searchbox').fill('ждём конца');
  await page.getByText('Тест: Подсказки на старте').waitFor();
  await page.getByRole('searchbox').fill('чего не было');
  await page.getByText('Ничего не нашлось').waitFor();
  expect(faults).toEqual([]);
  await context.close();
});
