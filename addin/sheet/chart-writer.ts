import type { Chart, ResultColumn } from '../../shared/result.ts';
import type { ResultToWrite } from './block.ts';

const kinds: Record<Chart['kind'], Excel.ChartType | `${Excel.ChartType}`> = { column: 'ColumnClustered', bar: 'BarClustered', line: 'Line', area: 'Area', pie: 'Pie' };
const chartRows = 18;
const chartColumns = 8;

/** The chart that the task asks for, when it is about this result and its columns are there. */
export function chartOf({ run, result }: ResultToWrite): { chart: Chart; x: number; y: number[] } | undefined {
  const { chart } = run;
  if (!chart || result.rows === 0) return undefined;
  const first = run.status.state === 'succeeded' ? run.status.results[0]?.name : undefined;
  if ((chart.result ?? first ?? result.name) !== result.name) return undefined;
  const at = (name: string): number => result.columns.findIndex((column: ResultColumn) => column.name === name);
  const [x, y] = [at(chart.x), chart.y.map(at)];
  return x < 0 || y.some((index) => index < 0) ? undefined : { chart, x, y };
}

export interface ChartPlace {
  sheet: Excel.Worksheet;
  /** The whole table, header included. */
  row: number;
  column: number;
  rows: number;
  titles: string[];
  title: string;
}

/** Queues a native chart beside the table, with one series a y column. */
export function queueChart(plan: { chart: Chart; x: number; y: number[] }, place: ChartPlace): void {
  const data = (index: number): Excel.Range => place.sheet.getRangeByIndexes(place.row + 1, place.column + index, place.rows - 1, 1);
  const [first = 0, ...others] = plan.y;
  const chart = place.sheet.charts.add(kinds[plan.chart.kind], place.sheet.getRangeByIndexes(place.row, place.column + first, place.rows, 1), 'Columns');
  chart.series.getItemAt(0).setXAxisValues(data(plan.x));
  for (const index of others) {
    const series = chart.series.add(place.titles[index] ?? '');
    series.setValues(data(index));
    series.setXAxisValues(data(plan.x));
  }
  chart.title.text = place.title;
  const left = place.column + place.titles.length + 1;
  chart.setPosition(place.sheet.getRangeByIndexes(place.row, left, 1, 1), place.sheet.getRangeByIndexes(place.row + chartRows, left + chartColumns, 1, 1));
}
