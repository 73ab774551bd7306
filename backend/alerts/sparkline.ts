import type { AlertPoint } from '../../shared/alert.ts';

const bars = [...'▁▂▃▄▅▆▇█'];
const unknown = '·';
const length = 14;

/** The newest buckets in one line of text, from the lowest of them to the highest; a dot where nothing is known. */
export function sparkline(points: AlertPoint[]): string {
  const shown = points.slice(-length).map(({ value }) => value);
  const known = shown.filter((value) => value !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return shown.map((value) => (value === null ? unknown : (bars[high === low ? 3 : Math.round(((value - low) / (high - low)) * (bars.length - 1))] ?? unknown))).join('');
}
