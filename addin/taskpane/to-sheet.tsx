import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, ProgressBar, SplitButton, Text, makeStyles, type MenuButtonProps } from '@fluentui/react-components';
import { useEffect, useRef, type ReactElement } from 'react';
import type { ResultSummary } from '../../shared/result.ts';
import type { Run } from '../../shared/run.ts';
import { numberWords } from './counted.ts';
import { useLanguage, useLocal, useWords } from './language.tsx';
import { usePane } from './pane-context.tsx';
import { Notice, ProblemBar } from './states.tsx';
import { useSheetWrite, type SheetWrite } from './use-sheet-write.ts';

const useStyles = makeStyles({
  writing: { display: 'flex', flexDirection: 'column', gap: '8px' },
  notices: { display: 'flex', flexDirection: 'column', gap: '8px', maxHeight: '40vh', overflowY: 'auto' },
});

interface ToSheetProps {
  run: Run;
  results: ResultSummary[];
  /** The person asked for the sheet already, on the form. */
  atOnce: boolean;
}

/** The main button in Excel: every result of the run as a table, on new sheets or from the selected cell on. */
export function ToSheet({ run, results, atOnce }: ToSheetProps): ReactElement | null {
  const styles = useStyles();
  const words = useWords();
  const { navigation } = usePane();
  const { write, start, stop, overwrite, dismiss } = useSheetWrite(run, results);
  const begun = useRef(false);
  const writable = results.some(({ available, rows }) => available && rows > 0);
  useEffect(() => {
    if (!atOnce || !writable || begun.current) return;
    begun.current = true;
    // Coming back to this screen must not write once more.
    navigation.replace({ name: 'run', runId: run.id, toSheet: false });
    start({ kind: 'newSheet' });
  }, [atOnce, writable]);
  if (!writable) return null;
  if (write.state === 'writing') return <Writing write={write} onStop={stop} />;
  return (
    <>
      <div className={styles.notices} role="status"><Outcome write={write} /></div>
      <Menu positioning="above-end">
        <MenuTrigger disableButtonEnhancement>
          {(trigger: MenuButtonProps) => (
            <SplitButton appearance="primary" size="large" menuButton={{ ...trigger, 'aria-label': words.whereToWrite }} primaryActionButton={{ onClick: () => { start({ kind: 'newSheet' }); }, style: { flexGrow: 1 } }}>
              {words.runToSheet}
            </SplitButton>
          )}
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            <MenuItem onClick={() => { start({ kind: 'newSheet' }); }}>{words.toNewSheet}</MenuItem>
            {results.length === 1 && <MenuItem onClick={() => { start({ kind: 'cell' }); }}>{words.fromSelectedCell}</MenuItem>}
          </MenuList>
        </MenuPopover>
      </Menu>
      {write.state === 'occupied' && <Occupied write={write} onOverwrite={overwrite} onNewSheet={() => { start({ kind: 'newSheet' }); }} onCancel={dismiss} />}
    </>
  );
}

function Writing({ write, onStop }: { write: Extract<SheetWrite, { state: 'writing' }>; onStop: () => void }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const language = useLanguage();
  return (
    <div className={styles.writing}>
      <Text size={200}>{words.writing(numberWords(language, write.rows), numberWords(language, write.of))}</Text>
      <ProgressBar value={write.of === 0 ? undefined : write.rows / write.of} thickness="large" aria-label={words.runToSheet} />
      <Button size="large" disabledFocusable={write.stopping} onClick={onStop}>{write.stopping ? words.stopping : words.stop}</Button>
    </div>
  );
}

function Outcome({ write }: { write: SheetWrite }): ReactElement | null {
  const words = useWords();
  const local = useLocal();
  switch (write.state) {
    case 'idle':
    case 'writing':
    case 'occupied':
      return null;
    case 'written':
      return (
        <>
          <Notice intent="success">{words.written(write.sheets.map((sheet) => words.quoted(sheet)).join(', '), write.sheets.length)}</Notice>
          {write.notices.map((notice) => <Notice key={notice.en} intent="warning">{local(notice)}</Notice>)}
        </>
      );
    case 'stopped':
      return <Notice intent="info">{write.left === undefined ? words.writeStopped : local(write.left)}</Notice>;
    case 'failed':
      return <ProblemBar problem={write.problem} />;
  }
}

interface OccupiedProps {
  write: Extract<SheetWrite, { state: 'occupied' }>;
  onOverwrite: () => void;
  onNewSheet: () => void;
  onCancel: () => void;
}

/** Cells that hold something already: nothing is written over them unasked. */
function Occupied({ write: { plan }, onOverwrite, onNewSheet, onCancel }: OccupiedProps): ReactElement {
  const words = useWords();
  return (
    <Dialog open modalType="alert" onOpenChange={(_, { open }) => { if (!open) onCancel(); }}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{words.overwriteTitle}</DialogTitle>
          <DialogContent>{words.overwriteText(plan.sheetName, plan.address, plan.filledCells)}</DialogContent>
          <DialogActions fluid>
            <Button appearance="primary" onClick={onNewSheet}>{words.toNewSheet}</Button>
            {plan.choices.includes('overwrite') && <Button onClick={onOverwrite}>{words.overwrite}</Button>}
            <Button onClick={onCancel}>{words.cancel}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
