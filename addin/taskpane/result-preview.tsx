import { Text, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ResultPage, ResultSummary } from '../../shared/result.ts';
import { useLocal, useWords } from './language.tsx';
import { useLoaded } from './loaded.ts';
import { usePane } from './pane-context.tsx';
import { CellContent, useColumnClass } from './result-cell.tsx';
import { scrollShadows } from './scroll-shadows.ts';
import { WhenLoaded } from './states.tsx';

const useStyles = makeStyles({
  caption: { color: tokens.colorNeutralForeground2, marginBottom: '4px', display: 'block' },
  scroll: { ...scrollShadows, overflow: 'auto', maxHeight: '264px', border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusMedium, ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` } },
  table: { borderCollapse: 'separate', borderSpacing: 0, fontSize: tokens.fontSizeBase200, width: '100%' },
  head: { position: 'sticky', top: 0, textAlign: 'start', fontWeight: tokens.fontWeightSemibold, backgroundColor: tokens.colorNeutralBackground3, whiteSpace: 'nowrap' },
  cell: { padding: '4px 8px', borderBottom: `1px solid ${tokens.colorNeutralStroke3}`, whiteSpace: 'nowrap', maxWidth: '220px', overflow: 'hidden', textOverflow: 'ellipsis' },
});

const previewRows = 20;

/** The first rows, enough to see that it is the right thing. */
export function ResultPreview({ runId, result }: { runId: string; result: ResultSummary }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const { backend } = usePane();
  const { loaded, reload } = useLoaded(`${runId} ${result.name}`, (signal) =>
    backend.call('rows', { params: { id: runId }, query: { result: result.name, offset: 0, limit: previewRows }, signal }),
  );
  return (
    <WhenLoaded loaded={loaded} onRetry={reload} lines={5}>
      {({ rows, columns, total }) => {
        const caption = words.previewRows(rows.length, total);
        return (
          <div>
            <Text size={200} className={styles.caption}>{caption}</Text>
            <div className={styles.scroll} tabIndex={0} role="region" aria-label={caption}>
              <PreviewTable page={{ rows, columns }} />
            </div>
          </div>
        );
      }}
    </WhenLoaded>
  );
}

function PreviewTable({ page: { rows, columns } }: { page: Pick<ResultPage, 'rows' | 'columns'> }): ReactElement {
  const styles = useStyles();
  const local = useLocal();
  const columnClass = useColumnClass();
  return (
    <table className={styles.table}>
      <thead>
        <tr>{columns.map((column) => <th key={column.name} scope="col" className={mergeClasses(styles.cell, styles.head, columnClass({ ...column, type: column.type === 'code' ? 'text' : column.type }))}>{local(column.title)}</th>)}</tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            {columns.map((column, place) => (
              <td key={column.name} className={mergeClasses(styles.cell, columnClass(column))}><CellContent value={row[place] ?? null} column={column} /></td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
