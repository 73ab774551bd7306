import { type AssignmentParts, type Assignments } from './assignments.ts';
import { groupSets } from './group-sets.ts';

/** How many users there are, with facts or without: denominators come from the assignments, never from the facts. */
export interface Totals {
  /** By group's place, from 1. */
  groups: { group: number; known: boolean; users: number }[];
  segments: { group: number; column: string; value: string; users: number }[];
  /** Users followed for exactly so many whole days. */
  observed: { group: number; days: number; users: number }[];
}

export async function countUsers({ table, segments }: Assignments, { workbench, context }: AssignmentParts): Promise<Totals> {
  const sets = groupSets(['place', 'known', 'observed', ...segments.map(({ column }) => column)], [['place', 'known'], ['place', 'observed'], ...segments.map(({ column }) => ['place', column])]);
  const sql = `SELECT ${sets.select}, count() AS users FROM ${workbench.tableReference(table)} WHERE state = 0 GROUP BY ${sets.groupBy}`;
  const asked = context('totals');
  const { rows } = await workbench.select({ sql, parameters: {} }, { database: '', databases: [], tables: [table] }, { ...asked, limits: { ...asked.limits, rows: Math.max(asked.limits.rows, 100_000) } });
  const totals: Totals = { groups: [], segments: [], observed: [] };
  for (const [mask, place, known, days, ...others] of rows) {
    const set = sets.setOf(Number(mask));
    const [group, users] = [Number(place), Number(others.at(-1))];
    const segment = segments[set - 2];
    if (segment !== undefined) totals.segments.push({ group, column: segment.name, value: String(others[set - 2]), users });
    else if (set === 1) totals.observed.push({ group, days: Number(days), users });
    else totals.groups.push({ group, known: Number(known) === 1, users });
  }
  return totals;
}

/** Users of a group altogether. */
export function usersOf({ groups }: Totals, group: number): number {
  return groups.filter((one) => one.group === group).reduce((sum, { users }) => sum + users, 0);
}
