import { Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { Run } from '../../shared/run.ts';
import { useLocal } from './language.tsx';

const useStyles = makeStyles({
  line: { color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere', display: '-webkit-box', WebkitLineClamp: 3, WebkitBoxOrient: 'vertical', overflow: 'hidden' },
});

/** The values of a run in one line: `Лента · 1–31 октября 2026`. */
export function ValuesLine({ run }: { run: Run }): ReactElement | null {
  const styles = useStyles();
  const local = useLocal();
  const text = run.provenance.values.map((value) => local(value.text)).join(' · ');
  const labelled = run.provenance.values.map((value) => `${local(value.label)}: ${local(value.text)}`).join('\n');
  return text === '' ? null : <Text className={styles.line} title={labelled}>{text}</Text>;
}

/** `№ 48-213`, as people say it. */
export function runNumberWords(number: string): string {
  return number.startsWith('№') ? number : `№\u00a0${number}`;
}
