import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle, makeStyles } from '@fluentui/react-components';
import { useEffect, useState, type ReactElement } from 'react';
import type { RecalledRun } from '../../shared/recall.ts';
import { useLocal, useWords } from './language.tsx';
import { usePane } from './pane-context.tsx';
import { runNumberWords } from './values-line.tsx';

const useStyles = makeStyles({
  bar: { flexShrink: 0, overflowWrap: 'anywhere' },
  reason: { display: 'block' },
});

const mostNumbers = 5;

/** Results that were recalled together: one mistake is one notice. */
function together(recalls: RecalledRun[]): RecalledRun[] {
  const [first] = recalls;
  return recalls.filter(({ recalledAt, title }) => recalledAt === first?.recalledAt && title.en === first.title.en);
}

/** On opening: which of this person's results were found to be wrong, newest mistake first. It stays until they put it away. */
export function RecallNotices(): ReactElement | null {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  const { backend, navigation } = usePane();
  const [recalls, setRecalls] = useState<RecalledRun[]>([]);
  useEffect(() => {
    const abort = new AbortController();
    // The tasks are what the screen is for: without these notices it is as useful as before, and the run says it again.
    backend.call('recalls', { signal: abort.signal }).then((answer) => { setRecalls(answer.recalls); }, () => undefined);
    return () => { abort.abort(); };
  }, []);
  const shown = together(recalls);
  const [first] = shown;
  if (first === undefined) return null;
  const putAway = (): void => {
    setRecalls((now) => now.filter((one) => !shown.includes(one)));
    for (const { runId } of shown) backend.call('recallSeen', { params: { id: runId } }).catch(() => undefined);
  };
  const open = (): void => {
    putAway();
    navigation.open(shown.length === 1 ? { name: 'run', runId: first.runId, toSheet: false } : { name: 'history' });
  };
  const numbers = shown.slice(0, mostNumbers).map(({ number }) => runNumberWords(number)).join(', ');
  const rest = shown.length - mostNumbers;
  return (
    <MessageBar intent="warning" layout="multiline" className={styles.bar}>
      <MessageBarBody>
        <MessageBarTitle>{words.recalledRuns(local(first.title), shown.length)}</MessageBarTitle>
        <span className={styles.reason}>{rest > 0 ? words.andMore(numbers, rest) : numbers}</span>
        <span className={styles.reason}>{local(first.reason)}</span>
      </MessageBarBody>
      <MessageBarActions>
        <Button size="small" onClick={open}>{shown.length === 1 ? words.open : words.history}</Button>
        <Button size="small" appearance="subtle" onClick={putAway}>{words.understood}</Button>
      </MessageBarActions>
    </MessageBar>
  );
}
