import type { ReactElement } from 'react';
import type { Outcome } from '../../../shared/outcome.ts';
import type { Run } from '../../../shared/run.ts';
import { DrawPanel } from './draw.tsx';
import { ExperimentPanel } from './experiment.tsx';

/** What a run of a task that is more than a query came to, above its tables. One panel a kind; a kind without one shows its tables alone. */
export function OutcomePanel({ run, outcome }: { run: Run; outcome: Outcome }): ReactElement | null {
  if (outcome.kind === 'experiment') return <ExperimentPanel run={run} outcome={outcome} />;
  if (outcome.kind === 'draw') return <DrawPanel outcome={outcome} />;
  return null;
}
