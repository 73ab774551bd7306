import { learnedWeeks, type History } from './history.ts';

/** Counts at which what a slot itself has shown weighs as much as what its neighbours suggest. */
const shrinkage = 8;
/** Counts from which outer weeks are left out: below, the mean of all is less noisy. */
const enoughToTrim = 12;

const weekLevels = new Float64Array(learnedWeeks + 1);
const weeksOfSlot = new Float64Array(learnedWeeks);

/**
 * The shape of a week: how each local weekday and hour compares with the mean of its week. `raw` is what the slots
 * themselves have shown, `rows` is that drawn towards the usual day where counts are few.
 */
export class Shape {
  readonly rows: Float32Array;
  readonly raw: Float32Array;

  constructor(readonly slotsPerDay: number) {
    this.rows = new Float32Array(7 * slotsPerDay).fill(1);
    this.raw = new Float32Array(7 * slotsPerDay).fill(1);
  }

  at(weekday: number, hour: number): number {
    return this.rows[weekday * this.slotsPerDay + hour] ?? 1;
  }

  /** Learns the row of a day's weekday anew from the weeks before that day. */
  learn(history: History, day: number, weekday: number): void {
    const slots = this.slotsPerDay;
    const weeks = this.levelsOfWeeks(history, day, weekday);
    if (weeks === 0) return;
    const counts = new Float64Array(slots);
    for (let hour = 0; hour < slots; hour += 1) {
      const [mean, count] = slotMean(history, { day, hour, weeks });
      if (mean !== mean) continue;
      this.raw[weekday * slots + hour] = mean;
      counts[hour] = count;
    }
    this.shrink(weekday, counts, weeks);
  }

  /** Mean of a bucket in each of the weeks before; returns how many weeks there are. A week with gaps is judged by the share of the shape that is known. */
  private levelsOfWeeks(history: History, day: number, weekday: number): number {
    const slots = this.slotsPerDay;
    const whole = this.rows.reduce((sum, row) => sum + row, 0);
    let weeks = 0;
    for (let week = 1; week <= learnedWeeks; week += 1) {
      let [sum, shaped, known] = [0, 0, 0];
      for (let offset = 0; offset < 7; offset += 1) {
        const start = history.at(day - 7 * week + offset);
        const row = ((weekday + offset) % 7) * slots;
        for (let hour = 0; hour < slots; hour += 1) {
          const clean = history.clean[start + hour] ?? NaN;
          if (clean !== clean) continue;
          sum += clean;
          known += 1;
          shaped += (this.rows[row + hour] ?? 1) * (history.exposure?.[start + hour] ?? 1);
        }
      }
      const isWhole = known === 7 * slots && history.exposure === null;
      const buckets = isWhole ? known : (shaped / whole) * 7 * slots;
      weekLevels[week] = buckets > 0 ? sum / buckets : NaN;
      if (known > 0) weeks = week;
    }
    return weeks;
  }

  /** Draws slots towards the usual day, and that towards the mean of the week, as far as counts leave it open. */
  private shrink(weekday: number, counts: Float64Array, weeks: number): void {
    const slots = this.slotsPerDay;
    let perShape = 0;
    for (let week = 1; week <= weeks; week += 1) perShape += weekLevels[week] || 0;
    const own = rowMean(this.raw, weekday, slots);
    const dayWeight = weightOf(Math.max(own, 1) * perShape * slots);
    const dayEffect = dayWeight * own + (1 - dayWeight);
    const profile = slots === 1 ? null : usualProfile(this.raw, { weekday, slots, perShape });
    for (let hour = 0; hour < slots; hour += 1) {
      const fallback = (profile?.[hour] ?? 1) * dayEffect;
      const weight = weightOf(Math.max(counts[hour] ?? 0, fallback * perShape));
      this.rows[weekday * slots + hour] = weight * (this.raw[weekday * slots + hour] ?? 1) + (1 - weight) * fallback;
    }
  }

  /** What a day of a weekday weighs in its week. */
  weightOfDay(weekday: number): number {
    return rowMean(this.rows, weekday, this.slotsPerDay);
  }
}

function weightOf(count: number): number {
  return count > 0 ? count / (count + shrinkage) : 0;
}

/** What a slot was of its week's mean, on average over the weeks, without the outer two; and counts seen in it. */
function slotMean(history: History, { day, hour, weeks }: { day: number; hour: number; weeks: number }): [number, number] {
  let [found, count, sum, exposed] = [0, 0, 0, 0];
  let [low, high] = [Infinity, -Infinity];
  for (let week = 1; week <= weeks; week += 1) {
    const place = history.at(day - 7 * week) + hour;
    const clean = history.clean[place] ?? NaN;
    const level = (weekLevels[week] ?? NaN) * (history.exposure?.[place] ?? 1);
    if (clean !== clean || !(level > 0)) continue;
    const part = clean / level;
    weeksOfSlot[found++] = part;
    sum += part;
    count += clean;
    exposed += level;
    if (part < low) low = part;
    if (part > high) high = part;
  }
  if (found === 0) return [NaN, 0];
  if (history.exposure !== null) return [count / exposed, count];
  return found >= 5 && count >= enoughToTrim ? [(sum - low - high) / (found - 2), count] : [sum / found, count];
}

function rowMean(raw: Float32Array, weekday: number, slots: number): number {
  let sum = 0;
  for (let hour = 0; hour < slots; hour += 1) sum += raw[weekday * slots + hour] ?? 0;
  return sum / slots;
}

const profileScratch = new Float64Array(24);
/** Times the other days from which an hour of one day is that day's own: a mailing is no hint for the other days. */
const ownHour = 6;

/** The usual course of a day of this kind (working days, weekend), three hours smoothed, with mean one. */
function usualProfile(raw: Float32Array, { weekday, slots, perShape }: { weekday: number; slots: number; perShape: number }): Float64Array {
  const [from, until] = weekday < 5 ? [0, 5] : [5, 7];
  const days = until - from;
  const profile = new Float64Array(slots);
  for (let hour = 0; hour < slots; hour += 1) {
    let [sum, high] = [0, 0];
    for (let other = from; other < until; other += 1) {
      const value = raw[other * slots + hour] ?? 0;
      sum += value;
      if (value > high) high = value;
    }
    const rest = (sum - high) / (days - 1);
    profileScratch[hour] = high * perShape >= enoughToTrim && high > ownHour * rest ? rest : sum / days;
  }
  let total = 0;
  for (let hour = 0; hour < slots; hour += 1) {
    const smoothed = (profileScratch[(hour + slots - 1) % slots] ?? 0) * 0.25 + (profileScratch[hour] ?? 0) * 0.5 + (profileScratch[(hour + 1) % slots] ?? 0) * 0.25;
    profile[hour] = smoothed;
    total += smoothed;
  }
  for (let hour = 0; hour < slots; hour += 1) profile[hour] = total > 0 ? ((profile[hour] ?? 0) * slots) / total : 1;
  return profile;
}
