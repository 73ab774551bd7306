import type { ReactElement } from 'react';
import type { Outcome } from '../../../shared/outcome.ts';
import type { Run } from '../../../shared/run.ts';
import { ExperimentPanel } from './experiment.tsx';

/** What a run of a task that is more than a query came to, above its tables. One panel a kind. */
export function OutcomePanel({ run, outcome }: { run: Run; outcome: Outcome }): ReactElement {
  switch (outcome.kind) {
    case 'experiment':
      return <ExperimentPanel run={run} outcome={outcome} />;
  }
}
