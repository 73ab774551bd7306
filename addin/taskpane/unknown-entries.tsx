import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Text, makeStyles } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { FieldView } from '../../shared/form.ts';
import type { Faults } from './form-values.ts';
import { useLocal, useWords } from './language.tsx';

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: '12px' },
  message: { display: 'block', overflowWrap: 'anywhere', maxHeight: '220px', overflowY: 'auto', whiteSpace: 'pre-wrap' },
});

interface UnknownEntriesProps {
  faults: Faults;
  fields: FieldView[];
  onLeaveOut: () => void;
  onCorrect: () => void;
}

/** Entries of a list that the data does not know: the person decides, nothing is dropped behind their back. */
export function UnknownEntries({ faults, fields, onLeaveOut, onCorrect }: UnknownEntriesProps): ReactElement {
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
              .filter(({ name }) => faults[name] !== undefined)
              .map(({ name, label }) => (
                <div key={name}>
                  <Text weight="semibold">{local(label)}</Text>
                  <Text className={styles.message}>{faults[name] === undefined ? '' : local(faults[name])}</Text>
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
