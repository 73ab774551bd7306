import { Button, SearchBox, Text, makeStyles, tokens } from '@fluentui/react-components';
import { useState, type ReactElement } from 'react';
import type { ExperimentSummary } from '../../shared/experiment.ts';
import { Frame } from './frame.tsx';
import { useLanguage, useLocal, useWords } from './language.tsx';
import { useLoaded } from './loaded.ts';
import { DecisionList } from './outcome/decisions.tsx';
import { ArmMark } from './outcome/verdict-mark.tsx';
import { usePane } from './pane-context.tsx';
import { usePlannerWords } from './planner/planner-words.ts';
import { Empty, WhenLoaded } from './states.tsx';

const useStyles = makeStyles({
  search: { width: '100%', maxWidth: 'none', flexShrink: 0 },
  list: { listStyleType: 'none', margin: 0, padding: 0, display: 'flex', flexDirection: 'column', gap: '14px' },
  item: { display: 'flex', flexDirection: 'column', gap: '3px' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** What was tested, what came out, what was decided: found by any word of it. */
export function ExperimentsScreen(): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const planner = usePlannerWords();
  const { backend, navigation } = usePane();
  const [typed, setTyped] = useState('');
  const search = typed.trim();
  const { loaded, reload } = useLoaded(`experiments ${search}`, async (signal) => (await backend.call('experiments', { query: search === '' ? {} : { search }, signal })).experiments);
  return (
    <Frame title={words.experiments} foot={<Button onClick={() => { navigation.open({ name: 'planner' }); }}>{planner.open}</Button>}>
      <SearchBox className={styles.search} placeholder={words.findExperiment} aria-label={words.findExperiment} dismiss={{ 'aria-label': words.clearSearch }} value={typed} maxLength={100} onChange={(_, { value }) => { setTyped(value); }} />
      <WhenLoaded loaded={loaded} onRetry={reload}>
        {(experiments) =>
          experiments.length === 0 ? (
            <Empty title={search === '' ? words.noExperiments : words.nothingFound} hint={words.noExperimentsHint} />
          ) : (
            <ul className={styles.list}>{experiments.map((one) => <Item key={one.id} experiment={one} />)}</ul>
          )
        }
      </WhenLoaded>
    </Frame>
  );
}

function Item({ experiment }: { experiment: ExperimentSummary }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  const language = useLanguage();
  const { navigation } = usePane();
  const { latest, state, title, hypothesis, decisions, taskId } = experiment;
  return (
    <li className={styles.item}>
      <Text weight="semibold">{local(title)}</Text>
      <Text size={200} className={styles.quiet}>{`${words.experimentState(state)}${latest === null ? '' : ` · ${new Date(latest.at).toLocaleDateString(language)}`}`}</Text>
      <Text size={200}>{local(hypothesis)}</Text>
      {latest?.arms.map((arm) => (
        <span key={arm.group}>
          <ArmMark arm={arm} /> <Text size={200} className={styles.quiet}>{local(arm.sentence)}</Text>
        </span>
      ))}
      <DecisionList decisions={decisions} />
      <div><Button size="small" appearance="subtle" onClick={() => { navigation.open({ name: 'form', taskId }); }}>{words.openExperiment}</Button></div>
    </li>
  );
}
