import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { AlertPoint } from '../../shared/alert.ts';

const useStyles = makeStyles({
  svg: { width: '100%', height: 'auto', display: 'block' },
  band: { fill: tokens.colorBrandBackground2 },
  line: { fill: 'none', stroke: tokens.colorBrandStroke1, strokeWidth: 1.5, strokeLinejoin: 'round' },
  outside: { fill: tokens.colorPaletteRedBackground3 },
});

const width = 320;
const height = 80;
const edge = 4;

/** A series with the range that was expected of it; what is outside is marked. */
export function AlertsChart({ points, title }: { points: AlertPoint[]; title: string }): ReactElement {
  const styles = useStyles();
  const known = points.flatMap(({ value, low, high }) => [value, low, high]).filter((value) => value !== null);
  const [lowest, highest] = [Math.min(0, ...known), Math.max(1e-9, ...known)];
  const x = (index: number): number => edge + (index * (width - 2 * edge)) / Math.max(1, points.length - 1);
  const y = (value: number): number => edge + (height - 2 * edge) * (1 - (value - lowest) / (highest - lowest));
  const ranged = points.flatMap(({ low, high }, index) => (low === null || high === null ? [] : [{ x: x(index), low: y(low), high: y(high) }]));
  const band = [...ranged.map((one) => `${one.x},${one.high}`), ...[...ranged].reverse().map((one) => `${one.x},${one.low}`)].join(' ');
  // Where nothing is known the line stops.
  const line = points.map(({ value }, index) => (value === null ? '' : `${typeof points[index - 1]?.value === 'number' ? 'L' : 'M'}${x(index)} ${y(value)}`)).join('');
  return (
    <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title} className={styles.svg}>
      <polygon className={styles.band} points={band} />
      <path className={styles.line} d={line} />
      {points.map(({ time, value, low, high }, index) => value !== null && ((low !== null && value < low) || (high !== null && value > high)) && <circle key={time} className={styles.outside} cx={x(index)} cy={y(value)} r={2.5} />)}
    </svg>
  );
}
