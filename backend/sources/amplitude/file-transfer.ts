import { Agent } from 'node:https';
import { Readable, type Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import axios, { type AxiosResponse } from 'axios';
import { Problem } from '../../../shared/problem.ts';
import { pause, plainError, type AmplitudeApi } from './api.ts';
import { placeFor, type WaitRules } from './places.ts';
import { isCallableHost, isLoopback, publicLookup } from './public-address.ts';
import { BrokenFile, problems } from './words.ts';

/** A cohort's file on its way: text as it comes. It fails when the transfer does. */
export interface FileText {
  text: Readable;
  /** Whether the transfer itself has proved that nothing is missing: its announced length, or gzip's own check. */
  isProven(): boolean;
}

const mostHops = 3;
const mostAttempts = 4;
const silenceMs = 60_000;
const headSeconds = 60;
const redirects = new Set([301, 302, 303, 307, 308]);

type Body = AxiosResponse<Readable>;

/** Amplitude's own address for a request's file, followed to where the file lies. The keys go to Amplitude alone. */
export class FileTransfer {
  readonly #api: AmplitudeApi;
  readonly #isLocal: boolean;
  readonly #agent = new Agent({ lookup: publicLookup });

  constructor(api: AmplitudeApi) {
    this.#api = api;
    this.#isLocal = isLoopback(api.base.hostname);
  }

  /** Each call asks Amplitude anew: the address of the file itself is good for a minute only. */
  async open(path: string, keys: { username: string; password: string }, rules: WaitRules): Promise<FileText> {
    const place = await placeFor(this.#api, 'requests', 5, rules);
    try {
      let answer = await this.#firstAnswer(path, keys, rules);
      let from = new URL(path, this.#api.base);
      for (let hop = 1; redirects.has(answer.status); hop += 1) {
        answer.data.destroy();
        if (hop > mostHops) throw problems.badRedirect({ ru: 'слишком много переадресаций', en: 'too many redirects' });
        from = this.#target(answer, from);
        answer = await this.#get(from.href, undefined, rules);
      }
      if (answer.status !== 200) {
        answer.data.destroy();
        throw problems.fileRefused(answer.status);
      }
      return await textOf(answer, rules.signal);
    } finally {
      await place.release();
    }
  }

  async #firstAnswer(path: string, keys: { username: string; password: string }, rules: WaitRules): Promise<Body> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#get(this.#api.address(path), keys, rules);
      if (answer.status === 200 || redirects.has(answer.status)) return answer;
      answer.data.destroy();
      const seconds = Math.min(60, Number(answer.headers['retry-after']) || 2 ** attempt);
      const isWorthIt = (answer.status === 429 || answer.status >= 500) && attempt < mostAttempts && Date.now() + seconds * 1000 < rules.deadline;
      if (!isWorthIt) {
        this.#api.refuseFailure({ status: answer.status, text: '' });
        throw problems.fileRefused(answer.status);
      }
      await pause(seconds, rules.signal);
    }
  }

  #target(answer: Body, from: URL): URL {
    const location: unknown = answer.headers['location'];
    const target = typeof location === 'string' && URL.canParse(location, from) ? new URL(location, from) : undefined;
    if (target === undefined) throw problems.badRedirect({ ru: 'адреса нет', en: 'there is no address' });
    if (this.#isLocal && isLoopback(target.hostname) && /^https?:$/.test(target.protocol)) return withoutKeys(target);
    if (target.protocol !== 'https:') throw problems.badRedirect({ ru: 'адрес не https', en: 'the address is not https' });
    if (!isCallableHost(target.hostname)) throw problems.badRedirect({ ru: 'адрес внутренней сети', en: 'an address of a private network' });
    return withoutKeys(target);
  }

  async #get(address: string, keys: { username: string; password: string } | undefined, { signal, deadline }: WaitRules): Promise<Body> {
    const head = new AbortController();
    const timer = setTimeout(() => head.abort(), Math.max(1, Math.min(headSeconds * 1000, deadline - Date.now())));
    try {
      return await axios.get<Readable>(address, {
        ...(keys === undefined ? {} : { auth: keys }),
        ...(keys === undefined && !this.#isLocal ? { httpsAgent: this.#agent } : {}),
        // Decompression is ours: axios would end a cut gzip file as if it were whole.
        headers: { Accept: 'text/csv, */*', 'Accept-Encoding': 'identity', 'User-Agent': 'tasksheet' },
        decompress: false,
        maxRedirects: 0,
        proxy: false,
        responseType: 'stream',
        signal: AbortSignal.any([signal, head.signal]),
        validateStatus: () => true,
      });
    } catch (error) {
      if (signal.aborted) throw problems.interrupted();
      if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'EPRIVATE') throw problems.badRedirect({ ru: 'адрес внутренней сети', en: 'an address of a private network' });
      throw problems.truncated({ ru: 'соединение не удалось', en: 'the connection failed' }, plainError(error));
    } finally {
      clearTimeout(timer);
    }
  }
}

