import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { groupOf, murmurHash, sampleRatio, splitInStrata } from '../../shared/statistics/index.ts';
import { scratchEngine, type ScratchEngine } from '../workbench/scratch-engine.ts';
import { times } from './random.ts';

const halves = [{ name: 'control', share: 50 }, { name: 'hints', share: 50 }];

describe('the hash', () => {
  // Known answers of smhasher's MurmurHash3_x86_32 with seed 0.
  test.each([['', 0], ['hello', 0x248bfa47], ['hello, world', 0x149bbb7f], ['The quick brown fox jumps over the lazy dog', 0x2e4ff723]])('of "%s" is the published one', (text, hash) => {
    expect(murmurHash(text)).toBe(hash);
  });

  let scratch: ScratchEngine;
  beforeAll(async () => {
    scratch = await scratchEngine();
  });
  afterAll(() => scratch.close());

  test("is ClickHouse's, for every length, in Cyrillic and emoji, so that both split alike", async () => {
    const ids = [...times(40, (length) => 'x7я😀'.repeat(12).slice(0, length)), '0042', '42', 'строка с пробелами', '\0\u00ff'];
    const { url, username, password } = await scratch.engine.endpoint();
    const sql = `SELECT murmurHash3_32(concat('hints', ':', arrayJoin([${ids.map((id) => `unhex('${Buffer.from(id).toString('hex')}')`).join(', ')}])))  FORMAT TabSeparated`;
    const answer = await fetch(url, { method: 'POST', body: sql, headers: { 'X-ClickHouse-User': username, 'X-ClickHouse-Key': password } });
    const hashes = (await answer.text()).trim().split('\n').map(Number);
    expect(ids.map((id) => murmurHash(`hints:${Buffer.from(id).toString('utf8')}`))).toEqual(hashes);
  });
});

describe('by hash', () => {
  test('a user stays in the group, whatever the order; leading zeros tell users apart', () => {
    const ids = times(1000, String);
    const groups = new Map(ids.map((id) => [id, groupOf(id, 'spring', halves)]));
    for (const id of ids.reverse()) expect(groupOf(id, 'spring', halves)).toBe(groups.get(id));
    expect(times(100, (turn) => groupOf(`0${turn}`, 'spring', halves) === groupOf(String(turn), 'spring', halves)).every(Boolean)).toBe(false);
  });

  test('a growing share keeps those who were in it', () => {
    const at = (share: number) => times(2000, String).filter((id) => groupOf(id, 'ramp', [{ name: 'new', share }, { name: 'old', share: 1 - share }]) === 'new');
    const wide = new Set(at(0.5));
    expect(at(0.1).every((id) => wide.has(id))).toBe(true);
  });

  test('shares are weights, a group with none gets nobody', () => {
    const groups = [{ name: 'none', share: 0 }, { name: 'few', share: 1 }, { name: 'many', share: 9 }, { name: 'last', share: 0 }];
    const counted = times(20_000, (turn) => groupOf(`user-${turn}`, 's', groups));
    const sizes = groups.map(({ name, share }) => ({ users: counted.filter((group) => group === name).length, share }));
    expect(sampleRatio(sizes)).toMatchObject({ state: 'fine', leaked: 0 });
  });

  test.each([[[]], [[{ name: 'a', share: 0 }]], [[{ name: 'a', share: -1 }, { name: 'b', share: 2 }]], [[{ name: 'a', share: NaN }]], [[{ name: 'a', share: Infinity }]]])('%j is no plan', (groups) => {
    expect(groupOf('1', 's', groups)).toBeNull();
    expect(splitInStrata([{ id: '1', stratum: 's' }], 's', groups)).toBeNull();
  });
});

describe('in strata', () => {
  const users = times(3001, (turn) => ({ id: `user-${turn}`, stratum: ['Москва', 'Казань', 'Омск', `village ${turn}`][turn % 4]! }));
  const groups = [{ name: 'a', share: 0.5 }, { name: 'b', share: 0.3 }, { name: 'c', share: 0.2 }];
  const split = splitInStrata(users, 'spring', groups)!;
  const sizeOf = (name: string, stratum?: string) => users.filter((user, place) => split[place] === name && (stratum === undefined || user.stratum === stratum)).length;

  test('every stratum and the whole list have the shares within two users, also with strata of one', () => {
    for (const stratum of ['Москва', 'Казань', 'Омск', undefined]) {
      const whole = users.filter((user) => stratum === undefined || user.stratum === stratum).length;
      for (const { name, share } of groups) expect(Math.abs(sizeOf(name, stratum) - share * whole)).toBeLessThan(2);
    }
  });

  test('the order of the list changes nothing', () => {
    const turned = splitInStrata([...users].reverse(), 'spring', groups)!.reverse();
    expect(turned).toEqual(split);
  });

  test('another salt deals anew', () => {
    const other = splitInStrata(users, 'summer', groups)!;
    const same = other.filter((name, place) => name === split[place]).length / users.length;
    // By chance 0.5² + 0.3² + 0.2² = 0.38 are the same.
    expect(same).toBeGreaterThan(0.34);
    expect(same).toBeLessThan(0.42);
  });

  test('an empty list is an empty split', () => {
    expect(splitInStrata([], 's', groups)).toEqual([]);
  });
});
