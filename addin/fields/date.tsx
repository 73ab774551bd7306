import { Input, Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { dayWords } from '../../shared/period-words.ts';
import { isoDate, periodOf, relativeWord, type RelativeWord } from '../../shared/relative-period.ts';
import { useLanguage, useWords } from '../taskpane/language.tsx';
import { RelativeSelect } from './relative-select.tsx';
import type { WidgetProps } from './widget.ts';

const useStyles = makeStyles({
  parts: { display: 'flex', flexDirection: 'column', gap: '6px' },
  meaning: { color: tokens.colorNeutralForeground2 },
});

const offered: RelativeWord[] = ['today', 'yesterday', 'thisWeek', 'thisMonth', 'lastMonth', 'thisYear'];
const firstDayWords = new Set<RelativeWord>(['today', 'yesterday']);

export function DateWidget({ field, settings, value, onChange, control, context }: WidgetProps<'date'>): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const language = useLanguage();
  const word = relativeWord.safeParse(value).data;
  const meant = word === undefined ? isoDate.safeParse(value).data : periodOf(word, context.today).from;
  const simple = offered.filter((one) => firstDayWords.has(one));
  return (
    <div className={styles.parts}>
      <RelativeSelect
        control={control}
        offered={simple}
        chosen={word ?? (value === undefined ? undefined : 'own')}
        ownLabel={words.customDay}
        required={field.required}
        onChoose={(chosen) => { onChange(chosen === 'own' ? (meant ?? context.today) : chosen); }}
      />
      {value !== undefined && word === undefined && (
        <Input type="date" aria-label={words.customDay} aria-describedby={control['aria-describedby']} aria-invalid={control['aria-invalid']} min={settings.min} max={settings.max} value={value} onChange={(_, data) => { onChange(data.value); }} />
      )}
      {word !== undefined && meant !== undefined && <Text size={200} className={styles.meaning}>{dayWords(meant, language)}</Text>}
    </div>
  );
}
