import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser } from 'playwright-core';

/** Chromium from an npm package, made for one page a process: without that, closing one window would end the browser. */
export async function launchBrowser(): Promise<Browser> {
  const args = chromium.args.filter((one) => one !== '--single-process' && one !== '--no-zygote');
  return playwright.launch({ args, executablePath: await chromium.executablePath(), headless: true });
}
