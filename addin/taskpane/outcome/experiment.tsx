import { Accordion, AccordionHeader, AccordionItem, AccordionPanel, Text, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ArmReadout, ExperimentOutcome, MetricReadout } from '../../../shared/experiment.ts';
import type { Run } from '../../../shared/run.ts';
import { useLocal, useWords } from '../language.tsx';
import { Decisions } from './decisions.tsx';
import { EffectDays } from './effect-days.tsx';
import { ForestBar, reachOf } from './forest-bar.tsx';
import { ArmMark, VerdictMark } from './verdict-mark.tsx';

const useStyles = makeStyles({
  panel: { display: 'flex', flexDirection: 'column', gap: '12px' },
  arm: { display: 'flex', flexDirection: 'column', gap: '6px', padding: '10px 12px', borderRadius: tokens.borderRadiusMedium, borderLeft: `4px solid ${tokens.colorNeutralStroke1}`, backgroundColor: tokens.colorNeutralBackground2 },
  better: { borderLeftColor: tokens.colorStatusSuccessBorder2 },
  worse: { borderLeftColor: tokens.colorStatusDangerBorder2 },
  notValid: { borderLeftColor: tokens.colorStatusDangerBorder2 },
  unclear: { borderLeftColor: tokens.colorStatusWarningBorder2 },
  noVisibleDifference: {},
  verdict: { fontSize: tokens.fontSizeBase400 },
  list: { margin: 0, paddingLeft: '18px', display: 'flex', flexDirection: 'column', gap: '4px' },
  metrics: { listStyleType: 'none', margin: 0, padding: 0, display: 'flex', flexDirection: 'column', gap: '10px' },
  metric: { display: 'flex', flexDirection: 'column', gap: '2px' },
  head: { display: 'flex', flexWrap: 'wrap', columnGap: '10px', justifyContent: 'space-between' },
  quiet: { color: tokens.colorNeutralForeground2 },
  header: { '& button': { paddingLeft: 0 } },
  inside: { margin: '0 0 8px', display: 'flex', flexDirection: 'column', gap: '8px' },
});

/** The read-out of an A/B test: what came out, what to do, then metric by metric; the rest on demand. */
export function ExperimentPanel({ run, outcome }: { run: Run; outcome: ExperimentOutcome }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  return (
    <section className={styles.panel} aria-label={words.readout}>
      <Text className={styles.quiet} size={200}>{`${words.hypothesis}: ${local(outcome.hypothesis)}`}</Text>
      {outcome.arms.map((arm) => <Arm key={arm.group} arm={arm} />)}
      {outcome.groups.comparable && outcome.arms.map(({ group }) => <Metrics key={group} metrics={outcome.metrics} group={group} several={outcome.arms.length > 1} />)}
      <Details outcome={outcome} />
      <Decisions experimentId={outcome.experimentId} runId={run.id} />
    </section>
  );
}

function Arm({ arm }: { arm: ArmReadout }): ReactElement {
  const styles = useStyles();
  const local = useLocal();
  return (
    <div className={mergeClasses(styles.arm, styles[arm.verdict])} role="status">
      <ArmMark arm={arm} className={styles.verdict} />
      <Text>{local(arm.sentence)}</Text>
      <Text weight="semibold">{local(arm.advised)}</Text>
      {arm.remarks.length > 0 && <ul className={styles.list}>{arm.remarks.map((remark) => <li key={remark.en}><Text size={200}>{local(remark)}</Text></li>)}</ul>}
    </div>
  );
}

function Metrics({ metrics, group, several }: { metrics: MetricReadout[]; group: string; several: boolean }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  const rows = metrics.flatMap((metric) => metric.comparisons.filter((one) => one.group === group).map((comparison) => ({ metric, comparison })));
  const reach = reachOf(rows.flatMap(({ comparison }) => comparison.figures?.relative?.interval ?? []));
  return (
    <div>
      <Text as="h3" weight="semibold" block style={{ margin: '0 0 6px' }}>{several ? `${words.metrics}: ${group}` : words.metrics}</Text>
      <ul className={styles.metrics}>
        {rows.map(({ metric, comparison }) => (
          <li key={metric.id} className={styles.metric}>
            <span className={styles.head}>
              <Text weight="semibold">{local(metric.title)}<span className={styles.quiet}>{metric.role === 'other' ? '' : ` · ${words.metricRole(metric.role)}`}</span></Text>
              <VerdictMark verdict={comparison.verdict} />
            </span>
            {comparison.figures?.relative && <ForestBar relative={comparison.figures.relative} margin={metric.margin} reach={reach} verdict={comparison.verdict} label={local(comparison.text)} />}
            <Text size={200} className={styles.quiet}>{local(comparison.text)}</Text>
          </li>
        ))}
      </ul>
      <Text size={200} block className={styles.quiet} style={{ marginTop: '8px' }}>{words.forestHint}</Text>
    </div>
  );
}

function Details({ outcome: { groups, days, notes, metrics, arms } }: { outcome: ExperimentOutcome }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  const target = metrics[0];
  const curves = arms.map(({ group }) => ({ group, days: days.filter((day) => day.group === group) })).filter((curve) => curve.days.length > 1);
  return (
    <Accordion collapsible multiple>
      {curves.length > 0 && target !== undefined && (
        <AccordionItem value="days">
          <AccordionHeader as="h3" className={styles.header}>{words.effectByDay}</AccordionHeader>
          <AccordionPanel className={styles.inside}>
            {curves.map((curve) => (
              <div key={curve.group}>
                {curves.length > 1 && <Text size={200}>{curve.group}</Text>}
                <EffectDays days={curve.days} scale={target.type === 'share' ? 100 : 1} label={`${words.effectByDay}: ${local(target.title)}`} />
              </div>
            ))}
            <Text size={200} className={styles.quiet}>{words.effectHint(local(target.title), target.type === 'share')}</Text>
          </AccordionPanel>
        </AccordionItem>
      )}
      <AccordionItem value="groups">
        <AccordionHeader as="h3" className={styles.header}>{words.groupsCheck}</AccordionHeader>
        <AccordionPanel className={styles.inside}>
          {groups.sizes.map(({ name, users, share, plannedShare }) => <Text key={name} size={200}>{words.groupSize(name, users, share, plannedShare)}</Text>)}
          {groups.findings.map(({ kind, text }) => <Text key={kind} size={200}>{local(text)}</Text>)}
          {groups.findings.length === 0 && <Text size={200}>{words.groupsFine}</Text>}
        </AccordionPanel>
      </AccordionItem>
      <AccordionItem value="notes">
        <AccordionHeader as="h3" className={styles.header}>{words.methodAndData}</AccordionHeader>
        <AccordionPanel className={styles.inside}>
          <ul className={styles.list}>{notes.map((note) => <li key={note.en}><Text size={200}>{local(note)}</Text></li>)}</ul>
        </AccordionPanel>
      </AccordionItem>
    </Accordion>
  );
}
