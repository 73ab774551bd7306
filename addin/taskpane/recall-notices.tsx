import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle, makeStyles } from '@fluentui/react-components';
import { useEffect, useState, type ReactElement } from 'react';
import type { RecalledRun } from '../../shared/recall.ts';
import { useLocal, useWords } from './language.tsx';
import { usePane } from './pane-context.tsx';
import { runNumberWords } from './values-line.tsx';

const useStyles = makeStyles({
  bar: { flexShrink: 0, overflowWrap: 'anywhere' },
  rest: { alignSelf: 'flex-start' },
});

/** More would push the tasks out of sight; the others follow as these are put away. */
const mostShown = 2;

/** On opening: which of this person's results were found to be wrong. Each stays until they put it away. */
export function RecallNotices(): ReactElement | null {
  const styles = useStyles();
  const words = useWords();
  const { backend, navigation } = usePane();
  const [recalls, setRecalls] = useState<RecalledRun[]>([]);
  useEffect(() => {
    const abort = new AbortController();
    // The tasks are what the screen is for: without these notices it is as useful as before, and the run says it again.
    backend.call('recalls', { signal: abort.signal }).then((answer) => { setRecalls(answer.recalls); }, () => undefined);
    return () => { abort.abort(); };
  }, []);
  const putAway = (runId: string): void => {
    setRecalls((now) => now.filter((one) => one.runId !== runId));
    backend.call('recallSeen', { params: { id: runId } }).catch(() => undefined);
  };
  if (recalls.length === 0) return null;
  return (
    <>
      {recalls.slice(0, mostShown).map((one) => (
        <RecallNotice
          key={one.runId}
          recall={one}
          onOpen={() => {
            putAway(one.runId);
            navigation.open({ name: 'run', runId: one.runId, toSheet: false });
          }}
          onPutAway={() => { putAway(one.runId); }}
        />
      ))}
      {recalls.length > mostShown && <Button size="small" appearance="subtle" className={styles.rest} onClick={() => { navigation.open({ name: 'history' }); }}>{words.moreRecalled(recalls.length - mostShown)}</Button>}
    </>
  );
}

function RecallNotice({ recall, onOpen, onPutAway }: { recall: RecalledRun; onOpen: () => void; onPutAway: () => void }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  return (
    <MessageBar intent="warning" layout="multiline" className={styles.bar}>
      <MessageBarBody>
        <MessageBarTitle>{words.recalledRun(runNumberWords(recall.number), local(recall.title))}</MessageBarTitle>
        {local(recall.reason)}
      </MessageBarBody>
      <MessageBarActions>
        <Button size="small" onClick={onOpen}>{words.open}</Button>
        <Button size="small" appearance="subtle" onClick={onPutAway}>{words.understood}</Button>
      </MessageBarActions>
    </MessageBar>
  );
}
