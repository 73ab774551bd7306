import { murmurHash } from './murmur-hash.ts';

/** A group with its part of the users; parts are weights, 0.5 and 0.5 or 50 and 50. */
export interface PlannedGroup {
  name: string;
  share: number;
}

/**
 * Which group does a user belong to?
 *
 * Depends on nothing but the user's id, the salt and the plan: not on the order, the moment or the other users. Another salt gives an independent
 * split. Ids are text, for leading zeros tell users apart. In ClickHouse the same place between 0 and 1 is
 * `murmurHash3_32(concat(salt, ':', id)) / 4294967296`.
 *
 * @param salt the name of this split, one per test
 * @returns the group's name; `null` for a plan without groups, with negative or not finite shares, or where all are 0.
 * @example groupOf('0042', 'onboarding-hints', [{ name: 'control', share: 50 }, { name: 'hints', share: 50 }])
 *          // 'hints'
 */
export function groupOf(id: string, salt: string, groups: PlannedGroup[]): string | null {
  const whole = wholeShare(groups);
  if (whole === null) return null;
  const place = (placeOf(id, salt) / 4_294_967_296) * whole;
  let end = 0;
  for (const { name, share } of groups) {
    end += share;
    if (place < end) return name;
  }
  // The sum of the parts may end a rounding below the whole.
  return groups.filter(({ share }) => share > 0).pop()?.name ?? null;
}

/** The sum of the shares, or `null` where they are no plan. */
export function wholeShare(groups: PlannedGroup[]): number | null {
  const whole = groups.reduce((sum, { share }) => sum + (share >= 0 ? share : NaN), 0);
  return whole > 0 && Number.isFinite(whole) ? whole : null;
}

/** A user's place in the split, a whole number below 2³². */
export function placeOf(id: string, salt: string): number {
  return murmurHash(`${salt}:${id}`);
}
