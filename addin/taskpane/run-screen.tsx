import { Button, ProgressBar, Text, Title3, makeStyles, tokens } from '@fluentui/react-components';
import { useState, type ReactElement, type ReactNode } from 'react';
import type { Problem } from '../../shared/problem.ts';
import type { Progress, Run, RunState } from '../../shared/run.ts';
import { AgainButton } from './again-button.tsx';
import { AskDialog } from './ask-dialog.tsx';
import { durationWords, numberWords, shortNumber } from './counted.ts';
import { Frame } from './frame.tsx';
import { useLanguage, useLocal, useWords } from './language.tsx';
import { asProblem } from './loaded.ts';
import { usePane } from './pane-context.tsx';
import { RunResult } from './run-result.tsx';
import { Notice, ProblemBar, Waiting } from './states.tsx';
import { useElapsed, useRun } from './use-run.ts';
import { ValuesLine, runNumberWords } from './values-line.tsx';

const useStyles = makeStyles({
  quiet: { color: tokens.colorNeutralForeground2 },
  lines: { display: 'flex', flexDirection: 'column', gap: '6px' },
  printed: { margin: 0, maxHeight: '240px', overflow: 'auto', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', fontSize: tokens.fontSizeBase200 },
  heading: { margin: 0, fontVariantNumeric: 'tabular-nums' },
});

/** One run, whatever state it is in: watched until it is final. */
export function RunScreen({ runId, toSheet, before }: { runId: string; toSheet: boolean; before?: string | undefined }): ReactElement {
  const local = useLocal();
  const { watched, reload } = useRun(runId);
  switch (watched.state) {
    case 'loading':
      return <Frame title=" "><Waiting lines={6} /></Frame>;
    case 'failed':
      return <Frame title=" "><ProblemBar problem={watched.problem} onRetry={reload} /></Frame>;
    case 'ready': {
      const { run } = watched.value;
      return <RunFrame run={run} status={run.status} title={local(run.provenance.title)} connected={watched.value.connected} toSheet={toSheet} before={before} />;
    }
  }
}

interface RunFrameProps {
  run: Run;
  status: RunState;
  title: string;
  connected: boolean;
  toSheet: boolean;
  before: string | undefined;
}

function RunFrame({ run, status, title, connected, toSheet, before }: RunFrameProps): ReactElement {
  const words = useWords();
  switch (status.state) {
    case 'queued':
      return <Underway run={run} title={title} connected={connected} heading={words.queued}><Text>{words.queuePosition(status.position)}</Text><ProgressBar aria-label={words.queued} /></Underway>;
    case 'running':
      return <Underway run={run} title={title} connected={connected} heading={words.running}><RunProgress progress={status.progress} startedAt={run.createdAt} /></Underway>;
    case 'succeeded':
      return <RunResult run={run} results={status.results} toSheet={toSheet} before={before} />;
    case 'failed':
      return <Failed run={run} title={title} status={status} />;
    case 'cancelled':
      return <Stopped run={run} title={title} />;
  }
}

function Underway({ run, title, heading, connected, children }: { run: Run; title: string; heading: string; connected: boolean; children: ReactNode }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const { backend } = usePane();
  const [stopping, setStopping] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const stop = async (): Promise<void> => {
    setStopping(true);
    setProblem(undefined);
    try {
      await backend.call('cancel', { params: { id: run.id } });
    } catch (error) {
      setProblem(asProblem(error));
      setStopping(false);
    }
  };
  return (
    <Frame title={title} foot={<Button size="large" disabledFocusable={stopping} onClick={() => { void stop(); }}>{stopping ? words.stopping : words.stop}</Button>}>
      <ValuesLine run={run} />
      <div className={styles.lines}>
        <Title3 as="h2" className={styles.heading} aria-live="polite">{heading}</Title3>
        {children}
      </div>
      <Text className={styles.quiet}>{words.mayClose}</Text>
      {!connected && <Notice intent="warning">{words.connectionLost}</Notice>}
      {problem !== undefined && <ProblemBar problem={problem} />}
    </Frame>
  );
}

/** Before this share is read, an estimate of the rest would only jump about. */
const estimateFrom = 0.05;

function RunProgress({ progress, startedAt }: { progress: Progress | null; startedAt: string }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const language = useLanguage();
  const worked = useElapsed(startedAt, progress?.elapsedMs);
  // A run may have joined another person's, which began before it was asked for.
  const waited = useElapsed(startedAt, undefined);
  const known = progress !== null && progress.totalRows > 0;
  const share = known ? Math.min(1, progress.readRows / progress.totalRows) : undefined;
  // What is read is not yet sorted, grouped or stored: no share is known of that.
  const allRead = share === 1;
  const remaining = share !== undefined && share >= estimateFrom && !allRead ? (worked * (1 - share)) / share : undefined;
  return (
    <div className={styles.lines}>
      {share !== undefined && !allRead && <Text weight="semibold" size={500} style={{ fontVariantNumeric: 'tabular-nums' }}>{`${Math.floor(share * 100)}\u00a0%`}</Text>}
      <ProgressBar value={allRead ? undefined : share} thickness="large" aria-label={words.running} />
      {progress !== null && progress.steps > 1 && <Text className={styles.quiet}>{words.part(progress.stepNumber, progress.steps)}</Text>}
      {progress !== null && progress.readRows > 0 && (
        <Text>{allRead ? words.allRead(numberWords(language, progress.readRows)) : known ? words.readOf(shortNumber(language, progress.readRows), shortNumber(language, progress.totalRows)) : words.readRows(numberWords(language, progress.readRows))}</Text>
      )}
      <Text className={styles.quiet}>
        {words.elapsed(durationWords(language, waited))}
        {remaining !== undefined && `, ${words.remaining(durationWords(language, remaining))}`}
      </Text>
    </div>
  );
}

function Failed({ run, title, status }: { run: Run; title: string; status: Extract<RunState, { state: 'failed' }> }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  return (
    <Frame title={title} foot={<AgainButton run={run} label={words.tryAgain} />}>
      <ValuesLine run={run} />
      <Notice intent="error" title={words.failed}>{local(status.message)}</Notice>
      <Text size={200} className={styles.quiet}>{`${runNumberWords(run.provenance.number)} · ${words.reference(status.reference)}`}</Text>
      {status.forAuthor !== undefined && (
        <>
          <Text size={200} weight="semibold">{words.lastLines}</Text>
          <pre className={styles.printed} tabIndex={0}>{status.forAuthor}</pre>
        </>
      )}
      <div><AskDialog appearance="secondary" run={run} taskId={run.provenance.taskId} /></div>
    </Frame>
  );
}

function Stopped({ run, title }: { run: Run; title: string }): ReactElement {
  const words = useWords();
  return (
    <Frame title={title} foot={<AgainButton run={run} label={words.runAgainWith} />}>
      <ValuesLine run={run} />
      <Notice intent="info" title={words.cancelled}>{words.cancelledText}</Notice>
    </Frame>
  );
}
