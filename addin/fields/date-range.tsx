import { Field, Input, Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { dateRange } from '../../shared/fields/date-range.ts';
import type { Language } from '../../shared/language.ts';
import { dayWords, periodWords } from '../../shared/period-words.ts';
import { addDays, isoDate, relativeWord, type Period, type RelativeWord } from '../../shared/relative-period.ts';
import { useLanguage, useWords } from '../taskpane/language.tsx';
import { RelativeSelect } from './relative-select.tsx';
import type { WidgetProps } from './widget.ts';

const useStyles = makeStyles({
  parts: { display: 'flex', flexDirection: 'column', gap: '6px' },
  days: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)', gap: '8px' },
  day: { minWidth: 0, width: '100%' },
  meaning: { color: tokens.colorNeutralForeground2 },
});

const offered: RelativeWord[] = ['yesterday', 'last7days', 'last30days', 'thisWeek', 'lastCalendarWeek', 'thisMonth', 'lastMonth', 'thisQuarter', 'lastQuarter', 'thisYear'];

/** The day before `until`, for a person; a half-typed one stays as it is. */
function lastDay(until: string): string {
  return isoDate.safeParse(until).success ? addDays(until, -1) : until;
}

function dayAfter(day: string): string {
  return isoDate.safeParse(day).success ? addDays(day, 1) : day;
}

function resolvedPeriod(value: RelativeWord | Period, context: { today: string; zone: string }): Period | undefined {
  const parsed = dateRange.value.safeParse(value);
  if (!parsed.success) return undefined;
  const period = dateRange.resolve(parsed.data, context);
  return typeof period === 'string' || period.from >= period.until ? undefined : period;
}

/** First and last day, also of a whole month: `1–31 октября 2026 включительно`. */
function inclusiveDays({ from, until }: Period, language: Language, inclusive: (period: string) => string): string {
  const last = addDays(until, -1);
  if (from === last) return dayWords(last, language);
  if (from.slice(0, 7) === last.slice(0, 7)) return inclusive(`${Number(from.slice(8))}–${dayWords(last, language)}`);
  return inclusive(periodWords({ from, until }, language));
}

export function DateRangeWidget({ field, settings, value, onChange, control, context }: WidgetProps<'dateRange'>): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const language = useLanguage();
  const word = relativeWord.safeParse(value).data;
  const meant = value === undefined ? undefined : resolvedPeriod(value, context);
  const own = value !== undefined && typeof value !== 'string' ? value : undefined;
  const described = { 'aria-describedby': control['aria-describedby'], 'aria-invalid': control['aria-invalid'] };
  return (
    <div className={styles.parts}>
      <RelativeSelect
        control={control}
        offered={offered}
        chosen={word ?? (own === undefined ? undefined : 'own')}
        ownLabel={words.customDates}
        required={field.required}
        onChoose={(chosen) => { onChange(chosen === 'own' ? (own ?? meant ?? { from: '', until: '' }) : chosen); }}
      />
      {own !== undefined && (
        <div className={styles.days}>
          <Field label={words.fromDay} size="small">
            <Input {...described} className={styles.day} type="date" min={settings.min} max={settings.max} value={own.from} onChange={(_, data) => { onChange({ ...own, from: data.value }); }} />
          </Field>
          <Field label={words.throughDay} size="small">
            <Input {...described} className={styles.day} type="date" min={settings.min} max={settings.max} value={lastDay(own.until)} onChange={(_, data) => { onChange({ ...own, until: dayAfter(data.value) }); }} />
          </Field>
        </div>
      )}
      {meant !== undefined && <Text size={200} className={styles.meaning}>{inclusiveDays(meant, language, words.inclusive)}</Text>}
    </div>
  );
}
