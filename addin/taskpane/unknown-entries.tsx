import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { FieldView } from '../../shared/form.ts';
import { useLocal, useWords } from './language.tsx';

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: '12px' },
  quiet: { color: tokens.colorNeutralForeground2 },
  message: { display: 'block', overflowWrap: 'anywhere', maxHeight: '180px', overflowY: 'auto', whiteSpace: 'pre-wrap', fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
});

interface UnknownEntriesProps {
  entries: Record<string, string[]>;
  fields: FieldView[];
  onLeaveOut: () => void;
  onCorrect: () => void;
}

/** Entries of a list that the data does not know: the person decides, nothing is dropped behind their back. */
export function UnknownEntries({ entries, fields, onLeaveOut, onCorrect }: UnknownEntriesProps): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  return (
    <Dialog open modalType="alert" onOpenChange={(_, { open }) => { if (!open) onCorrect(); }}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{words.unknownTitle}</DialogTitle>
          <DialogContent className={styles.content}>
            {fields
              .filter(({ name }) => entries[name] !== undefined)
              .map(({ name, label }) => (
                <div key={name}>
                  <Text weight="semibold">{local(label)}</Text>
                  <Text size={200} block className={styles.quiet}>{words.unknownCount(entries[name]?.length ?? 0)}</Text>
                  <Text className={styles.message} tabIndex={0} role="region" aria-label={words.unknownTitle}>{shownEntries(entries[name] ?? [])}</Text>
                </div>
              ))}
            <Text>{words.unknownText}</Text>
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={onLeaveOut}>{words.runWithoutThem}</Button>
            <Button appearance="secondary" onClick={onCorrect}>{words.correctList}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

const mostShown = 500;

function shownEntries(entries: string[]): string {
  return `${entries.slice(0, mostShown).join('\n')}${entries.length > mostShown ? '\n…' : ''}`;
}
