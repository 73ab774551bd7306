import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAudit } from '../../backend/access/audit.ts';
import { deriveKeys } from '../../backend/access/keys.ts';
import { createSignInCodes, type SignInCodes } from '../../backend/access/sign-in-codes.ts';
import type { State } from '../../backend/state/state.ts';
import { openTestState } from './test-state.ts';

const key = deriveKeys('yX3k9Qz7Lm2Rt8Wv5Bn4Hc6Jd1Fs0Gp-aE').code;

describe('sign-in codes', () => {
  let state: State;
  let close: () => Promise<void>;
  let now = new Date('2026-11-22T10:00:00Z');
  let codes: SignInCodes;

  beforeAll(async () => {
    ({ state, close } = await openTestState());
    codes = createSignInCodes({ state, key, now: () => now });
  });
  afterAll(() => close());
  beforeEach(async () => {
    await state.query('DELETE FROM sign_in_failures');
  });

  const issue = async (person = 'maria@company.example'): Promise<string> => (await codes.issue({ person, issuedBy: 'oleg@company.example' })).code;
  const outcome = (code: string, address = '10.0.0.1'): Promise<string> => codes.use(code, address).then((person) => person, (error: { code?: string }) => error.code ?? 'other');
  const later = (minutes: number): void => {
    now = new Date(now.getTime() + minutes * 60_000);
  };

  it('sign one person in once', async () => {
    const code = await issue('Maria@Company.example');
    expect(await outcome(code)).toBe('maria@company.example');
    expect(await outcome(code)).toBe('not_signed_in');
  });

  it('are of letters and digits that are not mistaken for one another, and never the same', async () => {
    const many = [];
    for (let index = 0; index < 30; index++) many.push(await issue());
    expect(new Set(many).size).toBe(30);
    for (const code of many) expect(code).toMatch(/^[2-9A-HJKMNP-TV-Z]{4}(-[2-9A-HJKMNP-TV-Z]{4}){2}$/);
  });

  it('are found however people retype them', async () => {
    for (const retype of [(code: string) => code.toLowerCase(), (code: string) => ` ${code.replaceAll('-', ' ')} `, (code: string) => code.replaceAll('-', '\u2013'), (code: string) => code.replace(/A/g, 'А').replace(/C/g, 'с').replace(/P/g, 'Р').replace(/X/g, 'х')])
      expect(await outcome(retype(await issue()))).toBe('maria@company.example');
  });

  it('are not in the database, only a hash that needs the key', async () => {
    const code = await issue();
    const rows = JSON.stringify(await state.query('SELECT * FROM sign_in_codes'));
    expect(rows).not.toContain(code);
    expect(rows).not.toContain(code.replaceAll('-', ''));
    const elsewhere = createSignInCodes({ state, key: Buffer.alloc(32, 1), now: () => now });
    await expect(elsewhere.use(code, '10.0.0.9')).rejects.toMatchObject({ code: 'not_signed_in' });
  });

  it('work for 24 hours', async () => {
    const [early, late] = [await issue('early@company.example'), await issue('late@company.example')];
    later(24 * 60 - 1);
    expect(await outcome(early)).toBe('early@company.example');
    later(1);
    expect(await outcome(late)).toBe('not_signed_in');
  });

  it('give way to a newer one of the same person', async () => {
    const [first, second] = [await issue(), await issue()];
    expect(await outcome(first)).toBe('not_signed_in');
    expect(await outcome(second)).toBe('maria@company.example');
  });

  it('let one of twenty in who use one code at the same moment from different places', async () => {
    const code = await issue();
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, index) => outcome(code, `10.1.0.${index}`)));
    expect(outcomes.filter((person) => person === 'maria@company.example')).toHaveLength(1);
  });

  it('cannot be guessed: ten wrong ones from an address close it for a quarter of an hour, the right one included', async () => {
    const code = await issue();
    const guesses = await Promise.all(Array.from({ length: 30 }, (_, index) => outcome(`AAAA-BBBB-CC${index + 10}`)));
    expect(guesses.filter((one) => one === 'not_signed_in')).toHaveLength(10);
    expect(guesses.filter((one) => one === 'too_many')).toHaveLength(20);
    expect(await outcome(code)).toBe('too_many');
    expect(await outcome(code, '10.0.0.2')).toBe('maria@company.example');
    const next = await issue();
    later(16);
    expect(await outcome(next)).toBe('maria@company.example');
  });

  it('count a whole IPv6 network as one address, and an IPv4 one in its IPv6 form as itself', async () => {
    for (let index = 0; index < 10; index++) await outcome('WRONG-CODE', `2001:db8:0:1::${index}`);
    expect(await outcome('WRONG-CODE', '2001:0db8:0:1:ffff::1')).toBe('too_many');
    expect(await outcome('WRONG-CODE', '2001:db8:0:2::1')).toBe('not_signed_in');
    for (let index = 0; index < 10; index++) await outcome('WRONG-CODE', '10.3.0.1');
    expect(await outcome('WRONG-CODE', '::ffff:10.3.0.1')).toBe('too_many');
  });

  it.each(['', ' ', '-', '\u0000', "' OR 1=1 --", '😀'.repeat(30), 'A'.repeat(100_000)])('refuse nonsense: %j', async (nonsense) => {
    expect(await outcome(nonsense, '10.4.0.1')).toBe('not_signed_in');
  });

  it('leave a trace of who issued and who signed in, without the code', async () => {
    const code = await issue('trace@company.example');
    await outcome(code);
    const [signedIn, issued] = await readAudit(state);
    expect(issued).toMatchObject({ person: 'oleg@company.example', action: 'sign_in_code_issued', subject: 'trace@company.example' });
    expect(signedIn).toMatchObject({ person: 'trace@company.example', action: 'signed_in', detail: { address: '10.0.0.1' } });
    expect(JSON.stringify([signedIn, issued])).not.toContain(code);
  });
});
