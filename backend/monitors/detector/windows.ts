import { packedDoubles, unpackedDoubles } from './packing.ts';

/** One bucket as the sums see it. */
export interface Bucket {
  observed: number;
  expected: number;
  /** What is believable at least and at most before chance: the same as expected, except on days of the calendar. */
  low: number;
  high: number;
  /** Variance of chance. */
  variance: number;
}

/** Known buckets, observed, expected, low, high, variance. */
const fields = 6;

/** Sums over the newest n buckets stand at place n; one object is used again and again. */
export class Sums {
  readonly known: Float64Array;
  readonly observed: Float64Array;
  readonly expected: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly variance: Float64Array;
  readonly widths: readonly number[];

  /** Sums of these widths, and of the newest quarters and eighths in them. */
  constructor(windows: readonly number[]) {
    this.widths = [...new Set(windows.flatMap((width) => [width, newestPart(width, 4), newestPart(width, 8)]))];
    const places = Math.max(...windows) + 1;
    this.known = new Float64Array(places);
    this.observed = new Float64Array(places);
    this.expected = new Float64Array(places);
    this.low = new Float64Array(places);
    this.high = new Float64Array(places);
    this.variance = new Float64Array(places);
  }
}

/** A quarter or eighth of a width, in whole buckets. */
export function newestPart(width: number, divisor: number): number {
  return Math.max(1, Math.floor(width / divisor));
}

/**
 * The newest buckets of a series as running totals in a ring, so that a sum of any width is one subtraction. Unknown
 * buckets add nothing.
 */
export class RecentBuckets {
  private readonly totals: Float64Array;
  private readonly places: number;
  /** Number of the newest bucket. */
  newest = -1;

  constructor(longest: number) {
    this.places = longest + 1;
    this.totals = new Float64Array(this.places * fields);
  }

  push(number: number, { observed, expected, low, high, variance }: Bucket): void {
    const { totals } = this;
    const from = this.newest < 0 ? number : Math.max(this.newest + 1, number - this.places + 1);
    let before = this.place(this.newest < 0 ? number - 1 : this.newest);
    for (let skipped = from; skipped < number; skipped += 1) {
      const place = this.place(skipped);
      totals.copyWithin(place, before, before + fields);
      before = place;
    }
    const place = this.place(number);
    totals[place] = (totals[before] ?? 0) + 1;
    totals[place + 1] = (totals[before + 1] ?? 0) + observed;
    totals[place + 2] = (totals[before + 2] ?? 0) + expected;
    totals[place + 3] = (totals[before + 3] ?? 0) + low;
    totals[place + 4] = (totals[before + 4] ?? 0) + high;
    totals[place + 5] = (totals[before + 5] ?? 0) + variance;
    this.newest = number;
    if (place === 0) this.rebase();
  }

  private place(number: number): number {
    return (((number % this.places) + this.places) % this.places) * fields;
  }

  /** Keeps totals small, so that they stay exact. */
  private rebase(): void {
    const oldest = this.place(this.newest + 1);
    const base = this.totals.slice(oldest, oldest + fields);
    for (let at = 0; at < this.totals.length; at += 1) this.totals[at] = (this.totals[at] ?? 0) - (base[at % fields] ?? 0);
  }

  /** Fills in the sums of all widths. */
  sumUp(sums: Sums): void {
    const { totals } = this;
    const now = this.place(this.newest);
    for (const width of sums.widths) {
      const before = this.place(this.newest - width);
      sums.known[width] = (totals[now] ?? 0) - (totals[before] ?? 0);
      sums.observed[width] = (totals[now + 1] ?? 0) - (totals[before + 1] ?? 0);
      sums.expected[width] = (totals[now + 2] ?? 0) - (totals[before + 2] ?? 0);
      sums.low[width] = (totals[now + 3] ?? 0) - (totals[before + 3] ?? 0);
      sums.high[width] = (totals[now + 4] ?? 0) - (totals[before + 4] ?? 0);
      sums.variance[width] = (totals[now + 5] ?? 0) - (totals[before + 5] ?? 0);
    }
  }

  /** Keeps the newest buckets only: what came before is told and over. */
  keepNewest(count: number): void {
    const from = this.place(this.newest - count);
    for (let back = count + 1; back < this.places; back += 1) this.totals.copyWithin(this.place(this.newest - back), from, from + fields);
  }

  state(): { newest: number; totals: string } {
    return { newest: this.newest, totals: packedDoubles(this.totals) };
  }

  static restore(longest: number, state: { newest: number; totals: string }): RecentBuckets {
    const restored = new RecentBuckets(longest);
    restored.newest = state.newest;
    restored.totals.set(unpackedDoubles(state.totals, restored.totals.length));
    return restored;
  }
}
