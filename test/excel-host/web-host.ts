import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser, type Frame, type Page } from 'playwright-core';
import { ExcelHost } from './host.ts';
import { hostPage, sheetPicture } from './host-page.ts';
import { Workbook } from './model/workbook.ts';
import { WebProtocol } from './web-protocol.ts';

/** The library trusts a host by its name, over HTTPS: the page is answered in the browser and never leaves the machine. */
const hostOrigin = 'https://tasksheet-test.officeapps.live.com';

export interface ExcelHostOptions {
  /** The add-in's page, as its manifest names it. */
  paneUrl: string;
  /** Culture of the workbook: how Excel reads text in General cells. */
  culture?: string;
  /** Language of Excel's own words. */
  officeLanguage?: string;
  theme?: 'light' | 'dark';
  workbook?: Workbook;
  /** Width of the pane; Excel's own at the usual screen size is 350. */
  paneWidth?: number;
  /** An open browser to use, which stays open. */
  browser?: Browser;
}

/** Excel on the web with the pane open in it. */
export interface WebExcel {
  host: ExcelHost;
  workbook: Workbook;
  page: Page;
  /** The pane's own frame: locators and `evaluate` for what the person does. */
  pane: Frame;
  protocol: WebProtocol;
  close(): Promise<void>;
}

/** Chromium from an npm package: nothing to install by hand. */
export async function launchChromium(): Promise<Browser> {
  return playwright.launch({ args: [...chromium.args, '--disable-features=LocalNetworkAccessChecks,PrivateNetworkAccessChecks'], executablePath: await chromium.executablePath(), headless: true });
}

/** Opens the pane inside a page that plays Excel on the web, with the real Office.js between them. */
export async function startExcelHost(options: ExcelHostOptions): Promise<WebExcel> {
  const { culture = 'ru-RU', officeLanguage = 'ru-RU', theme = 'light', paneWidth = 350 } = options;
  const host = new ExcelHost(options.workbook ?? new Workbook({ culture }));
  const protocol = new WebProtocol(host, { hostOrigin, officeLanguage });
  const browser = options.browser ?? (await launchChromium());
  const context = await browser.newContext({ colorScheme: theme, locale: officeLanguage, viewport: { width: 1366, height: 768 }, acceptDownloads: true });
  const page = await context.newPage();
  await page.route(`${hostOrigin}/**`, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: hostPage(paneAddress(options.paneUrl, officeLanguage), paneWidth) }));
  await page.exposeFunction('answerPane', async (text: string) => {
    const answer = await protocol.receive(text);
    if (text.includes('executeMethod')) await drawSheet(page, host.workbook);
    return answer;
  });
  host.runtime.deliver = async ({ category, type, content }) => {
    const message = protocol.event('richApiMessage', { ArrayData: [[category, type, '', JSON.stringify(content), 0]] });
    if (message === undefined) throw new Error('The pane does not listen to its host.');
    await page.evaluate((text) => (window as unknown as { tellPane(text: string): void }).tellPane(text), message);
  };
  await page.goto(`${hostOrigin}/workbook`);
  const pane = await paneFrame(page);
  return {
    host,
    workbook: host.workbook,
    page,
    pane,
    protocol,
    close: async () => {
      await context.close();
      if (!options.browser) await browser.close();
    },
  };
}

/** The address with what Excel on the web adds: who the host is, and how to talk to it. */
function paneAddress(paneUrl: string, officeLanguage: string): string {
  const url = new URL(paneUrl);
  const hostInfo = `_host_Info=Excel$Web$16.01$${officeLanguage}$telemetry$$$3`;
  const search = `${url.search}${url.search ? '&' : '?'}${hostInfo}`;
  const fragment = `#&_xdm_Info=conversation|tasksheet|${encodeURIComponent(`${hostOrigin}/workbook`)}&_serializer_version=1`;
  return `${url.origin}${url.pathname}${search}${fragment}`;
}

async function paneFrame(page: Page): Promise<Frame> {
  const frame = await (await page.waitForSelector('iframe')).contentFrame();
  if (!frame) throw new Error('The pane has no frame.');
  await frame.waitForLoadState('domcontentloaded');
  return frame;
}

async function drawSheet(page: Page, workbook: Workbook): Promise<void> {
  if (!page.isClosed()) await page.evaluate((html) => (window as unknown as { drawSheet(html: string): void }).drawSheet(html), sheetPicture(workbook));
}
