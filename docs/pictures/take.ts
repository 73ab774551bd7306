// Takes the pictures of these docs from the built pane on the real product: `node build.mjs && npx tsx docs/pictures/take.ts`.
import { join } from 'node:path';
import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { startExcelHost } from '../../test/excel-host/index.ts';
import { startProduct } from '../../test/running-product.ts';
import { launchBrowser } from '../../test/taskpane/browser.ts';

const width = 360;

/** What the pictures press and type, in one language. */
interface Script {
  language: 'ru' | 'en';
  locale: string;
  maria: RegExp;
  task: RegExp;
  push: RegExp;
  partner: RegExp;
  pushField: RegExp;
  issued: RegExp;
  lastMonth: string;
  thisYear: string;
  cities: RegExp;
  typedCities: string;
  run: string;
  toSheet: string;
  done: RegExp;
  menu: string;
  blocks: string;
  refreshAll: string;
  refreshed: RegExp;
  history: string;
  link: string;
  csvSystems: RegExp;
  noSuchTask: string;
  question: [RegExp, string][];
  ask: string;
  back: string;
}

const scripts: Script[] = [
  {
    language: 'ru', locale: 'ru-RU', maria: /Мария/, task: /^Карты партнёра/, push: /^Отчёт по пушу/, partner: /Партнёр/, pushField: /Пуш/, issued: /Выпущены/,
    lastMonth: 'Прошлый месяц', thisYear: 'Этот год', cities: /Города/, typedCities: 'Москва\nКазань\nКазнь', run: 'Получить', toSheet: 'Получить в лист', done: /^Готово: лист «/, menu: 'Меню', blocks: 'Таблицы в книге',
    refreshAll: 'Обновить все', refreshed: /^Обновлено: /, history: 'Мои запуски', link: 'Ссылка', csvSystems: /CSV для систем/, noSuchTask: 'средний чек', ask: 'Спросить аналитика', back: 'Назад',
    question: [[/Что нужно/, 'Средний чек по картам Ленты за октябрь'], [/Для чего/, 'Встреча с партнёром'], [/К какому/, 'к пятнице']],
  },
  {
    language: 'en', locale: 'en-US', maria: /Maria/, task: /^Cards of a partner/, push: /^Report on a push/, partner: /Partner/, pushField: /Push/, issued: /Issued/,
    lastMonth: 'Last month', thisYear: 'This year', cities: /Cities/, typedCities: 'Москва\nКазань\nКазнь', run: 'Run', toSheet: 'Get into the sheet', done: /^Done: sheet “/, menu: 'Menu', blocks: 'Tables in the workbook',
    refreshAll: 'Refresh all', refreshed: /^Refreshed: /, history: 'My runs', link: 'Link', csvSystems: /CSV for systems/, noSuchTask: 'average basket', ask: 'Ask an analyst', back: 'Back',
    question: [[/What do you need/, 'The average basket of Лента cards in October'], [/What for/, 'A meeting with the partner'], [/By when/, 'by Friday']],
  },
];

type Pane = Page | Frame;

async function choose(pane: Pane, label: RegExp, typed: string): Promise<void> {
  await pane.getByRole('combobox', { name: label }).fill(typed);
  await pane.locator('[role=option]').first().click();
}

async function openTask(pane: Pane, title: RegExp): Promise<void> {
  const task = pane.getByRole('button', { name: title }).first();
  await task.or(pane.locator('h2 button')).first().waitFor();
  const closed = pane.locator('h2 button[aria-expanded=false]');
  while (!(await task.isVisible()) && (await closed.count()) > 0) await closed.first().click();
  await task.click();
  await pane.locator('#task-form').waitFor();
}

/** Waits for pictures and movements to come to rest. */
async function take(from: Page | Locator, name: string, { language }: Script): Promise<void> {
  await ('page' in from ? from.page() : from).mouse.move(0, 0);
  await new Promise((resolve) => setTimeout(resolve, 900));
  await from.screenshot({ path: join(import.meta.dirname, `${name}.${language}.png`), animations: 'disabled' });
  process.stdout.write(`${name}.${language}.png\n`);
}

