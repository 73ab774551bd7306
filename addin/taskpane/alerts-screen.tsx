import { Badge, Button, Field, Input, Select, Text, makeStyles, tokens } from '@fluentui/react-components';
import { useState, type ReactElement } from 'react';
import type { Incident, IncidentDecision } from '../../shared/alert.ts';
import type { Problem } from '../../shared/problem.ts';
import { AlertsChart } from './alerts-chart.tsx';
import { useAlertWords } from './alerts-words.ts';
import { momentWords } from './cell-words.ts';
import { shortNumber } from './counted.ts';
import { Frame } from './frame.tsx';
import { useLanguage, useLocal } from './language.tsx';
import { asProblem, useLoaded } from './loaded.ts';
import { usePane } from './pane-context.tsx';
import { Empty, Notice, ProblemBar, WhenLoaded } from './states.tsx';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  item: { display: 'flex', flexDirection: 'column', gap: '4px', padding: '10px 0', borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  top: { display: 'flex', gap: '8px', alignItems: 'center', justifyContent: 'space-between' },
  name: { overflowWrap: 'anywhere', minWidth: 0 },
  quiet: { color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
  buttons: { display: 'flex', flexWrap: 'wrap', gap: '8px', marginTop: '4px' },
});

const dayMs = 86_400_000;
const colours = { pending: 'informative', firing: 'danger', ongoing: 'danger', resolved: 'success', absorbed: 'informative', muted: 'warning' } as const;

/** For analysts and operators: what is outside its usual range, and whether the channels carry. */
export function AlertsScreen(): ReactElement {
  const styles = useStyles();
  const words = useAlertWords();
  const local = useLocal();
  const { backend, person } = usePane();
  const [all, setAll] = useState(false);
  const { loaded, reload, replace } = useLoaded('alerts', (signal) => backend.call('alerts', { signal }));
  return (
    <Frame title={words.alerts}>
      <WhenLoaded loaded={loaded} onRetry={reload}>
        {({ incidents, channels }) => {
          const shown = incidents.filter(({ closedAt }) => all || closedAt === null);
          const onChanged = (changed: Incident): void => { replace({ channels, incidents: incidents.map((one) => (one.id === changed.id ? changed : one)) }); };
          return (
            <>
              {channels.map(({ name, trouble, waiting }) => trouble !== null && (
                <Notice key={name} intent="error" title={words.channelTrouble(name)}>{`${local(trouble)}${waiting > 0 ? ` ${words.channelWaiting(waiting)}.` : ''}`}</Notice>
              ))}
              <Select aria-label={words.which} value={all ? 'all' : 'open'} onChange={(_, { value }) => { setAll(value === 'all'); }}>
                <option value="open">{words.open}</option>
                <option value="all">{words.all}</option>
              </Select>
              {shown.length === 0 ? <Empty title={words.nothing} hint={words.nothingHint} /> : <ul className={styles.list}>{shown.map((one) => <AlertItem key={one.id} incident={one} {...(person.may.includes('author') && one.closedAt === null ? { onChanged } : {})} />)}</ul>}
            </>
          );
        }}
      </WhenLoaded>
    </Frame>
  );
}

interface AlertItemProps {
  incident: Incident;
  /** For who may decide about it. */
  onChanged?: (incident: Incident) => void;
}

function AlertItem({ incident, onChanged }: AlertItemProps): ReactElement {
  const styles = useStyles();
  const words = useAlertWords();
  const local = useLocal();
  const language = useLanguage();
  const { company } = usePane();
  const when = (instant: string) => momentWords(instant, company.timeZone, language);
  const range = [incident.low, incident.high].filter((edge) => edge !== null).map((edge) => shortNumber(language, edge)).join('–');
  const figures = [incident.value === null ? words.noData : shortNumber(language, incident.value), ...(range === '' ? [] : [words.expected(range)]), words.since(when(incident.since))].join(', ');
  return (
    <li className={styles.item}>
      <div className={styles.top}>
        <Text weight="semibold" className={styles.name}>{local(incident.title)}</Text>
        <Badge appearance="tint" color={colours[incident.state]} style={{ flexShrink: 0 }}>{words.states[incident.state]}</Badge>
      </div>
      <Text size={200} className={styles.quiet}>{`${figures} · № ${incident.number}`}</Text>
      {incident.points.length > 1 && <AlertsChart points={incident.points} title={`${local(incident.title)}: ${figures}`} />}
      {incident.acknowledgedBy !== null && <Text size={200} className={styles.quiet}>{words.inHands(incident.acknowledgedBy)}</Text>}
      {incident.state === 'muted' && incident.mutedUntil !== null && <Text size={200} className={styles.quiet}>{words.mutedUntil(when(incident.mutedUntil))}</Text>}
      {onChanged !== undefined && <Decisions incident={incident} onChanged={onChanged} />}
    </li>
  );
}

/** What can be said about an alert; what others must understand asks for a reason. */
function Decisions({ incident, onChanged }: Required<AlertItemProps>): ReactElement {
  const styles = useStyles();
  const words = useAlertWords();
  const { backend } = usePane();
  const [explaining, setExplaining] = useState<'expected' | 'newNormal'>();
  const [reason, setReason] = useState('');
  const [sending, setSending] = useState<{ busy: boolean; problem?: Problem }>({ busy: false });
  const send = async (body: IncidentDecision): Promise<void> => {
    setSending({ busy: true });
    try {
      onChanged((await backend.call('decideAlert', { params: { id: incident.id }, body })).incident);
      setSending({ busy: false });
      setExplaining(undefined);
    } catch (error) {
      setSending({ busy: false, problem: asProblem(error) });
    }
  };
  const busy = sending.busy;
  return (
    <>
      {sending.problem !== undefined && <ProblemBar problem={sending.problem} />}
      {explaining === undefined ? (
        <div className={styles.buttons}>
          {incident.acknowledgedBy === null && <Button size="small" disabledFocusable={busy} onClick={() => { void send({ decision: 'acknowledged' }); }}>{words.acknowledge}</Button>}
          {incident.state !== 'muted' && <Button size="small" disabledFocusable={busy} onClick={() => { void send({ decision: 'muted', until: new Date(Date.now() + dayMs).toISOString() }); }}>{words.mute}</Button>}
          <Button size="small" appearance="subtle" onClick={() => { setExplaining('expected'); }}>{words.isExpected}</Button>
          <Button size="small" appearance="subtle" onClick={() => { setExplaining('newNormal'); }}>{words.isNormal}</Button>
        </div>
      ) : (
        <>
          <Field label={words.reason}><Input autoFocus value={reason} maxLength={500} onChange={(_, { value }) => { setReason(value); }} /></Field>
          <div className={styles.buttons}>
            <Button size="small" appearance="primary" disabledFocusable={busy || reason.trim() === ''} onClick={() => { void send({ decision: explaining, reason: reason.trim() }); }}>{words.save}</Button>
            <Button size="small" onClick={() => { setExplaining(undefined); }}>{words.cancel}</Button>
          </div>
        </>
      )}
    </>
  );
}
