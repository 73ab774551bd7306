import { packed, unpacked } from './packing.ts';

const binWidth = 0.25;
const bins = 40;
/** Share of a day's memory that is left the day after: a memory of about five weeks. */
const kept = Math.exp(-1 / 35);
/** Days on which the largest deviation may be beyond this without the model being too narrow. */
const share = 0.1;
const mostWidening = 2.2;
const daysNeeded = 7;

/**
 * How much wider than the model says have this series' days been? For each width of sum a histogram of the largest
 * deviation of each day, slowly forgetting: one incident is one day, and does not make the series deaf.
 */
export class SelfCalibration {
  private readonly counts: Float32Array;
  /** Largest deviation of the day so far, by width of sum; −1 while there is none. */
  private readonly largest: Float32Array;
  readonly widening: Float32Array;

  /** `nominal` is what one day in ten exceeds where the model is right, by width of sum. */
  constructor(private readonly nominal: readonly number[]) {
    this.counts = new Float32Array(nominal.length * bins);
    this.largest = new Float32Array(nominal.length).fill(-1);
    this.widening = new Float32Array(nominal.length).fill(1);
  }

  record(window: number, deviation: number): void {
    const size = Math.abs(deviation);
    if (size > (this.largest[window] ?? 0)) this.largest[window] = size;
  }

  /** Once a day: takes the day in, forgets a little, and sums up. */
  settle(): void {
    for (let at = 0; at < this.counts.length; at += 1) this.counts[at] = (this.counts[at] ?? 0) * kept;
    for (let window = 0; window < this.nominal.length; window += 1) {
      const largest = this.largest[window] ?? -1;
      if (largest >= 0) {
        const place = window * bins + Math.min(bins - 1, Math.floor(largest / binWidth));
        this.counts[place] = (this.counts[place] ?? 0) + 1;
      }
      this.largest[window] = -1;
      this.widening[window] = Math.min(mostWidening, Math.max(1, this.quantile(window) / (this.nominal[window] ?? 1)));
    }
  }

  /** What the largest deviation has exceeded on one day in ten. */
  private quantile(window: number): number {
    const start = window * bins;
    let total = 0;
    for (let bin = 0; bin < bins; bin += 1) total += this.counts[start + bin] ?? 0;
    if (total < daysNeeded) return 0;
    let above = share * total;
    for (let bin = bins - 1; bin >= 0; bin -= 1) {
      const count = this.counts[start + bin] ?? 0;
      if (count >= above) return (bin + 1 - above / count) * binWidth;
      above -= count;
    }
    return 0;
  }

  state(): { counts: string; largest: string; widening: string } {
    return { counts: packed(this.counts), largest: packed(this.largest), widening: packed(this.widening) };
  }

  static restore(nominal: readonly number[], state: { counts: string; largest: string; widening: string }): SelfCalibration {
    const restored = new SelfCalibration(nominal);
    restored.counts.set(unpacked(state.counts, nominal.length * bins));
    restored.largest.set(unpacked(state.largest, nominal.length));
    restored.widening.set(unpacked(state.widening, nominal.length));
    return restored;
  }
}
