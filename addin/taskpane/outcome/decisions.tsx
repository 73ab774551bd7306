import { Button, Field, Select, Text, Textarea, makeStyles, tokens } from '@fluentui/react-components';
import { useState, type ReactElement } from 'react';
import type { Decision, ExperimentSummary } from '../../../shared/experiment.ts';
import { Problem } from '../../../shared/problem.ts';
import { useLanguage, useWords } from '../language.tsx';
import { useLoaded } from '../loaded.ts';
import { usePane } from '../pane-context.tsx';
import { ProblemBar } from '../states.tsx';

const useStyles = makeStyles({
  box: { display: 'flex', flexDirection: 'column', gap: '8px' },
  quiet: { color: tokens.colorNeutralForeground2 },
  buttons: { display: 'flex', gap: '8px', flexWrap: 'wrap' },
});

const choices: Decision['decision'][] = ['rollOut', 'doNotRollOut', 'continue', 'stop'];

/** What was decided about a test; whoever may decide writes it down here, with why. */
export function Decisions({ experimentId, runId }: { experimentId: string; runId: string }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const { backend, person } = usePane();
  const { loaded, replace } = useLoaded(`experiment ${experimentId}`, async (signal) => (await backend.call('experiment', { params: { id: experimentId }, signal })).experiment);
  const [writing, setWriting] = useState(false);
  const decisions = loaded.state === 'ready' ? loaded.value.decisions : [];
  const mayDecide = person.may.includes('decide');
  return (
    <div className={styles.box}>
      <DecisionList decisions={decisions} />
      {mayDecide && !writing && <div><Button onClick={() => { setWriting(true); }}>{words.writeDecision}</Button></div>}
      {writing && <DecisionForm experimentId={experimentId} runId={runId} onDone={(changed) => { if (changed !== undefined) replace(changed); setWriting(false); }} />}
    </div>
  );
}

export function DecisionList({ decisions }: { decisions: Decision[] }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const language = useLanguage();
  return (
    <>
      {decisions.map(({ decision, why, person, at }) => (
        <Text key={at} size={200}>
          <strong>{words.decisions(decision)}</strong>
          {`: ${why} `}
          <span className={styles.quiet}>{`${person}, ${new Date(at).toLocaleDateString(language)}`}</span>
        </Text>
      ))}
    </>
  );
}

interface DecisionFormProps {
  experimentId: string;
  runId: string;
  onDone: (changed: ExperimentSummary | undefined) => void;
}

function DecisionForm({ experimentId, runId, onDone }: DecisionFormProps): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const { backend } = usePane();
  const [decision, setDecision] = useState<Decision['decision']>();
  const [why, setWhy] = useState('');
  const [state, setState] = useState<'open' | 'sending' | Problem>('open');
  const isWritten = decision !== undefined && why.trim().length >= 3;
  const send = async (): Promise<void> => {
    if (decision === undefined) return;
    setState('sending');
    try {
      onDone((await backend.call('decideExperiment', { params: { id: experimentId }, body: { decision, why, runId } })).experiment);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setState(error);
    }
  };
  return (
    <form className={styles.box} onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <Field label={words.decision}>
        <Select value={decision ?? ''} onChange={(_, { value }) => { setDecision(choices.find((one) => one === value)); }}>
          <option value="" disabled>{words.chooseDecision}</option>
          {choices.map((one) => <option key={one} value={one}>{words.decisions(one)}</option>)}
        </Select>
      </Field>
      <Field label={words.decisionWhy} hint={words.decisionWhyHint}>
        <Textarea value={why} onChange={(_, { value }) => { setWhy(value); }} maxLength={2000} resize="vertical" />
      </Field>
      {state instanceof Problem && <ProblemBar problem={state} />}
      <div className={styles.buttons}>
        <Button type="submit" appearance="primary" disabled={!isWritten || state === 'sending'}>{words.saveDecision}</Button>
        <Button onClick={() => { onDone(undefined); }}>{words.cancel}</Button>
      </div>
    </form>
  );
}
