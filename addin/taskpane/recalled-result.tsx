import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle, makeStyles } from '@fluentui/react-components';
import { useState, type ReactElement } from 'react';
import type { Problem } from '../../shared/problem.ts';
import type { Run } from '../../shared/run.ts';
import { useLanguage, useLocal, useWords } from './language.tsx';
import { asProblem } from './loaded.ts';
import { usePane } from './pane-context.tsx';
import { ProblemBar } from './states.tsx';

const useStyles = makeStyles({
  bar: { flexShrink: 0, overflowWrap: 'anywhere' },
});

/** Says that a result was found to be wrong, why, and gets it anew with the same values, showing what has changed. */
export function RecalledResult({ run }: { run: Run }): ReactElement | null {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  const language = useLanguage();
  const { backend, navigation, person } = usePane();
  const [sending, setSending] = useState<{ busy: boolean; problem?: Problem }>({ busy: false });
  if (run.recalled === undefined) return null;
  const again = async (): Promise<void> => {
    setSending({ busy: true });
    try {
      const answer = await backend.call('submit', { params: { id: run.provenance.taskId }, body: { values: run.values, locale: language, unknown: 'leaveOut' } });
      navigation.open({ name: 'run', runId: answer.run.id, toSheet: false, before: run.id });
    } catch (error) {
      setSending({ busy: false, problem: asProblem(error) });
    }
  };
  return (
    <>
      <MessageBar intent="warning" layout="multiline" className={styles.bar}>
        <MessageBarBody>
          <MessageBarTitle>{words.recalledResult}</MessageBarTitle>
          {local(run.recalled.reason)}
        </MessageBarBody>
        {run.provenance.person === person.id && (
          <MessageBarActions>
            <Button size="small" disabledFocusable={sending.busy} onClick={() => { void again(); }}>{words.getAnewAndCompare}</Button>
          </MessageBarActions>
        )}
      </MessageBar>
      {sending.problem !== undefined && <ProblemBar problem={sending.problem} />}
    </>
  );
}
