import { makeStyles } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { useWords } from '../taskpane/language.tsx';
import { NumberInput } from './number.tsx';
import type { WidgetProps } from './widget.ts';

const useStyles = makeStyles({ ends: { display: 'grid', gridTemplateColumns: '1fr auto 1fr', alignItems: 'center', gap: '8px' } });

export function NumberRangeWidget({ settings, value, onChange, control }: WidgetProps<'numberRange'>): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const range = value ?? { from: null, until: null };
  const change = (part: Partial<typeof range>): void => {
    const next = { ...range, ...part };
    onChange(next.from === null && next.until === null ? undefined : next);
  };
  const described = { 'aria-describedby': control['aria-describedby'], 'aria-invalid': control['aria-invalid'] };
  return (
    <div role="group" aria-labelledby={control['aria-labelledby']} className={styles.ends}>
      <NumberInput control={{ ...described, id: control.id, 'aria-label': words.from }} decimals={settings.decimals} placeholder={settings.min?.toString() ?? words.from} value={range.from} onChange={(from) => { change({ from: from ?? null }); }} />
      <span aria-hidden>–</span>
      <NumberInput control={{ ...described, 'aria-label': words.until }} decimals={settings.decimals} placeholder={settings.max?.toString() ?? words.until} value={range.until} onChange={(until) => { change({ until: until ?? null }); }} />
    </div>
  );
}
