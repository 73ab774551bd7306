import { Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { UploadView } from '../../shared/upload.ts';
import { useLocal, useWords } from '../taskpane/language.tsx';

const useStyles = makeStyles({
  quiet: { color: tokens.colorNeutralForeground2 },
  scroll: { overflowX: 'auto', maxWidth: '100%', border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusMedium },
  table: { borderCollapse: 'collapse', fontSize: tokens.fontSizeBase200, lineHeight: tokens.lineHeightBase200 },
  cell: { padding: '2px 8px', textAlign: 'left', verticalAlign: 'top', whiteSpace: 'nowrap', maxWidth: '200px', overflow: 'hidden', textOverflow: 'ellipsis', borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
});

const encodingNames = { 'utf-8': 'UTF-8', 'utf-16le': 'UTF-16', 'utf-16be': 'UTF-16', 'windows-1251': 'Windows-1251' };

/** What was understood of a file: its size, how it is written, columns with their types, first rows. */
export function FilePreview({ upload }: { upload: UploadView }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  const { writtenAs, columns, firstRows } = upload;
  const how = writtenAs.format === 'xlsx' ? words.fileSheet(writtenAs.sheet) : `CSV, ${encodingNames[writtenAs.encoding]}${writtenAs.delimiter === '' ? '' : `, «${writtenAs.delimiter === '\t' ? 'Tab' : writtenAs.delimiter}»`}`;
  return (
    <>
      <Text size={200} className={styles.quiet} aria-live="polite">{words.fileSize(upload.rows, columns.length)} · {how}</Text>
      {upload.notices.map((notice, at) => <Text key={at} size={200}>{local(notice)}</Text>)}
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={words.fileFirstRows}>
        <table className={styles.table}>
          <thead>
            <tr>
              {columns.map(({ name, type }) => (
                <th key={name} scope="col" className={styles.cell}>
                  {name}
                  <div className={styles.quiet} style={{ fontWeight: 'normal' }}>{words.columnType(type)}</div>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {firstRows.map((row, at) => (
              <tr key={at}>
                {row.map((cell, place) => <td key={place} className={styles.cell} title={cell}>{cell}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
