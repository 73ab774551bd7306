import { Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { Baseline, MetricSummary } from '../../../shared/baseline.ts';
import { useLanguage, useLocal } from '../language.tsx';
import { useLoaded } from '../loaded.ts';
import { usePane } from '../pane-context.tsx';
import { Notice, WhenLoaded } from '../states.tsx';
import { planOf, type PlannedTest, type Statistics } from './plan.ts';
import { figure, percent, usePlannerWords } from './planner-words.ts';

const useStyles = makeStyles({
  answer: { display: 'flex', flexDirection: 'column', gap: '8px' },
  title: { margin: 0 },
  quiet: { color: tokens.colorNeutralForeground2 },
  table: { borderCollapse: 'collapse', width: '100%', '& td': { padding: '3px 0' }, '& td:last-child': { textAlign: 'right' }, '& caption': { textAlign: 'left', color: tokens.colorNeutralForeground2, paddingBottom: '2px' } },
});

interface PlanAnswerProps {
  metric: MetricSummary;
  entryId: string;
  planned: PlannedTest;
}

/** What the company's last weeks say about such a test. */
export function PlanAnswer({ metric, entryId, planned }: PlanAnswerProps): ReactElement {
  const { backend } = usePane();
  const { loaded, reload } = useLoaded(`baseline ${metric.id} ${entryId}`, async (signal) => {
    const [{ baseline }, statistics] = await Promise.all([backend.call('baseline', { params: { id: metric.id }, query: { entry: entryId }, signal }), import('../../../shared/statistics/index.ts')]);
    return { baseline, statistics };
  });
  return (
    <WhenLoaded loaded={loaded} onRetry={reload} lines={5}>
      {({ baseline, statistics }) => <Answer metric={metric} baseline={baseline} statistics={statistics} planned={planned} />}
    </WhenLoaded>
  );
}

function Answer({ metric, baseline, statistics, planned }: { metric: MetricSummary; baseline: Baseline; statistics: Statistics; planned: PlannedTest }): ReactElement {
  const styles = useStyles();
  const words = usePlannerWords();
  const language = useLanguage();
  const plan = planOf(statistics, metric, baseline, planned);
  if (plan === null || baseline.level === null) return <Notice intent="warning">{words.noLevel}</Notice>;
  const { users, days, visible } = plan;
  return (
    <section className={styles.answer} aria-live="polite">
      <Text as="h2" size={400} weight="semibold" className={styles.title}>{words.answer}</Text>
      {users !== null && <Text weight="semibold">{words.need(users.control, users.treatment)}</Text>}
      <Text>{users === null || days === null ? words.tooFew(baseline.arrivals.at(-1) ?? 0) : words.takes(days, baseline.windowDays)}</Text>
      <Text><Level metric={metric} baseline={baseline} /></Text>
      <table className={styles.table}>
        <caption>{words.visible}</caption>
        <tbody>
          {visible.map(({ weeks, change }) => (
            <tr key={weeks}>
              <td>{words.weeks(weeks)}</td>
              <td>{change === null ? words.nothing : words.from(percent(language, change))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Text size={200} className={styles.quiet}>{words.basis(baseline.users, Math.round(baseline.arrivals.length / 7))}</Text>
      <Text size={200} className={styles.quiet}>{metric.type === 'share' ? words.formulaShare : words.formulaMean}</Text>
    </section>
  );
}

function Level({ metric, baseline: { level, windowDays } }: { metric: MetricSummary; baseline: Baseline }): ReactElement {
  const words = usePlannerWords();
  const language = useLanguage();
  const local = useLocal();
  const value = level ?? 0;
  if (metric.type === 'share') return <>{words.nowShare(percent(language, value), windowDays)}</>;
  return <>{metric.type === 'ratio' ? words.nowRatio(figure(language, value), windowDays) : words.nowMean(figure(language, value), local(metric.unit), windowDays)}</>;
}
