import { existsSync } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAmplitudeStandIn, type AmplitudeStandIn } from '../../backend/stand-ins/amplitude/stand-in.ts';
import { startProduct, type RunningProduct } from '../running-product.ts';
import { launchBrowser } from './browser.ts';

const task = `/*
title: { ru: Люди из когорты, en: People of a cohort }
description: { ru: Все пользователи когорты Amplitude., en: All users of a cohort. }
group: exports
owner: anna@company.example
status: published
form:
  cohort: { kind: cohort, label: { ru: Когорта, en: Cohort } }
columns:
  user_id: { title: { ru: Пользователь, en: User }, type: code }
*/
-- step cohort on amplitude (user_id: string)
cohort: {{cohort}}
-- step users on workbench
SELECT user_id FROM steps.cohort
`;

let product: RunningProduct;
let browser: Browser;
let standIn: AmplitudeStandIn;
const keys = { key: 'api-key', secret: 'secret-key' };
const yesterday = Math.floor(Date.now() / 1000) - 86_400;
const users = [{ amplitudeId: '1', userId: 'anna' }, { amplitudeId: '2', userId: 'boris' }];
const cohorts = [
  { id: '5mjbq8w', name: 'Ушли после пуша', size: 2, lastComputed: yesterday, users: () => users },
  { id: 'oldones', name: 'Старая', size: 9, lastComputed: yesterday, archived: true, users: () => [] },
];

beforeAll(async () => {
  if (!existsSync(join(import.meta.dirname, '../../dist/taskpane/taskpane.html'))) throw new Error('The pane is not built: run `node build.mjs pane` first.');
  standIn = await startAmplitudeStandIn({ ...keys, data: { cohorts: async () => cohorts } });
  [product, browser] = await Promise.all([startProduct({ environment: { AMPLITUDE_KEY: keys.key, AMPLITUDE_SECRET: keys.secret } }), launchBrowser()]);
  await appendFile(join(product.catalog, 'sources.yaml'), `\namplitude_test: { kind: amplitude, region: eu, key: "\${AMPLITUDE_KEY}", secret: "\${AMPLITUDE_SECRET}", url: "${standIn.url}" }\n`);
  await writeFile(join(product.catalog, 'tasks/cohort-people.sql'), task.replace('on amplitude', 'on amplitude_test').replace('kind: cohort,', 'kind: cohort, on: amplitude_test,'));
  for (let look = 0; look < 100 && product.product.catalog.task('cohort-people') === undefined; look += 1) await new Promise((resolve) => setTimeout(resolve, 200));
});
afterAll(async () => {
  await browser?.close();
  await product?.close();
  await standIn?.close();
});

async function openForm(): Promise<Page> {
  const context = await browser.newContext({ locale: 'ru-RU', viewport: { width: 320, height: 640 } });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(`${product.address}/taskpane.html`);
  await page.getByRole('button', { name: /Мария/ }).click();
  await page.getByRole('searchbox').fill('люди из когорты');
  await page.getByRole('button', { name: /^Люди из когорты/ }).first().click();
  await page.locator('#task-form').waitFor();
  return page;
}

const field = (page: Page) => page.getByRole('combobox', { name: /Когорта/ });

test('a pasted link becomes the id, and the cohort is named with its size and age before the run', async () => {
  const page = await openForm();
  await field(page).fill('https://app.eu.amplitude.com/analytics/wallet/cohort/5mjbq8w?tab=1');
  await page.getByText('Ушли после пуша · 2 пользователя, посчитана вчера').waitFor();
  expect(await field(page).inputValue()).toBe('5mjbq8w');
  expect(await page.getByText('Выгрузок когорт в этом месяце: 0 из 500').count()).toBe(1);
  await page.getByRole('button', { name: 'Получить' }).click();
  await page.getByRole('cell', { name: 'anna' }).waitFor();
  await page.context().close();
});

test('published cohorts are offered by their names', async () => {
  const page = await openForm();
  await field(page).click();
  await field(page).fill('после');
  await page.getByRole('option', { name: /Ушли после пуша/ }).click();
  expect(await field(page).inputValue()).toBe('5mjbq8w');
  await page.context().close();
});

test('an archived and an unknown cohort are told, and a link to something else', async () => {
  const page = await openForm();
  await field(page).fill('oldones');
  await page.getByText(/Когорта «Старая» в архиве/).waitFor();
  await field(page).fill('nosuch1');
  await page.getByText(/Такой когорты в списке Amplitude нет/).waitFor();
  await field(page).fill('https://app.amplitude.com/analytics/wallet/chart/abcdefg');
  await page.getByRole('button', { name: 'Получить' }).click();
  await page.getByText(/В этой ссылке нет когорты/).waitFor();
  await page.context().close();
});

test('Amplitude that is down does not keep anybody from the run', async () => {
  standIn.faults.list = { kind: 'answer', status: 403 };
  // The list is held for a minute; a source that is opened anew has none.
  await appendFile(join(product.catalog, 'sources.yaml'), '\namplitude_second: { kind: amplitude, region: eu, key: "${AMPLITUDE_KEY}", secret: "${AMPLITUDE_SECRET}", url: "' + standIn.url + '", keepDays: 2 }\n');
  await writeFile(join(product.catalog, 'tasks/cohort-people.sql'), task.replace('on amplitude', 'on amplitude_second').replace('kind: cohort,', 'kind: cohort, on: amplitude_second,'));
  for (let look = 0; look < 100 && product.product.catalog.task('cohort-people')?.steps[0]?.on !== 'amplitude_second'; look += 1) await new Promise((resolve) => setTimeout(resolve, 200));
  const page = await openForm();
  await field(page).fill('5mjbq8w');
  await page.getByText(/не принимает ключи.*Запустить можно и без этой проверки/).waitFor();
  await page.getByRole('button', { name: 'Получить' }).click();
  await page.getByRole('cell', { name: 'anna' }).waitFor();
  await page.context().close();
});
