import { chiSquareUpperTail } from './distributions/index.ts';

/** A group as it came out, and its planned part: shares are weights, 0.5 and 0.5 or 50 and 50. */
export interface SizedGroup {
  users: number;
  share: number;
}

/** `broken`: do not compare. `suspicious`: look for a cause, then compare. `tooFew`: nothing can be said yet. */
export type SampleRatioState = 'fine' | 'suspicious' | 'broken' | 'tooFew';

export interface SampleRatio {
  state: SampleRatioState;
  chiSquare: number;
  degreesOfFreedom: number;
  pValue: number;
  /** Users expected in each group, in the order given. */
  expected: number[];
  /** The largest distance between a group's share and its plan; 0.005 is half a percentage point. */
  deviation: number;
  /** Users who came into groups planned to get none. */
  leaked: number;
}

const brokenBelow = 0.001;
const suspiciousBelow = 0.01;
/** In very large tests a deviation under a tenth of a point is certain and yet harmless. */
const veryLarge = 1_000_000;
const harmless = 0.001;
const fewestExpected = 5;

/**
 * Did the users come into the groups as planned?
 *
 * Pearson's chi-square test of the sizes. Users in a group planned to get none count as broken, whatever the p-value. For a
 * check at every look at a running test use {@link sequentialSampleRatio}.
 *
 * @returns `null` for fewer than two groups with a share, no users, or negative or not finite numbers.
 * @example sampleRatio([{ users: 5100, share: 0.5 }, { users: 4900, share: 0.5 }])?.pValue
 *          // 0.0455002638963584   R: chisq.test(c(5100, 4900))$p.value
 */
export function sampleRatio(groups: SizedGroup[]): SampleRatio | null {
  const planned = plannedSizes(groups);
  if (!planned) return null;
  const { users, expected } = planned;
  const degreesOfFreedom = expected.filter((size) => size > 0).length - 1;
  const leaked = sum(groups.filter(({ share }) => share === 0).map((group) => group.users));
  const chiSquare = sum(groups.map((group, place) => squaredDistance(group.users, expected[place] ?? 0)));
  const pValue = chiSquareUpperTail(chiSquare, degreesOfFreedom);
  if (pValue === null) return null;
  const deviation = Math.max(...groups.map((group, place) => Math.abs(group.users - (expected[place] ?? 0)) / users));
  const tooFew = expected.some((size) => size > 0 && size < fewestExpected);
  return { state: stateOf({ pValue, tooFew, leaked, deviation, users }), chiSquare, degreesOfFreedom, pValue, expected, deviation, leaked };
}

/** Users in all groups with their planned sizes, or `null` where the plan cannot be checked. */
export function plannedSizes(groups: SizedGroup[]): { users: number; expected: number[]; shares: number[] } | null {
  if (!groups.every(({ users, share }) => users >= 0 && share >= 0 && Number.isFinite(users) && Number.isFinite(share))) return null;
  const users = sum(groups.map((group) => group.users));
  const whole = sum(groups.map(({ share }) => share));
  const shares = groups.map(({ share }) => share / whole);
  return users > 0 && shares.filter((share) => share > 0).length >= 2 ? { users, shares, expected: shares.map((share) => share * users) } : null;
}

function stateOf({ pValue, tooFew, leaked, deviation, users }: { pValue: number; tooFew: boolean; leaked: number; deviation: number; users: number }): SampleRatioState {
  if (leaked > 0) return 'broken';
  if (tooFew) return 'tooFew';
  if (pValue < brokenBelow) return users > veryLarge && deviation < harmless ? 'suspicious' : 'broken';
  return pValue < suspiciousBelow ? 'suspicious' : 'fine';
}

function squaredDistance(users: number, expected: number): number {
  return expected > 0 ? (users - expected) ** 2 / expected : 0;
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
