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

export interface NodeOffice extends Office {
  host: ExcelHost;
  /** Calls a worksheet function as a cell does; resolves with what the cell would show. */
  callFunction(id: string, given: unknown[], address?: string): Promise<FunctionOutcome>;
  /** Tells the library that a cell no longer wants a result. */
  cancelFunction(invocation: number): void;
}

export type FunctionOutcome = { value: unknown } | { failed: true; code: number; message: string };

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
  const pending = new Map<number, (outcome: FunctionOutcome) => void>();
  const bridge = {
    onMessageFromHost: (_text: string): void => undefined,
    sendMessageToHost: (text: string): void => void answer(text),
  };
  const answer = async (text: string): Promise<void> => {
    const { id, message } = JSON.parse(text) as BridgeMessage;
    const body = typeof message.body === 'string' ? message.body : JSON.stringify(message.body);
    const results = functionResults(body);
    results?.forEach(([invocation, outcome]) => pending.get(invocation)?.(outcome));
    await host.beforeSync(host.syncs.length + 1);
    const reply = results ? { body: { Results: [] } } : host.execute(body);
    const response = 'error' in reply ? { statusCode: 400, headers: {}, body: JSON.stringify({ error: reply.error }) } : { statusCode: 200, headers: {}, body: JSON.stringify(reply.body) };
    setTimeout(() => bridge.onMessageFromHost(JSON.stringify({ id, type: 2, message: response })), host.delay);
  };
  const page = makePage(bridge);
  let lastInvocation = 0;
  const send = (entries: object[]): void => bridge.onMessageFromHost(JSON.stringify({ type: 3, message: { entries } }));
  return {
    Excel: page.Excel,
    Office: page.Office,
    OfficeExtension: page.OfficeExtension,
    CustomFunctions: page.CustomFunctions,
    host,
    callFunction: (id, given, address = 'Sheet1!A1') => {
      const invocation = ++lastInvocation;
      const outcome = new Promise<FunctionOutcome>((resolve) => pending.set(invocation, resolve));
      send([{ messageCategory: 1, messageType: 1000, message: [invocation, id, given, address, 0] }]);
      return outcome;
    },
    cancelFunction: (invocation) => send([{ messageCategory: 1, messageType: 1001, message: { invocationId: invocation } }]),
  };
}

function makePage(bridge: object): Office {
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

/** The results of worksheet functions, where a request carries them instead of calls on the workbook. */
function functionResults(body: string): [number, FunctionOutcome][] | undefined {
  if (!body.includes('SetInvocation')) return undefined;
  const { Actions } = JSON.parse(body) as { Actions: { Name: string; ArgumentInfo?: { Arguments?: unknown[][] } }[] };
  const given = Actions.find((action) => action.Name.startsWith('SetInvocation'))?.ArgumentInfo?.Arguments?.[0] ?? [];
  return given.map((entry) => {
    const [invocation, succeeded, value, code] = entry as [number, boolean, unknown, number];
    return [invocation, succeeded ? { value } : { failed: true, code, message: String(value) }];
  });
}
