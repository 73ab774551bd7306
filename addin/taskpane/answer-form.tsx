import { Button, Field, Select, Textarea, makeStyles } from '@fluentui/react-components';
import { useState, type ReactElement } from 'react';
import type { QuestionChange } from '../../shared/question.ts';
import { focusNow } from './focus-now.ts';
import { useLocal, useWords } from './language.tsx';
import { useLoaded } from './loaded.ts';
import { usePane } from './pane-context.tsx';
import { useStaffWords } from './staff-words.ts';

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: '8px' },
  full: { minWidth: 0, maxWidth: 'none', width: '100%' },
  buttons: { display: 'flex', flexWrap: 'wrap', gap: '8px' },
});

interface AnswerFormProps {
  busy: boolean;
  onSend: (change: QuestionChange) => void;
  onCancel: () => void;
}

/** How a request ends: an answer, a refusal, or a task from which anyone gets it by themselves. */
export function AnswerForm({ busy, onSend, onCancel }: AnswerFormProps): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const staff = useStaffWords();
  const local = useLocal();
  const { backend } = usePane();
  const { loaded } = useLoaded('tasks of an answer', async (signal) => (await backend.call('tasks', { signal })).tasks.filter(({ status }) => status === 'published'));
  const [answer, setAnswer] = useState('');
  const [task, setTask] = useState('');
  const written = answer.trim();
  return (
    <div className={styles.form}>
      <Textarea ref={focusNow} aria-label={words.answer} placeholder={words.answer} rows={3} resize="vertical" maxLength={4000} value={answer} onChange={(_, { value }) => { setAnswer(value); }} />
      <Field label={staff.whichTask} hint={words.optional}>
        <Select className={styles.full} value={task} disabled={loaded.state !== 'ready'} onChange={(_, { value }) => { setTask(value); }}>
          <option value="" />
          {loaded.state === 'ready' && loaded.value.map(({ id, title }) => <option key={id} value={id}>{local(title)}</option>)}
        </Select>
      </Field>
      <div className={styles.buttons}>
        {task === '' ? (
          <>
            <Button size="small" appearance="primary" disabledFocusable={busy || written === ''} onClick={() => { onSend({ state: 'done', answer: written }); }}>{words.sendAnswer}</Button>
            <Button size="small" disabledFocusable={busy} onClick={() => { onSend({ state: 'declined', answer: written }); }}>{words.decline}</Button>
          </>
        ) : (
          <Button size="small" appearance="primary" disabledFocusable={busy} onClick={() => { onSend({ state: 'became_task', task, ...(written === '' ? {} : { answer: written }) }); }}>{staff.nowTask}</Button>
        )}
        <Button size="small" appearance="subtle" onClick={onCancel}>{words.cancel}</Button>
      </div>
    </div>
  );
}
