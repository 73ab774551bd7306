import { Accordion, AccordionHeader, AccordionItem, AccordionPanel, Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { Draw, DrawOutcome } from '../../../shared/draw.ts';
import { useLanguage, useLocal } from '../language.tsx';
import { useLoaded } from '../loaded.ts';
import { usePane } from '../pane-context.tsx';
import { Notice, WhenLoaded } from '../states.tsx';
import { DrawWinners } from './draw-winners.tsx';
import { drawWords } from './draw-words.ts';
import { HoldDraw } from './hold-draw.tsx';

const useStyles = makeStyles({
  panel: { display: 'flex', flexDirection: 'column', gap: '12px' },
  box: { display: 'flex', flexDirection: 'column', gap: '4px' },
  list: { margin: 0, paddingLeft: '18px', display: 'flex', flexDirection: 'column', gap: '2px' },
  quiet: { color: tokens.colorNeutralForeground2 },
  hash: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, overflowWrap: 'anywhere' },
  header: { '& button': { paddingLeft: 0 } },
  inside: { margin: '0 0 8px', display: 'flex', flexDirection: 'column', gap: '8px' },
});

/** A draw: the frozen list, the one press that draws, then who has the prizes. */
export function DrawPanel({ outcome }: { outcome: DrawOutcome }): ReactElement {
  const styles = useStyles();
  const words = drawWords[useLanguage()];
  const { backend, person } = usePane();
  const mayRead = person.may.includes('draw') || person.may.includes('author');
  return (
    <section className={styles.panel} aria-label={words.draw}>
      <FrozenList outcome={outcome} />
      {mayRead ? <Drawing drawId={outcome.drawId} load={async (signal) => (await backend.call('draw', { params: { id: outcome.drawId }, signal })).draw} /> : <Notice intent="info">{words.notAllowed}</Notice>}
    </section>
  );
}

function Drawing({ drawId, load }: { drawId: string; load: (signal: AbortSignal) => Promise<Draw> }): ReactElement {
  const { loaded, reload, replace } = useLoaded(`draw ${drawId}`, load);
  return (
    <WhenLoaded loaded={loaded} onRetry={reload} lines={4}>
      {(draw) => (draw.held === null ? <HoldDraw draw={draw} onHeld={replace} /> : <DrawWinners draw={draw} held={draw.held} onChange={replace} />)}
    </WhenLoaded>
  );
}

function FrozenList({ outcome }: { outcome: DrawOutcome }): ReactElement {
  const styles = useStyles();
  const local = useLocal();
  const language = useLanguage();
  const words = drawWords[language];
  return (
    <div className={styles.box}>
      <Text as="h3" weight="semibold" style={{ margin: 0 }}>{words.list}</Text>
      <Text>{words.taking(outcome.participants, Number(outcome.tickets))}</Text>
      <Text size={200} className={styles.quiet}>{[...outcome.prizes.map(({ title, count }) => words.prizeCount(local(title), count)), ...(outcome.reserves === 0 ? [] : [words.reserveCount(outcome.reserves)])].join(' · ')}</Text>
      <Accordion collapsible multiple>
        <AccordionItem value="funnel">
          <AccordionHeader as="h3" className={styles.header}>{words.funnelHead}</AccordionHeader>
          <AccordionPanel className={styles.inside}>
            <ul className={styles.list}>{outcome.funnel.map(({ text, left }) => <li key={text.en}><Text size={200}>{`${local(text)}: ${left.toLocaleString(language)}`}</Text></li>)}</ul>
          </AccordionPanel>
        </AccordionItem>
        <AccordionItem value="fingerprints">
          <AccordionHeader as="h3" className={styles.header}>{words.fingerprint}</AccordionHeader>
          <AccordionPanel className={styles.inside}>
            <span className={styles.hash}>{outcome.fingerprint}</span>
            <Text size={200} weight="semibold">{words.seedHash}</Text>
            <span className={styles.hash}>{outcome.seedHash}</span>
            <Text size={200} className={styles.quiet}>{words.fingerprintsHint}</Text>
          </AccordionPanel>
        </AccordionItem>
      </Accordion>
    </div>
  );
}
