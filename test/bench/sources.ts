import type { Bench, BenchContext, Comparison } from './bench.ts';
import { cohortToStep } from './sources-amplitude.ts';
import { clickhouseToStep } from './sources-clickhouse.ts';
import { mssqlToStep } from './sources-mssql.ts';

/** One kind of source each. */
const parts: ((context: BenchContext) => Promise<Comparison[]>)[] = [clickhouseToStep, mssqlToStep, cohortToStep];

export const sources: Bench = {
  name: 'sources',
  summary: 'Rows of other systems into a step table, against bare scripts',
  run: async (context) => {
    const comparisons: Comparison[] = [];
    for (const part of parts) comparisons.push(...(await part(context)));
    return comparisons;
  },
};
