import { alwaysValidPValue, alwaysValidReach } from './always-valid.ts';
import { excludesZero, isConfidence, usualConfidence } from './comparison.ts';
import type { Comparison, ComparisonOptions, Estimate } from './comparison.ts';
import { normalQuantile } from './distributions/index.ts';
import { fisherExact } from './fisher-exact.ts';
import { newcombeLimits } from './newcombe-interval.ts';
import { relativeEffect } from './relative-effect.ts';
import type { Share } from './samples.ts';
import { twoProportions } from './two-proportions.ts';
import { wilsonLimits } from './wilson-interval.ts';

/** Expected users in a cell below which the normal distribution no longer describes the counts. */
const fewExpected = 5;

/**
 * All that a read-out says of a share: rates with Wilson's intervals, their difference with Newcombe's, the relative change, the p-value.
 *
 * The p-value is the pooled z-test's, or Fisher's when fewer than 5 users are expected in a cell. For a test that still runs
 * (`planned` given) the same intervals reach as many standard errors as {@link alwaysValidReach} says,
 * and the p-value is that of the reach at which the interval touches zero.
 *
 * @returns `null` for an empty group, more hits than users, or numbers that are not finite; with nobody (or everybody) converting
 *          there is an interval and no p-value.
 * @example compareShares({ hits: 48, users: 80 }, { hits: 56, users: 70 })?.interval
 *          // { low: 0.0524315, high: 0.3338727 }   Newcombe 1998, table II: 56/70 − 48/80, 0.0524 to 0.3339
 */
export function compareShares(control: Share, treatment: Share, { confidence = usualConfidence, planned }: ComparisonOptions = {}): Comparison | null {
  const alpha = 1 - confidence;
  if (!isConfidence(confidence)) return null;
  const look = { users: control.users + treatment.users, planned: planned ?? NaN, alpha };
  const reach = planned === undefined ? normalQuantile((1 + confidence) / 2) : alwaysValidReach(look);
  if (reach === null) return null;
  const [first, second, interval] = [estimate(control, reach), estimate(treatment, reach), newcombeLimits(control, treatment, reach)];
  if (!first || !second || !interval) return null;
  const small = isSmall(control, treatment);
  const pValue = planned === undefined ? fixedPValue(control, treatment, small) : alwaysValidPValue(touchingReach(control, treatment), look);
  return {
    control: first,
    treatment: second,
    difference: second.value - first.value,
    standardError: Math.sqrt(unitVariance(control) / control.users + unitVariance(treatment) / treatment.users),
    degreesOfFreedom: Infinity,
    interval,
    relative: relativeEffect(first, second),
    pValue,
    alwaysValid: planned !== undefined,
    small,
    borderline: pValue !== null && planned === undefined && excludesZero(interval) !== pValue < alpha,
  };
}

function estimate(share: Share, reach: number): Estimate | null {
  const interval = wilsonLimits(share, reach);
  return interval && { value: share.hits / share.users, interval };
}

function fixedPValue(control: Share, treatment: Share, small: boolean): number | null {
  const pooled = twoProportions(control, treatment);
  return pooled && small ? fisherExact(control, treatment) : (pooled?.pValue ?? null);
}

function isSmall(control: Share, treatment: Share): boolean {
  const rate = (control.hits + treatment.hits) / (control.users + treatment.users);
  return Math.min(control.users, treatment.users) * Math.min(rate, 1 - rate) < fewExpected;
}

/** With one hit and one miss added (Agresti and Caffo 2000), so that nobody converting is not taken for certainty. */
function unitVariance({ hits, users }: Share): number {
  const rate = (hits + 1) / (users + 2);
  return rate * (1 - rate);
}

/** The number of standard errors at which Newcombe's interval just touches zero. */
function touchingReach(control: Share, treatment: Share): number {
  const touches = (reach: number) => {
    const limits = newcombeLimits(control, treatment, reach);
    return !limits || !excludesZero(limits);
  };
  let [low, high] = [0, 1];
  while (high < 1e9 && !touches(high)) [low, high] = [high, high * 2];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (touches(middle)) high = middle;
    else low = middle;
  }
  return low;
}
