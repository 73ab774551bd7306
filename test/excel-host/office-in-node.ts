import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import vm from 'node:vm';
import { ExcelHost } from './host.ts';

/** The part of the library's `CustomFunctions` that add-ins call. */
export interface CustomFunctionsLibrary {
  associate(id: string, run: (...given: never[]) => unknown): void;
  Error: new (code: string, message?: string) => Error;
  ErrorCode: Record<'invalidValue' | 'notAvailable' | 'divisionByZero' | 'invalidNumber' | 'nullReference', string>;
}

/** The real Office.js, as a page would see it. */
export interface Office {
  Excel: typeof Excel;
  Office: typeof globalThis.Office;
  OfficeExtension: typeof OfficeExtension;
  CustomFunctions: CustomFunctionsLibrary;
}

interface Bridge {
  /** The library puts its own function here. */
  onMessageFromHost: (text: string) => void;
  sendMessageToHost: (text: string) => void;
}

export interface NodeOffice extends Office {
  host: ExcelHost;
}

interface BridgeMessage {
  id: number;
  type: number;
  message: { url: string; body: string | object };
}

export const officeFolder = join(dirname(createRequire(import.meta.url).resolve('@microsoft/office-js/package.json')), 'dist');

let scripts: vm.Script[] | undefined;

/**
 * Loads the library's Excel part into a context of its own and joins it to a simulated Excel by the bridge that native
 * hosts use. A response arrives in a later turn, as it would from a real host.
 */
export function loadOfficeInNode(host = new ExcelHost()): NodeOffice {
  const bridge: Bridge = { onMessageFromHost: () => undefined, sendMessageToHost: (text) => void answer(host, bridge, text) };
  const page = makePage(bridge);
  host.runtime.deliver = ({ category, type, content }) => {
    const entry = { messageCategory: category, messageType: type, message: content };
    bridge.onMessageFromHost(JSON.stringify({ type: 3, message: { entries: [entry] } }));
  };
  return { Excel: page.Excel, Office: page.Office, OfficeExtension: page.OfficeExtension, CustomFunctions: page.CustomFunctions, host };
}

async function answer(host: ExcelHost, bridge: Bridge, text: string): Promise<void> {
  await host.beforeSync(host.syncs.length + 1);
  const start = performance.now();
  const { id, message } = JSON.parse(text) as BridgeMessage;
  const body = typeof message.body === 'string' ? message.body : JSON.stringify(message.body);
  host.milliseconds += performance.now() - start;
  const reply = host.execute(body);
  const response = 'error' in reply ? { statusCode: 400, headers: {}, body: JSON.stringify({ error: reply.error }) } : { statusCode: 200, headers: {}, body: JSON.stringify(reply.body) };
  setTimeout(() => bridge.onMessageFromHost(JSON.stringify({ id, type: 2, message: response })), host.delay);
}

function makePage(bridge: Bridge): Office {
  const page: Record<string, unknown> = { console, setTimeout, clearTimeout, setInterval, clearInterval, performance, URL, Promise, navigator: { userAgent: 'Node' }, location: { href: 'https://localhost/', search: '', hostname: 'localhost' } };
  page._richApiNativeBridge = bridge;
  page.window = page;
  page.self = page;
  page.OfficeExt = {};
  const context = vm.createContext(page);
  scripts ??= librarySources().map(({ file, text }) => new vm.Script(text, { filename: file }));
  for (const script of scripts) script.runInContext(context);
  // Safe: the library has just defined these globals in the context.
  return page as unknown as Office;
}

/** office.js itself needs a page and a host that loads scripts; only its `CustomFunctions.associate` is taken from it. */
function librarySources(): { file: string; text: string }[] {
  const [loader, excel] = ['office.debug.js', 'excel-web-16.00.debug.js'].map((name) => join(officeFolder, name)) as [string, string];
  const text = readFileSync(loader, 'utf8');
  const start = text.indexOf('(function (OfficeExt) {\r\n    var Association');
  const end = '})(CustomFunctions || (CustomFunctions = {}));';
  const stop = text.indexOf(end);
  if (start < 0 || stop < start) throw new Error('office.debug.js no longer has CustomFunctions.associate where it was');
  return [
    { file: loader, text: text.slice(start, stop + end.length) },
    { file: excel, text: readFileSync(excel, 'utf8') },
  ];
}
