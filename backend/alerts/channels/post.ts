import { lookup as resolve, type LookupAddress, type LookupOptions } from 'node:dns';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { BlockList, isIP } from 'node:net';
import axios from 'axios';

export interface PostRequest {
  url: string;
  body: string | Buffer;
  headers: Record<string, string>;
  /** Whether the product itself runs what answers there. */
  trusted: boolean;
  answerSeconds: number;
  signal: AbortSignal;
}

export type PostAnswer =
  | { kind: 'answer'; status: number; body: string; retryAfter: number | undefined }
  /** The request has surely not arrived. */
  | { kind: 'unsent'; trouble: string }
  | { kind: 'unknown'; trouble: string };

const longestAnswer = 1_000_000;
const longestWait = 86_400;

const closed = new BlockList();
for (const [address, bits] of [['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['224.0.0.0', 3]] as const) closed.addSubnet(address, bits, 'ipv4');
// Mapped IPv4 addresses are compared as IPv4 by BlockList itself; translated ones (64:ff9b::, 2002::) hide one inside.
for (const [address, bits] of [['::', 127], ['fc00::', 7], ['fe80::', 10], ['ff00::', 8], ['64:ff9b::', 96], ['2002::', 16]] as const) closed.addSubnet(address, bits, 'ipv6');

/** Whether an address belongs to this machine or to a network that is not public. */
export function isClosedAddress(address: string): boolean {
  const family = isIP(address);
  return family === 0 || closed.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

class ClosedAddress extends Error {
  readonly code = 'CLOSED_ADDRESS';
}

type Found = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** Checked where the connection is made, so that a name cannot change between the check and the use. */
function publicLookup(host: string, options: LookupOptions, found: Found): void {
  resolve(host, { ...options, all: true }, (error, addresses) => {
    const first = addresses?.[0];
    if (error !== null || first === undefined) return found(error ?? new Error(`${host} has no address`), []);
    if (addresses.some(({ address }) => isClosedAddress(address))) return found(new ClosedAddress(`${host} leads into a private network`), []);
    if (options.all === true) found(null, addresses);
    else found(null, first.address, first.family);
  });
}

/** A connection of its own for each message: a kept one may be dead, and a reset would leave the outcome in doubt. */
const trustedAgents = { httpAgent: new HttpAgent(), httpsAgent: new HttpsAgent() };
const publicAgents = { httpAgent: new HttpAgent({ lookup: publicLookup }), httpsAgent: new HttpsAgent({ lookup: publicLookup }) };

/** A name in place of a number is checked when it is looked up; a number never is. */
function isClosedLiteral(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 && isClosedAddress(host);
}

const neverArrived = /^(ECONNREFUSED|ENOTFOUND|EAI_|EHOSTUNREACH|ENETUNREACH|CLOSED_ADDRESS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_INVALID_URL)/;

function retryAfterOf(value: unknown): number | undefined {
  const seconds = Number(value);
  return typeof value === 'string' && /^\d+$/.test(value) ? Math.min(seconds, longestWait) : undefined;
}

/** One POST without redirects, proxies or retries; says whether it can have arrived. Never throws. */
export async function post({ url, body, headers, trusted, answerSeconds, signal }: PostRequest): Promise<PostAnswer> {
  if (!trusted && isClosedLiteral(url)) return { kind: 'unsent', trouble: 'the address leads into a private network' };
  try {
    const { status, data, headers: given } = await axios.post<string>(url, body, {
      headers: { 'User-Agent': 'tasksheet', ...headers },
      maxRedirects: 0,
      proxy: false,
      maxContentLength: longestAnswer,
      responseType: 'text',
      transformResponse: [(text: unknown) => text],
      validateStatus: () => true,
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerSeconds * 1000)]),
      ...(trusted ? trustedAgents : publicAgents),
    });
    return { kind: 'answer', status, body: String(data).slice(0, 500), retryAfter: retryAfterOf(given['retry-after']) };
  } catch (error) {
    return failure(error, answerSeconds);
  }
}

/** The words hold no address: it is a secret. */
function failure(error: unknown, answerSeconds: number): PostAnswer {
  const cause = axios.isAxiosError(error) ? (error.cause ?? error) : error;
  const code = String((axios.isAxiosError(error) ? error.code : undefined) ?? (cause as { code?: unknown }).code ?? '');
  if (neverArrived.test(code)) return { kind: 'unsent', trouble: code === 'CLOSED_ADDRESS' ? 'the address leads into a private network' : `no connection (${code})` };
  return { kind: 'unknown', trouble: code === 'ERR_CANCELED' ? `no answer within ${answerSeconds} s` : `the connection broke (${code})` };
}
