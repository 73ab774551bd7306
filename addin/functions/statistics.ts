/// <reference types="custom-functions-runtime" />
import type * as StatisticsModule from '../../shared/statistics/index.ts';
import type { Comparison } from '../../shared/statistics/index.ts';
import { notComputable } from './cell-error.ts';
import type { TwoGroups } from './two-groups.ts';

export type Statistics = typeof StatisticsModule;

const mostMilliseconds = 30_000;
let loading: Promise<Statistics> | undefined;

/** The statistics come once a formula needs them: the pane's first screen does without. A failed load is tried again. */
function loadStatistics(): Promise<Statistics> {
  loading ??= inTime(import('../../shared/statistics/index.ts')).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

function inTime<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The statistics did not come in time.')), mostMilliseconds);
    void work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Computes one cell in the pane itself, without the server. Whatever fails becomes an error of the cell, in words. */
export async function compute<T>(work: (statistics: Statistics) => T): Promise<T> {
  const statistics = await loadStatistics().catch(() => {
    throw notComputable({ ru: 'Не удалось загрузить вычисления. Проверьте сеть и пересчитайте лист.', en: 'The calculations could not be loaded. Check the network and recalculate the sheet.' });
  });
  try {
    return work(statistics);
  } catch (error) {
    if (error instanceof CustomFunctions.Error) throw error;
    throw notComputable({ ru: 'Эти числа посчитать не удалось. Проверьте аргументы.', en: 'These figures could not be computed. Check the arguments.' });
  }
}

/** Both groups compared, or `null` where that says nothing. */
export function compareOrNull(statistics: Statistics, groups: TwoGroups, confidence?: number): Comparison | null {
  const options = confidence === undefined ? {} : { confidence };
  return groups.of === 'shares' ? statistics.compareShares(groups.control, groups.treatment, options) : statistics.compareMeans(groups.control, groups.treatment, options);
}

export function compare(statistics: Statistics, groups: TwoGroups, confidence?: number): Comparison {
  const comparison = compareOrNull(statistics, groups, confidence);
  if (comparison !== null) return comparison;
  if (groups.control.users === 0 || groups.treatment.users === 0) throw notComputable({ ru: 'В одной из групп никого нет: сравнивать не с чем.', en: 'One of the groups is empty: there is nothing to compare with.' });
  throw notComputable({ ru: 'Сравнить нельзя: в группе меньше двух пользователей или все значения одинаковы.', en: 'There is no comparing: a group has fewer than two users, or all values are equal.' });
}
