import { Select, Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { monthWords } from '../../shared/period-words.ts';
import { periodOf, relativeWord, type RelativeWord } from '../../shared/relative-period.ts';
import { useLanguage, useWords } from '../taskpane/language.tsx';
import { RelativeSelect } from './relative-select.tsx';
import type { WidgetProps } from './widget.ts';

const useStyles = makeStyles({
  parts: { display: 'flex', flexDirection: 'column', gap: '6px' },
  own: { display: 'grid', gridTemplateColumns: '3fr 2fr', gap: '8px' },
  meaning: { color: tokens.colorNeutralForeground2 },
});

const offered: RelativeWord[] = ['thisMonth', 'lastMonth'];
const monthNumbers = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'];
const yearsBack = 15;

function yearsBetween(first: number, last: number): string[] {
  return Array.from({ length: Math.max(1, last - first + 1) }, (_, index) => String(last - index));
}

/** Browsers of older Excels have no month input, so: a month and a year. */
export function MonthWidget({ field, settings, value, onChange, control, context }: WidgetProps<'month'>): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const language = useLanguage();
  const word = relativeWord.safeParse(value).data;
  const meant = word === undefined ? value : periodOf(word, context.today).from.slice(0, 7);
  const thisYear = Number(context.today.slice(0, 4));
  const [year = String(thisYear), month = '01'] = (meant ?? '').split('-');
  const years = yearsBetween(Number(settings.min?.slice(0, 4) ?? Math.min(thisYear - yearsBack, Number(year))), Number(settings.max?.slice(0, 4) ?? Math.max(thisYear + 1, Number(year))));
  const described = { 'aria-describedby': control['aria-describedby'], 'aria-invalid': control['aria-invalid'] };
  return (
    <div className={styles.parts}>
      <RelativeSelect
        control={control}
        offered={offered}
        chosen={word ?? (value === undefined ? undefined : 'own')}
        ownLabel={words.customMonth}
        required={field.required}
        onChoose={(chosen) => { onChange(chosen === 'own' ? (meant ?? context.today.slice(0, 7)) : chosen); }}
      />
      {value !== undefined && word === undefined && (
        <div className={styles.own}>
          <Select {...described} aria-label={words.month} value={month} onChange={(_, data) => { onChange(`${year}-${data.value}`); }}>
            {monthNumbers.map((number) => <option key={number} value={number}>{monthWords(`2026-${number}-01`, language).replace(/ 2026$/, '')}</option>)}
          </Select>
          <Select {...described} aria-label={words.year} value={year} onChange={(_, data) => { onChange(`${data.value}-${month}`); }}>
            {years.map((one) => <option key={one} value={one}>{one}</option>)}
          </Select>
        </div>
      )}
      {word !== undefined && meant !== undefined && <Text size={200} className={styles.meaning}>{monthWords(`${meant}-01`, language)}</Text>}
    </div>
  );
}
