import type { MetricVerdict, Verdict } from './metric-verdict.ts';

/**
 * What to do with the test. `doNotCompare`: find out what happened to the groups. `review`: a guardrail was harmed, people must weigh it.
 * `keepRunning`: more users will tell. `decideByOtherReasons`: the figures will not decide it.
 */
export type Advice = 'rollOut' | 'doNotRollOut' | 'review' | 'keepRunning' | 'decideByOtherReasons' | 'doNotCompare';

export interface OverallVerdict {
  verdict: Verdict;
  advice: Advice;
  /** Places in the list of guardrails that got worse by more than the margin, or may have. */
  harmed: number[];
  /** Places in the list of guardrails of which harm beyond the margin cannot be ruled out. */
  notProvenSafe: number[];
}

/**
 * What came of the test as a whole?
 *
 * The target decides, unless the groups cannot be compared or a guardrail got worse by more than its margin may bear. While the
 * test runs, a better target with a guardrail that is not yet proven safe keeps running.
 *
 * @param guardrails verdicts of the metrics that must not suffer
 * @param running the planned end or size is not reached; all verdicts must then come from always-valid intervals
 * @example overallVerdict({ target: { verdict: 'better', because: 'interval', withinMargin: false, guardrail: null }, guardrails: [], running: false })
 *          // { verdict: 'better', advice: 'rollOut', harmed: [], notProvenSafe: [] }
 */
export function overallVerdict({ target, guardrails, running }: { target: MetricVerdict; guardrails: MetricVerdict[]; running: boolean }): OverallVerdict {
  const harmed = placesWhere(guardrails, ({ verdict, withinMargin, guardrail }) => verdict === 'worse' && !withinMargin && guardrail !== 'harmedWithinMargin');
  const notProvenSafe = placesWhere(guardrails, ({ verdict, guardrail }) => verdict !== 'worse' && verdict !== 'notValid' && guardrail === 'notProvenSafe');
  const decided = (verdict: Verdict, advice: Advice): OverallVerdict => ({ verdict, advice, harmed, notProvenSafe });
  if ([target, ...guardrails].some(({ verdict }) => verdict === 'notValid')) return { verdict: 'notValid', advice: 'doNotCompare', harmed: [], notProvenSafe: [] };
  if (target.verdict === 'worse') return decided('worse', 'doNotRollOut');
  if (harmed.length > 0) return decided('worse', 'review');
  if (target.verdict === 'better') return decided('better', running && notProvenSafe.length > 0 ? 'keepRunning' : 'rollOut');
  if (target.verdict === 'unclear' && running) return decided('unclear', 'keepRunning');
  return decided(target.verdict, 'decideByOtherReasons');
}

function placesWhere(verdicts: MetricVerdict[], holds: (verdict: MetricVerdict) => boolean): number[] {
  return verdicts.flatMap((verdict, place) => (holds(verdict) ? [place] : []));
}
