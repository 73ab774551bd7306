import { packed, unpacked } from './packing.ts';

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

const fields = 5;

/** The newest buckets of a series in a ring, and sums back from the newest. */
export class RecentBuckets {
  private readonly ring: Float32Array;
  /** Number of the newest bucket. */
  newest = -1;

  constructor(private readonly length: number) {
    this.ring = new Float32Array(length * fields).fill(NaN);
  }

  push(number: number, { observed, expected, low, high, variance }: Bucket): void {
    const first = this.newest < 0 ? number : Math.max(this.newest + 1, number - this.length + 1);
    for (let skipped = first; skipped < number; skipped += 1) this.ring[(skipped % this.length) * fields] = NaN;
    const place = (number % this.length) * fields;
    this.ring[place] = observed;
    this.ring[place + 1] = expected;
    this.ring[place + 2] = low;
    this.ring[place + 3] = high;
    this.ring[place + 4] = variance;
    this.newest = number;
  }

  /** Fills sums over the newest 1, 2, … buckets. */
  sumUp(sums: Sums): void {
    let [known, observed, expected, low, high, variance] = [0, 0, 0, 0, 0, 0];
    for (let back = 0; back < this.length; back += 1) {
      const place = ((this.newest - back) % this.length) * fields;
      const value = this.newest - back < 0 ? NaN : (this.ring[place] ?? NaN);
      if (value === value) {
        known += 1;
        observed += value;
        expected += this.ring[place + 1] ?? 0;
        low += this.ring[place + 2] ?? 0;
        high += this.ring[place + 3] ?? 0;
        variance += this.ring[place + 4] ?? 0;
      }
      sums.known[back + 1] = known;
      sums.observed[back + 1] = observed;
      sums.expected[back + 1] = expected;
      sums.low[back + 1] = low;
      sums.high[back + 1] = high;
      sums.variance[back + 1] = variance;
    }
  }

  /** Keeps the newest buckets only: what came before is told and over. */
  keepNewest(count: number): void {
    for (let back = count; back < this.length && back <= this.newest; back += 1) this.ring[((this.newest - back) % this.length) * fields] = NaN;
  }

  state(): { newest: number; ring: string } {
    return { newest: this.newest, ring: packed(this.ring) };
  }

  static restore(length: number, state: { newest: number; ring: string }): RecentBuckets {
    const restored = new RecentBuckets(length);
    restored.newest = state.newest;
    restored.ring.set(unpacked(state.ring, length * fields));
    return restored;
  }
}

/** Sums over the newest n buckets at place n; one object is used again and again. */
export class Sums {
  readonly known: Float64Array;
  readonly observed: Float64Array;
  readonly expected: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly variance: Float64Array;

  constructor(longest: number) {
    this.known = new Float64Array(longest + 1);
    this.observed = new Float64Array(longest + 1);
    this.expected = new Float64Array(longest + 1);
    this.low = new Float64Array(longest + 1);
    this.high = new Float64Array(longest + 1);
    this.variance = new Float64Array(longest + 1);
  }
}
