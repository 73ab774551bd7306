/** How many calls of a worksheet function one request takes: a task is a run, values of metrics share queries. */
export const callsAtOnce = { RUN: 200, METRIC: 5000 };
