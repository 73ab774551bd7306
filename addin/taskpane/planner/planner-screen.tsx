import { Field, Input, Select, makeStyles } from '@fluentui/react-components';
import { useState, type ReactElement } from 'react';
import type { MetricSummary } from '../../../shared/baseline.ts';
import { Frame } from '../frame.tsx';
import { useLocal } from '../language.tsx';
import { useLoaded } from '../loaded.ts';
import { usePane } from '../pane-context.tsx';
import { Empty, WhenLoaded } from '../states.tsx';
import { partTyped } from './plan.ts';
import { PlanAnswer } from './plan-answer.tsx';
import { usePlannerWords } from './planner-words.ts';

const useStyles = makeStyles({
  narrow: { minWidth: 0, width: '100%' },
});

const powers = ['80', '90', '95'];

/** How many people, how many days, how small an effect: from what the company's own figures were in the last weeks. */
export function PlannerScreen(): ReactElement {
  const words = usePlannerWords();
  const { backend } = usePane();
  const { loaded, reload } = useLoaded('metrics', async (signal) => (await backend.call('metrics', { signal })).metrics);
  return (
    <Frame title={words.title}>
      <WhenLoaded loaded={loaded} onRetry={reload}>
        {(metrics) => (metrics.length === 0 ? <Empty title={words.noMetrics} hint={words.noMetricsHint} /> : <Planner metrics={metrics} />)}
      </WhenLoaded>
    </Frame>
  );
}

function Planner({ metrics }: { metrics: MetricSummary[] }): ReactElement {
  const styles = useStyles();
  const words = usePlannerWords();
  const [id, setId] = useState(metrics.find((one) => one.type === 'share')?.id ?? metrics[0]?.id);
  const [entryId, setEntryId] = useState(metrics.find((one) => one.id === 'active_days')?.id ?? metrics[0]?.id);
  const [change, setChange] = useState('5');
  const [treatment, setTreatment] = useState('50');
  const [power, setPower] = useState('80');
  const metric = metrics.find((one) => one.id === id);
  const planned = { change: partTyped(change, { above: 0, below: 1 }), treatment: partTyped(treatment, { above: 0, below: 1 }), power: Number(power) / 100 };
  if (metric === undefined || entryId === undefined) return <></>;
  return (
    <>
      <MetricChoice label={words.metric} metrics={metrics} chosen={metric.id} onChoose={setId} />
      <MetricChoice label={words.entry} hint={words.entryHint} metrics={metrics} chosen={entryId} onChoose={setEntryId} />
      <Field label={words.change} hint={metric.good === 'up' ? words.changeHintUp : words.changeHintDown} validationMessage={planned.change === null ? words.changeWrong : undefined}>
        <Input className={styles.narrow} inputMode="decimal" value={change} maxLength={10} onChange={(_, { value }) => { setChange(value); }} />
      </Field>
      <Field label={words.treatment} validationMessage={planned.treatment === null ? words.treatmentWrong : undefined}>
        <Input className={styles.narrow} inputMode="decimal" value={treatment} maxLength={10} onChange={(_, { value }) => { setTreatment(value); }} />
      </Field>
      <Field label={words.power}>
        <Select className={styles.narrow} value={power} onChange={(_, { value }) => { setPower(value); }}>
          {powers.map((one) => <option key={one} value={one}>{`${one}%`}</option>)}
        </Select>
      </Field>
      {planned.change !== null && planned.treatment !== null && <PlanAnswer metric={metric} entryId={entryId} planned={{ change: planned.change, treatment: planned.treatment, power: planned.power }} />}
    </>
  );
}

interface MetricChoiceProps {
  label: string;
  hint?: string;
  metrics: MetricSummary[];
  chosen: string;
  onChoose: (id: string) => void;
}

function MetricChoice({ label, hint, metrics, chosen, onChoose }: MetricChoiceProps): ReactElement {
  const styles = useStyles();
  const local = useLocal();
  return (
    <Field label={label} hint={hint}>
      <Select className={styles.narrow} value={chosen} onChange={(_, { value }) => { onChoose(value); }}>
        {metrics.map(({ id, title }) => <option key={id} value={id}>{local(title)}</option>)}
      </Select>
    </Field>
  );
}
