/// <reference types="custom-functions-runtime" />
import { argumentOf, ask } from './connection.ts';

/**
 * Уровень показателя сейчас и его стандартное отклонение: для AB.SAMPLESIZE и AB.MDE. Present level and standard deviation of a metric, for AB.SAMPLESIZE and AB.MDE.
 * @customfunction AB.BASELINE AB.BASELINE
 * @cancelable
 * @param metric Показатель, как в каталоге: "card_issues". The metric's id.
 * @param [entry] Показатель, с первым событием которого человек входит в тест: "active_days". The metric whose first fact brings a person into the test.
 * @param invocation
 * @returns Две ячейки: уровень и отклонение; у доли отклонение пусто. Two cells: level, deviation; a share has none.
 */
export function baseline(metric: string, entry: unknown, invocation: CustomFunctions.CancelableInvocation): Promise<unknown[][]> {
  return ask({ name: 'BASELINE', arguments: [metric, argumentOf([[entry]])] }, invocation);
}
