import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { startProduct, type RunningProduct } from '../running-product.ts';
import { launchBrowser } from '../taskpane/browser.ts';

let running: RunningProduct;
let browser: Browser;

beforeAll(async () => {
  [running, browser] = await Promise.all([startProduct(), launchBrowser()]);
  const points = [1400, 1380, 1420, 812].map((value, at) => ({ time: `2026-11-23T1${at}:00:00+03:00`, value, low: 1250, high: 1550 }));
  const finding = { series: 'pay', title: { ru: 'Платежи', en: 'Payments' }, direction: 'down' as const, kind: 'drop', score: 3, since: new Date(), value: 812, low: 1250, high: 1550, points };
  await running.product.alerts.report([{ monitor: 'events', title: { ru: 'События', en: 'Events' }, importance: 'normal', bucket: new Date(), scored: 1, findings: [finding] }]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await running?.close();
});

test('an analyst sees an open alert with its picture, takes it on, and calls it expected with a reason', async () => {
  const context = await browser.newContext({ locale: 'ru-RU', viewport: { width: 320, height: 720 } });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(`${running.address}/taskpane.html`);
  await page.getByRole('button', { name: /Анна/ }).click();
  await page.getByRole('button', { name: 'Меню' }).click();
  await page.getByRole('menuitem', { name: 'Оповещения' }).click();
  await page.getByText('Платежи', { exact: true }).waitFor();
  await page.getByRole('img', { name: /Платежи: 812, обычно/ }).waitFor();
  await page.getByRole('button', { name: 'Вижу' }).click();
  await page.getByText(/В работе: anna/).waitFor();
  await page.getByRole('button', { name: 'Так и должно быть…' }).click();
  expect(await page.getByRole('button', { name: 'Записать' }).getAttribute('aria-disabled')).toBe('true');
  await page.getByLabel('Почему').fill('рассылка 1234');
  await page.getByRole('button', { name: 'Записать' }).click();
  await page.getByText('заглушено', { exact: true }).waitFor();
  expect(await running.product.alerts.decisions('events')).toMatchObject([{ decision: 'acknowledged' }, { decision: 'expected', reason: 'рассылка 1234', person: 'anna@company.example' }]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  await context.close();
});
