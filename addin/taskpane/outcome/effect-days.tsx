import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { EffectDay } from '../../../shared/experiment.ts';
import { axisTicks } from '../chart-shape.ts';
import { shortNumber } from '../counted.ts';
import { useLanguage } from '../language.tsx';

const useStyles = makeStyles({
  svg: { width: '100%', height: 'auto', display: 'block', overflow: 'visible' },
  text: { fill: tokens.colorNeutralForeground2, fontSize: '11px' },
  grid: { stroke: tokens.colorNeutralStroke2 },
  zero: { stroke: tokens.colorNeutralForeground3 },
  band: { fill: tokens.colorBrandForeground1, fillOpacity: 0.18 },
  line: { stroke: tokens.colorBrandForeground1, fill: 'none', strokeWidth: 2 },
});

const width = 340;
const height = 150;
const inner = { left: 48, right: 8, top: 8, bottom: 22 };

/** How the difference came about, day by day after entry, with the limits of chance. */
export function EffectDays({ days, scale, label }: { days: EffectDay[]; scale: number; label: string }): ReactElement {
  const styles = useStyles();
  const language = useLanguage();
  const ticks = axisTicks(days.flatMap(({ interval }) => [interval.low * scale, interval.high * scale]));
  const [low = 0, high = 1] = [ticks[0], ticks[ticks.length - 1]];
  const first = days[0]?.day ?? 1;
  const last = Math.max(first + 1, days[days.length - 1]?.day ?? 1);
  const y = (value: number): number => inner.top + ((high - value * scale) / (high - low)) * (height - inner.top - inner.bottom);
  const x = (day: number): number => inner.left + ((day - first) / (last - first)) * (width - inner.left - inner.right);
  const path = (points: [number, number][]): string => points.map(([px, py], place) => `${place === 0 ? 'M' : 'L'}${px.toFixed(1)} ${py.toFixed(1)}`).join(' ');
  const upper = days.map(({ day, interval }): [number, number] => [x(day), y(interval.high)]);
  const lower = days.map(({ day, interval }): [number, number] => [x(day), y(interval.low)]).reverse();
  const every = Math.ceil((last - first + 1) / 7);
  return (
    <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label} className={styles.svg}>
      {ticks.map((tick) => (
        <g key={tick}>
          <line className={tick === 0 ? styles.zero : styles.grid} x1={inner.left} x2={width - inner.right} y1={y(tick / scale)} y2={y(tick / scale)} />
          <text className={styles.text} x={inner.left - 6} y={y(tick / scale) + 4} textAnchor="end">{shortNumber(language, tick)}</text>
        </g>
      ))}
      <path className={styles.band} d={`${path([...upper, ...lower])} Z`} />
      <path className={styles.line} d={path(days.map(({ day, difference }): [number, number] => [x(day), y(difference)]))} />
      {days.filter(({ day }) => (day - first) % every === 0).map(({ day }) => <text key={day} className={styles.text} x={x(day)} y={height - 6} textAnchor="middle">{day}</text>)}
    </svg>
  );
}
