import { Button, ProgressBar, Text, makeStyles, tokens } from '@fluentui/react-components';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import type { RecalledRun } from '../../shared/recall.ts';
import { findBlocks, showBlock, type FoundBlock } from '../sheet/index.ts';
import { momentWords } from './cell-words.ts';
import { numberWords } from './counted.ts';
import { Frame } from './frame.tsx';
import { useLanguage, useLocal, useWords } from './language.tsx';
import { useLoaded } from './loaded.ts';
import { usePane } from './pane-context.tsx';
import { blocksOf, refreshBlocks, type BlockRefresh, type RefreshScope } from './refresh-blocks.ts';
import { Empty, Notice, ProblemBar, WhenLoaded } from './states.tsx';
import { runNumberWords } from './values-line.tsx';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  item: { display: 'flex', flexDirection: 'column', gap: '4px', padding: '10px 0', borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  quiet: { color: tokens.colorNeutralForeground2 },
  buttons: { display: 'flex', gap: '8px', marginTop: '4px' },
});

/** Tables of this workbook that Tasksheet wrote: where they are, what they answer, and one press to refresh them. */
export function BlocksScreen({ refresh }: { refresh: RefreshScope | undefined }): ReactElement {
  const words = useWords();
  const [newest, setNewest] = useState<FoundBlock[]>();
  const { loaded, reload } = useLoaded('blocks', () => findBlocks());
  return (
    <Frame title={words.blocks}>
      <WhenLoaded loaded={loaded} onRetry={reload}>{(blocks) => <Blocks blocks={newest ?? blocks} refresh={refresh} onRefreshed={setNewest} />}</WhenLoaded>
    </Frame>
  );
}

/** What one question about recalls may name. */
const mostAsked = 500;

interface BlocksProps {
  blocks: FoundBlock[];
  refresh: RefreshScope | undefined;
  /** Records have changed: they are read again. */
  onRefreshed: (blocks: FoundBlock[]) => void;
}

function Blocks({ blocks, refresh, onRefreshed }: BlocksProps): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const { states, running, start, stop } = useRefresh(onRefreshed);
  const begun = useRef(false);
  const recalled = useRecalled(blocks);
  const asked = refresh === undefined ? [] : blocksOf(refresh, blocks);
  useEffect(() => {
    if (begun.current || asked.length === 0) return;
    begun.current = true;
    start(asked);
  }, []);
  if (blocks.length === 0) return <Empty title={words.noBlocks} hint={words.noBlocksHint} />;
  return (
    <>
      {refresh !== undefined && asked.length === 0 && <Notice intent="info">{refresh === 'block' ? words.noBlockSelected : words.noBlocksOnSheet}</Notice>}
      <ul className={styles.list}>
        {blocks.map((block) => <BlockItem key={block.id} block={block} recalled={recalled.get(block.record.runId)} state={states.get(block.id)} busy={running} onRefresh={() => { start([block]); }} />)}
      </ul>
      {running ? <Button onClick={stop}>{words.stop}</Button> : blocks.length > 1 && <Button appearance="primary" onClick={() => { start(blocks); }}>{words.refreshAll}</Button>}
    </>
  );
}

/** Which of the blocks' results were found to be wrong; those that were seen once stay known after a refresh. */
function useRecalled(blocks: FoundBlock[]): Map<string, RecalledRun> {
  const { backend } = usePane();
  const [recalled, setRecalled] = useState(new Map<string, RecalledRun>());
  const runs = [...new Set(blocks.map(({ record }) => record.runId))];
  useEffect(() => {
    if (runs.length === 0) return;
    const abort = new AbortController();
    // A workbook is of use without this answer too: its blocks can be shown and refreshed.
    backend.call('recallsOf', { body: { runs: runs.slice(0, mostAsked) }, signal: abort.signal }).then(({ recalls }) => { setRecalled((now) => new Map([...now, ...recalls.map((one) => [one.runId, one] as const)])); }, () => undefined);
    return () => { abort.abort(); };
  }, [runs.join(' ')]);
  return recalled;
}

interface RefreshControl {
  states: Map<string, BlockRefresh>;
  running: boolean;
  start(blocks: FoundBlock[]): void;
  stop(): void;
}

function useRefresh(onRefreshed: (blocks: FoundBlock[]) => void): RefreshControl {
  const language = useLanguage();
  const { backend, company } = usePane();
  const [states, setStates] = useState(new Map<string, BlockRefresh>());
  const [running, setRunning] = useState(false);
  const abort = useRef<AbortController>(undefined);
  return {
    states,
    running,
    start: (blocks) => {
      const control = new AbortController();
      abort.current = control;
      setRunning(true);
      const tell = (id: string, state: BlockRefresh): void => { setStates((now) => new Map(now).set(id, state)); };
      void refreshBlocks(blocks, { backend, language, timeZone: company.timeZone, signal: control.signal, tell })
        .then(() => findBlocks())
        .then(onRefreshed, () => undefined)
        .finally(() => { setRunning(false); });
    },
    stop: () => { abort.current?.abort(); },
  };
}

interface BlockItemProps {
  block: FoundBlock;
  recalled: RecalledRun | undefined;
  state: BlockRefresh | undefined;
  busy: boolean;
  onRefresh: () => void;
}

function BlockItem({ block, recalled, state, busy, onRefresh }: BlockItemProps): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  const language = useLanguage();
  const { company } = usePane();
  const { provenance, rows, writtenAt } = block.record;
  return (
    <li className={styles.item}>
      <Text weight="semibold">{local(provenance.title)}</Text>
      <Text size={200}>{provenance.values.map(({ text }) => local(text)).join(' · ')}</Text>
      <Text size={200} className={styles.quiet}>{`${block.sheetName} · ${words.rows(rows)} · ${runNumberWords(provenance.number)} · ${momentWords(writtenAt, company.timeZone, language)}`}</Text>
      {recalled !== undefined && <Notice intent="warning" title={words.recalledTable(runNumberWords(recalled.number))}>{local(recalled.reason)}</Notice>}
      <div role="status"><RefreshState state={state} /></div>
      <div className={styles.buttons}>
        <Button size="small" disabledFocusable={busy} onClick={onRefresh}>{words.refresh}</Button>
        <Button size="small" appearance="subtle" onClick={() => { void showBlock(block); }}>{words.showBlock}</Button>
      </div>
    </li>
  );
}

function RefreshState({ state }: { state: BlockRefresh | undefined }): ReactElement | null {
  const words = useWords();
  const local = useLocal();
  const language = useLanguage();
  switch (state?.state) {
    case undefined:
      return null;
    case 'waiting':
      return <Text size={200}>{words.refreshWaiting}</Text>;
    case 'asking':
      return <ProgressBar aria-label={words.stateRunning} />;
    case 'writing':
      return (
        <>
          <Text size={200}>{words.writing(numberWords(language, state.rows), numberWords(language, state.of))}</Text>
          <ProgressBar value={state.of === 0 ? undefined : state.rows / state.of} aria-label={words.refresh} />
        </>
      );
    case 'refreshed':
      return (
        <>
          <Notice intent="success">{words.refreshed(words.rows(state.rows))}</Notice>
          {state.notices.map((notice) => <Notice key={notice.en} intent="warning">{local(notice)}</Notice>)}
        </>
      );
    case 'cancelled':
      return <Notice intent="info">{words.refreshStopped}</Notice>;
    case 'failed':
      return <ProblemBar problem={state.problem} />;
  }
}
