import { Button, Text, Textarea, makeStyles, tokens } from '@fluentui/react-components';
import { useState, type ReactElement } from 'react';
import { list, listEntries } from '../../shared/fields/list.ts';
import type { LocalText } from '../../shared/language.ts';
import { useLocal, useWords } from '../taskpane/language.tsx';
import { asProblem } from '../taskpane/loaded.ts';
import type { WidgetProps } from './widget.ts';

const useStyles = makeStyles({
  parts: { display: 'flex', flexDirection: 'column', gap: '6px', alignItems: 'stretch' },
  count: { color: tokens.colorNeutralForeground2 },
  codes: { fontFamily: tokens.fontFamilyMonospace },
  take: { alignSelf: 'flex-start' },
});

/** A pasted list; says at once how many entries it understood. */
export function ListWidget({ field, value = [], onChange, control, context, readSelection }: WidgetProps<'list'>): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  const [notTaken, setNotTaken] = useState<LocalText>();
  const [typed, setTyped] = useState<{ text: string; entries: string[] }>();
  const text = typed !== undefined && typed.entries === value ? typed.text : value.join('\n');
  const change = (next: string): void => {
    const entries = listEntries(next);
    setTyped({ text: next, entries });
    setNotTaken(undefined);
    onChange(entries);
  };
  const distinct = list.resolve(value, context).length;
  const repeats = value.length - distinct;
  return (
    <div className={styles.parts}>
      <Textarea
        {...control}
        textarea={{ className: styles.codes }}
        rows={4}
        resize="vertical"
        spellCheck={false}
        placeholder={field.placeholder === undefined ? words.pasteList : local(field.placeholder)}
        value={text}
        onChange={(_, data) => { change(data.value); }}
      />
      {value.length > 0 && (
        <Text size={200} className={styles.count} aria-live="polite">
          {words.entries(distinct)}
          {repeats > 0 && `, ${words.duplicates(repeats)}`}
        </Text>
      )}
      {notTaken !== undefined && <Text size={200} role="alert">{local(notTaken)}</Text>}
      {readSelection !== undefined && (
        <Button size="small" className={styles.take} onClick={() => { readSelection().then(change, (error: unknown) => { setNotTaken(asProblem(error).text); }); }}>{words.takeSelection}</Button>
      )}
    </div>
  );
}
