import { describe, expect, test } from 'vitest';
import { compareMeans, compareRatios, compareShares, cuped, groupOf, mergeMoments, mergePairMoments, momentsOf, nonInferiority, sampleRatio, sequentialSampleRatio, usersForMeans, usersForShares } from '../../shared/statistics/index.ts';
import type { Comparison, Moments, PairMoments, Share } from '../../shared/statistics/index.ts';
import { hitsOf, seeded, times } from './random.ts';

/** Part of the simulated tests for which it holds. */
function part(runs: number, holds: () => boolean): number {
  return times(runs, holds).filter(Boolean).length / runs;
}

const isCalled = (comparison: Comparison | null) => comparison !== null && comparison.pValue !== null && comparison.pValue < 0.05;
const misses = (comparison: Comparison | null, truth: number) => comparison !== null && (comparison.interval.low > truth || comparison.interval.high < truth);

/** Four standard errors around 5 % of 4,000 runs. */
const aboutFivePercent = (found: number) => {
  expect(found).toBeGreaterThan(0.036);
  expect(found).toBeLessThan(0.064);
};

function share(users: number, rate: number, random: () => number): Share {
  return { hits: hitsOf(users, rate, random), users };
}

/** Mostly nothing, sometimes much: support contacts. */
function contacts(users: number, random: () => number): Moments {
  return momentsOf(times(users, () => (random() < 0.3 ? -2 * Math.log(1 - random()) : 0)));
}

/** Active days with contacts on some of them, as one pair per user. */
function contactsPerDay(users: number, rate: number, random: () => number): PairMoments {
  return times(users, () => {
    const days = 1 + Math.floor(random() * 10);
    return { users: 1, x: { mean: days, m2: 0 }, y: { mean: hitsOf(days, rate, random), m2: 0 }, comoment: 0 };
  }).reduce(mergePairMoments);
}

describe('without an effect about 5 % are called', () => {
  test('shares, unequal groups', () => {
    const random = seeded(1);
    aboutFivePercent(part(4000, () => isCalled(compareShares(share(700, 0.1, random), share(300, 0.1, random)))));
  });

  test('means of uneven values, unequal groups', () => {
    const random = seeded(2);
    aboutFivePercent(part(4000, () => isCalled(compareMeans(contacts(400, random), contacts(150, random)))));
  });

  test('ratios, where the user and not the day is assigned', () => {
    const random = seeded(3);
    aboutFivePercent(part(4000, () => isCalled(compareRatios(contactsPerDay(150, 0.2, random), contactsPerDay(90, 0.2, random)))));
  });

  test('means after CUPED', () => {
    const random = seeded(4);
    const group = (users: number) =>
      times(users, () => {
        const before = random() * 10;
        return { users: 1, x: { mean: before, m2: 0 }, y: { mean: before + random() * 8, m2: 0 }, comoment: 0 };
      }).reduce(mergePairMoments);
    aboutFivePercent(
      part(4000, () => {
        const adjusted = cuped(group(120), group(60))!;
        return isCalled(compareMeans(adjusted.control, adjusted.treatment));
      }),
    );
  });

  test('harm of a guardrail at its edge is called safe about 5 % of the time', () => {
    const random = seeded(5);
    const safe = part(4000, () => {
      const comparison = compareShares(share(2000, 0.1, random), share(2000, 0.12, random), { confidence: 0.9 })!;
      return nonInferiority(comparison.interval, 'down', 0.02) === 'safe' || nonInferiority(comparison.interval, 'down', 0.02) === 'harmedWithinMargin';
    });
    aboutFivePercent(safe);
  });

  test('group sizes', () => {
    const random = seeded(6);
    const below = part(4000, () => {
      const hits = hitsOf(1000, 0.3, random);
      return sampleRatio([{ users: hits, share: 3 }, { users: 1000 - hits, share: 7 }])!.pValue < 0.05;
    });
    aboutFivePercent(below);
  });
});

test('intervals hold the true difference in about 95 % of the tests, also of rare events', () => {
  const random = seeded(7);
  for (const [control, treatment] of [[0.3, 0.35], [0.004, 0.01], [0.99, 0.97]] as const) {
    const outside = part(2000, () => misses(compareShares(share(900, control, random), share(500, treatment, random)), treatment - control));
    expect(outside).toBeLessThan(0.07);
    expect(outside).toBeGreaterThan(0.02);
  }
});

