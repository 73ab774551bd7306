import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { Chart, ColumnType } from '../../shared/result.ts';
import { cellWords } from './cell-words.ts';
import { axisTicks, chartColours, pieSlices } from './chart-shape.ts';
import { shortNumber } from './counted.ts';
import { useLanguage, useWords } from './language.tsx';

export interface ChartData {
  labels: string[];
  series: { title: string; type: ColumnType; values: number[] }[];
}

const useStyles = makeStyles({
  svg: { width: '100%', height: 'auto', display: 'block', overflow: 'visible' },
  text: { fill: tokens.colorNeutralForeground2, fontSize: '11px' },
  grid: { stroke: tokens.colorNeutralStroke2, strokeWidth: 1 },
});

const width = 340;
const height = 180;
const inner = { left: 54, right: 8, top: 8, bottom: 24 };

interface DrawingProps {
  data: ChartData;
  title: string;
}

function colour(index: number): string {
  return chartColours[index % chartColours.length] ?? 'currentColor';
}

/** Columns, bars, lines or areas over one axis of numbers. Bars lie on their side: the same picture, turned. */
export function AxisChart({ kind, data, title }: DrawingProps & { kind: Exclude<Chart['kind'], 'pie'> }): ReactElement {
  return kind === 'bar' ? <BarChart data={data} title={title} /> : <UprightChart kind={kind} data={data} title={title} />;
}

function describe(data: ChartData, language: 'ru' | 'en'): string {
  return data.labels
    .slice(0, 40)
    .map((label, index) => `${label}: ${data.series.map((one) => cellWords(one.values[index] ?? null, one.type, language)).join(', ')}`)
    .join('; ');
}

function UprightChart({ kind, data, title }: DrawingProps & { kind: 'column' | 'line' | 'area' }): ReactElement {
  const styles = useStyles();
  const language = useLanguage();
  const ticks = axisTicks(data.series.flatMap(({ values }) => values));
  const [low = 0, high = 1] = [ticks[0], ticks[ticks.length - 1]];
  const y = (value: number): number => inner.top + ((high - value) / (high - low)) * (height - inner.top - inner.bottom);
  const slot = (width - inner.left - inner.right) / Math.max(1, data.labels.length);
  const x = (index: number): number => inner.left + slot * (index + 0.5);
  const every = Math.ceil(data.labels.length / 4);
  return (
    <svg viewBox={`0 0 ${width} ${height}`} role="img" className={styles.svg}>
      <title>{title}</title>
      <desc>{describe(data, language)}</desc>
      {ticks.map((tick) => (
        <g key={tick}>
          <line className={styles.grid} x1={inner.left} x2={width - inner.right} y1={y(tick)} y2={y(tick)} />
          <text className={styles.text} x={inner.left - 6} y={y(tick) + 4} textAnchor="end">{tickWords(tick, data, language)}</text>
        </g>
      ))}
      {data.series.map((one, place) => (kind === 'column' ? (
        <Columns key={one.title} values={one.values} label={(index) => data.labels[index] ?? ''} draw={{ x, y, zero: y(0), breadth: (slot * 0.72) / data.series.length, shift: (place - (data.series.length - 1) / 2) * ((slot * 0.72) / data.series.length), fill: colour(place) }} />
      ) : (
        <Curve key={one.title} points={one.values.map((value, index) => ({ x: x(index), y: y(value) }))} zero={y(0)} filled={kind === 'area'} stroke={colour(place)} />
      )))}
      {data.labels.map((label, index) => index % every === 0 && (
        <text key={index} className={styles.text} x={x(index)} y={height - 8} textAnchor="middle">{shortLabel(label)}</text>
      ))}
    </svg>
  );
}

function tickWords(tick: number, data: ChartData, language: 'ru' | 'en'): string {
  return data.series[0]?.type === 'percent' ? cellWords(tick, 'percent', language) : shortNumber(language, tick);
}

/** Days of the year are clear enough without it on an axis. */
function shortLabel(label: string): string {
  const short = label.replace(/^(\d{2}\.\d{2})\.\d{4}$/, '$1').replace(/^(\d{1,2} \p{L}+\.?) \d{4}$/u, '$1');
  return short.length > 12 ? `${short.slice(0, 11)}…` : short;
}

interface ColumnsDrawing {
  x: (index: number) => number;
  y: (value: number) => number;
  zero: number;
  breadth: number;
  shift: number;
  fill: string;
}

