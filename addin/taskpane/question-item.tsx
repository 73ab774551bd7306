import { Badge, Button, Link, Text, makeStyles, tokens } from '@fluentui/react-components';
import { useState, type ReactElement } from 'react';
import type { Problem } from '../../shared/problem.ts';
import type { Question, QuestionChange } from '../../shared/question.ts';
import { AnswerForm } from './answer-form.tsx';
import { momentWords } from './cell-words.ts';
import { useLanguage, useLocal, useWords } from './language.tsx';
import { asProblem } from './loaded.ts';
import { usePane } from './pane-context.tsx';
import { useStaffWords } from './staff-words.ts';
import { ProblemBar } from './states.tsx';
import { runNumberWords } from './values-line.tsx';

const useStyles = makeStyles({
  item: { display: 'flex', flexDirection: 'column', gap: '4px', padding: '10px 0', borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  top: { display: 'flex', gap: '8px', alignItems: 'center', justifyContent: 'space-between' },
  quiet: { color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
  text: { whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' },
  answer: { borderLeft: `3px solid ${tokens.colorBrandStroke1}`, paddingLeft: '8px', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' },
  buttons: { display: 'flex', flexWrap: 'wrap', gap: '8px', marginTop: '4px' },
});

interface QuestionItemProps {
  question: Question;
  /** For who may answer it. */
  onChanged?: (question: Question) => void;
}

/** One request: what is asked, how it stands, and for analysts what can be done with it. */
export function QuestionItem({ question, onChanged }: QuestionItemProps): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const staff = useStaffWords();
  const local = useLocal();
  const { navigation, person } = usePane();
  const { becameTask, state, takenBy } = question;
  const isOpen = state === 'new' || state === 'taken';
  return (
    <li className={styles.item}>
      <Head question={question} mayOpenRun={onChanged !== undefined || question.askedBy === person.id} />
      {question.askedBy !== person.id && <Text size={200} className={styles.quiet}>{words.askedBy(question.askedBy)}</Text>}
      <Text className={styles.text}>{question.text}</Text>
      {question.forWhat !== null && question.forWhat !== '' && <Text size={200} className={styles.quiet}>{words.forWhat(question.forWhat)}</Text>}
      {question.byWhen !== null && question.byWhen !== '' && <Text size={200} className={styles.quiet}>{words.byWhen(question.byWhen)}</Text>}
      {state === 'taken' && takenBy !== null && <Text size={200} className={styles.quiet}>{takenBy === person.id ? staff.takenByMe : words.takenBy(takenBy)}</Text>}
      {question.answer !== null && question.answer !== '' && <Text className={styles.answer}>{question.answer}</Text>}
      {becameTask !== null && (
        <div className={styles.buttons}>
          <Button size="small" appearance="primary" onClick={() => { navigation.open({ name: 'form', taskId: becameTask.id }); }}>{words.openItsTask(local(becameTask.title))}</Button>
        </div>
      )}
      {onChanged !== undefined && isOpen && <Work question={question} onChanged={onChanged} />}
    </li>
  );
}

function Head({ question: { createdAt, runId, runNumber, state }, mayOpenRun }: { question: Question; mayOpenRun: boolean }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const language = useLanguage();
  const { company, navigation } = usePane();
  const states = { new: words.questionOpen, taken: words.questionTaken, done: words.questionAnswered, declined: words.questionDeclined, became_task: words.questionBecameTask };
  const colours = { new: 'informative', taken: 'brand', done: 'success', declined: 'warning', became_task: 'success' } as const;
  return (
    <div className={styles.top}>
      <Text size={200} className={styles.quiet}>
        {momentWords(createdAt, company.timeZone, language)}
        {runId !== null && runNumber !== null && (
          <>
            {' · '}
            {mayOpenRun ? <Link as="button" onClick={() => { navigation.open({ name: 'run', runId, toSheet: false }); }}>{runNumberWords(runNumber)}</Link> : runNumberWords(runNumber)}
          </>
        )}
      </Text>
      <Badge appearance="tint" color={colours[state]} style={{ flexShrink: 0 }}>{states[state]}</Badge>
    </div>
  );
}

/** Taking a request, putting it back, answering it. */
function Work({ question, onChanged }: Required<QuestionItemProps>): ReactElement {
  const styles = useStyles();
  const staff = useStaffWords();
  const { backend, person } = usePane();
  const [answering, setAnswering] = useState(false);
  const [sending, setSending] = useState<{ busy: boolean; problem?: Problem }>({ busy: false });
  const send = async (change: QuestionChange): Promise<void> => {
    setSending({ busy: true });
    try {
      onChanged((await backend.call('answerQuestion', { params: { id: question.id }, body: change })).question);
      setSending({ busy: false });
    } catch (error) {
      setSending({ busy: false, problem: asProblem(error) });
    }
  };
  return (
    <>
      {sending.problem !== undefined && <ProblemBar problem={sending.problem} />}
      {answering ? (
        <AnswerForm busy={sending.busy} onSend={(change) => { void send(change); }} onCancel={() => { setAnswering(false); }} />
      ) : (
        <div className={styles.buttons}>
          {question.state === 'new' && <Button size="small" disabledFocusable={sending.busy} onClick={() => { void send({ state: 'taken' }); }}>{staff.takeRequest}</Button>}
          <Button size="small" onClick={() => { setAnswering(true); }}>{staff.answerRequest}</Button>
          {question.takenBy === person.id && <Button size="small" appearance="subtle" disabledFocusable={sending.busy} onClick={() => { void send({ state: 'new' }); }}>{staff.putBackRequest}</Button>}
        </div>
      )}
    </>
  );
}
