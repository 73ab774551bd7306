import type { ExcelHost } from './host.ts';

/** A message between a pane and Excel on the web, as the library packs it. */
interface Message {
  _messageType: number;
  _actionName: string;
  _actionType?: number;
  _conversationId: string;
  _correlationId: number;
  _data: unknown;
}

const messageTypes = { request: 0, response: 1 };
const responseTypes = { forCalling: 0, forEventing: 1 };
const richApiRequest = 93;
const errorCodes: Record<string, number> = { RequestPayloadSizeLimitExceeded: 5103, ResponsePayloadSizeLimitExceeded: 5104 };
const internalError = 5001;

export interface WebHostSettings {
  hostOrigin: string;
  /** Language of Excel's own words: `ru-RU`. */
  officeLanguage: string;
}

/** What Excel on the web answers to the library's messages, apart from the page that carries them. */
export class WebProtocol {
  /** Keys of events that the pane listens to. */
  readonly listeners = new Map<string, Message>();
  /** Addresses that the pane asked Excel to open in a browser window. */
  readonly openedWindows: string[] = [];
  /** What the pane told its host: codes such as 13, focus leaves it by Tab. */
  readonly notifications: unknown[] = [];
  private readonly host: ExcelHost;
  private readonly settings: WebHostSettings;

  constructor(host: ExcelHost, settings: WebHostSettings) {
    this.host = host;
    this.settings = settings;
  }

  /** The answer to one message as text, or `undefined` for what is no request of the library. */
  async receive(text: string): Promise<string | undefined> {
    const message = parsed(text);
    if (message?._messageType !== messageTypes.request) return undefined;
    return this.respond(message, await this.answer(message), responseTypes.forCalling);
  }

  /** An event for the pane, or `undefined` when it does not listen. */
  event(name: string, data: unknown): string | undefined {
    const listener = [...this.listeners].find(([key]) => key.includes(name))?.[1];
    return listener && this.respond(listener, data, responseTypes.forEventing);
  }

  private respond(to: Message, data: unknown, responseType: number): string {
    const { _actionName, _conversationId, _correlationId } = to;
    return JSON.stringify({ _messageType: messageTypes.response, _actionName, _conversationId, _correlationId, _origin: this.settings.hostOrigin, _data: data, _errorCode: 0, _responseType: responseType, _serializerVersion: 1 });
  }

  private async answer(message: Message): Promise<unknown> {
    if (message._actionType === 1) {
      this.listeners.set(message._actionName, message);
      return { Error: 0 };
    }
    if (message._actionType === 2) return { Error: 0, removed: this.listeners.delete(message._actionName) };
    switch (message._actionName) {
      case 'ContextActivationManager_getAppContextAsync':
        return this.appContext();
      case 'ContextActivationManager_notifyHost':
        this.notifications.push(message._data);
        return null;
      case 'ContextActivationManager_openWindowInHost':
        this.openedWindows.push(JSON.stringify(message._data));
        return null;
      case 'executeMethod':
        return this.execute(message._data as { DdaMethod: { DispatchId: number }; ArrayData?: unknown[] });
      default:
        this.host.unknownCalls.push(`The simulated Excel does not know the message ${message._actionName}.`);
        return { Error: internalError };
    }
  }

  private async execute({ DdaMethod, ArrayData }: { DdaMethod: { DispatchId: number }; ArrayData?: unknown[] }): Promise<unknown> {
    const body = ArrayData?.[4];
    if (DdaMethod.DispatchId !== richApiRequest || typeof body !== 'string') {
      this.host.unknownCalls.push(`The simulated Excel does not know the method with dispatch id ${DdaMethod.DispatchId}.`);
      return { Version: 1, Error: internalError };
    }
    await this.host.beforeSync(this.host.syncs.length + 1);
    const reply = this.host.execute(body);
    if ('error' in reply) return { Version: 1, Error: errorCodes[reply.error.code] ?? internalError };
    if (this.host.delay > 0) await new Promise((resolve) => setTimeout(resolve, this.host.delay));
    return { Version: 1, Error: 0, Data: [200, [], JSON.stringify(reply.body)] };
  }

  private appContext(): unknown {
    return {
      _id: 'tasksheet',
      _appName: 16,
      _appVersion: '16.01',
      _appMinorVersion: 1,
      _appUILocale: this.settings.officeLanguage,
      _dataLocale: this.host.workbook.culture,
      _docUrl: `${this.settings.hostOrigin}/Книга1.xlsx`,
      _clientMode: 1,
      _settings: [],
      _reason: 1,
      _osfControlType: 0,
      _eToken: '',
      _correlationId: '00000000-0000-0000-0000-000000000001',
      _hostFullVersion: '16.0.20210.42301',
      _addinName: 'Tasksheet',
      _appDomains: [],
      _requirementMatrix: JSON.stringify({ ExcelApi: '1.17', SharedRuntime: '1.2', CustomFunctionsRuntime: '1.4', CustomFunctions: '1.6', RibbonApi: '1.2', DialogApi: '1.2', OpenBrowserWindowApi: '1.1' }),
      _initialDisplayMode: 0,
    };
  }
}

function parsed(text: string): Message | undefined {
  try {
    return JSON.parse(text) as Message;
  } catch {
    return undefined;
  }
}