function Columns({ values, label, draw }: { values: number[]; label: (index: number) => string; draw: ColumnsDrawing }): ReactElement {
  return (
    <g fill={draw.fill}>
      {values.map((value, index) => (
        <rect key={index} x={draw.x(index) + draw.shift - draw.breadth / 2} width={Math.max(0.5, draw.breadth - 0.5)} y={Math.min(draw.zero, draw.y(value))} height={Math.abs(draw.y(value) - draw.zero)}>
          <title>{`${label(index)}: ${value}`}</title>
        </rect>
      ))}
    </g>
  );
}

function Curve({ points, zero, filled, stroke }: { points: { x: number; y: number }[]; zero: number; filled: boolean; stroke: string }): ReactElement {
  const path = points.map((point, index) => `${index === 0 ? 'M' : 'L'}${point.x.toFixed(1)} ${point.y.toFixed(1)}`).join(' ');
  const first = points[0];
  const last = points[points.length - 1];
  return (
    <g>
      {filled && first !== undefined && last !== undefined && <path d={`${path} L${last.x} ${zero} L${first.x} ${zero} Z`} fill={stroke} fillOpacity={0.25} />}
      <path d={path} fill="none" stroke={stroke} strokeWidth={2} strokeLinejoin="round" />
      {points.length === 1 && first !== undefined && <circle cx={first.x} cy={first.y} r={3} fill={stroke} />}
    </g>
  );
}

const barHeight = 18;
const mostBars = 20;
const labelWidth = 112;

function BarChart({ data, title }: DrawingProps): ReactElement {
  const styles = useStyles();
  const language = useLanguage();
  const shown = data.labels.slice(0, mostBars);
  const ticks = axisTicks(data.series.flatMap(({ values }) => values.slice(0, mostBars)));
  const [low = 0, high = 1] = [ticks[0], ticks[ticks.length - 1]];
  const x = (value: number): number => labelWidth + ((value - low) / (high - low)) * (width - labelWidth - 44);
  const row = barHeight * data.series.length + 6;
  return (
    <svg viewBox={`0 0 ${width} ${shown.length * row}`} role="img" className={styles.svg}>
      <title>{title}</title>
      <desc>{describe(data, language)}</desc>
      {shown.map((label, index) => (
        <g key={index}>
          <text className={styles.text} x={labelWidth - 6} y={index * row + row / 2 + 2} textAnchor="end">{label.length > 15 ? `${label.slice(0, 14)}…` : label}</text>
          {data.series.map((one, place) => {
            const value = one.values[index] ?? 0;
            return (
              <g key={one.title}>
                <rect x={Math.min(x(0), x(value))} y={index * row + place * barHeight} width={Math.abs(x(value) - x(0))} height={barHeight - 3} fill={colour(place)} />
                <text className={styles.text} x={Math.max(x(0), x(value)) + 4} y={index * row + place * barHeight + 12}>{tickWords(value, data, language)}</text>
              </g>
            );
          })}
        </g>
      ))}
    </svg>
  );
}

const mostSlices = 6;

/** Shares of a whole: the first slices by size, the rest together. */
export function PieChart({ data, title }: DrawingProps): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const language = useLanguage();
  const values = data.series[0]?.values ?? [];
  const ordered = data.labels.map((label, index) => ({ label, value: values[index] ?? 0 })).sort((one, other) => other.value - one.value);
  const rest = ordered.slice(mostSlices - 1);
  const shown = rest.length > 1 ? [...ordered.slice(0, mostSlices - 1), { label: words.others, value: rest.reduce((sum, { value }) => sum + value, 0) }] : ordered;
  const slices = pieSlices(shown.map(({ value }) => value));
  return (
    <svg viewBox={`0 0 ${width} 150`} role="img" className={styles.svg}>
      <title>{title}</title>
      <desc>{describe(data, language)}</desc>
      <g transform="translate(76 75) scale(70)">
        {slices.map(({ path }, index) => <path key={index} d={path} fill={colour(index)} stroke={tokens.colorNeutralBackground1} strokeWidth={0.02} />)}
      </g>
      {shown.map(({ label }, index) => (
        <g key={index}>
          <rect x={164} y={12 + index * 22} width={10} height={10} rx={2} fill={colour(index)} />
          <text className={styles.text} x={180} y={21 + index * 22}>{`${label.length > 18 ? `${label.slice(0, 17)}…` : label} ${cellWords(Math.round((slices[index]?.share ?? 0) * 1000) / 1000, 'percent', language)}`}</text>
        </g>
      ))}
    </svg>
  );
}
