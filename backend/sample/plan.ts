/** What is to be made: sizes, the day it ends before, and the seed of all that varies. */
export interface SamplePlan {
  database: string;
  /** The first local day that is *not* in the data, `YYYY-MM-DD`. */
  today: string;
  users: number;
  events: number;
  /** Share of the full size, 1 being 100,000 users. */
  scale: number;
}

/** One statement and what it adds to the progress. */
export interface SampleStatement {
  sql: string;
  /** Relative cost; the sum over all statements is the whole. */
  cost: number;
}

export const sampleZone = 'Europe/Moscow';
/** Days from the first registration to `today`. */
export const registrationDays = 1096;
/** Days of events, pushes, unsubscribes and support contacts. */
export const eventDays = 182;

const seed = 'tasksheet-1';

/** SQL of a 64-bit number that looks random and depends only on the seed, the salt and the columns. */
export function hashed(salt: string, ...columns: string[]): string {
  return `sipHash64('${seed}', '${salt}', ${columns.map((column) => `toUInt64(${column})`).join(', ')})`;
}

/** SQL of a number from 0 up to, not including, 1. */
export function share(salt: string, ...columns: string[]): string {
  return `bitShiftRight(${hashed(salt, ...columns)}, 11) / 9007199254740992.`;
}

/** SQL of one of the given SQL values, each with its weight. */
export function weighted(uniform: string, choices: readonly (readonly [value: string, weight: number])[]): string {
  const total = choices.reduce((sum, [, weight]) => sum + weight, 0);
  const last = choices.at(-1)?.[0] ?? 'NULL';
  let below = 0;
  const branches = choices.slice(0, -1).map(([value, weight]) => {
    below += weight / total;
    return `${uniform} < ${below.toFixed(6)}, ${value}`;
  });
  return branches.length === 0 ? last : `multiIf(${branches.join(', ')}, ${last})`;
}

/** SQL string literal of our own text. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** SQL of the day `days` after (before, when negative) the plan's `today`. */
export function dayFromToday(plan: SamplePlan, days: string | number): string {
  return `toDate('${plan.today}') + (${days})`;
}

/** SQL of an instant: a local day and a number of seconds in it. */
export function instant(day: string, second: string): string {
  return `toDateTime(${day}, '${sampleZone}') + toIntervalSecond(${second})`;
}

/**
 * SQL of a second of the day for a fraction of the day: few at night, most from 7 to midnight.
 * It grows with the fraction, so that what was registered earlier stays earlier.
 */
export function wakingSecond(fraction: string): string {
  return `toUInt32(if((${fraction}) < 0.03, (${fraction}) / 0.03 * 25200, 25200 + ((${fraction}) - 0.03) / 0.97 * 61199))`;
}

/** SQL of when rows of a local day were loaded: its last second. */
export function loadedAt(day: string): string {
  return `toDateTime(${day} + 1, '${sampleZone}') - toIntervalSecond(1)`;
}

/** SQL of the time, in days from the first day, at which a user registered; users are numbered in that order. */
export function registeredAfter(plan: SamplePlan, user: string): string {
  return `${registrationDays} * sqrt((${user} - 0.5) / ${plan.users})`;
}

/** SQL of the first day of registrations. */
export function firstDay(plan: SamplePlan): string {
  return dayFromToday(plan, -registrationDays);
}
