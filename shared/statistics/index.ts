/**
 * The statistics of A/B tests: pure functions, used by the backend, the pane and the worksheet functions alike. docs/statistics.md says which
 * method answers what, and why it was chosen.
 *
 * - Groups come as sufficient statistics, which the engine computes: `Share`, `Moments`, `PairMoments`.
 * - The order is always control, treatment; differences are treatment − control. Shares are 0 … 1, relative changes 0.05 for 5 %.
 * - What cannot be computed is `null`, never NaN, 0 or an exception; quantiles alone answer NaN outside their range.
 * - A p-value is never 0: below 1e-300 it is 1e-300.
 */
export { alwaysValidPValue, alwaysValidReach } from './always-valid.ts';
export type { Look } from './always-valid.ts';
export { benjaminiHochberg } from './benjamini-hochberg.ts';
export { compareMeans } from './compare-means.ts';
export { compareRatios } from './compare-ratios.ts';
export { compareShares } from './compare-shares.ts';
export type { Comparison, ComparisonOptions, Estimate, Interval } from './comparison.ts';
export { cuped, withUnknownBefore } from './cuped.ts';
export type { CupedResult } from './cuped.ts';
export { daysForUsers } from './days-for-users.ts';
export { chiSquareUpperTail, hypergeometricDensity, normalQuantile, normalTwoSided, normalUpperTail, smallestPValue, studentQuantile, studentTwoSided } from './distributions/index.ts';
export type { Margins } from './distributions/index.ts';
export { fisherExact } from './fisher-exact.ts';
export { holm } from './holm.ts';
export { meanInterval } from './mean-interval.ts';
export { metricVerdict } from './metric-verdict.ts';
export type { Margin, MetricEvidence, MetricVerdict, Verdict, VerdictReason } from './metric-verdict.ts';
export { mergeMoments, mergePairMoments, momentsFromSums, momentsOf, momentsOfShare } from './moments.ts';
export { murmurHash } from './murmur-hash.ts';
export { newcombeInterval } from './newcombe-interval.ts';
export { nonInferiority } from './non-inferiority.ts';
export type { GoodDirection, NonInferiority } from './non-inferiority.ts';
export { overallVerdict } from './overall-verdict.ts';
export type { Advice, OverallVerdict } from './overall-verdict.ts';
export { powerOfMeans } from './power-of-means.ts';
export { powerOfShares } from './power-of-shares.ts';
export type { SharesTest } from './power-of-shares.ts';
export { ratioMetric } from './ratio-metric.ts';
export { relativeEffect } from './relative-effect.ts';
export { sampleRatio } from './sample-ratio.ts';
export type { SampleRatio, SampleRatioState, SizedGroup } from './sample-ratio.ts';
export type { Moments, PairMoments, Share } from './samples.ts';
export { sequentialSampleRatio } from './sequential-sample-ratio.ts';
export { smallestVisibleDifference } from './smallest-visible-difference.ts';
export type { Risks } from './smallest-visible-difference.ts';
export { smallestVisibleShare } from './smallest-visible-share.ts';
export { groupOf } from './split.ts';
export type { PlannedGroup } from './split.ts';
export { splitInStrata } from './split-in-strata.ts';
export type { StratifiedUser } from './split-in-strata.ts';
export { standardizedDifference } from './standardized-difference.ts';
export { twoProportions } from './two-proportions.ts';
export { usersForMeans } from './users-for-means.ts';
export type { GroupSizes, MeansPlan } from './users-for-means.ts';
export { usersForShares } from './users-for-shares.ts';
export type { SharesPlan } from './users-for-shares.ts';
export { usersToSettle } from './users-to-settle.ts';
export type { OpenQuestion } from './users-to-settle.ts';
export { welch } from './welch.ts';
export type { WelchResult } from './welch.ts';
export { wilsonInterval } from './wilson-interval.ts';
