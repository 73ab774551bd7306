import { randomBytes } from 'node:crypto';

const fewestSlots = 1 << 12;
const mostSlotsAtFirst = 1 << 23;
/** Whole numbers of so many digits are told apart exactly; anything else by 63 bits of a hash with random seeds. */
const exactDigits = 15;
const twoTo32 = 2 ** 32;
const hashed = 0x80000000;

/** A set of ids in 8 bytes each and no objects: two million of them take 32 MB, or 64 MB while they grow. */
export class IdSet {
  readonly #seedHigh: number;
  readonly #seedLow: number;
  /** Two words a slot; both are 0 in an empty one. */
  #slots: Uint32Array;
  #size = 0;
  #most: number;
  #keys = new Uint32Array(0);
  #fresh = new Uint8Array(0);

  /** `expected` spares growing. */
  constructor(expected = 0) {
    const random = randomBytes(8);
    this.#seedHigh = random.readUInt32LE(0);
    this.#seedLow = random.readUInt32LE(4);
    let slots = fewestSlots;
    while (slots * 0.75 < expected && slots < mostSlotsAtFirst) slots *= 2;
    this.#slots = new Uint32Array(slots * 2);
    this.#most = slots * 0.75;
  }

  get size(): number {
    return this.#size;
  }

  /** Which of the first `count` ids are new here: 1 for one that is. The answer is good until the next call. */
  add(ids: string[], count: number): Uint8Array {
    while (this.#size + count > this.#most) this.#grow();
    if (this.#fresh.length < count) {
      this.#fresh = new Uint8Array(count * 2);
      this.#keys = new Uint32Array(count * 4);
    }
    for (let at = 0; at < count; at += 1) this.#keep(ids[at] ?? '', at * 2);
    // A loop of its own: the processor waits for several places of the large table at once.
    const [slots, keys, fresh] = [this.#slots, this.#keys, this.#fresh];
    for (let at = 0; at < count; at += 1) {
      const isNew = place(slots, keys[at * 2] ?? 0, keys[at * 2 + 1] ?? 0);
      fresh[at] = isNew ? 1 : 0;
      if (isNew) this.#size += 1;
    }
    return fresh;
  }

  #keep(id: string, place: number): void {
    const { length } = id;
    const first = id.charCodeAt(0);
    // Without a leading zero, since 007 and 7 are different ids. The highest bit keeps hashes apart from numbers and empty slots.
    if (first > 48 && first < 58 && length <= exactDigits && isWhole(id)) {
      const exact = Number(id);
      this.#keys[place] = Math.floor(exact / twoTo32);
      this.#keys[place + 1] = exact >>> 0;
      return;
    }
    let high = this.#seedHigh ^ length;
    let low = this.#seedLow ^ length;
    for (let at = 0; at < length; at += 1) {
      const code = id.charCodeAt(at);
      high = Math.imul(high ^ code, 0x9e3779b1);
      high ^= high >>> 15;
      low = Math.imul(low ^ code, 0x85ebca77);
      low ^= low >>> 13;
    }
    this.#keys[place] = mixed(high) | hashed;
    this.#keys[place + 1] = mixed(low ^ high);
  }

  #grow(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    for (let at = 0; at < this.#slots.length; at += 2) {
      const [high = 0, low = 0] = [this.#slots[at], this.#slots[at + 1]];
      if (high !== 0 || low !== 0) place(slots, high, low);
    }
    this.#slots = slots;
    this.#most = (slots.length / 2) * 0.75;
  }
}

function isWhole(id: string): boolean {
  for (let at = 1; at < id.length; at += 1) {
    const code = id.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

function mixed(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

function place(slots: Uint32Array, high: number, low: number): boolean {
  const mask = slots.length - 1;
  for (let at = (mixed(low ^ Math.imul(high, 0x9e3779b1)) << 1) & mask; ; at = (at + 2) & mask) {
    if (slots[at] === high && slots[at + 1] === low) return false;
    if (slots[at] === 0 && slots[at + 1] === 0) {
      slots[at] = high;
      slots[at + 1] = low;
      return true;
    }
  }
}
