import { Accordion, AccordionHeader, AccordionItem, AccordionPanel, Button, Subtitle2, Tab, TabList, Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ResultSummary } from '../../shared/result.ts';
import type { Run } from '../../shared/run.ts';
import { AgainButton } from './again-button.tsx';
import { AskDialog } from './ask-dialog.tsx';
import { Downloads, XlsxButton } from './downloads.tsx';
import { Frame } from './frame.tsx';
import { useLocal, useWords } from './language.tsx';
import { usePane } from './pane-context.tsx';
import { OutcomePanel } from './outcome/index.tsx';
import { ProvenanceList } from './provenance-list.tsx';
import { RecalledResult } from './recalled-result.tsx';
import { ResultChart } from './result-chart.tsx';
import { ResultPreview } from './result-preview.tsx';
import { RunChanges } from './run-changes.tsx';
import { Empty, Notice } from './states.tsx';
import { ToSheet } from './to-sheet.tsx';
import { useShownResult } from './use-shown-result.ts';
import { useWide } from './theme.ts';
import { ValuesLine, runNumberWords } from './values-line.tsx';

const useStyles = makeStyles({
  head: { display: 'flex', flexDirection: 'column', gap: '2px' },
  quiet: { color: tokens.colorNeutralForeground2 },
  buttons: { display: 'flex', flexWrap: 'wrap', gap: '4px', justifyContent: 'center' },
  actions: { display: 'flex', flexWrap: 'wrap', gap: '8px' },
  tabs: { flexWrap: 'wrap', margin: '0 -8px' },
  header: { '& button': { paddingLeft: 0 } },
  panel: { margin: '0 0 8px' },
});

interface RunResultProps {
  run: Run;
  results: ResultSummary[];
  /** Write into the sheet at once: the person pressed `Получить в лист`. */
  toSheet: boolean;
  /** An earlier run to compare it with. */
  before?: string | undefined;
}

/** What a run produced: how much, the first rows, the files, where it comes from. */
export function RunResult({ run, results, toSheet, before }: RunResultProps): ReactElement {
  const words = useWords();
  const local = useLocal();
  const styles = useStyles();
  const { navigation, host, showResult } = usePane();
  const result = useShownResult(run, results);
  const writable = results.some(({ available, rows }) => available && rows > 0);
  const again = (
    <div className={styles.buttons}>
      {writable && <AgainButton run={run} label={words.runAgain} appearance="subtle" />}
      <Button appearance="subtle" onClick={() => { navigation.open({ name: 'history' }); }}>{words.history}</Button>
    </div>
  );
  return (
    <Frame
      title={local(run.provenance.title)}
      foot={
        <>
          {host.excel ? <ToSheet run={run} results={results} atOnce={toSheet} /> : writable && <XlsxButton run={run} main />}
          {!writable && <AgainButton run={run} label={words.runAgainWith} />}
          {again}
        </>
      }
    >
      <RecalledResult run={run} />
      {before !== undefined && <RunChanges runId={run.id} before={before} />}
      {run.status.state === 'succeeded' && run.status.outcome !== undefined && <OutcomePanel run={run} outcome={run.status.outcome} />}
      {results.length > 1 && (
        <TabList size="small" className={styles.tabs} selectedValue={result?.name} onTabSelect={(_, { value }) => { showResult({ runId: run.id, name: String(value) }); }}>
          {results.map(({ name, title }) => <Tab key={name} value={name}>{local(title)}</Tab>)}
        </TabList>
      )}
      {result !== undefined && <OneResult key={result.name} run={run} result={result} several={results.length > 1} />}
    </Frame>
  );
}

function OneResult({ run, result, several }: { run: Run; result: ResultSummary; several: boolean }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  const wide = useWide();
  return (
    <>
      <div className={styles.head}>
        <Subtitle2 as="h2" style={{ margin: 0 }} aria-live="polite">
          {words.rows(result.rows)} <Text className={styles.quiet}>{`· ${runNumberWords(run.provenance.number)}`}</Text>
        </Subtitle2>
        <ValuesLine run={run} />
      </div>
      {result.notices.map((notice) => <Notice key={notice.en} intent="info">{local(notice)}</Notice>)}
      {!result.available ? (
        <Notice intent="warning">{words.expired}</Notice>
      ) : result.rows === 0 ? (
        <Empty title={words.zeroRows} hint={words.zeroRowsText} />
      ) : (
        <>
          {!wide && <ResultPreview runId={run.id} result={result} />}
          <ResultChart run={run} result={result} several={several} />
          <Downloads run={run} result={result} several={several} />
        </>
      )}
      <Accordion collapsible>
        <AccordionItem value="provenance">
          <AccordionHeader as="h2" className={styles.header}>{words.provenance}</AccordionHeader>
          <AccordionPanel className={styles.panel}><ProvenanceList run={run} /></AccordionPanel>
        </AccordionItem>
      </Accordion>
      <div className={styles.actions}><AskDialog appearance="secondary" run={run} taskId={run.provenance.taskId} /></div>
    </>
  );
}
