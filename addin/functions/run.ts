/// <reference types="custom-functions-runtime" />
import { argumentOf, ask } from './connection.ts';

/**
 * Выполняет задачу Tasksheet и возвращает её результат. Runs a Tasksheet task and returns its result.
 * @customfunction RUN
 * @cancelable
 * @param task Задача, как в каталоге: "partner-cards". The task's id.
 * @param fields Поля и значения по очереди: "partner"; 12; "issued"; "lastMonth". Field names and values in turn.
 * @param invocation
 * @returns Таблица с заголовками. A table with headers.
 */
export function run(task: string, fields: unknown[][][], invocation: CustomFunctions.CancelableInvocation): Promise<unknown[][]> {
  return ask({ name: 'RUN', arguments: [task, ...fields.map(argumentOf)] }, invocation);
}
