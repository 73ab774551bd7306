import { Table, TableBody, TableCell, TableHeader, TableHeaderCell, TableRow, Text, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ResultChanges } from '../../shared/recall.ts';
import { numberWords } from './counted.ts';
import { useLanguage, useLocal, useWords } from './language.tsx';
import { useLoaded } from './loaded.ts';
import { usePane } from './pane-context.tsx';
import { WhenLoaded } from './states.tsx';

const useStyles = makeStyles({
  part: { display: 'flex', flexDirection: 'column', gap: '4px', flexShrink: 0 },
  heading: { margin: 0 },
  quiet: { color: tokens.colorNeutralForeground2 },
  name: { overflowWrap: 'anywhere' },
  figureHead: { '& > *': { justifyContent: 'flex-end' } },
  figure: { textAlign: 'end', width: '42%', fontVariantNumeric: 'tabular-nums' },
});

/** What is different from an earlier run: rows gone and new, and which columns hold other values. */
export function RunChanges({ runId, before }: { runId: string; before: string }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const { backend } = usePane();
  const { loaded, reload } = useLoaded(`changes ${before} ${runId}`, async (signal) => (await backend.call('changes', { params: { id: runId }, query: { before }, signal })).changes);
  return (
    <section className={styles.part}>
      <Text as="h2" weight="semibold" className={styles.heading}>{words.whatChanged}</Text>
      <WhenLoaded loaded={loaded} onRetry={reload} lines={3}>
        {(changes) => <>{changes.map((one) => <Changes key={one.name} changes={one} several={changes.length > 1} />)}</>}
      </WhenLoaded>
    </section>
  );
}

function Changes({ changes, several }: { changes: ResultChanges; several: boolean }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  const language = useLanguage();
  const different = changes.columns.filter(({ change }) => change !== 'same');
  const nothing = different.length === 0 && changes.removed === 0 && changes.added === 0;
  const said = { same: '', added: words.columnAdded, removed: words.columnRemoved };
  return (
    <div className={styles.part}>
      {several && <Text size={200} weight="semibold">{local(changes.title)}</Text>}
      {nothing ? (
        <Text>{words.nothingChanged}</Text>
      ) : changes.removed === null || changes.added === null ? (
        <Text>{words.rowsWereGone(numberWords(language, changes.rowsBefore), numberWords(language, changes.rowsAfter))}</Text>
      ) : (
        <Text>{words.rowsChanged(numberWords(language, changes.removed), numberWords(language, changes.added))}</Text>
      )}
      {different.length > 0 && (
        <Table size="extra-small" aria-label={words.whatChanged}>
          <TableHeader>
            <TableRow>
              <TableHeaderCell>{words.column}</TableHeaderCell>
              <TableHeaderCell className={mergeClasses(styles.figure, styles.figureHead)}>{words.valuesChanged}</TableHeaderCell>
            </TableRow>
          </TableHeader>
          <TableBody>
            {different.map(({ name, title, change, values }) => (
              <TableRow key={name}>
                <TableCell className={styles.name}>{local(title)}</TableCell>
                <TableCell className={styles.figure}>{change === 'changed' ? (values === null ? words.columnChanged : numberWords(language, values)) : said[change]}</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
      {changes.removed === null && <Text size={200} className={styles.quiet}>{words.oldRowsGone}</Text>}
    </div>
  );
}
