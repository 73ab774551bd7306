import { packed, unpacked } from './packing.ts';

const binWidth = 0.25;
const bins = 40;
/** Share of a day's memory that is left the day after: a memory of about five weeks. */
const kept = Math.exp(-1 / 35);
/** What one in a hundred deviations exceeds, were they as the model says (with room for overlap of sums). */
const nominal = 2.7;
const mostWidening = 2.2;

/**
 * How much wider than the model says have this series' deviations been? A histogram of them for each width of sum,
 * slowly forgetting.
 */
export class SelfCalibration {
  private readonly counts: Float32Array;
  readonly widening: Float32Array;

  constructor(private readonly windows: number) {
    this.counts = new Float32Array(windows * bins);
    this.widening = new Float32Array(windows).fill(1);
  }

  record(window: number, deviation: number): void {
    const bin = Math.min(bins - 1, Math.floor(Math.abs(deviation) / binWidth));
    const place = window * bins + bin;
    this.counts[place] = (this.counts[place] ?? 0) + 1;
  }

  /** Once a day: forgets a little, and sums up. */
  settle(): void {
    for (let at = 0; at < this.counts.length; at += 1) this.counts[at] = (this.counts[at] ?? 0) * kept;
    for (let window = 0; window < this.windows; window += 1) this.widening[window] = Math.min(mostWidening, Math.max(1, this.quantile(window) / nominal));
  }

  /** What one in a hundred deviations has exceeded. */
  private quantile(window: number): number {
    const start = window * bins;
    let total = 0;
    for (let bin = 0; bin < bins; bin += 1) total += this.counts[start + bin] ?? 0;
    let above = 0.01 * total;
    if (total < 20) return 0;
    for (let bin = bins - 1; bin >= 0; bin -= 1) {
      const count = this.counts[start + bin] ?? 0;
      if (count >= above) return (bin + 1 - above / count) * binWidth;
      above -= count;
    }
    return 0;
  }

  state(): { counts: string; widening: string } {
    return { counts: packed(this.counts), widening: packed(this.widening) };
  }

  static restore(windows: number, state: { counts: string; widening: string }): SelfCalibration {
    const restored = new SelfCalibration(windows);
    restored.counts.set(unpacked(state.counts, windows * bins));
    restored.widening.set(unpacked(state.widening, windows));
    return restored;
  }
}
