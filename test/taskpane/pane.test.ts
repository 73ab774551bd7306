import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { launchBrowser } from './browser.ts';
import { startProduct, type RunningProduct } from '../running-product.ts';

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

interface Opened {
  page: Page;
  faults: string[];
  close: () => Promise<void>;
}

/** The pane as a person opens it, with whatever the page complains about; the library's own telemetry frame is refused on purpose. */
async function open(options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ locale: 'ru-RU', viewport: { width: 320, height: 640 }, acceptDownloads: true, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/oaspapps|status of 4\d\d/.test(message.text())) faults.push(message.text());
  });
  await page.goto(`${product.address}/taskpane.html`);
  return { page, faults, close: () => context.close() };
}

async function signIn(page: Page, person = 'Мария'): Promise<void> {
  await page.getByRole('button', { name: new RegExp(person) }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
}

async function openTask(page: Page, title: RegExp): Promise<void> {
  const task = page.getByRole('button', { name: title }).first();
  await task.or(page.locator('h2 button')).first().waitFor();
  const closed = page.locator('h2 button[aria-expanded=false]');
  while (!(await task.isVisible()) && (await closed.count()) > 0) await closed.first().click();
  await task.click();
  await page.locator('#task-form').waitFor();
}

async function choose(page: Page, label: RegExp, typed: string): Promise<void> {
  await page.getByRole('combobox', { name: label }).fill(typed);
  await page.locator('[role=option]').first().click();
}

const signedOut = {
  status: 401,
  contentType: 'application/problem+json',
  body: JSON.stringify({ type: 'about:blank', title: 'not_signed_in', status: 401, code: 'not_signed_in', detail: '', text: { ru: 'Войдите.', en: 'Sign in.' }, reference: 'x' }),
};

const overflow = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

describe('in a plain browser', () => {
  test('a person signs in, finds a task, fills in its form and has the result with its files', async () => {
    const { page, faults, close } = await open();
    await signIn(page);
    await page.getByRole('searchbox').fill('карты партнеар');
    await openTask(page, /^Карты партнёра/);
    expect(await page.getByText(/Данные по \d\d\.\d\d\.\d{4} 23:59/).count()).toBe(1);
    await page.getByRole('combobox', { name: /Выпущены/ }).selectOption({ label: 'Прошлый месяц' });
    await page.getByText(/^1–\d\d \S+ \d{4} включительно$/).waitFor();
    await choose(page, /Партнёр/, 'лента');
    await page.getByRole('button', { name: 'Получить' }).click();
    await page.getByRole('button', { name: 'Скачать XLSX' }).waitFor();
    expect(await page.getByRole('heading', { level: 2, name: /строк/ }).innerText()).toMatch(/^\d+ строк[аи]? · №\s\d+-\d+$/);
    await page.getByRole('cell').first().waitFor();
    expect(await page.getByRole('columnheader').allInnerTexts()).toEqual(['Номер карты', 'Дата выпуска']);
    expect(await page.getByRole('cell').first().innerText()).toMatch(/^\d{19}$/);
    expect(await page.getByRole('cell').nth(1).innerText()).toMatch(/^\d\d\.\d\d\.\d{4}$/);
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Скачать XLSX' }).click()]);
    expect(file.suggestedFilename()).toMatch(/^Карты Лента .*\.xlsx$/);
    await page.getByRole('button', { name: 'CSV' }).click();
    await page.getByText(/Excel испортит длинные номера/).waitFor();
    const [csv] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: /CSV для систем/ }).click()]);
    expect(csv.suggestedFilename()).toMatch(/\.csv$/);
    await page.getByRole('button', { name: 'Откуда данные' }).click();
    expect(await page.getByRole('definition').allInnerTexts()).toEqual(expect.arrayContaining(['Карты партнёра', 'Лента', 'maria@company.example']));
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(faults).toEqual([]);
    await close();
  });

  test('faults are said beside their fields, the first has the focus, and a mended field is quiet', async () => {
    const { page, close } = await open({ locale: 'en-US' });
    await signIn(page, 'Maria');
    await openTask(page, /^Share of active/);
    await page.getByRole('textbox', { name: /At least/ }).fill('0');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByText('At least 1.', { exact: true }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.closest('[data-field]')?.getAttribute('data-field'))).toBe('times');
    await page.getByRole('textbox', { name: /At least/ }).fill('3');
    expect(await page.getByText('At least 1.', { exact: true }).count()).toBe(0);
    await page.getByRole('switch').click();
    await page.getByRole('textbox', { name: 'From' }).fill('50');
    await page.getByRole('textbox', { name: 'To', exact: true }).fill('20');
    await page.getByRole('switch').focus();
    await page.getByText(/above the end/).waitFor();
    await close();
  });

  test('options that depend on another field follow it, and a default from a query fills in', async () => {
    const { page, close } = await open();
    await signIn(page);
    await openTask(page, /^Отчёт по пушу/);
    await page.getByRole('combobox', { name: /Пуш/ }).click();
    await page.getByText('Сначала заполните: Партнёр.').waitFor();
    await page.keyboard.press('Escape');
    await choose(page, /Партнёр/, 'лента');
    await page.getByRole('combobox', { name: /Пуш/ }).click();
    await page.locator('[role=option]').first().click();
    expect(await page.getByRole('combobox', { name: /Пуш/ }).inputValue()).toContain('Лента');
    await choose(page, /Партнёр/, 'магнит');
    expect(await page.getByRole('combobox', { name: /Пуш/ }).inputValue()).toBe('');
    await page.getByRole('button', { name: 'Назад' }).click();
    await openTask(page, /^Пластиковые карты/);
    await choose(page, /Партнёр/, 'лента');
    await page.getByText(/включительно$/).first().waitFor();
    await close();
  });

  test('unknown entries of a list are shown, and the person runs without them', async () => {
    const { page, close } = await open();
    await signIn(page);
    await openTask(page, /^Карты партнёра/);
    await choose(page, /Партнёр/, 'лента');
    await page.getByRole('combobox', { name: /Выпущены/ }).selectOption({ label: 'Этот год' });
    await page.getByRole('textbox', { name: /Города/ }).fill('Москва\nМосква\n\nАтлантида');
    await page.getByText('2 записи, повторы не считаем: 1').waitFor();
    await page.getByRole('button', { name: 'Получить' }).click();
    const asked = page.getByRole('alertdialog');
    await asked.getByText('Атлантида').waitFor();
    await asked.getByRole('button', { name: 'Получить без них' }).click();
    await page.getByRole('button', { name: 'Скачать XLSX' }).waitFor();
    await page.getByRole('button', { name: 'Откуда данные' }).click();
    expect(await page.getByRole('definition').allInnerTexts()).toContain('Москва');
    await close();
  });

  test('what was typed outlives the way back and a lost session', async () => {
    const { page, close } = await open();
    await signIn(page);
    await openTask(page, /^Карты по списку/);
    const list = page.locator('#task-form textarea').first();
    await list.fill('111\n222');
    await page.getByRole('button', { name: 'Назад' }).click();
    await openTask(page, /^Карты по списку/);
    expect(await list.inputValue()).toBe('111\n222');
    await page.route('**/api/tasks/*/runs', (route) => route.fulfill(signedOut), { times: 1 });
    await page.getByRole('button', { name: 'Получить' }).click();
    await page.getByText(/Сеанс закончился/).waitFor();
    await page.getByRole('button', { name: /Мария/ }).click();
    expect(await list.inputValue()).toBe('111\n222');
    await close();
  });

  test('a session that ends behind an open dialog leaves nothing hidden', async () => {
    const { page, close } = await open();
    await signIn(page);
    await page.getByRole('searchbox').fill('космос');
    await page.getByRole('button', { name: 'Спросить аналитика' }).click();
    await page.route('**/api/questions', (route) => route.fulfill(signedOut), { times: 1 });
    await page.getByRole('dialog').getByRole('button', { name: 'Отправить' }).click();
    await page.getByRole('button', { name: /Мария/ }).click();
    await page.getByRole('searchbox').waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('космос');
    await close();
  });

  test('another person sees nothing of what was typed', async () => {
    const { page, close } = await open();
    await signIn(page);
    await openTask(page, /^Карты по списку/);
    await page.locator('#task-form textarea').first().fill('111');
    await page.getByRole('button', { name: 'Меню' }).click();
    await page.getByRole('menuitem', { name: /^Выйти (?!везде)/ }).click();
    await page.getByRole('button', { name: /Анна/ }).click();
    await page.getByRole('searchbox').waitFor();
    await openTask(page, /^Карты по списку/);
    expect(await page.locator('#task-form textarea').first().inputValue()).toBe('');
    await close();
  });

  test('a search without a hit becomes a question, which its asker and an analyst see', async () => {
    const { page, close } = await open();
    await signIn(page);
    await page.getByRole('searchbox').fill('космические корабли');
    await page.getByText('Ничего не нашлось').waitFor();
    await page.getByRole('button', { name: 'Спросить аналитика' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('textbox').first().inputValue()).toBe('космические корабли');
    await dialog.getByRole('textbox', { name: 'Для чего?' }).fill('Для встречи');
    await dialog.getByRole('button', { name: 'Отправить' }).click();
    await dialog.getByText(/Вопрос отправлен/).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Мои вопросы' }).click();
    await page.getByText('космические корабли').waitFor();
    await page.getByText('ждёт ответа').waitFor();
    await close();
    const analyst = await open();
    await signIn(analyst.page, 'Анна');
    await analyst.page.getByRole('button', { name: 'Запросы' }).click();
    const request = analyst.page.getByRole('listitem').filter({ hasText: 'космические корабли' });
    await request.getByRole('button', { name: 'Взять' }).click();
    await request.getByText('У вас в работе').waitFor();
    await request.getByRole('button', { name: 'Ответить…' }).click();
    await request.getByRole('textbox', { name: 'Ответ' }).fill('Есть по картам.');
    await request.getByRole('combobox', { name: 'Какой задачей стал' }).selectOption({ label: 'Карты партнёра' });
    await request.getByRole('button', { name: 'Теперь это задача' }).click();
    await request.getByText('теперь задача').waitFor();
    await analyst.close();
    const asker = await open();
    await signIn(asker.page);
    await asker.page.getByRole('button', { name: 'Мои вопросы' }).click();
    await asker.page.getByText('Есть по картам.').waitFor();
    await asker.page.getByRole('button', { name: 'Открыть задачу: Карты партнёра' }).click();
    await asker.page.locator('#task-form').waitFor();
    await asker.close();
  });

  test('history opens a run and runs it again with its values', async () => {
    const { page, close } = await open();
    await signIn(page);
    await openTask(page, /^Доля активных/);
    await page.getByRole('combobox', { name: /Период/ }).selectOption({ label: 'Прошлый месяц' });
    await page.getByRole('textbox', { name: /Не меньше раз/ }).fill('7');
    await page.getByRole('button', { name: 'Получить' }).click();
    await page.getByRole('button', { name: 'Скачать XLSX' }).waitFor();
    await page.getByRole('img', { name: /График/ }).waitFor();
    await page.getByRole('button', { name: 'Мои запуски' }).click();
    const first = page.getByRole('listitem').first();
    await first.getByText('готово').waitFor();
    await first.getByRole('button', { name: 'Ещё раз с этими значениями' }).click();
    expect(await page.getByRole('textbox', { name: /Не меньше раз/ }).inputValue()).toBe('7');
    await close();
  });

  test('a wide page shows the whole result as a grid, by pages', async () => {
    const { page, faults, close } = await open({ viewport: { width: 1280, height: 720 } });
    await signIn(page);
    await openTask(page, /^Карты партнёра/);
    await choose(page, /Партнёр/, 'лента');
    await page.getByRole('combobox', { name: /Выпущены/ }).selectOption({ label: 'Этот год' });
    await page.getByRole('button', { name: 'Получить' }).click();
    const grid = page.getByRole('table', { name: 'Результат' });
    await grid.getByRole('cell').first().getByText(/\d{19}/).waitFor();
    const rows = Number(await grid.getAttribute('aria-rowcount')) - 1;
    await grid.evaluate((element) => { element.scrollTop = element.scrollHeight; });
    await page.locator(`[aria-rowindex="${rows + 1}"] [role=cell]`).first().getByText(/\d{19}/).waitFor();
    expect(await grid.getByRole('row').count()).toBeLessThan(60);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(faults).toEqual([]);
    await close();
  });

  test('the language is the browser’s, can be switched, and the choice is kept', async () => {
    const { page, close } = await open({ locale: 'en-GB' });
    await page.getByRole('button', { name: 'Русский' }).click();
    await page.getByText('Кем войти?').waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('ru');
    await page.reload();
    await page.getByText('Кем войти?').waitFor();
    await close();
  });

  test('dark pages have a dark pane', async () => {
    const { page, close } = await open({ colorScheme: 'dark' });
    await signIn(page);
    const colours = await page.evaluate(() => {
      const styles = getComputedStyle(document.querySelector('main')!.parentElement!.parentElement!.parentElement!);
      return styles.backgroundColor;
    });
    expect(colours).toMatch(/^rgb\((\d|[1-5]\d), /);
    await close();
  });

  test('an old webview gets a plain page in both languages', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.addInitScript(() => { Object.defineProperty(window, 'ResizeObserver', { value: undefined }); });
    await page.route('**/assets/*.js', (route) => route.abort());
    await page.goto(`${product.address}/taskpane.html`);
    await page.getByRole('heading', { name: 'Tasksheet здесь не откроется' }).waitFor();
    await page.getByRole('heading', { name: 'Tasksheet cannot open here' }).waitFor();
    expect(await page.getByRole('link', { name: 'Открыть в браузере' }).getAttribute('href')).toBe(`${product.address}/taskpane.html`);
    await context.close();
  });

  test('the keyboard alone is enough from sign-in to result', async () => {
    const { page, close } = await open();
    await page.getByRole('button', { name: /Мария/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('searchbox').focus();
    await page.keyboard.type('доля');
    await page.getByRole('button', { name: /^Доля активных/ }).focus();
    await page.keyboard.press('Enter');
    await page.locator('#task-form').waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    await page.getByRole('combobox', { name: /Действие/ }).focus();
    await page.keyboard.press('ArrowDown');
    await page.locator('[role=option]').first().waitFor();
    await page.keyboard.press('Escape');
    await page.locator('[role=option]').first().waitFor({ state: 'hidden' });
    await page.getByRole('combobox', { name: /Период/ }).selectOption({ label: 'Прошлый месяц' });
    await page.getByRole('button', { name: 'Получить' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Скачать XLSX' }).waitFor();
    await close();
  });
});
