import { Badge, Button, Text, Textarea, makeStyles, tokens } from '@fluentui/react-components';
import { useState, type ReactElement } from 'react';
import type { Question } from '../../shared/api.ts';
import type { Problem } from '../../shared/problem.ts';
import { AskDialog } from './ask-dialog.tsx';
import { momentWords } from './cell-words.ts';
import { Frame } from './frame.tsx';
import { useLanguage, useWords } from './language.tsx';
import { asProblem, useLoaded } from './loaded.ts';
import { usePane } from './pane-context.tsx';
import { Empty, ProblemBar, WhenLoaded } from './states.tsx';
import { runNumberWords } from './values-line.tsx';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  item: { display: 'flex', flexDirection: 'column', gap: '4px', padding: '10px 0', borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  top: { display: 'flex', gap: '8px', alignItems: 'center', justifyContent: 'space-between' },
  quiet: { color: tokens.colorNeutralForeground2 },
  text: { whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' },
  answer: { borderLeft: `3px solid ${tokens.colorBrandStroke1}`, paddingLeft: '8px', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' },
  buttons: { display: 'flex', gap: '8px' },
  heading: { margin: '4px 0 0' },
});

/** Questions that this person asked, and, for analysts, those that wait for their answer. */
export function QuestionsScreen(): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const { backend, person } = usePane();
  const { loaded, reload, replace } = useLoaded('questions', async (signal) => (await backend.call('questions', { signal })).questions);
  return (
    <Frame title={words.questions} foot={<div><AskDialog appearance="primary" /></div>}>
      <WhenLoaded loaded={loaded} onRetry={reload}>
        {(questions) => {
          const mine = questions.filter(({ askedBy }) => askedBy === person.id);
          const toMe = questions.filter(({ askedBy }) => askedBy !== person.id);
          const onAnswered = (answered: Question): void => { replace(questions.map((one) => (one.id === answered.id ? answered : one))); };
          return (
            <>
              {toMe.length > 0 && (
                <section>
                  <Text as="h2" weight="semibold" block className={styles.heading}>{words.questionsToMe}</Text>
                  <ul className={styles.list}>{toMe.map((one) => <QuestionItem key={one.id} question={one} onAnswered={onAnswered} />)}</ul>
                </section>
              )}
              {mine.length === 0 ? (
                toMe.length === 0 && <Empty title={words.noQuestions} hint={words.noQuestionsHint} />
              ) : (
                <section>
                  {toMe.length > 0 && <Text as="h2" weight="semibold" block className={styles.heading}>{words.questions}</Text>}
                  <ul className={styles.list}>{mine.map((one) => <QuestionItem key={one.id} question={one} />)}</ul>
                </section>
              )}
            </>
          );
        }}
      </WhenLoaded>
    </Frame>
  );
}

function QuestionItem({ question, onAnswered }: { question: Question; onAnswered?: (question: Question) => void }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const language = useLanguage();
  const { company } = usePane();
  const states = { open: words.questionOpen, answered: words.questionAnswered, declined: words.questionDeclined };
  const colours = { open: 'informative', answered: 'success', declined: 'warning' } as const;
  return (
    <li className={styles.item}>
      <div className={styles.top}>
        <Text size={200} className={styles.quiet}>
          {momentWords(question.createdAt, company.timeZone, language)}
          {question.runNumber !== null && ` · ${runNumberWords(question.runNumber)}`}
        </Text>
        <Badge appearance="tint" color={colours[question.state]}>{states[question.state]}</Badge>
      </div>
      {onAnswered !== undefined && <Text size={200} className={styles.quiet}>{words.askedBy(question.askedBy)}</Text>}
      <Text className={styles.text}>{question.text}</Text>
      {question.forWhat !== null && question.forWhat !== '' && <Text size={200} className={styles.quiet}>{words.forWhat(question.forWhat)}</Text>}
      {question.byWhen !== null && question.byWhen !== '' && <Text size={200} className={styles.quiet}>{words.byWhen(question.byWhen)}</Text>}
      {question.answer !== null && question.answer !== '' && <Text className={styles.answer}>{question.answer}</Text>}
      {onAnswered !== undefined && question.state === 'open' && <AnswerForm question={question} onAnswered={onAnswered} />}
    </li>
  );
}

function AnswerForm({ question, onAnswered }: { question: Question; onAnswered: (question: Question) => void }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const { backend } = usePane();
  const [answer, setAnswer] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const send = async (state: 'answered' | 'declined'): Promise<void> => {
    setBusy(true);
    try {
      onAnswered((await backend.call('answerQuestion', { params: { id: question.id }, body: { state, answer: answer.trim() } })).question);
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <>
      <Textarea aria-label={words.answer} rows={2} resize="vertical" maxLength={4000} value={answer} onChange={(_, { value }) => { setAnswer(value); }} />
      {problem !== undefined && <ProblemBar problem={problem} />}
      <div className={styles.buttons}>
        <Button size="small" appearance="primary" disabled={busy || answer.trim() === ''} onClick={() => { void send('answered'); }}>{words.sendAnswer}</Button>
        <Button size="small" disabled={busy} onClick={() => { void send('declined'); }}>{words.decline}</Button>
      </div>
    </>
  );
}
