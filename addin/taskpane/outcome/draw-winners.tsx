import { Accordion, AccordionHeader, AccordionItem, AccordionPanel, Button, Field, Text, Textarea, makeStyles, tokens } from '@fluentui/react-components';
import { useState, type ReactElement } from 'react';
import type { Draw, DrawWinner } from '../../../shared/draw.ts';
import { Problem } from '../../../shared/problem.ts';
import { useLanguage, useLocal, useWords } from '../language.tsx';
import { usePane } from '../pane-context.tsx';
import { Notice, ProblemBar } from '../states.tsx';
import { drawWords } from './draw-words.ts';
import { saveText } from './save-text.ts';

const useStyles = makeStyles({
  box: { display: 'flex', flexDirection: 'column', gap: '8px' },
  list: { listStyleType: 'none', margin: 0, padding: 0, display: 'flex', flexDirection: 'column', gap: '6px' },
  winner: { display: 'flex', alignItems: 'flex-start', columnGap: '8px', justifyContent: 'space-between' },
  name: { overflowWrap: 'anywhere', minWidth: 0, flexGrow: 1 },
  replace: { flexShrink: 0 },
  quiet: { color: tokens.colorNeutralForeground2 },
  buttons: { display: 'flex', flexWrap: 'wrap', gap: '8px' },
  hash: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, overflowWrap: 'anywhere' },
  header: { '& button': { paddingLeft: 0 } },
  inside: { margin: '0 0 8px', display: 'flex', flexDirection: 'column', gap: '8px' },
});

type Held = NonNullable<Draw['held']>;

interface DrawWinnersProps {
  draw: Draw;
  held: Held;
  onChange: (changed: Draw) => void;
}

/** Who has the prizes now, who would be next, and the papers. */
export function DrawWinners({ draw, held, onChange }: DrawWinnersProps): ReactElement {
  const styles = useStyles();
  const language = useLanguage();
  const words = drawWords[language];
  const local = useLocal();
  const { company } = usePane();
  const unfilled = draw.frozen.prizes.reduce((sum, { count }) => sum + count, 0) - held.winners.length;
  return (
    <div className={styles.box}>
      <Text size={200} className={styles.quiet}>{words.heldBy(held.person, new Date(held.at).toLocaleString(language, { dateStyle: 'long', timeStyle: 'short', timeZone: company.timeZone }))}</Text>
      {held.reason !== null && <Text size={200}>{words.heldReason(held.reason)}</Text>}
      {draw.frozen.prizes.map(({ title }, prize) => {
        const winners = held.winners.filter((one) => one.prize === prize);
        return winners.length === 0 ? null : (
          <div key={title.en} className={styles.box}>
            <Text as="h3" weight="semibold" style={{ margin: 0 }}>{local(title)}</Text>
            <ol className={styles.list}>{winners.map((winner) => <Winner key={winner.place} draw={draw} winner={winner} reserves={held.reserves.length} onChange={onChange} />)}</ol>
          </div>
        );
      })}
      {unfilled > 0 && <Notice intent="info">{words.unfilled(unfilled)}</Notice>}
      <Papers draw={draw} held={held} />
    </div>
  );
}

function Winner({ draw, winner, reserves, onChange }: { draw: Draw; winner: DrawWinner; reserves: number; onChange: (changed: Draw) => void }): ReactElement {
  const styles = useStyles();
  const words = drawWords[useLanguage()];
  const { person } = usePane();
  const [declining, setDeclining] = useState(false);
  const { participant, declined } = winner;
  return (
    <li>
      <span className={styles.winner}>
        <Text className={styles.name}>
          {participant ?? words.noWinner}
          {declined.map((one) => <Text key={one.participant} size={200} block className={styles.quiet}>{`${words.instead(one.participant)}: ${one.reason}`}</Text>)}
        </Text>
        {participant !== null && !declining && person.may.includes('draw') && <Button size="small" appearance="subtle" className={styles.replace} aria-label={`${words.declined}: ${participant}`} onClick={() => { setDeclining(true); }}>{words.declined}</Button>}
      </span>
      {participant !== null && declining && <Decline drawId={draw.id} participant={participant} reserves={reserves} onDone={(changed) => { setDeclining(false); if (changed !== undefined) onChange(changed); }} />}
    </li>
  );
}

function Decline({ drawId, participant, reserves, onDone }: { drawId: string; participant: string; reserves: number; onDone: (changed: Draw | undefined) => void }): ReactElement {
  const styles = useStyles();
  const words = drawWords[useLanguage()];
  const { cancel } = useWords();
  const { backend } = usePane();
  const [reason, setReason] = useState('');
  const [state, setState] = useState<'open' | 'sending' | Problem>('open');
  const send = async (): Promise<void> => {
    setState('sending');
    try {
      onDone((await backend.call('replaceWinner', { params: { id: drawId }, body: { participant, reason } })).draw);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setState(error);
    }
  };
  return (
    <form className={styles.box} onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <Field label={words.whyDeclined} hint={words.reasonHint} required>
        <Textarea value={reason} onChange={(_, { value }) => { setReason(value); }} maxLength={2000} resize="vertical" />
      </Field>
      {state instanceof Problem && <ProblemBar problem={state} />}
      <div className={styles.buttons}>
        <Button type="submit" appearance="primary" disabled={reason.trim().length < 3 || state === 'sending'}>{reserves > 0 ? words.giveToReserve : words.giveToNobody}</Button>
        <Button onClick={() => { onDone(undefined); }}>{cancel}</Button>
      </div>
    </form>
  );
}

function Papers({ draw, held }: { draw: Draw; held: Held }): ReactElement {
  const styles = useStyles();
  const words = drawWords[useLanguage()];
  const { backend } = usePane();
  const [problem, setProblem] = useState<Problem>();
  const save = async (which: 'protocol' | 'publication'): Promise<void> => {
    setProblem(undefined);
    try {
      saveText((await backend.call('drawFiles', { params: { id: draw.id } }))[which]);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
  };
  return (
    <>
      <div className={styles.buttons}>
        <Button onClick={() => { void save('protocol'); }}>{words.protocol}</Button>
        <Button onClick={() => { void save('publication'); }}>{words.publication}</Button>
      </div>
      {problem !== undefined && <ProblemBar problem={problem} />}
      <Accordion collapsible multiple>
        {held.reserves.length > 0 && (
          <AccordionItem value="reserves">
            <AccordionHeader as="h3" className={styles.header}>{words.reservesLeft(held.reserves.length)}</AccordionHeader>
            <AccordionPanel className={styles.inside}>
              <ol>{held.reserves.map((participant) => <li key={participant}><Text className={styles.name}>{participant}</Text></li>)}</ol>
            </AccordionPanel>
          </AccordionItem>
        )}
        <AccordionItem value="seed">
          <AccordionHeader as="h3" className={styles.header}>{words.seed}</AccordionHeader>
          <AccordionPanel className={styles.inside}>
            <span className={styles.hash}>{held.seed}</span>
            {held.publicNumber !== null && <Text size={200}>{`${words.publicNumber}: ${held.publicNumber}`}</Text>}
            <Text size={200} className={styles.quiet}>{words.checkHint}</Text>
          </AccordionPanel>
        </AccordionItem>
      </Accordion>
    </>
  );
}
