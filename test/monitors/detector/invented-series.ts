import { DateTime } from 'luxon';

/** Numbers from 0 to 1 that are the same each time (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A Poisson count; above 60 by the normal distribution. */
export function poisson(mean: number, random: () => number): number {
  if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())));
  const floor = Math.exp(-mean);
  let [count, product] = [0, random()];
  while (product > floor) {
    count += 1;
    product *= random();
  }
  return count;
}

/** People's day: little at night, most in the evening; less at weekends. Mean of a week is about one. */
export function usualHour(time: DateTime): number {
  const day = 1 + 0.8 * Math.sin(((time.hour - 9) / 24) * 2 * Math.PI);
  return day * (time.weekday > 5 ? 0.7 : 1.12);
}

/** Starts of local hours or days of a number of days. */
export function buckets(grain: 'hour' | 'day', zone: string, from: string, days: number): DateTime[] {
  const end = DateTime.fromISO(from, { zone }).plus({ days });
  const starts: DateTime[] = [];
  for (let at = DateTime.fromISO(from, { zone }); at < end; at = at.plus(grain === 'hour' ? { hours: 1 } : { days: 1 })) starts.push(at);
  return starts;
}
