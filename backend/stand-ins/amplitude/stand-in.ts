import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { csvOf, fileAnswer, piecesOf, type CsvRequest } from './csv-file.ts';
import { nextFault, type Fault, type Faults } from './faults.ts';
import type { StandInCohort, StandInData } from './stand-in-data.ts';

export interface StandInOptions {
  key: string;
  secret: string;
  data: StandInData;
  /** Milliseconds that a download is being prepared. */
  jobMs?: number;
  /** Files of fewer bytes come at once instead of from the file host. */
  smallBytes?: number;
  /** What the project's plan allows a month. */
  monthlyDownloads?: number;
  /** Whether the address with the use of downloads exists. */
  tellsUsage?: boolean;
}

/** One request that came, without its secrets. */
export interface SeenRequest {
  host: 'api' | 'files';
  path: string;
  query: string;
  authorised: boolean;
  /** As `Date.now()` tells time. */
  at: number;
}

export interface AmplitudeStandIn {
  url: string;
  fileUrl: string;
  /** Switched on and off by whoever holds it. */
  faults: Faults;
  seen: SeenRequest[];
  /** Most requests that were open at once. */
  mostAtOnce: () => number;
  close: () => Promise<void>;
}

interface Job extends CsvRequest {
  readyAt: number;
}

const loginPage = '<!DOCTYPE html><html><title>Sign in</title><body>Please sign in</body></html>';
const requestsAtOnce = 5;
const fileLinkMs = 60_000;

/** Amplitude over a real socket, as its documentation describes it and strict about it; files lie on a second port. */
export async function startAmplitudeStandIn(options: StandInOptions): Promise<AmplitudeStandIn> {
  const standIn = new StandIn(options);
  await standIn.listen();
  return standIn;
}

class StandIn implements AmplitudeStandIn {
  readonly faults: Faults = {};
  readonly seen: SeenRequest[] = [];
  url = '';
  fileUrl = '';
  readonly #options: StandInOptions;
  readonly #api: Server;
  readonly #files: Server;
  readonly #jobs = new Map<string, Job>();
  readonly #links = new Map<string, { job: Job; until: number }>();
  #downloads = 0;
  #open = 0;
  #most = 0;

  constructor(options: StandInOptions) {
    this.#options = options;
    this.#api = createServer((request, response) => void this.#answer(request, response).catch(() => response.destroy()));
    this.#files = createServer((request, response) => void this.#giveFile(request, response).catch(() => response.destroy()));
  }

