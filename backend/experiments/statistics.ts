/** The statistics are many small files: they are loaded by the first read-out, not at start. */
export type Statistics = typeof import('../../shared/statistics/index.ts');

export const loadStatistics = (): Promise<Statistics> => import('../../shared/statistics/index.ts');
