import { Button, Spinner, Text, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useEffect, useId, useRef, useState, type ReactElement } from 'react';
import { declaredColumns, sameHeading } from '../../shared/fields/file.ts';
import type { LocalText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import type { UploadView } from '../../shared/upload.ts';
import { useLocal, useWords } from '../taskpane/language.tsx';
import { asProblem } from '../taskpane/loaded.ts';
import { table } from '../taskpane/words.ts';
import { FilePreview } from './file-preview.tsx';
import type { WidgetProps } from './widget.ts';

const useStyles = makeStyles({
  place: { display: 'flex', flexDirection: 'column', gap: '6px', alignItems: 'stretch', padding: '8px', border: `1px dashed ${tokens.colorNeutralStroke1}`, borderRadius: tokens.borderRadiusMedium, minWidth: 0 },
  over: { borderTopColor: tokens.colorBrandStroke1, borderRightColor: tokens.colorBrandStroke1, borderBottomColor: tokens.colorBrandStroke1, borderLeftColor: tokens.colorBrandStroke1, backgroundColor: tokens.colorBrandBackground2 },
  buttons: { display: 'flex', flexWrap: 'wrap', gap: '6px', alignItems: 'center' },
  quiet: { color: tokens.colorNeutralForeground2 },
  name: { overflowWrap: 'anywhere' },
  fault: { color: tokens.colorPaletteRedForeground1 },
});

type State = { state: 'none' } | { state: 'reading'; name: string } | { state: 'ready'; upload: UploadView } | { state: 'failed'; text: LocalText };

/** A file of the person's, or the table that is selected in the sheet; shows at once what was understood of it. */
export function FileWidget(props: WidgetProps<'file'>): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  const { value, control, settings, readTable } = props;
  const { state, give, remove } = useGivenFile(props);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const own = useId();
  const columns = declaredColumns(settings.columns);
  const shown = ({ name, title }: (typeof columns)[number]): string => (title === undefined ? name : local(title));
  const missing = state.state === 'ready' ? columns.filter(({ name, title }) => !state.upload.columns.some((column) => [name, ...(title === undefined ? [] : [title.ru, title.en])].some((heading) => sameHeading(heading, column.name)))) : [];
  const take = (files: FileList | null): void => {
    const file = files?.[0];
    if (file !== undefined) give(file.name, () => Promise.resolve(file));
  };
  return (
    <div
      className={mergeClasses(styles.place, over && styles.over)}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => { setOver(false); }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files);
      }}
    >
      {state.state === 'ready' && <Text weight="semibold" className={styles.name}>{state.upload.name}</Text>}
      {state.state === 'reading' && <Spinner size="tiny" labelPosition="after" label={words.readingFile(state.name)} />}
      <div className={styles.buttons}>
        <Button
          id={control.id}
          aria-describedby={control['aria-describedby']}
          aria-labelledby={`${control['aria-labelledby'] ?? ''} ${own}`.trim()}
          size="small"
          disabledFocusable={state.state === 'reading'}
          onClick={() => { input.current?.click(); }}
        >
          <span id={own}>{state.state === 'ready' ? words.otherFile : words.chooseFile}</span>
        </Button>
        {readTable !== undefined && (
          <Button size="small" disabledFocusable={state.state === 'reading'} onClick={() => { give(words.takeTable, async () => tableFile(await readTable())); }}>{words.takeTable}</Button>
        )}
        {value !== undefined && state.state !== 'reading' && <Button size="small" appearance="subtle" onClick={remove}>{words.removeFile}</Button>}
      </div>
      {state.state === 'none' && <Text size={200} className={styles.quiet}>{words.dropFile}</Text>}
      {state.state !== 'ready' && <Text size={200} className={styles.quiet}>{words.fileColumns(columns.map(shown).join(', '))}</Text>}
      {state.state === 'failed' && <Text size={200} role="alert" className={styles.fault}>{local(state.text)}</Text>}
      {missing.length > 0 && <Text size={200} role="alert" className={styles.fault}>{words.missingFileColumns(missing.map(shown).join(', '))}</Text>}
      {state.state === 'ready' && <FilePreview upload={state.upload} />}
      <input
        ref={input}
        type="file"
        hidden
        accept=".xlsx,.csv,.tsv,.txt"
        onChange={(event) => {
          take(event.target.files);
          // The same file, corrected, must be a change too.
          event.target.value = '';
        }}
      />
    </div>
  );
}

function tableFile({ name, csv }: { name: string; csv: string }): File {
  return new File([csv], name, { type: 'text/csv' });
}

/** Sends what the person gives and keeps its id as the value; a value that was there before is looked up. */
function useGivenFile({ value, onChange, uploads }: WidgetProps<'file'>): { state: State; give: (name: string, file: () => Promise<File>) => void; remove: () => void } {
  const [state, setState] = useState<State>({ state: 'none' });
  const sending = useRef<AbortController>();
  const shownId = state.state === 'ready' ? state.upload.id : undefined;
  useEffect(() => () => { sending.current?.abort(); }, []);
  useEffect(() => {
    if (value === undefined || value === shownId) {
      if (value === undefined && shownId !== undefined) setState({ state: 'none' });
      return undefined;
    }
    const abort = new AbortController();
    uploads.view(value, abort.signal).then(
      (upload) => { setState({ state: 'ready', upload }); },
      (error: unknown) => { if (!abort.signal.aborted) setState({ state: 'failed', text: asProblem(error).text }); },
    );
    return () => { abort.abort(); };
  }, [value]);
  const give = (name: string, file: () => Promise<File>): void => {
    sending.current?.abort();
    const abort = new AbortController();
    sending.current = abort;
    setState({ state: 'reading', name });
    sendFile(file, uploads.send, abort.signal).then(
      (upload) => {
        if (abort.signal.aborted) return;
        setState({ state: 'ready', upload });
        onChange(upload.id);
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        setState({ state: 'failed', text: asProblem(error).text });
        onChange(undefined);
      },
    );
  };
  const remove = (): void => {
    setState({ state: 'none' });
    onChange(undefined);
  };
  return { state, give, remove };
}

async function sendFile(read: () => Promise<File>, send: WidgetProps<'file'>['uploads']['send'], signal: AbortSignal): Promise<UploadView> {
  const file = await read();
  // A file that another program holds fails here, where the reason can still be told.
  await file.slice(0, 1).arrayBuffer().catch((cause: unknown) => {
    throw new Problem('invalid_values', table.fileLocked, { cause });
  });
  return send(file, file.name, signal);
}
