/// <reference types="custom-functions-runtime" />
import { run } from './run.ts';

export { connectFunctions } from './connection.ts';
export type { BatchOptions, FunctionCall, FunctionResult, SendBatch } from './batch.ts';

/** Every worksheet function by the id that functions.json gives it. A new one is one file and one line here. */
export const worksheetFunctions = { RUN: run };

/** Tells Excel which code answers which function; called once, as early as the page can. */
export function associateFunctions(): void {
  CustomFunctions.associate(worksheetFunctions);
}
