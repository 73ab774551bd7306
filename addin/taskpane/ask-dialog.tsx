import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, DialogTrigger, Field, Input, Textarea, makeStyles, type ButtonProps } from '@fluentui/react-components';
import { useState, type ReactElement } from 'react';
import type { Problem } from '../../shared/problem.ts';
import type { Run } from '../../shared/run.ts';
import { useWords } from './language.tsx';
import { focusNow } from './focus-now.ts';
import { asProblem } from './loaded.ts';
import { usePane } from './pane-context.tsx';
import { Notice, ProblemBar } from './states.tsx';
import { runNumberWords } from './values-line.tsx';

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: '12px' },
});

interface AskDialogProps {
  appearance: ButtonProps['appearance'];
  /** What the question begins with: a search without a hit. */
  text?: string;
  /** The run that the question is about. */
  run?: Run;
  taskId?: string;
}

type Sending = { state: 'typing'; problem?: Problem } | { state: 'sending' } | { state: 'sent' };

/** A button with the dialog behind it: what, for whom, by when. Goes to the task's owner, or to all analysts. */
export function AskDialog({ appearance, text = '', run, taskId }: AskDialogProps): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const { backend } = usePane();
  const [open, setOpen] = useState(false);
  const [question, setQuestion] = useState({ text, forWhat: '', byWhen: '' });
  const [sending, setSending] = useState<Sending>({ state: 'typing' });
  const change = (part: Partial<typeof question>): void => { setQuestion({ ...question, ...part }); };
  const send = async (): Promise<void> => {
    setSending({ state: 'sending' });
    try {
      const about = { ...(run === undefined ? {} : { runId: run.id }), ...(taskId === undefined ? {} : { taskId }) };
      await backend.call('ask', { body: { text: question.text.trim(), forWhat: question.forWhat.trim(), byWhen: question.byWhen.trim(), ...about } });
      setSending({ state: 'sent' });
      setQuestion({ text: '', forWhat: '', byWhen: '' });
    } catch (error) {
      setSending({ state: 'typing', problem: asProblem(error) });
    }
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(_, data) => {
        setOpen(data.open);
        if (data.open) {
          setSending({ state: 'typing' });
          if (question.text === '') change({ text });
        }
      }}
    >
      <DialogTrigger disableButtonEnhancement>
        <Button appearance={appearance}>{run === undefined ? words.askAnalyst : words.askAbout}</Button>
      </DialogTrigger>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{words.askTitle}</DialogTitle>
          <DialogContent className={styles.form}>
            {sending.state === 'sent' ? (
              <Notice intent="success">{words.questionSent}</Notice>
            ) : (
              <>
                {sending.state === 'typing' && sending.problem !== undefined && <ProblemBar problem={sending.problem} />}
                <Field label={words.askWhat} required hint={run === undefined ? undefined : words.aboutRun(runNumberWords(run.provenance.number))}>
                  <Textarea rows={3} resize="vertical" maxLength={4000} value={question.text} onChange={(_, { value }) => { change({ text: value }); }} />
                </Field>
                <Field label={words.askFor}>
                  <Input maxLength={1000} placeholder={words.askForHint} value={question.forWhat} onChange={(_, { value }) => { change({ forWhat: value }); }} />
                </Field>
                <Field label={words.askBy}>
                  <Input maxLength={100} value={question.byWhen} onChange={(_, { value }) => { change({ byWhen: value }); }} />
                </Field>
              </>
            )}
          </DialogContent>
          <DialogActions>
            {sending.state !== 'sent' && (
              <Button appearance="primary" disabledFocusable={sending.state === 'sending' || question.text.trim() === ''} onClick={() => { void send(); }}>{words.send}</Button>
            )}
            <DialogTrigger disableButtonEnhancement>
              <Button key={sending.state} ref={sending.state === 'sent' ? focusNow : undefined} appearance="secondary">{sending.state === 'sent' ? words.close : words.cancel}</Button>
            </DialogTrigger>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
