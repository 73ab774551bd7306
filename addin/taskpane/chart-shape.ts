/** Categorical colours with 3:1 against both themes' backgrounds. */
export const chartColours = ['#2f7fd1', '#c4611b', '#3a8f5c', '#9a5fc4', '#a38a00', '#c4447a'];

/** A number axis from zero or below to a round number above, with about four steps. */
export function axisTicks(values: number[]): number[] {
  const low = Math.min(0, ...values);
  const top = Math.max(0, ...values);
  const high = top === low ? low + 1 : top;
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

export interface Slice {
  /** An SVG path around the origin, radius 1, from the top clockwise. */
  path: string;
  share: number;
}

/** Shares of a whole as slices; what is not positive has none. */
export function pieSlices(values: number[]): Slice[] {
  const whole = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  let turned = 0;
  return values.map((value) => {
    const share = whole === 0 ? 0 : Math.max(0, value) / whole;
    const start = turned;
    turned += share;
    return { share, path: slicePath(start, turned) };
  });
}

function slicePath(start: number, end: number): string {
  if (end - start <= 0) return '';
  // A full circle can't be one arc: its ends would meet.
  const to = Math.min(end, start + 0.99999);
  const point = (turn: number): string => `${Math.sin(turn * 2 * Math.PI).toFixed(5)} ${(-Math.cos(turn * 2 * Math.PI)).toFixed(5)}`;
  return `M0 0 L${point(start)} A1 1 0 ${to - start > 0.5 ? 1 : 0} 1 ${point(to)} Z`;
}