async function inBrowser(browser: Browser, address: string, script: Script): Promise<void> {
  const context = await browser.newContext({ locale: script.locale, viewport: { width, height: 720 } });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(`${address}/taskpane.html`);
  await page.getByRole('button', { name: script.maria }).click();
  await page.getByRole('searchbox').waitFor();
  await page.getByRole('button', { name: script.task }).first().waitFor();
  await take(page, 'tasks', script);
  await openTask(page, script.task);
  await choose(page, script.partner, 'лента');
  await page.getByRole('combobox', { name: script.issued }).selectOption({ label: script.lastMonth });
  await take(page, 'form', script);
  await page.getByRole('combobox', { name: script.issued }).selectOption({ label: script.thisYear });
  await page.getByRole('textbox', { name: script.cities }).fill(script.typedCities);
  await page.getByRole('button', { name: script.run, exact: true }).click();
  await page.getByRole('alertdialog').waitFor();
  await take(page, 'unknown', script);
  await page.getByRole('alertdialog').getByRole('button').first().click();
  await page.getByRole('button', { name: /XLSX/ }).first().waitFor();
  await page.getByRole('cell').first().waitFor();
  await take(page, 'result', script);
  await page.getByRole('button', { name: 'CSV' }).click();
  await page.getByRole('menuitem', { name: script.csvSystems }).waitFor();
  await take(page, 'csv', script);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: script.link, exact: true }).click();
  await page.getByRole('dialog').waitFor();
  await take(page, 'link', script);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: script.history }).click();
  await page.getByText(/№|No\./).first().waitFor();
  await take(page, 'history', script);
  await page.goto(`${address}/taskpane.html`);
  await page.getByRole('searchbox').fill(script.noSuchTask);
  await page.getByRole('button', { name: script.ask }).click();
  for (const [label, text] of script.question) await page.getByRole('textbox', { name: label }).fill(text);
  await take(page, 'ask', script);
  await context.close();
}

async function inExcel(browser: Browser, address: string, script: Script): Promise<void> {
  const excel = await startExcelHost({ paneUrl: `${address}/taskpane.html`, browser, paneWidth: width, culture: script.locale, officeLanguage: script.locale });
  const { pane, page } = excel;
  page.setDefaultTimeout(20_000);
  await page.setViewportSize({ width: 1100, height: 620 });
  await pane.getByRole('button', { name: script.maria }).click();
  await openTask(pane, script.task);
  await choose(pane, script.partner, 'лента');
  await pane.getByRole('button', { name: script.toSheet }).click();
  await pane.getByText(script.done).waitFor();
  await take(page, 'sheet', script);
  await pane.getByRole('button', { name: script.back }).click();
  await pane.getByRole('button', { name: script.back }).click();
  await openTask(pane, script.push);
  await choose(pane, script.partner, 'лента');
  await pane.getByRole('combobox', { name: script.pushField }).click();
  // This Chromium has no font with emoji.
  await pane.locator('[role=option]').filter({ hasNotText: /\p{Emoji_Presentation}/u }).first().click();
  await pane.getByRole('button', { name: script.toSheet }).click();
  await pane.getByText(script.done).waitFor();
  await page.setViewportSize({ width: 1100, height: 760 });
  await take(page.locator('iframe'), 'chart', script);
  await pane.getByRole('button', { name: script.menu }).click();
  await pane.getByRole('menuitem', { name: script.blocks }).click();
  await pane.getByRole('button', { name: script.refreshAll }).click();
  await pane.getByText(script.refreshed).first().waitFor();
  await take(page.locator('iframe'), 'refresh', script);
  await excel.close();
}

const [product, browser] = await Promise.all([startProduct({ sampleScale: 0.1 }), launchBrowser()]);
try {
  for (const script of scripts) {
    await inBrowser(browser, product.address, script);
    await inExcel(browser, product.address, script);
  }
} finally {
  await browser.close();
  await product.close();
}