function withoutKeys(target: URL): URL {
  target.username = '';
  target.password = '';
  return target;
}

/** The body as text, unpacked where it is packed: by its heading or by its first two bytes. */
async function textOf({ data, headers }: Body, signal: AbortSignal): Promise<FileText> {
  const encoding = String(headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (!['identity', '', 'gzip', 'x-gzip'].includes(encoding)) {
    data.destroy();
    throw problems.badFile({ ru: `он сжат способом ${encoding.slice(0, 20)}`, en: `it is packed by ${encoding.slice(0, 20)}` });
  }
  const length = /^\d+$/.test(String(headers['content-length'] ?? '')) ? Number(headers['content-length']) : undefined;
  const state = { proven: false };
  const body = new BodyReader(data, length, signal);
  const head = await body.head();
  const isPacked = encoding.includes('gzip') || (head[0] === 0x1f && head[1] === 0x8b);
  const bytes = Readable.from(body.all(() => (state.proven = length !== undefined)), { objectMode: false, highWaterMark: 1 << 18 });
  const text = isPacked ? unpacked(bytes, () => (state.proven = true)) : bytes;
  // A letter of two bytes must not be cut between two pieces.
  text.setEncoding('utf8');
  return { text, isProven: () => state.proven };
}

function unpacked(bytes: Readable, whole: () => void): Transform {
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  bytes.on('error', (error) => gunzip.destroy(error));
  gunzip.on('close', () => bytes.destroy());
  gunzip.once('end', whole);
  return bytes.pipe(gunzip);
}

/** What a failure of the transfer means. */
export function transferProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (code.startsWith('Z_')) return problems.truncated({ ru: 'сжатый файл обрывается или повреждён', en: 'the packed file breaks off or is damaged' }, plainError(error));
  return problems.truncated({ ru: 'соединение оборвалось', en: 'the connection broke' }, plainError(error));
}

/** The bytes of an answer, counted against their announced number and watched for silence. */
class BodyReader {
  readonly #body: Readable;
  readonly #length: number | undefined;
  readonly #signal: AbortSignal;
  readonly #pieces: AsyncIterator<Buffer>;
  #kept = Buffer.alloc(0);
  #count = 0;

  constructor(body: Readable, length: number | undefined, signal: AbortSignal) {
    this.#body = body;
    this.#length = length;
    this.#signal = signal;
    this.#pieces = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** The first two bytes, or fewer where there are no more. */
  async head(): Promise<Buffer> {
    while (this.#kept.length < 2) {
      const piece = await this.#next();
      if (piece === undefined) break;
      this.#kept = Buffer.concat([this.#kept, piece]);
    }
    return this.#kept;
  }

  async *all(whole: () => void): AsyncGenerator<Buffer> {
    try {
      yield this.#kept;
      for (let piece = await this.#next(); piece !== undefined; piece = await this.#next()) yield piece;
      if (this.#length !== undefined && this.#count !== this.#length) throw problems.truncated({ ru: `${this.#count} байт вместо ${this.#length}`, en: `${this.#count} bytes instead of ${this.#length}` });
      whole();
    } finally {
      this.#body.destroy();
    }
  }

  async #next(): Promise<Buffer | undefined> {
    let silent = false;
    const timer = setTimeout(() => {
      silent = true;
      this.#body.destroy(new Error('silence'));
    }, silenceMs);
    try {
      const { done, value } = await this.#pieces.next();
      if (done === true) return undefined;
      this.#count += value.length;
      return value;
    } catch (error) {
      if (this.#signal.aborted) throw problems.interrupted();
      if (silent) throw problems.truncated({ ru: `минуту ничего не приходило`, en: 'nothing came for a minute' });
      throw error instanceof BrokenFile ? error : transferProblem(error);
    } finally {
      clearTimeout(timer);
    }
  }
}
