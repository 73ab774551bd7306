import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessOf } from '../../backend/access/access.ts';
import { readAudit } from '../../backend/access/audit.ts';
import { deriveKeys } from '../../backend/access/keys.ts';
import { createLinks, type Links, type NewLink } from '../../backend/access/links.ts';
import type { State } from '../../backend/state/state.ts';
import { rules } from './people.ts';
import { insertRun, openTestState } from './test-state.ts';

const key = deriveKeys('yX3k9Qz7Lm2Rt8Wv5Bn4Hc6Jd1Fs0Gp-aE').link;
const maria = accessOf(rules, 'maria@company.example');
const anna = accessOf(rules, 'anna@company.example');
const oleg = accessOf(rules, 'oleg@company.example');

describe('links', () => {
  let state: State;
  let close: () => Promise<void>;
  let runId: string;
  let links: Links;
  let now = new Date('2026-11-22T10:00:00Z');
  const known = new Set(['maria@company.example', 'anna@company.example']);

  beforeAll(async () => {
    ({ state, close } = await openTestState());
    runId = await insertRun(state, 'maria@company.example');
    links = createLinks({ state, key, isKnown: (person) => known.has(person), now: () => now });
  });
  afterAll(() => close());

  const create = async (change: Partial<NewLink> = {}): Promise<{ id: string; address: string; expiresAt: Date }> => {
    const { id, path, expiresAt } = await links.create(maria, { runId, format: 'xlsx', locale: 'ru', ...change });
    expect(path).toMatch(/^\/d\/[\w-]{22}\.[\w-]{43}$/);
    return { id, address: path.slice('/d/'.length), expiresAt };
  };
  const outcome = (address: string): Promise<string> => links.open(address).then(() => 'open', (error: { code?: string }) => error.code ?? String(error));

  it('open what they were made for', async () => {
    const { id, address } = await create({ format: 'csv-systems', result: 'list', partner: true, locale: 'en' });
    expect(await links.open(address)).toEqual({
      id,
      runId,
      person: 'maria@company.example',
      format: 'csv-systems',
      result: 'list',
      partner: true,
      locale: 'en',
      createdAt: now,
      expiresAt: new Date('2026-11-29T10:00:00Z'),
    });
  });

  it('are gone when any one character is changed, dropped or added', async () => {
    const { address } = await create();
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const changed: string[] = [];
    for (let at = 0; at < address.length; at++) {
      const before = address[at] ?? '';
      const next = alphabet[(alphabet.indexOf(before) + 1) % 64] ?? 'A';
      changed.push(address.slice(0, at) + next + address.slice(at + 1), address.slice(0, at) + address.slice(at + 1));
    }
    // The last character of 43 holds bits that decoding throws away.
    for (const last of alphabet) if (!address.endsWith(last)) changed.push(address.slice(0, -1) + last);
    changed.push(`${address}A`, `${address}=`, `${address}.`, `${address}.${address}`, ` ${address}`);
    expect(new Set(await Promise.all(changed.map(outcome)))).toEqual(new Set(['link_gone']));
    expect(await outcome(address)).toBe('open');
  });

  it('are gone with the signature of another link, and for nonsense', async () => {
    const [one, two] = [await create(), await create()];
    const swapped = `${one.id}.${two.address.split('.')[1]}`;
    const nonsense = ['', '.', '..', one.id, 'a.b', '\0.\0', "' OR 1=1 --.x", '😀.😀', 'A'.repeat(100_000)];
    expect(new Set(await Promise.all([swapped, ...nonsense].map(outcome)))).toEqual(new Set(['link_gone']));
  });

  it('made with another secret are gone', async () => {
    const { address } = await create();
    const elsewhere = createLinks({ state, key: Buffer.alloc(32, 5), isKnown: () => true, now: () => now });
    await expect(elsewhere.open(address)).rejects.toMatchObject({ code: 'link_gone' });
  });

  it('say the same words whatever is wrong with them', async () => {
    const { address, id } = await create();
    const changed = await links.open(`${address}x`).catch((error: unknown) => error);
    await links.revoke(maria, id);
    expect(await links.open(address).catch((error: unknown) => error)).toEqual(changed);
  });

  it('are gone when their time is over, and not a second earlier', async () => {
    const { address, expiresAt } = await create({ expiresIn: 15 * 60 });
    const start = now;
    now = new Date(expiresAt.getTime() - 1000);
    expect(await outcome(address)).toBe('open');
    now = expiresAt;
    expect(await outcome(address)).toBe('link_gone');
    now = start;
  });

  it.each([0, -1, Number.NaN, Infinity, 31 * 86_400])('cannot be made to last %d seconds', async (expiresIn) => {
    await expect(create({ expiresIn })).rejects.toMatchObject({ code: 'invalid_request', text: { en: 'A link may work for at most 30 days.' } });
  });

  it('last no longer than the configured maximum, by default too', async () => {
    const brief = createLinks({ state, key, isKnown: () => true, maximumSeconds: 3600, now: () => now });
    const { expiresAt } = await brief.create(maria, { runId, format: 'csv', locale: 'ru' });
    expect(expiresAt.getTime() - now.getTime()).toBe(3_600_000);
  });

  it('are revoked by their creator or an operator, for good; for others they are not there', async () => {
    for (const by of [maria, oleg]) {
      const { id, address } = await create();
      await expect(links.revoke(anna, id)).rejects.toMatchObject({ code: 'not_found' });
      expect(await outcome(address)).toBe('open');
      await links.revoke(by, id);
      await links.revoke(by, id);
      expect(await outcome(address)).toBe('link_gone');
      expect((await readAudit(state, { person: by.person })).filter(({ action, subject }) => action === 'link_revoked' && subject === id)).toHaveLength(1);
    }
    await expect(links.revoke(oleg, 'none')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('end with the access of whoever made them', async () => {
    const { address } = await create();
    known.delete('maria@company.example');
    expect(await outcome(address)).toBe('link_gone');
    known.add('maria@company.example');
    expect(await outcome(address)).toBe('open');
  });

  it('cannot be made for a run that does not exist', async () => {
    await expect(create({ runId: '00000000-0000-4000-8000-000000000000' })).rejects.toThrow();
  });

  it('log each download, also one that was not finished, and count the finished', async () => {
    const run = await insertRun(state, 'maria@company.example');
    const { address } = await create({ runId: run });
    const link = await links.open(address);
    const whole = await links.startDownload(link, { address: '10.0.0.1', agent: 'x'.repeat(2000) });
    await links.finishDownload(whole, { bytes: 5_000_000_000, completed: true });
    await links.startDownload(link, {});
    const log = await state.query('SELECT address, length(agent) AS agent, bytes, completed, finished_at IS NOT NULL AS finished FROM downloads WHERE link_id = $1 ORDER BY id', [link.id]);
    expect(log).toEqual([
      { address: '10.0.0.1', agent: 500, bytes: 5_000_000_000, completed: true, finished: true },
      { address: null, agent: null, bytes: 0, completed: false, finished: false },
    ]);
    expect(await links.ofRun(run)).toMatchObject([{ id: link.id, downloads: 1, revokedAt: null }]);
  });
});
