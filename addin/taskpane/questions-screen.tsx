import { Select, makeStyles } from '@fluentui/react-components';
import { useState, type ReactElement } from 'react';
import type { Question } from '../../shared/question.ts';
import { AskDialog } from './ask-dialog.tsx';
import { Frame } from './frame.tsx';
import { useWords } from './language.tsx';
import { useLoaded } from './loaded.ts';
import { usePane } from './pane-context.tsx';
import { QuestionItem } from './question-item.tsx';
import { useStaffWords } from './staff-words.ts';
import { Empty, WhenLoaded } from './states.tsx';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
});

/** What this person asked; for analysts, what everyone asks for. */
export function QuestionsScreen(): ReactElement {
  const words = useWords();
  const staff = useStaffWords();
  const { backend, person } = usePane();
  const { loaded, reload, replace } = useLoaded('questions', async (signal) => (await backend.call('questions', { signal })).questions);
  const isAnalyst = person.may.includes('author');
  return (
    <Frame title={isAnalyst ? staff.requests : words.questions} foot={<div><AskDialog appearance={isAnalyst ? 'secondary' : 'primary'} /></div>}>
      <WhenLoaded loaded={loaded} onRetry={reload}>
        {(questions) => {
          const onChanged = (changed: Question): void => { replace(questions.map((one) => (one.id === changed.id ? changed : one))); };
          return isAnalyst ? <Requests questions={questions} onChanged={onChanged} /> : <Asked questions={questions} onChanged={onChanged} />;
        }}
      </WhenLoaded>
    </Frame>
  );
}

interface ListProps {
  questions: Question[];
  onChanged: (question: Question) => void;
}

function Asked({ questions, onChanged }: ListProps): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const { person } = usePane();
  if (questions.length === 0) return <Empty title={words.noQuestions} hint={words.noQuestionsHint} />;
  return <ul className={styles.list}>{questions.map((one) => <QuestionItem key={one.id} question={one} {...(one.askedBy === person.id ? {} : { onChanged })} />)}</ul>;
}

function isOpen({ state }: Question): boolean {
  return state === 'new' || state === 'taken';
}

function Requests({ questions, onChanged }: ListProps): ReactElement {
  const styles = useStyles();
  const staff = useStaffWords();
  // What was open when it was opened stays in sight while it is being closed.
  const [wereOpen] = useState(() => new Set(questions.filter(isOpen).map(({ id }) => id)));
  const [all, setAll] = useState(false);
  const shown = all ? questions : questions.filter((one) => isOpen(one) || wereOpen.has(one.id));
  return (
    <>
      <Select aria-label={staff.whichRequests} value={all ? 'all' : 'open'} onChange={(_, { value }) => { setAll(value === 'all'); }}>
        <option value="open">{staff.openRequests(questions.filter(isOpen).length)}</option>
        <option value="all">{staff.allRequests(questions.length)}</option>
      </Select>
      {shown.length === 0 ? (
        <Empty title={staff.noOpenRequests} hint={staff.noOpenRequestsHint} />
      ) : (
        <ul className={styles.list}>{shown.map((one) => <QuestionItem key={one.id} question={one} onChanged={onChanged} />)}</ul>
      )}
    </>
  );
}
