import { Badge, Button, Text, makeStyles, tokens } from '@fluentui/react-components';
import { useState, type ReactElement } from 'react';
import type { SourceReport } from '../../shared/source-report.ts';
import { Frame } from './frame.tsx';
import { useLanguage, useLocal } from './language.tsx';
import { useLoaded } from './loaded.ts';
import { usePane } from './pane-context.tsx';
import { useStaffWords } from './staff-words.ts';
import { WhenLoaded } from './states.tsx';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  item: { display: 'flex', flexDirection: 'column', gap: '4px', padding: '10px 0', borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  top: { display: 'flex', gap: '8px', alignItems: 'center', justifyContent: 'space-between' },
  name: { overflowWrap: 'anywhere' },
  quiet: { color: tokens.colorNeutralForeground2 },
  words: { overflowWrap: 'anywhere' },
  advice: { borderLeft: `3px solid ${tokens.colorPaletteYellowBorder2}`, paddingLeft: '8px', overflowWrap: 'anywhere' },
});

/** For operators: every source, and whether it answers at this moment. */
export function SourcesScreen(): ReactElement {
  const styles = useStyles();
  const staff = useStaffWords();
  const { backend } = usePane();
  const [check, setCheck] = useState(1);
  const again = (): void => { setCheck(check + 1); };
  const { loaded } = useLoaded(`sources ${check}`, async (signal) => (await backend.call('sources', { signal })).sources);
  return (
    <Frame title={staff.sources} foot={<Button appearance="primary" disabledFocusable={loaded.state === 'loading'} onClick={again}>{staff.checkSources}</Button>}>
      <WhenLoaded loaded={loaded} onRetry={again}>
        {(sources) => <ul className={styles.list} aria-live="polite">{sources.map((source) => <SourceItem key={source.name} source={source} />)}</ul>}
      </WhenLoaded>
    </Frame>
  );
}

function SourceItem({ source: { name, kind, usedBy, status } }: { source: SourceReport }): ReactElement {
  const styles = useStyles();
  const staff = useStaffWords();
  const local = useLocal();
  const works = status.state === 'works';
  return (
    <li className={styles.item}>
      <div className={styles.top}>
        <Text weight="semibold" className={styles.name}>{name}</Text>
        <Badge appearance="tint" color={works ? 'success' : 'danger'} style={{ flexShrink: 0 }}>{works ? staff.sourceWorks : staff.sourceFails}</Badge>
      </div>
      <Text size={200} className={styles.quiet}>{`${name === kind ? '' : `${kind} · `}${staff.sourceUses(usedBy)}`}</Text>
      <Answer status={status} />
      {works && status.advice.map((advice) => <Text key={advice.en} size={200} className={styles.advice}>{local(advice)}</Text>)}
    </li>
  );
}

function Answer({ status }: { status: SourceReport['status'] }): ReactElement {
  const styles = useStyles();
  const staff = useStaffWords();
  const local = useLocal();
  const language = useLanguage();
  switch (status.state) {
    case 'works':
      return <Text size={200} className={styles.words}>{staff.sourceAnswered(status.version, status.latencyMs.toLocaleString(language, { maximumFractionDigits: status.latencyMs < 10 ? 1 : 0 }))}</Text>;
    case 'fails':
      return <Text className={styles.words}>{local(status.message)}</Text>;
  }
}
