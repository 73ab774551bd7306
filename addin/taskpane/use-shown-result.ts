import type { ResultSummary } from '../../shared/result.ts';
import type { Run } from '../../shared/run.ts';
import { usePane } from './pane-context.tsx';

/** The result of a run that the person looks at: the first until they choose another. */
export function useShownResult(run: Run, results: ResultSummary[]): ResultSummary | undefined {
  const { shownResult } = usePane();
  const chosen = shownResult?.runId === run.id ? shownResult.name : undefined;
  return results.find(({ name }) => name === chosen) ?? results[0];
}
