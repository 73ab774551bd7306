import type { ReactElement } from 'react';
import type { ResultSummary } from '../../shared/result.ts';
import type { Run } from '../../shared/run.ts';

export function ToSheet(_: { run: Run; results: ResultSummary[]; atOnce: boolean }): ReactElement | null {
  return null;
}
