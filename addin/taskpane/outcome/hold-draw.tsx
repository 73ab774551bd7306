import { Button, Field, Input, Text, Textarea, makeStyles, tokens } from '@fluentui/react-components';
import { useState, type ReactElement } from 'react';
import type { Draw } from '../../../shared/draw.ts';
import { Problem } from '../../../shared/problem.ts';
import { useLanguage } from '../language.tsx';
import { usePane } from '../pane-context.tsx';
import { Notice, ProblemBar } from '../states.tsx';
import { drawWords } from './draw-words.ts';

const useStyles = makeStyles({
  box: { display: 'flex', flexDirection: 'column', gap: '8px' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** One press that draws, and what must be said before it. */
export function HoldDraw({ draw, onHeld }: { draw: Draw; onHeld: (held: Draw) => void }): ReactElement {
  const styles = useStyles();
  const words = drawWords[useLanguage()];
  const { backend, person } = usePane();
  const [reason, setReason] = useState('');
  const [publicNumber, setPublicNumber] = useState('');
  const [state, setState] = useState<'open' | 'sending' | Problem>('open');
  if (!person.may.includes('draw')) return <Notice intent="info">{words.notAllowed}</Notice>;
  const needsReason = draw.concerns.length > 0;
  const isReady = (!needsReason || reason.trim().length >= 3) && (!draw.frozen.strict || publicNumber.trim() !== '');
  const send = async (): Promise<void> => {
    setState('sending');
    try {
      const body = { ...(needsReason ? { reason } : {}), ...(draw.frozen.strict ? { publicNumber } : {}) };
      onHeld((await backend.call('holdDraw', { params: { id: draw.id }, body })).draw);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setState(error);
    }
  };
  return (
    <form className={styles.box} onSubmit={(event) => { event.preventDefault(); void send(); }}>
      {draw.concerns.map((concern) => <Notice key={concern} intent="warning">{words.concern[concern]}</Notice>)}
      {needsReason && (
        <Field label={words.reason} hint={words.reasonHint} required>
          <Textarea value={reason} onChange={(_, { value }) => { setReason(value); }} maxLength={2000} resize="vertical" />
        </Field>
      )}
      {draw.frozen.strict && (
        <Field label={words.publicNumber} hint={words.publicNumberHint} required>
          <Input value={publicNumber} onChange={(_, { value }) => { setPublicNumber(value); }} maxLength={100} />
        </Field>
      )}
      {state instanceof Problem && <ProblemBar problem={state} />}
      <Button type="submit" appearance="primary" disabled={!isReady || state === 'sending'}>{state === 'sending' ? words.holding : words.hold}</Button>
      <Text size={200} className={styles.quiet}>{words.holdHint}</Text>
    </form>
  );
}
