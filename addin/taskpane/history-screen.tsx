import { Badge, Button, SearchBox, Select, Text, makeStyles, tokens, type BadgeProps } from '@fluentui/react-components';
import { useEffect, useState, type ReactElement } from 'react';
import { z } from 'zod';
import type { Problem } from '../../shared/problem.ts';
import { runStates, type Run, type RunState } from '../../shared/run.ts';
import { momentWords } from './cell-words.ts';
import { Frame } from './frame.tsx';
import { useLanguage, useLocal, useWords } from './language.tsx';
import { asProblem } from './loaded.ts';
import { usePane } from './pane-context.tsx';
import { Empty, ProblemBar, Waiting } from './states.tsx';
import { ValuesLine, runNumberWords } from './values-line.tsx';

const useStyles = makeStyles({
  filters: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 120px)', gap: '8px', flexShrink: 0 },
  full: { minWidth: 0, maxWidth: 'none', width: '100%' },
  item: { display: 'flex', flexDirection: 'column', gap: '2px', padding: '8px 0', borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  top: { display: 'flex', gap: '8px', alignItems: 'flex-start', justifyContent: 'space-between' },
  quiet: { color: tokens.colorNeutralForeground2 },
  buttons: { display: 'flex', gap: '8px', marginTop: '4px' },
  list: { listStyleType: 'none', margin: 0, padding: 0 },
});

type State = RunState['state'];
type Page = { state: 'loading'; runs: Run[] } | { state: 'ready'; runs: Run[]; more: boolean } | { state: 'failed'; runs: Run[]; problem: Problem };

const pageSize = 30;
const typingPauseMilliseconds = 250;

/** Everything this person ran, newest first. */
export function HistoryScreen(): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const { backend } = usePane();
  const [filter, setFilter] = useState<{ search: string; state: State | undefined }>({ search: '', state: undefined });
  const [page, setPage] = useState<Page>({ state: 'loading', runs: [] });
  const load = async (before: Run[], signal?: AbortSignal): Promise<void> => {
    setPage({ state: 'loading', runs: before });
    try {
      const query = { offset: before.length, limit: pageSize, ...(filter.state === undefined ? {} : { state: filter.state }), ...(filter.search.trim() === '' ? {} : { search: filter.search.trim() }) };
      const { runs, more } = await backend.call('runs', { query, signal });
      setPage({ state: 'ready', runs: [...before, ...runs], more });
    } catch (error) {
      if (signal?.aborted !== true) setPage({ state: 'failed', runs: before, problem: asProblem(error) });
    }
  };
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => { void load([], abort.signal); }, filter.search === '' ? 0 : typingPauseMilliseconds);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [filter]);
  const filtered = filter.search.trim() !== '' || filter.state !== undefined;
  return (
    <Frame title={words.history}>
      <div className={styles.filters}>
        <SearchBox className={styles.full} placeholder={words.findRun} aria-label={words.findRun} value={filter.search} onChange={(_, { value }) => { setFilter({ ...filter, search: value }); }} />
        <Select className={styles.full} aria-label={words.anyState} value={filter.state ?? ''} onChange={(_, { value }) => { setFilter({ ...filter, state: z.enum(runStates).safeParse(value).data }); }}>
          <option value="">{words.anyState}</option>
          {runStates.map((state) => <option key={state} value={state}>{stateWord(state, words)}</option>)}
        </Select>
      </div>
      <ul className={styles.list}>{page.runs.map((run) => <RunItem key={run.id} run={run} />)}</ul>
      {page.state === 'loading' && <Waiting lines={page.runs.length === 0 ? 9 : 3} />}
      {page.state === 'failed' && <ProblemBar problem={page.problem} onRetry={() => { void load(page.runs); }} />}
      {page.state === 'ready' && page.more && <Button onClick={() => { void load(page.runs); }}>{words.showMore}</Button>}
      {page.state === 'ready' && page.runs.length === 0 && <Empty title={filtered ? words.nothingFound : words.noRuns} hint={filtered ? '' : words.noRunsHint} />}
    </Frame>
  );
}

function stateWord(state: State, words: ReturnType<typeof useWords>): string {
  switch (state) {
    case 'queued':
      return words.stateQueued;
    case 'running':
      return words.stateRunning;
    case 'succeeded':
      return words.stateSucceeded;
    case 'failed':
      return words.stateFailed;
    case 'cancelled':
      return words.stateCancelled;
  }
}

const stateColours: Record<State, BadgeProps['color']> = { queued: 'informative', running: 'brand', succeeded: 'success', failed: 'danger', cancelled: 'informative' };

function RunItem({ run }: { run: Run }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  const language = useLanguage();
  const { company, navigation, drafts } = usePane();
  const { status, provenance } = run;
  const rows = status.state === 'succeeded' ? ` · ${words.rows(status.results[0]?.rows ?? 0)}` : '';
  return (
    <li className={styles.item}>
      <div className={styles.top}>
        <Text weight="semibold">{local(provenance.title)}</Text>
        {run.recalled === undefined ? (
          <Badge appearance="tint" color={stateColours[status.state]} style={{ flexShrink: 0 }}>{stateWord(status.state, words)}</Badge>
        ) : (
          <Badge appearance="tint" color="warning" style={{ flexShrink: 0 }} title={local(run.recalled.reason)}>{words.stateRecalled}</Badge>
        )}
      </div>
      <ValuesLine run={run} />
      <Text size={200} className={styles.quiet}>{`${runNumberWords(provenance.number)} · ${momentWords(run.createdAt, company.timeZone, language)}${rows}`}</Text>
      <div className={styles.buttons}>
        <Button size="small" onClick={() => { navigation.open({ name: 'run', runId: run.id, toSheet: false }); }}>{words.open}</Button>
        <Button
          size="small"
          appearance="subtle"
          onClick={() => {
            drafts.delete(provenance.taskId);
            navigation.open({ name: 'form', taskId: provenance.taskId, values: run.values });
          }}
        >
          {words.runAgainWith}
        </Button>
      </div>
    </li>
  );
}
