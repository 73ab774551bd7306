import { packed, unpacked } from './packing.ts';

/** Weeks that the shape of a week is learned from. */
export const learnedWeeks = 6;
const slotDays = learnedWeeks * 7 + 1;
/** Days whose totals are kept: seven months, for day-of-month effects and drift. */
const totalDays = 216;

/** The past of one series, as it is stored. */
export interface HistoryState {
  day: number;
  observed: string;
  clean: string;
  expected: string;
  exposure: string | null;
  ratios: string;
  relatives: string;
  changes: string;
}

/** What is remembered of one bucket. */
export interface Slot {
  observed: number;
  /** The same with what is beyond belief cut off: one outlier must not shape the weeks that follow. */
  clean: number;
  expected: number;
  exposure: number;
}

/**
 * The past of one series by local day and hour, so that a change of the clock moves nothing. NaN stands for what is
 * not known or not to be learned from.
 */
export class History {
  readonly slotsPerDay: number;
  readonly observed: Float32Array;
  readonly clean: Float32Array;
  readonly expected: Float32Array;
  /** Trials; `null` for counts, whose exposure is always one. */
  exposure: Float32Array | null = null;
  /** Level of a day: its sum against the shape of its weekday. */
  readonly ratios: Float32Array;
  /** A day's sum against what was expected of it. */
  readonly relatives: Float32Array;
  /** Change against four weeks before, as each day began. */
  readonly changes: Float32Array;
  /** Newest day that has been opened. */
  day = -1;

  constructor(slotsPerDay: number) {
    const length = slotDays * slotsPerDay;
    this.slotsPerDay = slotsPerDay;
    this.observed = new Float32Array(length).fill(NaN);
    this.clean = new Float32Array(length).fill(NaN);
    this.expected = new Float32Array(length).fill(NaN);
    this.ratios = new Float32Array(totalDays).fill(NaN);
    this.relatives = new Float32Array(totalDays).fill(NaN);
    this.changes = new Float32Array(totalDays).fill(NaN);
  }

  /** First place of a day in the rings of slots. */
  at(day: number): number {
    return (day % slotDays) * this.slotsPerDay;
  }

  /** Forgets what lay in the place of the days that begin now. */
  open(day: number): void {
    const from = this.day < 0 ? day : Math.max(this.day + 1, day - totalDays);
    for (let fresh = from; fresh <= day; fresh += 1) {
      const start = this.at(fresh);
      for (const ring of [this.observed, this.clean, this.expected]) ring.fill(NaN, start, start + this.slotsPerDay);
      this.exposure?.fill(NaN, start, start + this.slotsPerDay);
      this.ratios[fresh % totalDays] = NaN;
      this.relatives[fresh % totalDays] = NaN;
      this.changes[fresh % totalDays] = NaN;
    }
    this.day = day;
  }

  /** Remembers a bucket; the hour that comes twice is remembered by its mean. */
  remember(day: number, hour: number, slot: Slot): void {
    const place = this.at(day) + hour;
    this.observed[place] = joined(this.observed[place], slot.observed);
    this.clean[place] = joined(this.clean[place], slot.clean);
    this.expected[place] = joined(this.expected[place], slot.expected);
    if (slot.exposure === 1 && this.exposure === null) return;
    this.exposure ??= new Float32Array(this.clean.length).fill(NaN);
    this.exposure[place] = joined(this.exposure[place], slot.exposure);
  }

  /** What was observed in the same hour a week before, or two where that is not known; NaN when neither is. */
  observedBefore(day: number, hour: number): number {
    const before = this.observed[this.at(day - 7) + hour] ?? NaN;
    return before === before ? before : (this.observed[this.at(day - 14) + hour] ?? NaN);
  }

  setRatio(day: number, ratio: number): void {
    this.ratios[day % totalDays] = ratio;
  }

  setRelative(day: number, relative: number): void {
    this.relatives[day % totalDays] = relative;
  }

  /** Takes a day as it was observed, with nothing cut off. */
  believe(day: number): void {
    const start = this.at(day);
    for (let place = start; place < start + this.slotsPerDay; place += 1) {
      const observed = this.observed[place] ?? NaN;
      if (observed === observed) this.clean[place] = observed;
    }
  }

  ratio(day: number): number {
    return this.kept(day) ? (this.ratios[day % totalDays] ?? NaN) : NaN;
  }

  relative(day: number): number {
    return this.kept(day) ? (this.relatives[day % totalDays] ?? NaN) : NaN;
  }

  /** Levels of the days before one are those of another time. */
  forgetLevels(before: number): void {
    for (let day = Math.max(0, this.day - totalDays + 1); day < Math.min(before, this.day); day += 1) this.ratios[day % totalDays] = NaN;
  }

  setChange(day: number, change: number): void {
    this.changes[day % totalDays] = change;
  }

  change(day: number): number {
    return this.kept(day) ? (this.changes[day % totalDays] ?? NaN) : NaN;
  }

  private kept(day: number): boolean {
    return day <= this.day && day > this.day - totalDays && day >= 0;
  }

  state(): HistoryState {
    const { day, observed, clean, expected, exposure, ratios, relatives, changes } = this;
    return { day, observed: packed(observed), clean: packed(clean), expected: packed(expected), exposure: exposure === null ? null : packed(exposure), ratios: packed(ratios), relatives: packed(relatives), changes: packed(changes) };
  }

  static restore(slotsPerDay: number, state: HistoryState): History {
    const history = new History(slotsPerDay);
    const length = history.clean.length;
    history.day = state.day;
    for (const ring of ['observed', 'clean', 'expected'] as const) history[ring].set(unpacked(state[ring], length));
    for (const ring of ['ratios', 'relatives', 'changes'] as const) history[ring].set(unpacked(state[ring], totalDays));
    history.exposure = state.exposure === null ? null : unpacked(state.exposure, length);
    return history;
  }
}

function joined(before: number | undefined, now: number): number {
  return before === undefined || before !== before ? now : (before + now) / 2;
}
