/** From … to, both in the unit of what it estimates. Half-closed ranges have ∞ at one end. */
export interface Interval {
  low: number;
  high: number;
}

/** A figure of one group with its own interval. */
export interface Estimate {
  value: number;
  interval: Interval;
}

/** Two groups compared: the same shape for shares, means and ratios. */
export interface Comparison {
  control: Estimate;
  treatment: Estimate;
  /** Treatment − control, in the metric's unit; of shares, 0.01 is one percentage point. */
  difference: number;
  /** Standard error of the difference. */
  standardError: number;
  /** Infinity where the normal distribution is used. */
  degreesOfFreedom: number;
  /** Interval of the difference: fixed, or always valid for a test that still runs. */
  interval: Interval;
  /** Change relative to control, 0.05 is +5 %; `null` where control is too close to zero to divide by. */
  relative: Estimate | null;
  /** Two-sided; `null` where there is no test: nobody or everybody did it, no variation. */
  pValue: number | null;
  /** Whether `interval` and `pValue` may be looked at as often as one likes. */
  alwaysValid: boolean;
  /** Fewer than five users expected in a cell: the p-value is Fisher's. */
  small: boolean;
  /** The interval and the p-value fall on different sides of the threshold; go by the interval and say that it is close. */
  borderline: boolean;
}

export interface ComparisonOptions {
  /** Coverage of the intervals, 0.95 by default; 0.9 for the one-sided 5 % of a guardrail. */
  confidence?: number;
  /** For a test that still runs: users of both groups together that were planned. Makes interval and p-value always valid. */
  planned?: number;
}

export const usualConfidence = 0.95;

export function isConfidence(confidence: number): boolean {
  return confidence > 0 && confidence < 1;
}

/** Whether the interval lies wholly above or below zero. */
export function excludesZero({ low, high }: Interval): boolean {
  return low > 0 || high < 0;
}
