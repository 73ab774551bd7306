import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useEffect, useLayoutEffect, useRef, useState, type CSSProperties, type ReactElement } from 'react';
import type { Cell, ResultColumn, ResultSummary } from '../../shared/result.ts';
import { cellWords } from './cell-words.ts';
import { gridWindow, rowHeight } from './grid-window.ts';
import { useLanguage, useLocal, useWords } from './language.tsx';
import { asProblem } from './loaded.ts';
import { usePane } from './pane-context.tsx';
import { CellContent, useColumnClass } from './result-cell.tsx';
import { ProblemBar } from './states.tsx';
import type { Problem } from '../../shared/problem.ts';

const useStyles = makeStyles({
  scroll: { flexGrow: 1, minHeight: 0, overflow: 'auto', position: 'relative', backgroundColor: tokens.colorNeutralBackground1, borderTop: `1px solid ${tokens.colorNeutralStroke2}`, ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' } },
  row: { display: 'grid', height: `${rowHeight}px`, width: 'max-content', minWidth: '100%' },
  head: { position: 'sticky', top: 0, zIndex: 1, backgroundColor: tokens.colorNeutralBackground3, fontWeight: tokens.fontWeightSemibold },
  body: { position: 'relative' },
  window: { position: 'absolute', left: 0, right: 0 },
  cell: { padding: '0 10px', lineHeight: `${rowHeight}px`, boxSizing: 'border-box', whiteSpace: 'nowrap', overflow: 'hidden', textOverflow: 'ellipsis', fontSize: tokens.fontSizeBase200, borderBottom: `1px solid ${tokens.colorNeutralStroke3}`, borderRight: `1px solid ${tokens.colorNeutralStroke3}` },
  number: { color: tokens.colorNeutralForeground3, textAlign: 'end', backgroundColor: tokens.colorNeutralBackground2, position: 'sticky', left: 0 },
});

const pageRows = 500;

/** A result of any length: only the rows in sight are drawn, and pages are asked for as they come near. */
export function ResultGrid({ runId, result }: { runId: string; result: ResultSummary }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  const columnClass = useColumnClass();
  const place = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ scrollTop: 0, viewport: 600 });
  const shown = gridWindow(result.rows, view.scrollTop, Math.max(rowHeight, view.viewport - rowHeight));
  const { rowAt, widthOf, problem, retry } = usePages(runId, result, shown);
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const measure = (): void => { setView((before) => ({ ...before, viewport: element.clientHeight })); };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => { observer.disconnect(); };
  }, []);
  const numberWidth = `${Math.max(3, String(result.rows).length) * 9 + 16}px`;
  const columns: CSSProperties = { gridTemplateColumns: `${numberWidth} ${result.columns.map((column, index) => `${widthOf(column, index)}px`).join(' ')}` };
  return (
    <>
      {problem !== undefined && <ProblemBar problem={problem} onRetry={retry} />}
      <div
        ref={place}
        className={styles.scroll}
        tabIndex={0}
        role="table"
        aria-label={words.result}
        aria-rowcount={result.rows + 1}
        aria-colcount={result.columns.length}
        onScroll={(event) => {
          const { scrollTop } = event.currentTarget;
          setView((before) => ({ ...before, scrollTop }));
        }}
      >
        <div role="row" aria-rowindex={1} className={mergeClasses(styles.row, styles.head)} style={columns}>
          <span className={mergeClasses(styles.cell, styles.number)} aria-hidden />
          {result.columns.map((column) => (
            <span key={column.name} role="columnheader" className={mergeClasses(styles.cell, columnClass({ ...column, type: column.type === 'code' ? 'text' : column.type }))} title={local(column.title)}>{local(column.title)}</span>
          ))}
        </div>
        <div className={styles.body} style={{ height: shown.height }}>
          <div className={styles.window} style={{ top: shown.top }}>
            {Array.from({ length: shown.count }, (_, index) => shown.first + index).map((number) => (
              <div key={number} role="row" aria-rowindex={number + 2} className={styles.row} style={columns}>
                <span className={mergeClasses(styles.cell, styles.number)} aria-hidden>{number + 1}</span>
                {result.columns.map((column, index) => (
                  <span key={column.name} role="cell" className={mergeClasses(styles.cell, columnClass(column))}>
                    <CellContent value={rowAt(number)?.[index] ?? null} column={column} />
                  </span>
                ))}
              </div>
            ))}
          </div>
        </div>
      </div>
    </>
  );
}

interface Pages {
  rowAt: (number: number) => Cell[] | undefined;
  widthOf: (column: ResultColumn, index: number) => number;
  problem: Problem | undefined;
  retry: () => void;
}

const narrowest = 72;
const widest = 320;
const signPixels = 7.5;

function usePages(runId: string, result: ResultSummary, shown: { first: number; count: number }): Pages {
  const { backend } = usePane();
  const local = useLocal();
  const language = useLanguage();
  const [pages, setPages] = useState<ReadonlyMap<number, Cell[][]>>(new Map());
  const [lengths, setLengths] = useState<number[]>([]);
  const [problem, setProblem] = useState<Problem>();
  const [attempt, setAttempt] = useState(0);
  const firstPage = Math.floor(shown.first / pageRows);
  const lastPage = Math.floor(Math.min(result.rows - 1, shown.first + shown.count) / pageRows);
  useEffect(() => {
    const abort = new AbortController();
    const needed = [firstPage, lastPage].filter((page, index, all) => all.indexOf(page) === index && !pages.has(page));
    // While the scroll bar is being dragged, pages that only fly past are not asked for.
    const timer = setTimeout(() => {
      for (const page of needed)
        backend.call('rows', { params: { id: runId }, query: { result: result.name, offset: page * pageRows, limit: pageRows }, signal: abort.signal }).then(
          ({ rows }) => {
            setProblem(undefined);
            setPages((before) => new Map([...before, [page, rows]]));
            setLengths((before) => longest(before, rows, (value, index) => cellWords(value, result.columns[index]?.type ?? 'text', language).length));
          },
          (error: unknown) => { if (!abort.signal.aborted) setProblem(asProblem(error)); },
        );
    }, pages.size === 0 ? 0 : 80);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [runId, result.name, firstPage, lastPage, attempt]);
  return {
    rowAt: (number) => pages.get(Math.floor(number / pageRows))?.[number % pageRows],
    widthOf: (column, index) => {
      const signs = Math.max(local(column.title).length * 1.08, lengths[index] ?? 0);
      return Math.round(Math.min(widest, Math.max(narrowest, signs * signPixels + 24)));
    },
    problem,
    retry: () => { setAttempt((count) => count + 1); },
  };
}

/** Columns grow with what comes in, so that no number is ever shown cut; they never shrink under the reader. */
function longest(before: number[], rows: Cell[][], lengthOf: (value: Cell, index: number) => number): number[] {
  return rows.reduce<number[]>((found, row) => row.map((value, index) => Math.max(found[index] ?? 0, lengthOf(value, index))), before);
}
