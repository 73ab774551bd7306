import { describe } from './api/api.ts';

/** What a cell gets from a worksheet function; `code` is the library's own number of an error. */
export type FunctionOutcome = { value: unknown } | { failed: true; code: number; message: string };

const functionCategory = 1;
const messageTypes = { invoke: 1000, cancel: 1001 };

/** A message of the host for the library: category, type, target and content. */
export interface HostMessage {
  category: number;
  type: number;
  content: unknown;
}

/** The add-in's side of Excel: it calls worksheet functions as cells do, and takes their results. */
export class AddinRuntime {
  /** Set by what joins the library to the host. */
  deliver: (message: HostMessage) => void | Promise<void> = () => {
    throw new Error('No add-in is joined to this Excel.');
  };
  private readonly waiting = new Map<number, (outcome: FunctionOutcome) => void>();
  private lastInvocation = 0;

  /** Resolves with what the cell would show. */
  async callFunction(id: string, given: unknown[], address = 'Лист1!A1'): Promise<FunctionOutcome> {
    return this.startFunction(id, given, address).outcome;
  }

  /** The same, for a cell that may be deleted before its result comes. */
  startFunction(id: string, given: unknown[], address: string): { outcome: Promise<FunctionOutcome>; cancel: () => void } {
    const invocation = ++this.lastInvocation;
    const cancelable = 1;
    const outcome = new Promise<FunctionOutcome>((resolve) => this.waiting.set(invocation, resolve));
    void this.deliver({ category: functionCategory, type: messageTypes.invoke, content: [invocation, id, given, address, cancelable] });
    return { outcome, cancel: () => void this.deliver({ category: functionCategory, type: messageTypes.cancel, content: { invocationId: invocation } }) };
  }

  take(results: unknown): void {
    if (!Array.isArray(results)) return;
    for (const result of results as ([number, boolean, unknown, number?] | { id: number; failed?: boolean; value: unknown; errorCode?: number })[]) {
      const [id, succeeded, value, code = 0] = Array.isArray(result) ? result : [result.id, result.failed !== true, result.value, result.errorCode];
      this.waiting.get(id)?.(succeeded ? { value } : { failed: true, code, message: String(value) });
      this.waiting.delete(id);
    }
  }
}

describe(AddinRuntime, {
  name: 'AddinRuntime',
  call: {
    notifyActionHandlerReady: () => null,
    _SetOsfControlContainerReadyForCustomFunctions: () => null,
    _GetEnabledFeatures: () => [],
    setInvocationArrayResults: (self, given) => self.take(given.any(0)),
    setInvocationResults: (self, given) => self.take(given.any(0)),
  },
});
