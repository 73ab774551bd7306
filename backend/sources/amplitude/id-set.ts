import { randomBytes } from 'node:crypto';

const firstSlots = 1 << 16;
/** Whole numbers of so many digits are told apart exactly; anything else by 64 bits of a hash with random seeds. */
const exactDigits = 15;
const twoTo32 = 2 ** 32;

/** A set of ids in 8 bytes each and no objects: two million of them take 64 MB at most. */
export class IdSet {
  readonly #seeds: [number, number];
  #high = new Uint32Array(firstSlots);
  #low = new Uint32Array(firstSlots);
  #size = 0;

  constructor() {
    const random = randomBytes(8);
    this.#seeds = [random.readUInt32LE(0), random.readUInt32LE(4)];
  }

  get size(): number {
    return this.#size;
  }

  /** Whether the id is new here. */
  add(id: string): boolean {
    if (this.#size * 3 >= this.#high.length * 2) this.#grow();
    const [high, low] = this.#keyOf(id);
    const isNew = place(this.#high, this.#low, high, low);
    if (isNew) this.#size += 1;
    return isNew;
  }

  #keyOf(id: string): [number, number] {
    if (id.length <= exactDigits && isWholeNumber(id)) {
      const number = Number(id);
      return [Math.floor(number / twoTo32), number >>> 0];
    }
    return hashOf(id, this.#seeds);
  }

  #grow(): void {
    const [high, low] = [new Uint32Array(this.#high.length * 2), new Uint32Array(this.#low.length * 2)];
    for (let at = 0; at < this.#high.length; at += 1) {
      const [oldHigh = 0, oldLow = 0] = [this.#high[at], this.#low[at]];
      if (oldHigh !== 0 || oldLow !== 0) place(high, low, oldHigh, oldLow);
    }
    this.#high = high;
    this.#low = low;
  }
}

/** Without a leading zero: 007 and 7 are different ids, and 0 would look like an empty slot. */
function isWholeNumber(id: string): boolean {
  for (let at = 0; at < id.length; at += 1) {
    const code = id.charCodeAt(at);
    if (code < 48 || code > 57 || (at === 0 && code === 48)) return false;
  }
  return id !== '';
}

/** The highest bit keeps hashes apart from exact numbers and from empty slots. */
function hashOf(id: string, [one, other]: [number, number]): [number, number] {
  let [a, b] = [one ^ id.length, other ^ id.length];
  for (let at = 0; at < id.length; at += 1) {
    const code = id.charCodeAt(at);
    a = Math.imul(a ^ code, 0x9e3779b1);
    a ^= a >>> 15;
    b = Math.imul(b ^ code, 0x85ebca77);
    b ^= b >>> 13;
  }
  return [(mixed(a ^ b) | 0x80000000) >>> 0, mixed(b) >>> 0];
}

function mixed(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

function place(high: Uint32Array, low: Uint32Array, wantedHigh: number, wantedLow: number): boolean {
  const mask = high.length - 1;
  for (let at = mixed(wantedLow ^ Math.imul(wantedHigh, 0x9e3779b1)) & mask; ; at = (at + 1) & mask) {
    if (high[at] === 0 && low[at] === 0) {
      high[at] = wantedHigh;
      low[at] = wantedLow;
      return true;
    }
    if (high[at] === wantedHigh && low[at] === wantedLow) return false;
  }
}
