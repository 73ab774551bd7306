import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** One key a purpose, so that what is signed for one is worthless for another. */
export interface AccessKeys {
  session: Buffer;
  link: Buffer;
  code: Buffer;
  alert: Buffer;
}

const minimumBytes = 32;

/** Refuses, at start, a secret that could be guessed: shorter than 32 bytes, or of few different characters. */
export function deriveKeys(secret: string): AccessKeys {
  if (Buffer.byteLength(secret) < minimumBytes || new Set(secret).size < 10)
    throw new TypeError(`TASKSHEET_SECRET must be random and at least ${minimumBytes} bytes long; make one with: openssl rand -base64 48`);
  return { session: derive(secret, 'session'), link: derive(secret, 'link'), code: derive(secret, 'sign-in code'), alert: derive(secret, 'alert link') };
}

function derive(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `tasksheet ${purpose} v1`, 32));
}

export function sign(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

/** In constant time, as text: decoded, several spellings of one signature would be equal. */
export function isSignature(key: Buffer, text: string, given: string): boolean {
  const expected = Buffer.from(sign(key, text));
  const actual = Buffer.from(given);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
