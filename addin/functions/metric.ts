/// <reference types="custom-functions-runtime" />
import { argumentOf, ask } from './connection.ts';

/**
 * Значение показателя за период, по шагам и с фильтрами. Value of a metric in a period, by grain and with filters.
 * @customfunction METRIC
 * @cancelable
 * @param metric Показатель, как в каталоге: "card_issues". The metric's id.
 * @param period Период: "lastMonth", "прошлый месяц", "2026-10", "2026-10-01..2026-10-15", дата или две ячейки с датами. The period.
 * @param [grain] Шаг: "день", "неделя", "месяц" – тогда ответ таблицей; пусто – одно число. Grain: "day", "week", "month"; one number when left out.
 * @param filters Фильтры и значения по очереди: "city"; "Тверь". Filters and values in turn.
 * @param invocation
 * @returns Число или таблица: первый день шага, значение. A number, or a table: first day of the step, value.
 */
export function metric(metric: string, period: unknown[][], grain: unknown, filters: unknown[][][], invocation: CustomFunctions.CancelableInvocation): Promise<unknown[][]> {
  return ask({ name: 'METRIC', arguments: [metric, argumentOf(period), argumentOf([[grain]]), ...filters.map(argumentOf)] }, invocation);
}
