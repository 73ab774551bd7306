import { Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ResultSummary } from '../../shared/result.ts';
import type { Run } from '../../shared/run.ts';
import { useLocal, useWords } from './language.tsx';
import { ResultGrid } from './result-grid.tsx';
import { Empty } from './states.tsx';
import { useRun } from './use-run.ts';
import { useShownResult } from './use-shown-result.ts';

const useStyles = makeStyles({
  side: { height: '100%', minWidth: 0, minHeight: 0, display: 'flex', flexDirection: 'column', backgroundColor: tokens.colorNeutralBackground2 },
  rest: { margin: 'auto', maxWidth: '360px', padding: '24px' },
  head: { display: 'flex', alignItems: 'baseline', gap: '16px', padding: '12px 16px 8px' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** The right side of a wide page: the whole result as a grid. */
export function ResultSide({ runId }: { runId: string | undefined }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  return (
    <section className={styles.side} aria-label={words.result}>
      {runId === undefined ? <AtRest /> : <RunSide key={runId} runId={runId} />}
    </section>
  );
}

function AtRest(): ReactElement {
  const styles = useStyles();
  const words = useWords();
  return <div className={styles.rest}><Empty title={words.resultAppears} hint={words.resultAppearsText} /></div>;
}

function RunSide({ runId }: { runId: string }): ReactElement {
  const { watched } = useRun(runId);
  if (watched.state !== 'ready' || watched.value.run.status.state !== 'succeeded') return <AtRest />;
  return <Shown run={watched.value.run} results={watched.value.run.status.results} />;
}

function Shown({ run, results }: { run: Run; results: ResultSummary[] }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  const result = useShownResult(run, results);
  if (result === undefined || !result.available || result.rows === 0) return <AtRest />;
  return (
    <>
      <div className={styles.head}>
        <Text weight="semibold">{local(run.fileName)}{results.length > 1 && ` · ${local(result.title)}`}</Text>
        <Text className={styles.quiet}>{words.rows(result.rows)}</Text>
      </div>
      <ResultGrid key={result.name} runId={run.id} result={result} />
    </>
  );
}
