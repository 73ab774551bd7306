import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { channelPage } from './channel-page.ts';
import type { SlackFault } from './faults.ts';
import { readPayload, type PostedMessage } from './payload.ts';

export interface SlackStandIn {
  origin: string;
  /** The only webhook that exists here. */
  webhook: string;
  token: string;
  channel: string;
  /** Everything that was posted, whether or not the answer arrived. */
  messages: PostedMessage[];
  /** How many requests came to the webhook, refused ones included. */
  requests: number;
  /** Files that were put here, by id. */
  files: Map<string, Buffer>;
  fault: SlackFault | undefined;
  close(): Promise<void>;
}

export interface SlackStandInOptions {
  port?: number;
  /** Messages that may come at once before one a second holds; Slack allows short bursts. */
  burst?: number;
}

const largestBody = 2_000_000;
const mostKept = 500;

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size <= largestBody) parts.push(part);
  }
  return Buffer.concat(parts);
}

function takeFault(standIn: SlackStandIn): SlackFault | undefined {
  const { fault } = standIn;
  if (fault?.times === undefined) return fault;
  if (fault.times <= 0) return undefined;
  fault.times -= 1;
  return fault;
}

/** One message a second over time, with a small reserve. */
function oneASecond(burst: number) {
  let reserve = burst;
  let last = Date.now();
  return (): boolean => {
    reserve = Math.min(burst, reserve + (Date.now() - last) / 1000);
    last = Date.now();
    if (reserve < 1) return false;
    reserve -= 1;
    return true;
  };
}

function answer(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers }).end(body);
}

const json = (response: ServerResponse, body: object) => answer(response, 200, JSON.stringify(body), { 'Content-Type': 'application/json' });

function keep(standIn: SlackStandIn, message: PostedMessage): void {
  standIn.messages.push(message);
  if (standIn.messages.length > mostKept) standIn.messages.shift();
}

/** A Slack that has one channel: incoming webhook, and the calls a bot needs. Strict about its contract; faults are switched from outside. */
export async function startSlackStandIn({ port = 0, burst = 3 }: SlackStandInOptions = {}): Promise<SlackStandIn> {
  const isWithinLimit = oneASecond(burst);
  const code = randomUUID().replaceAll('-', '').slice(0, 24);
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const standIn: SlackStandIn = {
    origin,
    webhook: `${origin}/services/T0STANDIN/B0STANDIN/${code}`,
    token: `xoxb-${randomUUID()}`,
    channel: 'C0STANDIN',
    messages: [],
    requests: 0,
    files: new Map(),
    fault: undefined,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  const misbehave = (fault: SlackFault | undefined, response: ServerResponse): boolean => {
    if (fault === undefined) return false;
    if (fault.kind === 'answer') answer(response, fault.status, fault.body ?? '', fault.headers);
    if (fault.kind === 'reset') response.destroy();
    return true;
  };
  const takeWebhook = (text: string, type: string, response: ServerResponse): void => {
    standIn.requests += 1;
    const fault = takeFault(standIn);
    if (fault?.kind === 'answer') return void misbehave(fault, response);
    if (!isWithinLimit()) return answer(response, 429, '{"retry_after":1}', { 'Retry-After': '1' });
    if (!type.startsWith('application/json')) return answer(response, 400, 'invalid_payload');
    const read = readPayload(text);
    if ('refusal' in read) return answer(response, 400, read.refusal);
    keep(standIn, { at: new Date(), ...read, by: 'webhook' });
    if (!misbehave(fault, response)) answer(response, 200, 'ok');
  };
  const takeCall = (method: string, fields: URLSearchParams, response: ServerResponse): void => {
    if (misbehave(takeFault(standIn), response)) return;
    const id = `F${randomUUID().slice(0, 8).toUpperCase()}`;
    if (method === 'files.getUploadURLExternal') {
      if (!(Number(fields.get('length')) > 0) || fields.get('filename') === null) return json(response, { ok: false, error: 'invalid_arguments' });
      return json(response, { ok: true, upload_url: `${origin}/upload/${id}?length=${fields.get('length') ?? ''}`, file_id: id });
    }
    if (method === 'files.completeUploadExternal') {
      const files = JSON.parse(fields.get('files') ?? '[]') as { id?: string }[];
      return json(response, files.length > 0 && files.every((file) => standIn.files.has(file.id ?? '')) ? { ok: true, files } : { ok: false, error: 'file_not_found' });
    }
    if (method !== 'chat.postMessage') return json(response, { ok: false, error: 'unknown_method' });
    if (fields.get('channel') !== standIn.channel) return json(response, { ok: false, error: 'channel_not_found' });
    const blocks = fields.get('blocks');
    const read = readPayload(JSON.stringify({ text: fields.get('text') ?? '', unfurl_links: fields.get('unfurl_links') !== 'false', ...(blocks === null ? {} : { blocks: JSON.parse(blocks) as unknown }) }));
    if ('refusal' in read) return json(response, { ok: false, error: read.refusal });
    const hasFiles = read.blocks.every((one) => !('slack_file' in one) || standIn.files.has(one.slack_file.id));
    if (!hasFiles) return json(response, { ok: false, error: 'invalid_blocks' });
    keep(standIn, { at: new Date(), ...read, by: 'bot' });
    json(response, { ok: true, channel: standIn.channel, ts: `${Date.now() / 1000}` });
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', origin);
    const body = await bodyOf(request);
    if (request.method === 'GET') {
      const file = standIn.files.get(url.pathname.replace('/files/', ''));
      if (file !== undefined) return void response.writeHead(200, { 'Content-Type': 'image/png' }).end(file);
      return url.pathname === '/' ? answer(response, 200, channelPage(standIn.messages), { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' }) : answer(response, 404, 'not_found');
    }
    if (url.pathname.startsWith('/services/')) return url.href === standIn.webhook ? takeWebhook(body.toString('utf8'), request.headers['content-type'] ?? '', response) : answer(response, 404, 'no_service');
    if (url.pathname.startsWith('/upload/')) {
      if (body.length !== Number(url.searchParams.get('length'))) return answer(response, 400, 'wrong length');
      standIn.files.set(url.pathname.slice('/upload/'.length), body);
      return answer(response, 200, `OK - ${body.length}`);
    }
    if (!url.pathname.startsWith('/api/')) return answer(response, 404, 'not_found');
    if (request.headers.authorization !== `Bearer ${standIn.token}`) return json(response, { ok: false, error: 'invalid_auth' });
    takeCall(url.pathname.slice('/api/'.length), new URLSearchParams(body.toString('utf8')), response);
  };
  return standIn;
}
