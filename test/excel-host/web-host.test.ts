/// <reference types="custom-functions-runtime" />
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { officeFolder } from './office-in-node.ts';
import { launchChromium, startExcelHost, type WebExcel } from './index.ts';

let server: Server;
let excel: WebExcel;

const paneHtml = '<!doctype html><html><head><script src="/office/office.debug.js"></script></head><body><button id="first">1</button><input id="second"></body></html>';

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = join(officeFolder, path.replace(/^\/office\//, ''));
    if (path === '/pane') response.setHeader('content-type', 'text/html').end(paneHtml);
    else if (path.startsWith('/office/') && !path.includes('..') && existsSync(file)) createReadStream(file).pipe(response.setHeader('content-type', 'text/javascript'));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await launchChromium();
  excel = await startExcelHost({ paneUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/pane`, browser });
}, 60_000);

afterAll(async () => {
  const browser = excel.page.context().browser();
  await excel.close();
  await browser?.close();
  server.closeAllConnections();
  server.close();
});

describe('Excel on the web, played by a page', () => {
  it('is taken for Excel by the real Office.js in the pane', async () => {
    const ready = await excel.pane.evaluate(async () => ({ ...(await Office.onReady()), language: Office.context.displayLanguage, api: Office.context.requirements.isSetSupported('ExcelApi', '1.10') }));
    expect(ready).toMatchObject({ host: 'Excel', platform: 'OfficeOnline', language: 'ru-RU', api: true });
  });

  it('lets the pane write cells and read them back', async () => {
    const read = await excel.pane.evaluate(() =>
      Excel.run(async (context) => {
        const range = context.workbook.worksheets.getActiveWorksheet().getRange('B2:C3');
        range.numberFormat = [['@', 'General'], ['@', 'General']];
        range.values = [['00123456789012345678', 1.5], ['Ёж', true]];
        range.load('values,address');
        await context.sync();
        return { values: range.values, address: range.address };
      }),
    );
    expect(read).toEqual({ address: 'Лист1!B2:C3', values: [['00123456789012345678', 1.5], ['Ёж', true]] });
    expect(excel.workbook.activeSheet.range('B2').values).toEqual([['00123456789012345678']]);
    expect(excel.host.unknownCalls).toEqual([]);
  });

  it('refuses a request over 5 MB as Excel does', async () => {
    const code = await excel.pane.evaluate(() =>
      Excel.run(async (context) => {
        context.workbook.worksheets.getActiveWorksheet().getRange('A1:A200').values = Array.from({ length: 200 }, () => ['я'.repeat(20_000)]);
        await context.sync();
      }).catch((error: { code: string }) => error.code),
    );
    expect(code).toBe('RequestPayloadSizeLimitExceeded');
  });

  it('has the keyboard that Office.js makes of it: Tab goes round the pane and then out to Excel', async () => {
    await excel.pane.locator('#first').focus();
    await excel.page.keyboard.press('Tab');
    expect(await excel.pane.evaluate(() => document.activeElement?.id)).toBe('second');
  });

  it('calls worksheet functions of the pane as a cell does', async () => {
    await excel.pane.evaluate(() => {
      CustomFunctions.associate('HELLO', (name: string) => [[`Привет, ${name}`]]);
      CustomFunctions.associate('FAIL', () => {
        throw new CustomFunctions.Error(CustomFunctions.ErrorCode.notAvailable, 'нет данных');
      });
    });
    expect(await excel.host.runtime.callFunction('HELLO', ['Ёж'])).toEqual({ value: [['Привет, Ёж']] });
    expect(await excel.host.runtime.callFunction('FAIL', [])).toMatchObject({ failed: true, message: 'нет данных' });
    expect(excel.host.unknownCalls).toEqual([]);
  });
});
