import { Problem, type ProblemCode } from '../../shared/problem.ts';
import type { LocalText } from '../../shared/language.ts';

const defaultSyncSeconds = 60;

/** Excel gives a request no time limit of its own: a stuck one would wait for ever. */
export async function sync(context: Excel.RequestContext, seconds = defaultSyncSeconds): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(stuck(seconds)), seconds * 1000);
  });
  try {
    await Promise.race([context.sync(), limit]);
  } finally {
    clearTimeout(timer);
  }
}

function stuck(seconds: number): Problem {
  return new Problem('time_limit', {
    ru: `Excel не отвечает дольше ${seconds} с. Закончите ввод в ячейке, закройте открытые окна Excel и попробуйте ещё раз.`,
    en: `Excel has not answered for over ${seconds} s. Finish typing in the cell, close any open Excel window and try again.`,
  });
}

/** Runs a batch in Excel; what Excel refuses comes out as a Problem in words. Waits while a person types in a cell. */
export async function inExcel<T>(work: (context: Excel.RequestContext) => Promise<T>): Promise<T> {
  try {
    return await Excel.run({ delayForCellEdit: true }, work);
  } catch (error) {
    throw excelProblem(error);
  }
}

/** Refusals of Excel by its codes; its messages are translated, so they say nothing to a program. */
const refusals: Record<string, { code: ProblemCode; text: LocalText }> = {
  AccessDenied: {
    code: 'not_allowed',
    text: { ru: 'Книга или лист защищены от изменений. Снимите защиту или откройте книгу для редактирования.', en: 'The workbook or sheet is protected. Remove the protection or open the workbook for editing.' },
  },
  InvalidOperationInCellEditMode: {
    code: 'conflict',
    text: { ru: 'В ячейке идёт ввод. Закончите его (Enter или Esc) и попробуйте ещё раз.', en: 'A cell is being edited. Finish it (Enter or Esc) and try again.' },
  },
  RequestPayloadSizeLimitExceeded: {
    code: 'too_large',
    text: { ru: 'Excel не принял столько данных за один раз. Скачайте файл XLSX.', en: 'Excel did not accept that much data at once. Download the XLSX file.' },
  },
};

export function excelProblem(error: unknown): unknown {
  if (error instanceof Problem || !isExcelError(error)) return error;
  const known = refusals[error.code];
  if (known) return new Problem(known.code, known.text, { cause: error });
  return new Problem('internal', { ru: `Excel не смог выполнить действие (${error.code}). Попробуйте ещё раз или скачайте файл.`, en: `Excel could not do this (${error.code}). Try again or download the file.` }, { cause: error });
}

function isExcelError(error: unknown): error is { code: string } {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' && 'debugInfo' in error;
}
