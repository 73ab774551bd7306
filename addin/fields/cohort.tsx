import { Combobox, Option as ComboboxOption, Text, makeStyles, tokens } from '@fluentui/react-components';
import { useEffect, useState, type ReactElement } from 'react';
import { cohortIdIn, type CohortAnswer, type CohortView } from '../../shared/fields/cohort.ts';
import type { FieldContext } from '../../shared/fields/field-kind.ts';
import type { Language, LocalText } from '../../shared/language.ts';
import { todayIn } from '../../shared/relative-period.ts';
import { numberWords } from '../taskpane/counted.ts';
import { useLanguage, useLocal, useWords } from '../taskpane/language.tsx';
import { asProblem } from '../taskpane/loaded.ts';
import type { OptionsLoader, WidgetProps } from './widget.ts';

const useStyles = makeStyles({
  parts: { display: 'flex', flexDirection: 'column', gap: '4px', alignItems: 'stretch', minWidth: 0 },
  box: { minWidth: 0, width: '100%' },
  list: { maxHeight: '260px' },
  lines: { display: 'flex', flexDirection: 'column', minWidth: 0 },
  quiet: { color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
  warning: { color: tokens.colorPaletteDarkOrangeForeground1, overflowWrap: 'anywhere' },
});

type Found = { state: 'looking' } | { state: 'ready'; answer: CohortAnswer } | { state: 'failed'; text: LocalText };

const typingPauseMilliseconds = 300;
const longestSearch = 200;

/** A cohort by its link or id, or one of those published; says what it is before the run. */
export function CohortWidget({ field, value = '', onChange, control, context, options }: WidgetProps<'cohort'>): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  const [open, setOpen] = useState(false);
  const search = (cohortIdIn(value) ?? value).trim().slice(0, longestSearch);
  const found = useCohorts(options, search, open || search !== '');
  const listed = found.state === 'ready' ? found.answer.found.filter(({ archived }) => !archived) : [];
  const change = (text: string): void => { onChange(text.trim() === '' ? undefined : (linkedId(text) ?? text)); };
  return (
    <div className={styles.parts}>
      <Combobox
        {...control}
        freeform
        className={styles.box}
        input={{ style: { minWidth: 0, textOverflow: 'ellipsis' }, spellCheck: false, autoComplete: 'off' }}
        listbox={{ className: styles.list }}
        placeholder={field.placeholder === undefined ? words.cohortPlaceholder : local(field.placeholder)}
        value={value}
        // A selected option would be taken back at the first letter typed over it, and the text with it.
        selectedOptions={[]}
        open={open && listed.some(({ id }) => id !== value)}
        onOpenChange={(_, data) => { setOpen(data.open); }}
        onInput={(event) => {
          setOpen(true);
          change(event.currentTarget.value);
        }}
        onOptionSelect={(_, { optionValue }) => {
          setOpen(false);
          if (optionValue !== undefined) change(optionValue);
        }}
      >
        {listed.map((cohort) => (
          <ComboboxOption key={cohort.id} value={cohort.id} text={cohort.name}>
            <span className={styles.lines}>
              <Text>{cohort.name}</Text>
              <Text size={200} className={styles.quiet}><CohortFacts cohort={cohort} context={context} /></Text>
            </span>
          </ComboboxOption>
        ))}
      </Combobox>
      <div role="status" className={styles.parts}>{search !== '' && <Said found={found} id={cohortIdIn(value)} context={context} />}</div>
    </div>
  );
}

/** The id of a pasted link; what is typed stays as it is. */
function linkedId(text: string): string | undefined {
  return text.includes('/') ? cohortIdIn(text) : undefined;
}

/** What is known of the cohort that was entered. */
function Said({ found, id, context }: { found: Found; id: string | undefined; context: FieldContext }): ReactElement | null {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  const language = useLanguage();
  switch (found.state) {
    case 'looking':
      return <Text size={200} className={styles.quiet}>{words.cohortLooking}</Text>;
    case 'failed':
      return <Text size={200} className={styles.warning}>{local(found.text)} {words.cohortUnchecked}</Text>;
    case 'ready': {
      const { found: cohorts, unlisted, downloads } = found.answer;
      const cohort = cohorts.find((one) => one.id === id);
      return (
        <>
          {cohort?.archived === true && <Text size={200} className={styles.warning}>{words.cohortArchived(cohort.name)}</Text>}
          {cohort?.archived === false && <Text size={200}>{cohort.name} · <CohortFacts cohort={cohort} context={context} /></Text>}
          {unlisted && <Text size={200} className={styles.warning}>{words.cohortUnlisted}</Text>}
          {downloads !== undefined && (cohort !== undefined || unlisted) && (
            <Text size={200} className={styles.quiet}>{words.cohortDownloads(numberWords(language, downloads.used), numberWords(language, downloads.limit))}</Text>
          )}
        </>
      );
    }
  }
}

function CohortFacts({ cohort: { size, computedAt, finished }, context }: { cohort: CohortView; context: FieldContext }): ReactElement {
  const words = useWords();
  const language = useLanguage();
  const facts = [
    ...(size === null ? [] : [words.cohortUsers(size)]),
    ...(finished ? (computedAt === null ? [] : [words.cohortComputed(dayWords(computedAt, context, language))]) : [words.cohortComputing]),
  ];
  return <>{facts.join(', ')}</>;
}

const nearDays = 7;

/** `вчера`, `3 дня назад`, then the day itself. */
function dayWords(moment: string, { zone, today }: FieldContext, language: Language): string {
  const days = Math.round((Date.parse(todayIn(zone, new Date(moment))) - Date.parse(today)) / 86_400_000);
  if (days > -nearDays && days <= 0) return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(days, 'day');
  return new Intl.DateTimeFormat(language, { timeZone: zone, dateStyle: 'medium' }).format(new Date(moment));
}

/** Asks the server once the typing pauses; what fitted an earlier search is never shown for a later one. */
function useCohorts(options: OptionsLoader, search: string, wanted: boolean): Found {
  const [found, setFound] = useState<{ search: string; found: Found }>();
  useEffect(() => {
    if (!wanted) return undefined;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      options.load(search, abort.signal).then(
        ({ cohorts }) => {
          if (cohorts !== undefined) setFound({ search, found: { state: 'ready', answer: cohorts } });
        },
        (error: unknown) => {
          if (!abort.signal.aborted) setFound({ search, found: { state: 'failed', text: asProblem(error).text } });
        },
      );
    }, search === '' ? 0 : typingPauseMilliseconds);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [search, wanted]);
  return found?.search === search ? found.found : { state: 'looking' };
}
