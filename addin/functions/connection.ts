/// <reference types="custom-functions-runtime" />
import type { Language } from '../../shared/language.ts';
import { Problem, type ProblemCode } from '../../shared/problem.ts';
import type { Cell } from '../../shared/result.ts';
import { FunctionBatch, type BatchOptions, type FunctionCall, type SendBatch } from './batch.ts';

export interface FunctionsConnection {
  batch: FunctionBatch;
  language: () => Language;
}

let connection: FunctionsConnection | undefined;

/** Joins the worksheet functions to the server. Cells may ask before the pane has signed in: they are told so. */
export function connectFunctions(send: SendBatch, language: () => Language, options?: BatchOptions): void {
  connection = { batch: new FunctionBatch(send, options), language };
}

/** The pane's language; Russian until the pane is there. */
export function cellLanguage(): Language {
  return connection?.language() ?? 'ru';
}

/** An argument as the cell gives it: a single cell as its value, an area as rows. */
export function argumentOf(area: unknown[][]): Cell | Cell[][] {
  const cells = area.map((row) => row.map(cellOf));
  return cells.length === 1 && cells[0]?.length === 1 ? (cells[0][0] ?? null) : cells;
}

/** Excel gives text, numbers, flags and nothing; an error of a cell comes as an object. */
function cellOf(value: unknown): Cell {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/** Calls the server for one cell. What fails becomes an error of the cell, with words that a person sees on hovering. */
export async function ask(call: FunctionCall, invocation: CustomFunctions.CancelableInvocation): Promise<(string | number | boolean)[][]> {
  const cell = new AbortController();
  invocation.onCanceled = () => cell.abort();
  try {
    if (!connection) throw notConnected();
    const result = await connection.batch.call(call, cell.signal);
    if ('problem' in result) throw cellError(result.problem.code, result.problem.text[connection.language()]);
    return result.values.length === 0 ? [['']] : result.values.map((row) => row.map((value) => value ?? ''));
  } catch (error) {
    if (error instanceof CustomFunctions.Error) throw error;
    const language = cellLanguage();
    if (error instanceof Problem) throw cellError(error.code, error.text[language]);
    throw cellError('internal', language === 'ru' ? 'Не удалось получить данные. Пересчитайте лист.' : 'The data could not be read. Recalculate the sheet.');
  }
}

function notConnected(): Problem {
  return new Problem('not_signed_in', { ru: 'Откройте панель Tasksheet и войдите, затем пересчитайте лист.', en: 'Open the Tasksheet pane and sign in, then recalculate the sheet.' });
}

/** Faults of the formula itself are #VALUE!, all others #N/A: the two errors whose words Excel shows. */
const faultsOfFormula: ReadonlySet<string> = new Set<ProblemCode>(['invalid_request', 'invalid_values', 'not_found']);

function cellError(code: string, message: string): CustomFunctions.Error {
  const { invalidValue, notAvailable } = CustomFunctions.ErrorCode;
  return new CustomFunctions.Error(faultsOfFormula.has(code) ? invalidValue : notAvailable, message);
}
