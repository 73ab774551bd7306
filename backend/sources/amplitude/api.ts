import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import type { z } from 'zod';
import type { SourceLedger } from '../source-ledger.ts';
import { placeFor, type WaitRules } from './places.ts';
import { problems } from './words.ts';

export interface AmplitudeSettings {
  region: 'us' | 'eu';
  key: string;
  secret: string;
  url?: string | undefined;
}

export interface ApiParts {
  /** The source's name, for messages. */
  name: string;
  settings: AmplitudeSettings;
  ledger: SourceLedger;
}

export interface Answer {
  status: number;
  text: string;
}

/** What may be repeated: `read` changes nothing; `counted` is a use of a quota, repeated only when it was surely not taken. */
export type Repeating = 'read' | 'counted';

export type QueryParameters = [string, string][];

const bases = { us: 'https://amplitude.com', eu: 'https://analytics.eu.amplitude.com' };
/** Amplitude's limit over cohort downloads and Dashboard REST together. */
const requestsAtOnce = 5;
const answerSeconds = 60;
const mostAttempts = 4;
const mostWaitSeconds = 60;
const longestAnswerBytes = 200_000_000;
/** Nothing was sent when these happen. */
const notSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Amplitude's addresses, keys and limits: every call of this source goes through here. */
export class AmplitudeApi {
  readonly name: string;
  readonly base: URL;
  readonly ledger: SourceLedger;
  /** The project, as its uses are counted: sources with the same keys share their quota. */
  readonly account: string;
  readonly #http: AxiosInstance;

  constructor({ name, settings, ledger }: ApiParts) {
    this.name = name;
    this.base = new URL(settings.url ?? bases[settings.region]);
    this.ledger = ledger;
    this.account = `amplitude:${createHash('sha256').update(`${this.base.host}\n${settings.key}`).digest('hex').slice(0, 24)}`;
    this.#http = axios.create({
      auth: { username: settings.key, password: settings.secret },
      headers: { Accept: 'application/json', 'User-Agent': 'tasksheet' },
      // A redirect would take the keys along, and a proxy of the environment would see them.
      maxRedirects: 0,
      proxy: false,
      timeout: answerSeconds * 1000,
      maxContentLength: longestAnswerBytes,
      responseType: 'text',
      transformResponse: [(body: unknown) => body],
      validateStatus: () => true,
    });
  }

  address(path: string, query: QueryParameters = []): string {
    const address = new URL(path, this.base);
    for (const [name, value] of query) address.searchParams.append(name, value);
    return address.href;
  }

  /** The answer in the shape that the documentation gives it. */
  async json<T>(path: string, query: QueryParameters, shape: z.ZodType<T>, rules: WaitRules): Promise<T> {
    const answer = await this.answer(path, query, rules);
    this.refuseFailure(answer);
    return this.read(answer, shape);
  }

  read<T>({ text }: Answer, shape: z.ZodType<T>): T {
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      throw problems.notJson(this.name);
    }
    const read = shape.safeParse(body);
    if (!read.success) throw problems.unexpected(this.name, new Error(read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')));
    return read.data;
  }

  refuseFailure({ status, text }: Answer): void {
    if (status === 401 || status === 403) throw problems.badKeys(this.name, status);
    if (status === 429) throw problems.tooMany(this.name);
    if (status >= 500) throw problems.serverError(this.name, status);
    if (/^\s*</.test(text)) throw problems.notJson(this.name);
    if (status >= 300 && status < 400) throw problems.unexpected(this.name, new Error(`redirected by status ${status}`));
    if (status >= 400) throw problems.refused(this.name, status);
  }

  /** One call and, where the contract allows it, its repetitions. 429 and failures of the server come back after the last one. */
  async answer(path: string, query: QueryParameters, rules: WaitRules, repeating: Repeating = 'read'): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const got = await this.#once(path, query, rules, repeating, attempt === mostAttempts);
      if (got !== undefined) {
        const isBusy = got.status === 429;
        const isDown = got.status >= 500 && repeating === 'read';
        if (attempt === mostAttempts || (!isBusy && !isDown)) return { status: got.status, text: got.data };
      }
      const seconds = pauseSeconds(attempt, got);
      if (Date.now() + seconds * 1000 >= rules.deadline) throw got?.status === 429 ? problems.tooMany(this.name) : problems.unreachable(this.name, new Error('no time is left for another attempt'));
      await pause(seconds, rules.signal);
    }
  }

  /** `undefined` when there was no answer and asking again is right. */
  async #once(path: string, query: QueryParameters, rules: WaitRules, repeating: Repeating, isLast: boolean): Promise<AxiosResponse<string> | undefined> {
    const place = await placeFor(this, 'requests', requestsAtOnce, rules);
    const signal = AbortSignal.any([rules.signal, AbortSignal.timeout(answerSeconds * 1000)]);
    try {
      return await this.#http.get<string>(this.address(path, query), { signal });
    } catch (error) {
      if (rules.signal.aborted) throw problems.interrupted();
      const code = codeOf(error);
      if (isLast || (repeating === 'counted' && !notSent.has(code)) || isHopeless(code)) throw problems.unreachable(this.name, plainError(error));
      return undefined;
    } finally {
      await place.release();
    }
  }
}

/** A certificate that is not trusted will not be on the next attempt either. */
function isHopeless(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|EPROTO|ERR_BAD_RESPONSE/.test(code);
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** An error without the request: that holds the keys, and causes are logged. */
export function plainError(error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  return new Error([codeOf(error), message].filter((part) => part !== '').join(': '));
}

/** What the server asks for, else 2, 4, 8 … seconds and a part by chance, so that backends do not come back all at once. */
function pauseSeconds(attempt: number, answer: AxiosResponse<string> | undefined): number {
  const asked = retryAfter(answer?.headers['retry-after']);
  if (asked !== undefined) return Math.min(asked, 10 * mostWaitSeconds);
  const most = answer?.status === 429 ? mostWaitSeconds : 8;
  return Math.min(most, 2 ** attempt * (answer === undefined ? 0.25 : 1)) * (0.75 + Math.random() / 2);
}

function retryAfter(written: unknown): number | undefined {
  if (typeof written !== 'string' || written.trim() === '') return undefined;
  const seconds = /^\d+$/.test(written.trim()) ? Number(written) : (Date.parse(written) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0.05, seconds) : undefined;
}

export async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(seconds * 1000, undefined, { signal });
  } catch (error) {
    throw problems.interrupted(error);
  }
}
