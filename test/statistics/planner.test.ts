import { describe, expect, test } from 'vitest';
import { alwaysValidReach, daysForUsers, powerOfMeans, powerOfShares, smallestVisibleDifference, smallestVisibleShare, usersForMeans, usersForShares, usersToSettle } from '../../shared/statistics/index.ts';

describe('users', () => {
  test('unequal groups: twice as many in treatment need fewer in control and more in all', () => {
    const [equal, unequal] = [usersForMeans({ deviation: 10, difference: 1 })!, usersForMeans({ deviation: 10, difference: 1, ratio: 2 })!];
    expect(unequal).toEqual({ control: 1178, treatment: 2355 });
    expect(unequal.control + unequal.treatment).toBeGreaterThan(equal.control + equal.treatment);
  });

  test('unequal groups of shares reach the asked power, one user fewer does not', () => {
    for (const ratio of [0.25, 1, 3]) {
      const { control, treatment } = usersForShares({ control: 0.05, treatment: 0.06, ratio })!;
      const power = (users: number) => powerOfShares({ controlRate: 0.05, treatmentRate: 0.06, control: users, treatment: users * ratio })!;
      expect(power(control)).toBeGreaterThanOrEqual(0.8);
      expect(power(control - 1)).toBeLessThan(0.8);
      expect(treatment).toBeGreaterThanOrEqual(control * ratio - 3);
    }
  });

  test('a rise and a fall of the same size need the same users of a mean', () => {
    expect(usersForMeans({ deviation: 3, difference: -0.2 })).toEqual(usersForMeans({ deviation: 3, difference: 0.2 }));
  });

  test.each([
    { deviation: 10, difference: 0 },
    { deviation: 0, difference: 1 },
    { deviation: -1, difference: 1 },
    { deviation: NaN, difference: 1 },
    { deviation: 10, difference: 1, ratio: 0 },
    { deviation: 10, difference: 1, power: 0.05 },
    { deviation: 10, difference: 1, power: 1 },
    { deviation: 10, difference: 1, alpha: 0 },
    { deviation: 10, difference: 1e-200 },
  ])('%j is no plan for a mean', (plan) => {
    expect(usersForMeans(plan)).toBeNull();
  });

  test.each([
    { control: 0.1, treatment: 0.1 },
    { control: 0, treatment: 0.1 },
    { control: 0.1, treatment: 1 },
    { control: 0.1, treatment: 1.2 },
    { control: -0.1, treatment: 0.2 },
    { control: NaN, treatment: 0.2 },
    { control: 0.1, treatment: 0.2, power: 0.04 },
    { control: 0.1, treatment: 0.2, ratio: -1 },
  ])('%j is no plan for a share', (plan) => {
    expect(usersForShares(plan)).toBeNull();
  });
});

describe('power and the smallest visible effect', () => {
  test('power turns the number of users around', () => {
    expect(powerOfMeans({ deviation: 10, difference: -1, control: 1178, treatment: 2356 })).toBeCloseTo(0.8, 3);
    expect(powerOfMeans({ deviation: 10, difference: 0, control: 100, treatment: 100 })).toBeCloseTo(0.025, 12);
  });

  test('what cannot have power has none', () => {
    expect(powerOfMeans({ deviation: 0, difference: 1, control: 10, treatment: 10 })).toBeNull();
    expect(powerOfMeans({ deviation: 1, difference: NaN, control: 10, treatment: 10 })).toBeNull();
    expect(powerOfMeans({ deviation: 1, difference: 1, control: 0, treatment: 10 })).toBeNull();
    expect(powerOfShares({ controlRate: 0, treatmentRate: 0.5, control: 10, treatment: 10 })).toBeNull();
    expect(powerOfShares({ controlRate: 0.2, treatmentRate: 0.5, control: 10, treatment: 10, alpha: 1 })).toBeNull();
  });

  test('a rise and a fall of a share differ, and a fall that cannot be seen is null', () => {
    const [up, down] = [smallestVisibleShare({ rate: 0.1, control: 2000, treatment: 2000 })!, smallestVisibleShare({ rate: 0.1, control: 2000, treatment: 2000, direction: 'down' })!];
    expect(down).toBeLessThan(0);
    expect(up).toBeGreaterThan(-down);
    expect(powerOfShares({ controlRate: 0.1, treatmentRate: 0.1 + down, control: 2000, treatment: 2000 })).toBeCloseTo(0.8, 9);
    expect(smallestVisibleShare({ rate: 0.001, control: 100, treatment: 100, direction: 'down' })).toBeNull();
    expect(smallestVisibleShare({ rate: 0, control: 100, treatment: 100 })).toBeNull();
    expect(smallestVisibleShare({ rate: 0.1, control: 0, treatment: 100 })).toBeNull();
  });

  test('no standard error, no answer', () => {
    expect([smallestVisibleDifference(NaN), smallestVisibleDifference(-1), smallestVisibleDifference(Infinity), smallestVisibleDifference(1, { power: 0.01 })]).toEqual(Array(4).fill(null));
  });
});

describe('what would settle it', () => {
  const open = { standardError: 0.004, users: 20_000, difference: 0.01 };

  test('with that many more users the difference that matters is just visible', () => {
    const more = usersToSettle(open)!;
    const error = open.standardError * Math.sqrt(open.users / (open.users + more));
    expect(smallestVisibleDifference(error)).toBeCloseTo(open.difference, 5);
  });

  test('a test read at every look needs more, and then its wider interval is short enough', () => {
    const more = usersToSettle({ ...open, planned: 40_000 })!;
    expect(more).toBeGreaterThan(usersToSettle(open)!);
    const users = open.users + more;
    const error = open.standardError * Math.sqrt(open.users / users);
    const reach = alwaysValidReach({ users, planned: 40_000, alpha: 0.05 })!;
    // qnorm(0.8)
    expect((reach + 0.841621233572914) * error).toBeCloseTo(open.difference, 6);
  });

  test('enough users already are 0 more', () => {
    expect(usersToSettle({ ...open, difference: 0.1 })).toBe(0);
    expect(usersToSettle({ ...open, difference: 0.1, planned: 40_000 })).toBe(0);
  });

  test.each([{ difference: 0 }, { standardError: 0 }, { users: 0 }, { standardError: NaN }, { power: 0 }, { planned: NaN }, { planned: 0 }])('%j settles nothing', (change) => {
    expect(usersToSettle({ ...open, ...change })).toBeNull();
  });

  test('days are whole, in whole weeks for a plan', () => {
    expect([daysForUsers(5117, 600), daysForUsers(0, 600), daysForUsers(29_502, 3000, { wholeWeeks: true }), daysForUsers(21_000, 3000, { wholeWeeks: true })]).toEqual([9, 0, 14, 7]);
    expect([daysForUsers(10, 0), daysForUsers(-1, 5), daysForUsers(NaN, 5), daysForUsers(10, NaN)]).toEqual(Array(4).fill(null));
  });
});