describe('looked at every day for four weeks without an effect', () => {
  const days = 28;

  /** Parts of the runs in which any look called a difference: by the fixed test, by the always-valid one. */
  function looks<G>(runs: number, { day, none, merge, compare, users }: { day: () => G; none: G; merge: (one: G, other: G) => G; compare: (control: G, treatment: G, planned?: number) => Comparison | null; users: number }): { fixed: number; alwaysValid: number } {
    const called = { fixed: 0, alwaysValid: 0 };
    times(runs, () => {
      let [control, treatment] = [none, none];
      const seen = { fixed: false, alwaysValid: false };
      times(days, () => {
        [control, treatment] = [merge(control, day()), merge(treatment, day())];
        seen.fixed ||= isCalled(compare(control, treatment));
        const running = compare(control, treatment, users * 2 * days);
        seen.alwaysValid ||= isCalled(running) || misses(running, 0);
      });
      called.fixed += Number(seen.fixed);
      called.alwaysValid += Number(seen.alwaysValid);
    });
    return { fixed: called.fixed / runs, alwaysValid: called.alwaysValid / runs };
  }

  test.each([[0.1, 40], [0.01, 60], [0.5, 5]])('shares of %f, %i users a day and group: the fixed test cries wolf, the always-valid one stays below 5 %', (rate, users) => {
    const random = seeded(8);
    const compare = (control: Share, treatment: Share, planned?: number) => compareShares(control, treatment, { planned });
    const merge = (one: Share, other: Share) => ({ hits: one.hits + other.hits, users: one.users + other.users });
    const found = looks(500, { day: () => share(users, rate, random), none: { hits: 0, users: 0 }, merge, compare, users });
    expect(found.fixed).toBeGreaterThan(0.12);
    expect(found.alwaysValid).toBeLessThan(0.05);
  });

  test('means of uneven values', () => {
    const random = seeded(9);
    const compare = (control: Moments, treatment: Moments, planned?: number) => compareMeans(control, treatment, { planned });
    const found = looks(500, { day: () => contacts(40, random), none: momentsOf([]), merge: mergeMoments, compare, users: 40 });
    expect(found.fixed).toBeGreaterThan(0.15);
    expect(found.alwaysValid).toBeLessThan(0.05);
  });

  test('ratios', () => {
    const random = seeded(10);
    const none = { users: 0, x: { mean: 0, m2: 0 }, y: { mean: 0, m2: 0 }, comoment: 0 };
    const compare = (control: PairMoments, treatment: PairMoments, planned?: number) => compareRatios(control, treatment, { planned });
    const found = looks(400, { day: () => contactsPerDay(40, 0.2, random), none, merge: mergePairMoments, compare, users: 40 });
    expect(found.fixed).toBeGreaterThan(0.15);
    expect(found.alwaysValid).toBeLessThan(0.05);
  });

  test('group sizes: the sequential check stays below 5 %, and finds a broken split in the first days', () => {
    const random = seeded(11);
    const smallest = (rate: number) => {
      const sizes = [{ users: 0, share: 0.5 }, { users: 0, share: 0.5 }];
      return Math.min(
        ...times(days, () => {
          const hits = hitsOf(100, rate, random);
          sizes[0]!.users += hits;
          sizes[1]!.users += 100 - hits;
          return sequentialSampleRatio(sizes)!;
        }),
      );
    };
    expect(part(2000, () => smallest(0.5) < 0.05)).toBeLessThan(0.05);
    expect(part(200, () => smallest(0.58) < 0.001)).toBeGreaterThan(0.9);
  });
});

describe('a plan keeps its promise', () => {
  test('planned users see the planned change of a share in about 80 % of the tests', () => {
    const random = seeded(12);
    const sizes = usersForShares({ control: 0.1, treatment: 0.14, ratio: 0.5 })!;
    const seen = part(2000, () => isCalled(compareShares(share(sizes.control, 0.1, random), share(sizes.treatment, 0.14, random))));
    expect(seen).toBeGreaterThan(0.765);
    expect(seen).toBeLessThan(0.835);
  });

  test('planned users see the planned change of a mean in about 90 % of the tests', () => {
    const random = seeded(13);
    const sizes = usersForMeans({ deviation: Math.sqrt(1 / 12), difference: 0.1, ratio: 2, power: 0.9 })!;
    const group = (users: number, shift: number) => momentsOf(times(users, () => shift + random()));
    const seen = part(2000, () => isCalled(compareMeans(group(sizes.control, 0), group(sizes.treatment, 0.1))));
    expect(seen).toBeGreaterThan(0.87);
    expect(seen).toBeLessThan(0.93);
  });
});

test('splits by hash keep the plan, and two salts are independent', () => {
  const groups = [{ name: 'control', share: 0.2 }, { name: 'a', share: 0.5 }, { name: 'b', share: 0.3 }];
  const counted = new Map<string, number>();
  times(60_000, (turn) => {
    const pair = `${groupOf(String(turn), 'spring', groups)} ${groupOf(String(turn), 'summer', groups)}`;
    counted.set(pair, (counted.get(pair) ?? 0) + 1);
  });
  const pairs = groups.flatMap((one) => groups.map((other) => ({ users: counted.get(`${one.name} ${other.name}`) ?? 0, share: one.share * other.share })));
  expect(sampleRatio(pairs)!.pValue).toBeGreaterThan(0.01);
});
