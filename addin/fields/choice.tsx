import { Combobox, Option as ComboboxOption, Text, makeStyles, tokens } from '@fluentui/react-components';
import { useEffect, useState, type ReactElement } from 'react';
import { sameOption, type Option } from '../../shared/fields/choice.ts';
import { useLanguage, useLocal, useWords } from '../taskpane/language.tsx';
import { useOptions, type OptionsState } from './use-options.ts';
import type { WidgetProps } from './widget.ts';

const useStyles = makeStyles({
  box: { minWidth: 0, width: '100%' },
  list: { maxHeight: '260px' },
  lines: { display: 'flex', flexDirection: 'column', minWidth: 0 },
  hint: { color: tokens.colorNeutralForeground2 },
  note: { padding: '6px 8px', color: tokens.colorNeutralForeground2 },
});

/** One option, found by typing. */
export function ChoiceWidget({ field, value, onChange, control, options }: WidgetProps<'choice'>): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  const language = useLanguage();
  const [typed, setTyped] = useState<string>();
  const [open, setOpen] = useState(false);
  const found = useOptions(field, options, { search: typed ?? '', wanted: open, language });
  const chosen = useChosen({ value, field, options, found });
  const shown = value === undefined ? '' : chosen === undefined ? String(value) : local(chosen.label);
  const listed = found.state === 'ready' ? found.options : [];
  return (
    <Combobox
      {...control}
      className={styles.box}
      input={{ style: { minWidth: 0, textOverflow: 'ellipsis' } }}
      listbox={{ className: styles.list }}
      clearable={!field.required}
      placeholder={field.placeholder === undefined ? (field.optionsFromQuery ? words.typeToSearch : words.choose) : local(field.placeholder)}
      value={typed ?? shown}
      selectedOptions={value === undefined ? [] : [String(value)]}
      open={open}
      onOpenChange={(_, data) => {
        setOpen(data.open);
        if (!data.open) setTyped(undefined);
      }}
      onInput={(event) => {
        setTyped(event.currentTarget.value);
        setOpen(true);
      }}
      onOptionSelect={(_, { optionValue }) => {
        setTyped(undefined);
        onChange(optionValue === undefined ? undefined : (listed.find((option) => sameOption(option.value, optionValue))?.value ?? optionValue));
      }}
    >
      {listed.map((option) => (
        <ComboboxOption key={String(option.value)} value={String(option.value)} text={local(option.label)}>
          <span className={styles.lines}>
            <Text>{local(option.label)}</Text>
            {option.hint !== undefined && <Text size={200} className={styles.hint}>{option.hint}</Text>}
          </span>
        </ComboboxOption>
      ))}
      <OptionsNote found={found} missing={options.missing} />
    </Combobox>
  );
}

/** What the list of options says besides options; nothing when all is there. */
export function OptionsNote({ found, missing }: { found: OptionsState; missing: string[] }): ReactElement | null {
  const styles = useStyles();
  const words = useWords();
  const text = noteText(found, missing, words);
  return text === undefined ? null : <div className={styles.note} role="status">{text}</div>;
}

function noteText(found: OptionsState, missing: string[], words: ReturnType<typeof useWords>): string | undefined {
  switch (found.state) {
    case 'loading':
      return words.optionsLoading;
    case 'failed':
      return words.optionsFailed;
    case 'missing':
      return words.noOptionsYet(missing.join(', '));
    case 'ready':
      return found.options.length === 0 ? words.noOptions : found.more ? words.moreOptions : undefined;
  }
}

/** The label of a value that came as a default or from last time, before any list was opened. */
function useChosen({ value, field, options, found }: Pick<WidgetProps<'choice'>, 'value' | 'field' | 'options'> & { found: OptionsState }): Option | undefined {
  const [known, setKnown] = useState<Option[]>([]);
  const among = (list: Option[]): Option | undefined => (value === undefined ? undefined : list.find((option) => sameOption(option.value, value)));
  const here = among(field.options ?? []) ?? (found.state === 'ready' ? among(found.options) : undefined) ?? among(known);
  useEffect(() => {
    if (here !== undefined) setKnown((before) => (among(before) === undefined ? [...before, here] : before));
  }, [here]);
  const wanted = value !== undefined && here === undefined && field.optionsFromQuery && options.missing.length === 0;
  useEffect(() => {
    if (!wanted) return undefined;
    const abort = new AbortController();
    void (async () => {
      const first = await options.load('', abort.signal);
      const more = among(first.options) === undefined ? await options.load(String(value), abort.signal) : first;
      setKnown((before) => [...before, ...first.options, ...more.options]);
    })().catch(() => undefined);
    return () => { abort.abort(); };
  }, [wanted, value, options.key]);
  return here;
}
