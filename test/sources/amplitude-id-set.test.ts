import { expect, test } from 'vitest';
import { IdSet } from '../../backend/sources/amplitude/id-set.ts';

const isNew = (set: IdSet, ...ids: string[]): number[] => [...set.add(ids, ids.length).subarray(0, ids.length)];

test('an id is new once, also inside one piece', () => {
  const set = new IdSet();
  expect(isNew(set, 'a', 'b', 'a', '', '')).toEqual([1, 1, 0, 1, 0]);
  expect(isNew(set, 'b', 'c')).toEqual([0, 1]);
  expect(set.size).toBe(4);
});

test('ids that look alike are different', () => {
  const ids = ['7', '07', '007', ' 7', '7 ', '0', '00', '70', 'ab', 'ba', 'a', 'aa', 'А', 'A', '999999999999999', '9999999999999990', '9007199254740993', '9007199254740992', '-7', '7.0', '\u0000a', '4294967296', '1'];
  expect(isNew(new IdSet(), ...ids)).toEqual(ids.map(() => 1));
});

test.each([
  ['numbers', (at: number) => String(at * 3)],
  ['long numbers', (at: number) => String(10n ** 17n + BigInt(at))],
  ['words', (at: number) => `user-${at.toString(36)}`],
  ['words that differ at their beginning', (at: number) => `${at.toString(36)}-user-of-the-application`],
])('of 500,000 different %s none is taken for another, and all are known again', (_, make) => {
  const set = new IdSet();
  const ids = Array.from({ length: 500_000 }, (_unused, at) => make(at));
  expect(set.add(ids, ids.length).every((fresh, at) => at >= ids.length || fresh === 1)).toBe(true);
  expect(set.size).toBe(500_000);
  expect(set.add(ids, ids.length).subarray(0, ids.length).every((fresh) => fresh === 0)).toBe(true);
});
