import { Execution, type References } from './execute.ts';
import { Workbook } from './model/workbook.ts';
import { AddinRuntime } from './runtime.ts';
import { pathTypes, type RequestBody, type ResponseBody } from './wire.ts';

/** Excel on the web takes and gives at most this many bytes a request. */
export const payloadLimit = 5 * 1024 * 1024;

/** Requests of the library's own, which no add-in asked for, are not counted. */
const runtimeCalls = new Set(['NotifyActionHandlerReady', '_SetOsfControlContainerReadyForCustomFunctions', 'SetInvocationArrayResults', 'SetInvocationResults']);

/** One request as the host saw it. `cells` counts the values written. */
export interface Sync {
  actions: number;
  bytes: number;
  cells: number;
  refused: string | undefined;
}

/** The answer to one request: a body, or the status and error with which Excel refuses it whole. */
export type Reply = { body: ResponseBody } | { error: { code: string; message: string } };

/** The simulated Excel: one workbook, and a record of what add-ins asked of it. */
export class ExcelHost {
  readonly workbook: Workbook;
  readonly runtime = new AddinRuntime();
  readonly syncs: Sync[] = [];
  /** Members that were asked for and that the simulation lacks. */
  readonly unknownCalls: string[] = [];
  /** Milliseconds spent in here, to be taken off when an add-in's own time is measured. */
  milliseconds = 0;
  /** Waits this long before it answers. */
  delay = 0;
  /** Called before each request; may throw to play a failing Excel, or return a promise to play a stuck one. */
  beforeSync: (number: number) => void | Promise<void> = () => undefined;
  private readonly references: References = new Map();

  constructor(workbook = new Workbook()) {
    this.workbook = workbook;
  }

  /** Runs one request given as the JSON text of its body. */
  execute(text: string): Reply {
    const start = performance.now();
    const bytes = Buffer.byteLength(text);
    const body = JSON.parse(text) as RequestBody;
    const reply = bytes > payloadLimit ? tooLarge('Request', bytes) : this.run(body);
    const refused = 'error' in reply ? reply.error.code : reply.body.Error?.Code;
    if (!body.Actions.some(({ Name }) => runtimeCalls.has(Name))) this.syncs.push({ actions: body.Actions.length, bytes, cells: cellsIn(body), refused });
    this.milliseconds += performance.now() - start;
    return reply;
  }

  private run(body: RequestBody): Reply {
    const answer = new Execution(body, this.references, (path) => (path.ObjectPathType === pathTypes.global ? this.workbook : this.runtime)).run();
    if (answer.Error?.Code === 'ApiNotFound') this.unknownCalls.push(answer.Error.Message);
    const size = body.Actions.some((action) => action.QueryInfo) ? Buffer.byteLength(JSON.stringify(answer)) : 0;
    return size > payloadLimit ? tooLarge('Response', size) : { body: answer };
  }

  /** Requests that carried values, and all others, since the count was last reset. */
  count(): { data: number; others: number; bytes: number; actions: number } {
    const data = this.syncs.filter((sync) => sync.cells > 200).length;
    const sum = (read: (sync: Sync) => number): number => this.syncs.reduce((total, sync) => total + read(sync), 0);
    return { data, others: this.syncs.length - data, bytes: sum((sync) => sync.bytes), actions: sum((sync) => sync.actions) };
  }

  resetCount(): void {
    this.syncs.length = 0;
    this.milliseconds = 0;
  }
}

function tooLarge(what: 'Request' | 'Response', bytes: number): Reply {
  return { error: { code: `${what}PayloadSizeLimitExceeded`, message: `The ${what.toLowerCase()} payload size of ${bytes} bytes has exceeded the limit.` } };
}

function cellsIn(body: RequestBody): number {
  let cells = 0;
  for (const { Name, ArgumentInfo } of body.Actions) {
    const value: unknown = Name === 'Values' || Name === 'Formulas' ? ArgumentInfo?.Arguments?.[0] : undefined;
    if (Array.isArray(value)) cells += value.length * (Array.isArray(value[0]) ? value[0].length : 1);
  }
  return cells;
}
