import type * as statistics from '../../shared/statistics/index.ts';

/** The statistics are many small files: they are loaded by the first read-out, not at start. */
export type Statistics = typeof statistics;

export const loadStatistics = (): Promise<Statistics> => import('../../shared/statistics/index.ts');
