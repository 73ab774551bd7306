import { Checkbox, Input, Link, Text, makeStyles, tokens } from '@fluentui/react-components';
import { useState, type ReactElement } from 'react';
import { sameOption, type Option, type OptionValue } from '../../shared/fields/choice.ts';
import { useLanguage, useLocal, useWords } from '../taskpane/language.tsx';
import { OptionsNote } from './choice.tsx';
import { useOptions } from './use-options.ts';
import type { WidgetProps } from './widget.ts';

const useStyles = makeStyles({
  parts: { display: 'flex', flexDirection: 'column', gap: '4px' },
  tools: { display: 'flex', gap: '12px', alignItems: 'baseline' },
  count: { marginLeft: 'auto', color: tokens.colorNeutralForeground2 },
  list: { display: 'flex', flexDirection: 'column', maxHeight: '232px', overflowY: 'auto', border: `1px solid ${tokens.colorNeutralStroke1}`, borderRadius: tokens.borderRadiusMedium },
  label: { overflowWrap: 'anywhere' },
  hint: { display: 'block', color: tokens.colorNeutralForeground2 },
});

const manyOptions = 8;

/** Several options: a list of boxes, with a search when there are many. */
export function ChoicesWidget({ field, value = [], onChange, control, options }: WidgetProps<'choices'>): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const language = useLanguage();
  const [search, setSearch] = useState('');
  const found = useOptions(field, options, { search, wanted: true, language });
  const listed = found.state === 'ready' ? found.options : [];
  const has = (option: Option): boolean => value.some((one) => sameOption(one, option.value));
  const choose = (next: OptionValue[]): void => { onChange(next.length === 0 ? undefined : inOrder(next, field.options)); };
  const searchable = field.optionsFromQuery || (field.options?.length ?? 0) > manyOptions;
  return (
    <div className={styles.parts} role="group" aria-labelledby={control['aria-labelledby']} aria-describedby={control['aria-describedby']}>
      <div className={styles.tools}>
        <Link as="button" type="button" onClick={() => { choose([...value, ...listed.filter((option) => !has(option)).map((option) => option.value)]); }}>{words.selectAll}</Link>
        <Link as="button" type="button" onClick={() => { choose(search === '' ? [] : value.filter((one) => !listed.some((option) => sameOption(option.value, one)))); }}>{words.selectNone}</Link>
        <Text size={200} className={styles.count} aria-live="polite">{words.chosen(value.length)}</Text>
      </div>
      {searchable && <Input id={control.id} size="small" placeholder={words.searchOptions} aria-label={words.searchOptions} value={search} onChange={(_, data) => { setSearch(data.value); }} />}
      <div className={styles.list}>
        {listed.map((option) => (
          <OptionBox key={String(option.value)} option={option} checked={has(option)} onChange={(checked) => { choose(checked ? [...value, option.value] : value.filter((one) => !sameOption(one, option.value))); }} />
        ))}
        <OptionsNote found={found} missing={options.missing} />
      </div>
    </div>
  );
}

function OptionBox({ option, checked, onChange }: { option: Option; checked: boolean; onChange: (checked: boolean) => void }): ReactElement {
  const styles = useStyles();
  const local = useLocal();
  return (
    <Checkbox
      checked={checked}
      onChange={(_, data) => { onChange(data.checked === true); }}
      label={
        <span className={styles.label}>
          {local(option.label)}
          {option.hint !== undefined && <Text size={200} className={styles.hint}>{option.hint}</Text>}
        </span>
      }
    />
  );
}

/** Values in the order of the options, whatever order they were pressed in. */
function inOrder(values: OptionValue[], options: Option[] | undefined): OptionValue[] {
  const place = new Map(options?.map((option, index) => [String(option.value), index]));
  return [...values].sort((one, other) => (place.get(String(one)) ?? 0) - (place.get(String(other)) ?? 0));
}
