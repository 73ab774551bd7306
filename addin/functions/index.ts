/// <reference types="custom-functions-runtime" />
import { baseline } from './ab-baseline.ts';
import { interval } from './ab-interval.ts';
import { lift } from './ab-lift.ts';
import { pValue } from './ab-p-value.ts';
import { sampleRatio } from './ab-sample-ratio.ts';
import { sampleSize } from './ab-sample-size.ts';
import { smallestEffect } from './ab-smallest-effect.ts';
import { verdict } from './ab-verdict.ts';
import { metric } from './metric.ts';
import { run } from './run.ts';

export { connectFunctions } from './connection.ts';
export type { BatchOptions, FunctionCall, FunctionResult, SendBatch } from './batch.ts';

/** Every worksheet function by the id that functions.json gives it. A new one is one file and one line here. */
export const worksheetFunctions = {
  RUN: run,
  METRIC: metric,
  'AB.BASELINE': baseline,
  'AB.PVALUE': pValue,
  'AB.INTERVAL': interval,
  'AB.LIFT': lift,
  'AB.SRM': sampleRatio,
  'AB.SAMPLESIZE': sampleSize,
  'AB.MDE': smallestEffect,
  'AB.VERDICT': verdict,
};

/** Tells Excel which code answers which function; called once, as early as the page can. */
export function associateFunctions(): void {
  CustomFunctions.associate(worksheetFunctions);
}
