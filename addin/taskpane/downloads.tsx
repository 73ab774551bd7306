import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, makeStyles } from '@fluentui/react-components';
import { ArrowDownload20Regular, ChevronDown16Regular } from '@fluentui/react-icons';
import { useState, type ReactElement } from 'react';
import type { Problem } from '../../shared/problem.ts';
import type { ResultSummary } from '../../shared/result.ts';
import type { LinkFormat, Run } from '../../shared/run.ts';
import { downloadFile } from './file-links.ts';
import { useLanguage, useWords } from './language.tsx';
import { LinkDialog } from './link-dialog.tsx';
import { asProblem } from './loaded.ts';
import { usePane } from './pane-context.tsx';
import { ProblemBar } from './states.tsx';

const useStyles = makeStyles({
  row: { display: 'flex', flexWrap: 'wrap', gap: '8px' },
  menu: { maxWidth: '290px' },
});

interface DownloadsProps {
  run: Run;
  result: ResultSummary;
  several: boolean;
}

type Downloading = { state: 'idle' } | { state: 'preparing'; format: LinkFormat } | { state: 'failed'; problem: Problem };

function useDownload(run: Run): { downloading: Downloading; download: (format: LinkFormat, result?: string) => void } {
  const language = useLanguage();
  const { backend, host } = usePane();
  const [downloading, setDownloading] = useState<Downloading>({ state: 'idle' });
  const download = (format: LinkFormat, result?: string): void => {
    setDownloading({ state: 'preparing', format });
    downloadFile({ backend, host }, { run, format, language, ...(result === undefined ? {} : { result }) }).then(
      () => { setDownloading({ state: 'idle' }); },
      (error: unknown) => { setDownloading({ state: 'failed', problem: asProblem(error) }); },
    );
  };
  return { downloading, download };
}

/** The whole run as one XLSX: the main button where there is no sheet to write to. */
export function XlsxButton({ run, main }: { run: Run; main: boolean }): ReactElement {
  const words = useWords();
  const { downloading, download } = useDownload(run);
  const busy = downloading.state === 'preparing';
  return (
    <>
      {downloading.state === 'failed' && <ProblemBar problem={downloading.problem} />}
      <Button appearance={main ? 'primary' : 'secondary'} size={main ? 'large' : 'medium'} icon={<ArrowDownload20Regular />} disabledFocusable={busy} title={words.xlsxHint} onClick={() => { download('xlsx'); }}>
        {busy ? words.preparing : main ? words.downloadXlsx : words.xlsx}
      </Button>
    </>
  );
}

/** XLSX first: it damages nothing. CSV in its two forms, each with what it is for. */
export function Downloads({ run, result, several }: DownloadsProps): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const { host } = usePane();
  const { downloading, download } = useDownload(run);
  const busy = downloading.state === 'preparing';
  const hasCodes = result.columns.some(({ type }) => type === 'code');
  const csv = (format: LinkFormat): void => { download(format, several ? result.name : undefined); };
  return (
    <>
      <div className={styles.row} role="group" aria-label={words.download}>
        {host.excel && <XlsxButton run={run} main={false} />}
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <Button icon={<ChevronDown16Regular />} iconPosition="after" disabledFocusable={busy}>{busy ? words.preparing : words.csv}</Button>
          </MenuTrigger>
          <MenuPopover className={styles.menu}>
            <MenuList>
              <MenuItem subText={hasCodes ? words.csvExcelWarning : words.csvExcelHint} onClick={() => { csv('csv'); }}>{words.csvExcel}</MenuItem>
              <MenuItem subText={words.csvSystemsHint} onClick={() => { csv('csv-systems'); }}>{words.csvSystems}</MenuItem>
            </MenuList>
          </MenuPopover>
        </Menu>
        <LinkDialog run={run} result={several ? result.name : undefined} />
      </div>
      {downloading.state === 'failed' && <ProblemBar problem={downloading.problem} />}
    </>
  );
}
