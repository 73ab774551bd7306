import { placeOf, wholeShare } from './split.ts';
import type { PlannedGroup } from './split.ts';

export interface StratifiedUser {
  id: string;
  /** What must be balanced: a city, a platform, both together. */
  stratum: string;
}

/**
 * Splits a list of different users so that every stratum has the planned shares, within a user or two.
 *
 * Strata, and users within them, stand in the order of their hashes, and are dealt like cards to the group that lacks most. The same list
 * gives the same groups in any order; unlike with `groupOf`, adding users may move others, so split a list once.
 *
 * @returns the groups' names in the order of the users; `null` for a plan without groups, with negative or not finite shares, or where all are 0.
 * @example splitInStrata([{ id: '1', stratum: 'ios' }, { id: '2', stratum: 'ios' }], 'salt', [{ name: 'a', share: 1 }, { name: 'b', share: 1 }])?.sort()
 *          // ['a', 'b']
 */
export function splitInStrata(users: StratifiedUser[], salt: string, groups: PlannedGroup[]): string[] | null {
  const whole = wholeShare(groups);
  if (whole === null) return null;
  const dealt = groups.map(({ name, share }) => ({ name, part: share / whole, count: 0 })).filter(({ part }) => part > 0);
  const names = users.map(() => '');
  inHashOrder(users, salt).forEach((place, turn) => {
    const lacking = dealt.reduce((most, group) => (lack(group, turn) > lack(most, turn) ? group : most));
    lacking.count += 1;
    names[place] = lacking.name;
  });
  return names;
}

function lack({ part, count }: { part: number; count: number }, turn: number): number {
  return part * (turn + 1) - count;
}

/** Places of the users in the list, strata together; names part what hashes alike. */
function inHashOrder(users: StratifiedUser[], salt: string): number[] {
  const keyed = users.map(({ id, stratum }, place) => ({ place, id, stratum, outer: placeOf(stratum, `${salt}/strata`), inner: placeOf(id, salt) }));
  const byText = (one: string, other: string) => Number(one > other) - Number(one < other);
  return keyed
    .sort((one, other) => one.outer - other.outer || byText(one.stratum, other.stratum) || one.inner - other.inner || byText(one.id, other.id))
    .map(({ place }) => place);
}
