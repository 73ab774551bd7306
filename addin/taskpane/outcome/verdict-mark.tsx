import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { MetricComparison } from '../../../shared/experiment.ts';
import { useWords } from '../language.tsx';

export type Verdict = MetricComparison['verdict'];

const useStyles = makeStyles({
  mark: { display: 'inline-flex', alignItems: 'baseline', gap: '5px', fontWeight: tokens.fontWeightSemibold, whiteSpace: 'nowrap' },
  better: { color: tokens.colorStatusSuccessForeground1 },
  worse: { color: tokens.colorStatusDangerForeground1 },
  noVisibleDifference: { color: tokens.colorNeutralForeground2 },
  unclear: { color: tokens.colorStatusWarningForeground3 },
  notValid: { color: tokens.colorStatusDangerForeground1 },
});

/** A verdict is told by its word and its sign, never by colour alone. */
const signs: Record<Verdict, string> = { better: '▲', worse: '▼', noVisibleDifference: '=', unclear: '?', notValid: '✕' };

export function VerdictMark({ verdict, className }: { verdict: Verdict; className?: string }): ReactElement {
  const styles = useStyles();
  const words = useWords();
  return (
    <span className={mergeClasses(styles.mark, styles[verdict], className)}>
      <span aria-hidden="true">{signs[verdict]}</span>
      {words.verdict(verdict)}
    </span>
  );
}
