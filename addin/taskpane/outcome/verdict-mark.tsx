import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ArmReadout, MetricComparison } from '../../../shared/experiment.ts';
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

/** The verdict on a group. A harmed guardrail is not a worse target: it has a word of its own. */
export function ArmMark({ arm, className }: { arm: ArmReadout; className?: string }): ReactElement {
  const words = useWords();
  return <VerdictMark verdict={arm.verdict} {...(arm.advice === 'review' ? { word: words.somethingWorse } : {})} {...(className === undefined ? {} : { className })} />;
}

/** A verdict is told by its word and its sign, never by colour alone. */
const signs: Record<Verdict, string> = { better: '▲', worse: '▼', noVisibleDifference: '=', unclear: '?', notValid: '✕' };

interface VerdictMarkProps {
  verdict: Verdict;
  /** In place of the verdict's own word. */
  word?: string;
  className?: string;
}

export function VerdictMark({ verdict, word, className }: VerdictMarkProps): ReactElement {
  const styles = useStyles();
  const words = useWords();
  return (
    <span className={mergeClasses(styles.mark, styles[verdict], className)}>
      <span aria-hidden="true">{signs[verdict]}</span>
      {word ?? words.verdict(verdict)}
    </span>
  );
}
