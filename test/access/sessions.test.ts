import { createHmac, generateKeyPairSync } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deriveKeys } from '../../backend/access/keys.ts';
import { createSessions, type Sessions } from '../../backend/access/sessions.ts';
import type { State } from '../../backend/state/state.ts';
import { openTestState } from './test-state.ts';

const key = deriveKeys('yX3k9Qz7Lm2Rt8Wv5Bn4Hc6Jd1Fs0Gp-aE').session;
const issuer = 'tasksheet';
const audience = 'tasksheet-api';
const hour = 3600;

const without = (name: string) => (claims: Record<string, unknown>): Record<string, unknown> => Object.fromEntries(Object.entries(claims).filter(([claim]) => claim !== name));

describe('session tokens', () => {
  let state: State;
  let close: () => Promise<void>;
  let now = new Date('2026-11-22T10:00:00.500Z');
  let sessions: Sessions;

  beforeAll(async () => {
    ({ state, close } = await openTestState());
    sessions = createSessions({ state, key, now: () => now });
  });
  afterAll(() => close());

  const seconds = (): number => Math.floor(now.getTime() / 1000);
  const good = (): Record<string, unknown> => ({ sub: 'maria@company.example', iat: seconds(), exp: seconds() + hour, issuedMs: now.getTime(), iss: issuer, aud: audience });
  const signed = (payload: object, options: jwt.SignOptions = {}, by: jwt.Secret = key): string => jwt.sign(payload, by, { algorithm: 'HS256', ...options });
  const outcome = (token: string): Promise<string> => sessions.readSession(token).then(({ person }) => person, (error: { code?: string }) => error.code ?? 'other');
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

  it('tell whose they are, for 12 hours', async () => {
    const { token, expiresAt } = sessions.issueSession(' Maria@Company.example');
    expect(expiresAt).toEqual(new Date('2026-11-22T22:00:00Z'));
    expect(await sessions.readSession(token)).toEqual({ person: 'maria@company.example', expiresAt });
    now = new Date('2026-11-22T21:59:59Z');
    expect(await outcome(token)).toBe('maria@company.example');
    now = new Date('2026-11-22T22:00:00Z');
    expect(await outcome(token)).toBe('not_signed_in');
  });

  it('are accepted when they are made as ours are, so that the refusals below are for their one fault', async () => {
    expect(await outcome(signed(good()))).toBe('maria@company.example');
  });

  it.each<[string, (claims: Record<string, unknown>) => Record<string, unknown>]>([
    ['without an end', without('exp')],
    ['without a person', without('sub')],
    ['with an empty person', (claims) => ({ ...claims, sub: '' })],
    ['without a beginning', without('issuedMs')],
    ['of another issuer', (claims) => ({ ...claims, iss: 'evil-tasksheet' })],
    ['without an issuer', without('iss')],
    ['for another audience', (claims) => ({ ...claims, aud: 'evil-tasksheet-api' })],
    ['without an audience', without('aud')],
    ['that are over', (claims) => ({ ...claims, exp: seconds() - 1 })],
    ['that are not valid yet', (claims) => ({ ...claims, nbf: seconds() + 60 })],
    ['that would last for years', (claims) => ({ ...claims, exp: seconds() + 365 * 24 * hour })],
    ['whose end is text', (claims) => ({ ...claims, exp: 'never' })],
  ])('%s are refused', async (_, change) => {
    const payload = change(good());
    const token = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(payload)}`;
    const signature = createHmac('sha256', key).update(token).digest('base64url');
    expect(await outcome(`${token}.${signature}`)).toBe('not_signed_in');
  });

  it('signed by nobody, by another key, or by another algorithm are refused', async () => {
    const none = `${part({ alg: 'none', typ: 'JWT' })}.${part(good())}.`;
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const tokens = [
      none,
      none.replace(part({ alg: 'none', typ: 'JWT' }), part({ alg: 'NONE' })),
      signed(good(), {}, Buffer.alloc(32, 7)),
      signed(good(), { algorithm: 'HS384' }),
      signed(good(), { algorithm: 'HS512' }),
      signed(good(), { algorithm: 'RS256' }, privateKey),
      signed(good(), {}, publicKey.export({ type: 'spki', format: 'pem' })),
    ];
    expect(await Promise.all(tokens.map(outcome))).toEqual(tokens.map(() => 'not_signed_in'));
  });

  it('changed in one character, cut, or made up are refused', async () => {
    const { token } = sessions.issueSession('maria@company.example');
    const payloadAt = token.indexOf('.') + 5;
    const changed = `${token.slice(0, payloadAt)}${token[payloadAt] === 'A' ? 'B' : 'A'}${token.slice(payloadAt + 1)}`;
    const bad = [changed, token.slice(0, -1), '', 'abc', 'a.b.c', '..', 'Bearer x', '\0', 'x'.repeat(100_000)];
    expect(await Promise.all(bad.map(outcome))).toEqual(bad.map(() => 'not_signed_in'));
  });

  it('of one person end all at once on request; later ones and other people’s go on', async () => {
    const before = sessions.issueSession('maria@company.example').token;
    const other = sessions.issueSession('anna@company.example').token;
    now = new Date(now.getTime() + 10);
    await sessions.endSessions('Maria@company.example');
    now = new Date(now.getTime() + 10);
    const after = sessions.issueSession('maria@company.example').token;
    expect(await Promise.all([before, other, after].map(outcome))).toEqual(['not_signed_in', 'anna@company.example', 'maria@company.example']);
    const otherBackend = createSessions({ state, key, now: () => now });
    await expect(otherBackend.readSession(before)).rejects.toMatchObject({ code: 'not_signed_in' });
  });

  it('are not made with a short key', () => {
    expect(() => createSessions({ state, key: Buffer.from('abc') })).toThrow(/32 bytes/);
  });
});
