import { operations, type AnswerOf, type BodyOf, type Operation, type OperationName, type QueryOf } from '../shared/api.ts';
import type { Language } from '../shared/language.ts';
import { Problem, problemAnswer, type ProblemAnswer } from '../shared/problem.ts';
import type { Run } from '../shared/run.ts';

type Part<Name extends string, Value> = [Value] extends [undefined] ? object : { [K in Name]: Value };

/** What one call needs: path parameters by name, the query and body that its operation describes. */
export type CallRequest<N extends OperationName> = Part<'body', BodyOf<N>> &
  Partial<Part<'query', QueryOf<N>>> & { params?: Record<string, string>; signal?: AbortSignal; file?: Blob };

/** The API as the pane and the worksheet functions see it. Every method throws only Problem (or the signal's reason). */
export interface Backend {
  call<N extends OperationName>(name: N, request: CallRequest<N>): Promise<AnswerOf<N>>;
  /** Tells each new state of a run until it is final. Survives lost connections; `onConnection(false)` says that one is lost. */
  followRun(id: string, listener: RunListener, signal: AbortSignal): Promise<void>;
}

export interface RunListener {
  onRun(run: Run): void;
  onConnection(connected: boolean): void;
}

export interface BackendOptions {
  /** Origin of the server; '' for the page's own. */
  origin: string;
  language: () => Language;
  token: () => string | undefined;
  /** Called when the server no longer accepts the token. */
  onSignedOut: () => void;
}

/** A refusal by the server, with the reference number that its log knows. */
export class RefusedProblem extends Problem {
  readonly reference: string;

  constructor(answer: ProblemAnswer) {
    super(answer.code, answer.text, { fields: answer.fields, unknown: answer.unknown });
    this.reference = answer.reference;
  }
}

export function createBackend(options: BackendOptions): Backend {
  const send = async (path: string, init: RequestInit): Promise<Response> => {
    const response = await reach(`${options.origin}${path}`, { ...init, headers: headersOf(options, init.body ?? undefined) });
    if (response.ok) return response;
    const problem = await problemOf(response);
    if (problem.code === 'not_signed_in') options.onSignedOut();
    throw problem;
  };
  const call = async <N extends OperationName>(name: N, request: CallRequest<N>): Promise<AnswerOf<N>> => {
    const operation: Operation = operations[name];
    const { params = {}, query, body, signal, file } = request as { params?: Record<string, string>; query?: object; body?: unknown; signal?: AbortSignal; file?: Blob };
    const init: RequestInit = { method: operation.method.toUpperCase(), signal: signal ?? null };
    if (body !== undefined) init.body = JSON.stringify(body);
    if (file !== undefined) init.body = file;
    const response = await send(`${pathOf(operation.path, params)}${queryOf(query)}`, init);
    return answerOf<N>(operation, response);
  };
  return { call, followRun: (id, listener, signal) => followRun({ call, send }, { id, listener, signal }) };
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    if (init.signal?.aborted === true) throw cause;
    throw new Problem(
      'source_unreachable',
      { ru: 'Нет связи с сервером Tasksheet. Проверьте сеть и попробуйте ещё раз.', en: 'The Tasksheet server cannot be reached. Check the network and try again.' },
      { cause },
    );
  }
}

function headersOf({ token, language }: BackendOptions, body: BodyInit | undefined): Record<string, string> {
  const bearer = token();
  return {
    'Accept-Language': language(),
    ...(body === undefined ? {} : { 'Content-Type': typeof body === 'string' ? 'application/json' : 'application/octet-stream' }),
    ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }),
  };
}

async function problemOf(response: Response): Promise<Problem> {
  const answer = problemAnswer.safeParse(await response.json().catch(() => undefined));
  if (answer.success) return new RefusedProblem(answer.data);
  return new Problem('internal', {
    ru: `Сервер ответил непонятно (${response.status}). Попробуйте ещё раз чуть позже.`,
    en: `The server's answer could not be understood (${response.status}). Try again a little later.`,
  });
}

/** The server's answers are held to these schemas by its own tests; checking 20,000 rows again here would only cost time. */
async function answerOf<N extends OperationName>(operation: Operation, response: Response): Promise<AnswerOf<N>> {
  return (operation.answer === null ? undefined : await response.json()) as AnswerOf<N>;
}

function pathOf(form: string, params: Record<string, string>): string {
  return form.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
}

function queryOf(query: object | undefined): string {
  const filled = Object.entries(query ?? {}).filter(([, value]) => value !== undefined);
  return filled.length === 0 ? '' : `?${new URLSearchParams(filled.map(([name, value]) => [name, String(value)])).toString()}`;
}

interface Line {
  call: Backend['call'];
  send: (path: string, init: RequestInit) => Promise<Response>;
}

interface Following {
  id: string;
  listener: RunListener;
  signal: AbortSignal;
}

function isFinal(run: Run): boolean {
  return run.status.state !== 'queued' && run.status.state !== 'running';
}

/** The stream of events first; where a proxy cuts or holds it back, asking once a second or so does the same job. */
async function followRun(line: Line, following: Following): Promise<void> {
  const { id, listener, signal } = following;
  let lostConnections = 0;
  while (!signal.aborted) {
    try {
      if (await readEvents(line, following)) return;
      const { run } = await line.call('run', { params: { id }, signal });
      listener.onConnection(true);
      listener.onRun(run);
      if (isFinal(run)) return;
      lostConnections = 0;
    } catch (problem) {
      if (signal.aborted) return;
      if (!(problem instanceof Problem) || problem.code !== 'source_unreachable') throw problem;
      listener.onConnection(false);
      lostConnections += 1;
    }
    await pause(Math.min(1000 * 2 ** lostConnections, 10_000), signal);
  }
}

/** True when the stream told the final state. */
async function readEvents({ send }: Line, { id, listener, signal }: Following): Promise<boolean> {
  const response = await send(`/api/runs/${encodeURIComponent(id)}/events`, { signal });
  if (response.body === null) return false;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let final = false;
  try {
    for (let chunk = await reader.read(); !chunk.done && !final; chunk = await reader.read()) {
      const events = (rest + chunk.value).split(/\r?\n\r?\n/);
      rest = events.pop() ?? '';
      for (const run of events.flatMap(runOfEvent)) {
        listener.onConnection(true);
        listener.onRun(run);
        final ||= isFinal(run);
      }
      if (final) break;
    }
  } catch (cause) {
    if (signal.aborted) throw cause;
    return false;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  return final;
}

function runOfEvent(event: string): Run[] {
  const data = event
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trimStart())
    .join('\n');
  return data === '' ? [] : [(JSON.parse(data) as { run: Run }).run];
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}
