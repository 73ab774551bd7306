import { alwaysValidPValue, alwaysValidReach } from './always-valid.ts';
import type { Comparison, Estimate, Interval } from './comparison.ts';
import { relativeEffect } from './relative-effect.ts';

/** Below this the mean's error is itself a guess, and looking every day turns it into false alarms. */
const fewestWhileRunning = 30;

/** A group's figure with its standard error. */
export interface NormalEstimate {
  value: number;
  error: number;
  users: number;
}

/** The fixed test of the difference, for use at the end of a test. */
export interface FixedTest {
  difference: number;
  standardError: number;
  degreesOfFreedom: number;
  /** Standard errors from the difference to the ends of its interval. */
  reach: number;
  pValue: number;
}

/** What means and ratios share: from two figures with standard errors to a comparison, fixed or always valid. */
export function compareNormal(control: NormalEstimate, treatment: NormalEstimate, test: FixedTest, running: { alpha: number; planned?: number }): Comparison | null {
  const { difference, standardError, degreesOfFreedom } = test;
  const { alpha, planned } = running;
  const look = planned === undefined ? null : { users: control.users + treatment.users, planned, alpha };
  const tooEarly = look !== null && Math.min(control.users, treatment.users) < fewestWhileRunning;
  const reach = look ? alwaysValidReach(look) : test.reach;
  if (reach === null || tooEarly) return null;
  const [first, second] = [limited(control, reach), limited(treatment, reach)];
  return {
    control: first,
    treatment: second,
    difference,
    standardError,
    degreesOfFreedom,
    interval: around(difference, reach * standardError),
    relative: relativeEffect(first, second),
    pValue: look ? alwaysValidPValue(difference / standardError, look) : test.pValue,
    alwaysValid: look !== null,
    small: false,
    borderline: false,
  };
}

function limited({ value, error }: NormalEstimate, reach: number): Estimate {
  return { value, interval: around(value, reach * error) };
}

function around(centre: number, reach: number): Interval {
  return { low: centre - reach, high: centre + reach };
}
