import { Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { Chart, ResultColumn, ResultPage, ResultSummary } from '../../shared/result.ts';
import type { Run } from '../../shared/run.ts';
import { cellWords } from './cell-words.ts';
import { chartColours } from './chart-shape.ts';
import { AxisChart, PieChart, type ChartData } from './chart-drawing.tsx';
import { useLanguage, useLocal, useWords } from './language.tsx';
import { useLoaded } from './loaded.ts';
import { usePane } from './pane-context.tsx';
import { WhenLoaded } from './states.tsx';

const useStyles = makeStyles({
  figure: { margin: 0 },
  legend: { display: 'flex', flexWrap: 'wrap', gap: '2px 12px', fontSize: tokens.fontSizeBase200, marginBottom: '4px' },
  key: { display: 'inline-block', width: '10px', height: '10px', borderRadius: '2px', marginRight: '5px' },
  note: { color: tokens.colorNeutralForeground2 },
});

const mostPoints = 200;

interface ResultChartProps {
  run: Run;
  result: ResultSummary;
  several: boolean;
}

/** The chart that the task asks for, over its first points; nothing when this result has none. */
export function ResultChart({ run, result, several }: ResultChartProps): ReactElement | null {
  const { chart } = run;
  const columns = result.columns;
  const has = (name: string): boolean => columns.some((column) => column.name === name);
  if (chart === undefined || !has(chart.x) || !chart.y.some(has)) return null;
  if (several && chart.result !== undefined && chart.result !== result.name) return null;
  return <LoadedChart run={run} result={result} chart={chart} />;
}

function LoadedChart({ run, result, chart }: { run: Run; result: ResultSummary; chart: Chart }): ReactElement {
  const { backend } = usePane();
  const { loaded, reload } = useLoaded(`${run.id} ${result.name} chart`, (signal) =>
    backend.call('rows', { params: { id: run.id }, query: { result: result.name, offset: 0, limit: mostPoints }, signal }),
  );
  return <WhenLoaded loaded={loaded} onRetry={reload} lines={4}>{(page) => <Figure page={page} chart={chart} />}</WhenLoaded>;
}

function Figure({ page, chart }: { page: ResultPage; chart: Chart }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  const language = useLanguage();
  const place = (name: string): number => page.columns.findIndex((column) => column.name === name);
  const x = page.columns[place(chart.x)];
  const series = chart.y.flatMap((name): ResultColumn[] => page.columns.filter((column) => column.name === name));
  const data: ChartData = {
    labels: page.rows.map((row) => (x === undefined ? '' : cellWords(row[place(x.name)] ?? null, x.type, language))),
    series: series.map((column) => ({ title: local(column.title), type: column.type, values: page.rows.map((row) => numberOf(row[place(column.name)])) })),
  };
  const title = words.chartOf(data.series.map((one) => one.title).join(', '));
  return (
    <figure className={styles.figure} aria-label={title}>
      {data.series.length > 1 && chart.kind !== 'pie' && (
        <figcaption className={styles.legend}>
          {data.series.map((one, index) => (
            <span key={one.title}><span className={styles.key} style={{ backgroundColor: chartColours[index % chartColours.length] }} />{one.title}</span>
          ))}
        </figcaption>
      )}
      {chart.kind === 'pie' ? <PieChart data={data} title={title} /> : <AxisChart kind={chart.kind} data={data} title={title} />}
      {page.total > mostPoints && <Text size={200} className={styles.note}>{words.chartFirst(mostPoints)}</Text>}
    </figure>
  );
}

function numberOf(value: ResultPage['rows'][number][number] | undefined): number {
  const number = Number(value ?? 0);
  return Number.isFinite(number) ? number : 0;
}
