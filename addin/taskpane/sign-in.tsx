import { Button, Field, Input, Spinner, Text, Title3, makeStyles, tokens } from '@fluentui/react-components';
import { useState, type ReactElement } from 'react';
import { demoRoles, type BodyOf, type CompanyAnswer, type SessionAnswer } from '../../shared/api.ts';
import type { Problem } from '../../shared/problem.ts';
import type { Backend } from '../backend.ts';
import { useWords } from './language.tsx';
import { asProblem } from './loaded.ts';
import { Notice, ProblemBar } from './states.tsx';

const useStyles = makeStyles({
  page: { boxSizing: 'border-box', minHeight: '100%', maxWidth: '420px', margin: '0 auto', padding: '40px 16px 24px', display: 'flex', flexDirection: 'column', gap: '16px' },
  mark: { width: '40px', height: '40px' },
  quiet: { color: tokens.colorNeutralForeground2 },
  people: { display: 'flex', flexDirection: 'column', gap: '8px' },
  language: { alignSelf: 'flex-start', marginTop: 'auto' },
});

interface SignInProps {
  backend: Backend;
  company: CompanyAnswer;
  lost: boolean;
  onSignedIn: (answer: SessionAnswer) => void;
  onSwitchLanguage: () => void;
}

/** The first thing a person sees: what this is, and the one step to get in. */
export function SignIn({ backend, company, lost, onSignedIn, onSwitchLanguage }: SignInProps): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const enter = async (body: BodyOf<'signIn'>): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      onSignedIn(await backend.call('signIn', { body }));
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <main className={styles.page}>
      <img src="/assets/icon-80.png" alt="" className={styles.mark} />
      <Title3 as="h1" style={{ margin: 0 }}>{words.signInTitle}</Title3>
      <Text className={styles.quiet}>{words.signInText}</Text>
      {lost && <Notice intent="info">{words.signedOut}</Notice>}
      {problem !== undefined && <ProblemBar problem={problem} />}
      {company.demo ? <DemoPeople busy={busy} enter={enter} /> : <CodeEntry busy={busy} enter={enter} />}
      <Button appearance="subtle" size="small" className={styles.language} onClick={onSwitchLanguage} lang={words.switchLanguage === 'English' ? 'en' : 'ru'}>
        {words.switchLanguage}
      </Button>
    </main>
  );
}

interface EntryProps {
  busy: boolean;
  enter: (body: BodyOf<'signIn'>) => Promise<void>;
}

function DemoPeople({ busy, enter }: EntryProps): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const names = { manager: words.demoManager, marketer: words.demoMarketer, analyst: words.demoAnalyst, operator: words.demoOperator };
  return (
    <div className={styles.people} role="group" aria-label={words.demoChoose}>
      <Text>{words.demoChoose}</Text>
      {demoRoles.map((role, index) => (
        <Button key={role} size="large" appearance={index === 0 ? 'primary' : 'secondary'} disabled={busy} onClick={() => { void enter({ demo: role }); }}>
          {names[role]}
        </Button>
      ))}
    </div>
  );
}

function CodeEntry({ busy, enter }: EntryProps): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const [code, setCode] = useState('');
  return (
    <form
      className={styles.people}
      onSubmit={(event) => {
        event.preventDefault();
        void enter({ code: code.trim() });
      }}
    >
      <Field label={words.code} hint={words.codeHint}>
        <Input value={code} onChange={(_, { value }) => { setCode(value); }} autoComplete="one-time-code" spellCheck={false} size="large" />
      </Field>
      <Button type="submit" appearance="primary" size="large" disabled={busy || code.trim().length < 8} icon={busy ? <Spinner size="tiny" /> : undefined}>
        {words.signIn}
      </Button>
    </form>
  );
}
