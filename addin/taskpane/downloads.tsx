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

/** XLSX first: it damages nothing. CSV in its two forms, each with what it is for. */
export function Downloads({ run, result, several }: DownloadsProps): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const language = useLanguage();
  const { backend, host } = usePane();
  const [busy, setBusy] = useState<LinkFormat>();
  const [problem, setProblem] = useState<Problem>();
  const hasCodes = result.columns.some(({ type }) => type === 'code');
  const download = async (format: LinkFormat): Promise<void> => {
    setBusy(format);
    setProblem(undefined);
    try {
      await downloadFile({ backend, host }, { run, format, language, ...(several && format !== 'xlsx' ? { result: result.name } : {}) });
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(undefined);
    }
  };
  return (
    <>
      <div className={styles.row} role="group" aria-label={words.download}>
        <Button icon={<ArrowDownload20Regular />} disabled={busy !== undefined} title={words.xlsxHint} onClick={() => { void download('xlsx'); }}>
          {busy === 'xlsx' ? words.preparing : words.xlsx}
        </Button>
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <Button icon={<ChevronDown16Regular />} iconPosition="after" disabled={busy !== undefined}>{busy === 'csv' || busy === 'csv-systems' ? words.preparing : words.csv}</Button>
          </MenuTrigger>
          <MenuPopover className={styles.menu}>
            <MenuList>
              <MenuItem subText={hasCodes ? words.csvExcelWarning : words.csvExcelHint} onClick={() => { void download('csv'); }}>{words.csvExcel}</MenuItem>
              <MenuItem subText={words.csvSystemsHint} onClick={() => { void download('csv-systems'); }}>{words.csvSystems}</MenuItem>
            </MenuList>
          </MenuPopover>
        </Menu>
        <LinkDialog run={run} result={several ? result.name : undefined} />
      </div>
      {problem !== undefined && <ProblemBar problem={problem} />}
    </>
  );
}