  async listen(): Promise<void> {
    this.url = await listening(this.#api);
    this.fileUrl = await listening(this.#files);
  }

  mostAtOnce(): number {
    return this.#most;
  }

  async close(): Promise<void> {
    for (const server of [this.#api, this.#files]) {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = new URL(request.url ?? '/', this.url);
    const expected = `Basic ${Buffer.from(`${this.#options.key}:${this.#options.secret}`).toString('base64')}`;
    const authorised = request.headers.authorization === expected;
    this.seen.push({ host: 'api', path: address.pathname, query: address.search, authorised, at: Date.now() });
    if (request.headers.authorization === undefined) return fail(response, 401, 'Missing credentials');
    if (!authorised) return fail(response, 403, 'Invalid API/Secret Key combination');
    if (request.method !== 'GET') return fail(response, 405, 'Method not allowed');
    if (this.#open >= requestsAtOnce) return fail(response, 429, 'Too many concurrent requests');
    this.#open += 1;
    this.#most = Math.max(this.#most, this.#open);
    response.once('close', () => (this.#open -= 1));
    await this.#route(address, response);
  }

  async #route(address: URL, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams: query } = address;
    if (path === '/api/3/cohorts') return this.#list(query, response);
    if (path === '/api/3/cohorts/usage') return this.#usage(response);
    if (path === '/api/2/events/list') return this.#events(response);
    if (path === '/api/2/events/segmentation') return this.#totals(query, response);
    const [, step, id = '', file] = /^\/api\/5\/cohorts\/(request|request-status)\/([^/]+)(\/file)?$/.exec(path) ?? [];
    if (step === 'request' && file === undefined) return this.#request(decodeURIComponent(id), query, response);
    if (step === 'request-status' && file === undefined) return this.#status(id, response);
    if (step === 'request') return this.#file(id, response);
    response.writeHead(404, { 'content-type': 'text/html' }).end('<html><body>Not found</body></html>');
  }

  async #list(query: URLSearchParams, response: ServerResponse): Promise<void> {
    if (await misbehaves(response, this.faults.list)) return;
    if (hasOthers(query, ['includeSyncInfo'])) return fail(response, 400, 'Unknown parameter');
    const cohorts = (await this.#options.data.cohorts()).filter(({ published }) => published !== false);
    json(response, 200, { cohorts: cohorts.map(listed) });
  }

  async #usage(response: ServerResponse): Promise<void> {
    if (await misbehaves(response, this.faults.usage)) return;
    if (this.#options.tellsUsage === false) return fail(response, 404, 'Not found');
    json(response, 200, { rest_download: { limit: this.#options.monthlyDownloads ?? 500, usage: this.#downloads, resets_at: null } });
  }

  async #request(id: string, query: URLSearchParams, response: ServerResponse): Promise<void> {
    if (await misbehaves(response, this.faults.request)) return;
    const props = query.get('props') ?? '0';
    const keys = query.getAll('propKeys');
    // Keys are repeated, never joined; without `props=1` they mean nothing.
    const isWrong = hasOthers(query, ['props', 'propKeys']) || !['0', '1'].includes(props) || keys.some((key) => key.includes(',') || key === '') || (props === '0' && keys.length > 0);
    if (isWrong) return fail(response, 400, 'Invalid parameters');
    if (this.#downloads >= (this.#options.monthlyDownloads ?? 500)) return fail(response, 429, 'Exceeded monthly cohort download limit');
    const cohort = (await this.#options.data.cohorts()).find((one) => one.id === id);
    if (cohort === undefined) return fail(response, 404, 'Cohort not found');
    this.#downloads += 1;
    const requestId = randomUUID().slice(0, 8);
    this.#jobs.set(requestId, { cohort, keys: props === '1' ? keys : undefined, readyAt: Date.now() + (this.#options.jobMs ?? 0) });
    json(response, 202, { request_id: requestId, cohort_id: id });
  }

  async #status(id: string, response: ServerResponse): Promise<void> {
    if (await misbehaves(response, this.faults.status)) return;
    const job = this.#jobs.get(id);
    if (job === undefined) return fail(response, 404, 'Request not found');
    const isReady = Date.now() >= job.readyAt;
    json(response, isReady ? 200 : 202, { request_id: id, cohort_id: job.cohort.id, async_status: isReady ? 'JOB COMPLETED' : 'JOB INPROGRESS' });
  }

  async #file(id: string, response: ServerResponse): Promise<void> {
    if (await misbehaves(response, this.faults.file)) return;
    const job = this.#jobs.get(id);
    if (job === undefined || Date.now() < job.readyAt) return fail(response, 404, 'File not found');
    const bytes = await csvOf(job);
    if (bytes.length < (this.#options.smallBytes ?? 0)) return this.#send(bytes, response);
    const link = randomUUID();
    this.#links.set(link, { job, until: Date.now() + fileLinkMs });
    response.writeHead(302, { location: this.faults.content?.location ?? `${this.fileUrl}/${link}.csv?X-Amz-Signature=${randomUUID()}` }).end();
  }

  async #giveFile(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = new URL(request.url ?? '/', this.fileUrl);
    const authorised = request.headers.authorization !== undefined;
    this.seen.push({ host: 'files', path: address.pathname, query: '', authorised, at: Date.now() });
    // The address is signed already: S3 refuses a second way of proving who asks.
    if (authorised) return xml(response, 400, 'InvalidArgument', 'Only one auth mechanism allowed');
    if (await misbehaves(response, this.faults.fileHost)) return;
    const link = this.#links.get(address.pathname.slice(1).replace(/\.csv$/, ''));
    if (link === undefined || Date.now() > link.until || !address.searchParams.has('X-Amz-Signature')) return xml(response, 403, 'AccessDenied', 'Request has expired');
    await this.#send(await csvOf(link.job), response);
  }

  async #send(whole: Buffer, response: ServerResponse): Promise<void> {
    const fault = nextFault(this.faults.content);
    const { headers, bytes, breaks } = fileAnswer(whole, fault);
    response.writeHead(200, headers);
    for (const piece of piecesOf(bytes)) {
      if (response.destroyed) return;
      if (!response.write(piece)) await drained(response);
      if (fault?.slow !== undefined) await wait(fault.slow);
    }
    if (!breaks) response.end();
    else await wait(50).then(() => response.destroy());
  }

  async #events(response: ServerResponse): Promise<void> {
    if (await misbehaves(response, this.faults.events)) return;
    const events = (await this.#options.data.events?.()) ?? [];
    json(response, 200, { data: events.map(({ value, display, totals, nonActive, deleted, hidden }) => ({ value, display: display ?? value, totals, non_active: nonActive === true, deleted: deleted === true, hidden: hidden === true, flow_hidden: false })) });
  }

  async #totals(query: URLSearchParams, response: ServerResponse): Promise<void> {
    if (await misbehaves(response, this.faults.totals)) return;
    const [first, last] = [dayOf(query.get('start')), dayOf(query.get('end'))];
    const event = eventOf(query.get('e'));
    const isWrong = hasOthers(query, ['e', 'start', 'end', 'm', 'i']) || first === undefined || last === undefined || event === undefined || last < first;
    if (isWrong || daysOf(first, last).length > 365) return fail(response, 400, 'Invalid parameters');
    const days = daysOf(first, last);
    const totals = (await this.#options.data.totals?.(event, { first, last })) ?? null;
    if (totals === null) return fail(response, 400, 'Invalid event');
    // Without m=totals the numbers are of unique users, here plainly smaller.
    const share = query.get('m') === 'totals' ? 1 : 0.5;
    const series = days.map((day) => Math.floor((totals[day] ?? 0) * share));
    json(response, 200, { data: { series: [series], seriesLabels: [0], seriesCollapsed: [[{ setId: '', value: series.reduce((sum, one) => sum + one, 0) }]], xValues: days } });
  }
}

/** The documented shape of a cohort in the list; what nobody reads is null there too. */
function listed({ id, name, size, lastComputed, archived, finished }: StandInCohort): object {
  return { appId: 153957, archived: archived === true, definition: {}, description: '', finished: finished !== false, id, name, owners: [], viewers: [], published: true, size, type: 'redshift', lastMod: lastComputed, createdAt: lastComputed, lastComputed, hidden: false, metadata: [], view_count: null, popularity: null, last_viewed: null, chart_id: null, edit_id: null, is_predictive: false, is_official_content: false, location_id: null, shortcut_ids: [] };
}

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Until more may be written, or nobody reads any more. */
async function drained(response: ServerResponse): Promise<void> {
  const over = new AbortController();
  await Promise.race(['drain', 'close'].map((event) => once(response, event, { signal: over.signal }).catch(() => undefined)));
  over.abort();
}

async function misbehaves(response: ServerResponse, fault: Fault | undefined): Promise<boolean> {
  const now = nextFault(fault);
  if (now === undefined) return false;
  switch (now.kind) {
    case 'answer':
      response.writeHead(now.status, { 'content-type': 'application/json', ...now.headers }).end(now.body ?? '{}');
      return true;
    case 'page':
      response.writeHead(200, { 'content-type': 'text/html' }).end(loginPage);
      return true;
    case 'reset':
      response.destroy();
      return true;
    case 'hang':
      await once(response, 'close');
      return true;
  }
}

function hasOthers(query: URLSearchParams, known: string[]): boolean {
  return [...query.keys()].some((key) => !known.includes(key));
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** The error envelope that clients of these addresses have seen. */
function fail(response: ServerResponse, status: number, details: string): void {
  json(response, status, { error: { http_code: status, type: 'unspecified', metadata: { details } } });
}

function xml(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' }).end(`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
}

function dayOf(written: string | null): string | undefined {
  const parts = /^(\d{4})(\d{2})(\d{2})$/.exec(written ?? '');
  return parts === null ? undefined : `${parts[1]}-${parts[2]}-${parts[3]}`;
}

function eventOf(written: string | null): string | undefined {
  try {
    const event: unknown = JSON.parse(written ?? '');
    return typeof event === 'object' && event !== null && 'event_type' in event && typeof event.event_type === 'string' ? event.event_type : undefined;
  } catch {
    return undefined;
  }
}

function daysOf(first: string, last: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(`${first}T00:00:00Z`); at <= Date.parse(`${last}T00:00:00Z`) && days.length < 400; at += 86_400_000) days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}
