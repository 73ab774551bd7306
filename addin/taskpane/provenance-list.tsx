import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { Run } from '../../shared/run.ts';
import { momentWords } from './cell-words.ts';
import { useLanguage, useLocal, useWords } from './language.tsx';
import { usePane } from './pane-context.tsx';
import { runNumberWords } from './values-line.tsx';

const useStyles = makeStyles({
  list: { display: 'grid', gridTemplateColumns: 'minmax(80px, auto) 1fr', gap: '4px 12px', margin: 0, fontSize: tokens.fontSizeBase200, lineHeight: tokens.lineHeightBase300 },
  name: { color: tokens.colorNeutralForeground2, margin: 0 },
  value: { margin: 0, overflowWrap: 'anywhere' },
});

/** Откуда данные: everything that tells this result from another one. */
export function ProvenanceList({ run }: { run: Run }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  const local = useLocal();
  const language = useLanguage();
  const { company } = usePane();
  const { title, number, version, person, startedAt, dataAsOf, values } = run.provenance;
  const lines: [string, string][] = [
    [words.task, local(title)],
    ...values.map(({ label, text }): [string, string] => [local(label), local(text)]),
    [words.asOf, dataAsOf === null ? words.unknownFreshness : momentWords(dataAsOf, company.timeZone, language)],
    [words.person, person],
    [words.startedAt, momentWords(startedAt, company.timeZone, language)],
    [words.runNumber, runNumberWords(number)],
    [words.version, version.slice(0, 12)],
    ...(run.steps ?? []).map(({ name, rows, ms, kept }): [string, string] => [`${words.howComputed}: ${name.replace(/^file\./, '')}`, words.stepFigures(rows, ms, kept)]),
  ];
  return (
    <dl className={styles.list}>
      {lines.map(([name, value], index) => (
        <div key={index} style={{ display: 'contents' }}>
          <dt className={styles.name}>{name}</dt>
          <dd className={styles.value}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
