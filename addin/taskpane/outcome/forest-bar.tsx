import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { Verdict } from './verdict-mark.tsx';

const useStyles = makeStyles({
  svg: { width: '100%', height: '22px', display: 'block' },
  axis: { stroke: tokens.colorNeutralStroke1 },
  band: { fill: tokens.colorNeutralBackground4 },
  better: { stroke: tokens.colorStatusSuccessForeground1, fill: tokens.colorStatusSuccessForeground1 },
  worse: { stroke: tokens.colorStatusDangerForeground1, fill: tokens.colorStatusDangerForeground1 },
  noVisibleDifference: { stroke: tokens.colorNeutralForeground2, fill: tokens.colorNeutralForeground2 },
  unclear: { stroke: tokens.colorStatusWarningForeground3, fill: tokens.colorStatusWarningForeground3 },
  notValid: { stroke: tokens.colorNeutralForegroundDisabled, fill: tokens.colorNeutralForegroundDisabled },
});

const width = 300;
const middle = 11;

interface ForestBarProps {
  relative: { value: number; interval: { low: number; high: number } };
  margin: number;
  /** The largest change that the picture shows to both sides, the same for all bars beside each other. */
  reach: number;
  verdict: Verdict;
  label: string;
}

/** One change relative to control with its interval: zero in the middle, the band is what does not matter. What reaches further ends in an arrow. */
export function ForestBar({ relative, margin, reach, verdict, label }: ForestBarProps): ReactElement {
  const styles = useStyles();
  const x = (value: number): number => width / 2 + (Math.max(-reach, Math.min(reach, value)) / reach) * (width / 2 - 8);
  const { low, high } = relative.interval;
  return (
    <svg viewBox={`0 0 ${width} 22`} preserveAspectRatio="none" role="img" aria-label={label} className={styles.svg}>
      <rect className={styles.band} x={x(-margin)} width={x(margin) - x(-margin)} y={2} height={18} />
      <line className={styles.axis} x1={width / 2} x2={width / 2} y1={0} y2={22} />
      <g className={styles[verdict]}>
        <line x1={x(low)} x2={x(high)} y1={middle} y2={middle} strokeWidth={3} />
        {low < -reach && <path d={`M2 ${middle} l8 -5 v10 z`} stroke="none" />}
        {high > reach && <path d={`M${width - 2} ${middle} l-8 -5 v10 z`} stroke="none" />}
        <circle cx={x(relative.value)} cy={middle} r={5} stroke="none" />
      </g>
    </svg>
  );
}

/** A reach that shows what matters: as far as the intervals go, within reason. */
export function reachOf(intervals: { low: number; high: number }[]): number {
  const farthest = Math.max(0.05, ...intervals.map(({ low, high }) => Math.max(Math.abs(low), Math.abs(high))));
  return Math.min(0.5, farthest);
}
