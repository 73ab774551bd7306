import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deriveKeys, isSignature, sign } from '../../backend/access/keys.ts';
import { secretIn } from '../../backend/access/secret-file.ts';

const secret = 'yX3k9Qz7Lm2Rt8Wv5Bn4Hc6Jd1Fs0Gp-aE';

describe('the secret', () => {
  it.each(['', 'short', 'x'.repeat(100), 'abababababababababababababababababababab', 'yX3k9Qz7Lm2Rt8Wv5Bn4Hc6Jd1Fs0Gp'])('is refused at start when it is short or monotonous: %j', (bad) => {
    expect(() => deriveKeys(bad)).toThrow(/at least 32 bytes/);
  });

  it('gives each purpose a key of its own, always the same', () => {
    const keys = Object.values(deriveKeys(secret) as object) as Buffer[];
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(keys.length);
    expect(deriveKeys(secret)).toEqual(deriveKeys(secret));
    expect(keys.every((key) => key.length === 32)).toBe(true);
  });

  it('is made once for an installation that has none, for its user alone', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tasksheet-secret-'));
    try {
      const [one, two] = await Promise.all([secretIn(directory), secretIn(directory)]);
      expect(await secretIn(directory)).toBe(one);
      expect(two).toBe(one);
      expect(() => deriveKeys(one)).not.toThrow();
      expect((await stat(join(directory, 'secret'))).mode & 0o777).toBe(0o600);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

describe('a signature', () => {
  // RFC 4231, test case 2: HMAC-SHA-256 of "what do ya want for nothing?" with the key "Jefe".
  it('is HMAC-SHA-256 in base64url', () => {
    const expected = Buffer.from('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843', 'hex').toString('base64url');
    expect(sign(Buffer.from('Jefe'), 'what do ya want for nothing?')).toBe(expected);
  });

  it('holds for its very text, key and spelling alone', () => {
    const { link, session } = deriveKeys(secret);
    const signature = sign(link, 'text');
    expect(isSignature(link, 'text', signature)).toBe(true);
    expect(isSignature(link, 'text2', signature)).toBe(false);
    expect(isSignature(session, 'text', signature)).toBe(false);
    for (const bad of ['', `${signature}=`, ` ${signature}`, signature.slice(1), signature.toUpperCase(), 'я'.repeat(43)]) expect(isSignature(link, 'text', bad)).toBe(false);
  });
});
