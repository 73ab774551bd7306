import { Problem, type ProblemCode } from '../../shared/problem.ts';
import type { LocalText } from '../../shared/language.ts';

/** An exception as ClickHouse words it, wherever it was found: status, header or the end of a body. */
export class EngineError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = 'EngineError';
    this.code = code;
  }
}

const exceptionText = /Code: (\d+)\. DB::Exception: ([\s\S]*)/;

/** Reads `Code: 241. DB::Exception: …`; `null` when the text is something else. */
export function parseEngineError(text: string): EngineError | null {
  const found = exceptionText.exec(text);
  return found ? new EngineError(Number(found[1]), (found[2] ?? '').trim()) : null;
}

const meanings: Record<number, ProblemCode> = {
  158: 'row_limit',
  159: 'time_limit',
  160: 'time_limit',
  202: 'too_many',
  241: 'memory_limit',
  243: 'disk_full',
  307: 'too_large',
  394: 'interrupted',
  396: 'row_limit',
};

const words: Partial<Record<ProblemCode, LocalText>> = {
  time_limit: { ru: 'Запрос не уложился в отведённое время. Сузьте период или условия.', en: 'The query took longer than it may. Narrow the period or the conditions.' },
  row_limit: { ru: 'Строк больше, чем можно. Сузьте период или условия.', en: 'There are more rows than allowed. Narrow the period or the conditions.' },
  memory_limit: { ru: 'Запросу не хватило памяти. Сузьте период или условия.', en: 'The query needs more memory than it may use. Narrow the period or the conditions.' },
  too_many: { ru: 'Сейчас выполняется слишком много запросов. Повторите через минуту.', en: 'Too many queries are running. Try again in a minute.' },
  too_large: { ru: 'Запрос или данные для него слишком велики.', en: 'The query or its data is too large.' },
  disk_full: { ru: 'На диске хранилища закончилось место. Сообщите тому, кто его обслуживает.', en: 'The disk of the workbench is full. Tell the person who looks after it.' },
  interrupted: { ru: 'Запрос был прерван: его или хранилище остановили. Запустите ещё раз.', en: 'The query was interrupted: it or the engine was stopped. Run it again.' },
  source_unreachable: { ru: 'Хранилище не отвечает. Повторите через минуту.', en: 'The workbench does not answer. Try again in a minute.' },
};

/** A Problem of the given kind in its usual words. */
export function problemOf(code: ProblemCode, cause?: unknown): Problem {
  return new Problem(code, words[code] ?? { ru: 'Не получилось.', en: 'It did not work.' }, { cause });
}

/** What any failure of the engine or of the way to it means to a person. */
export function engineProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const exception = asEngineError(error);
  if (exception) return exceptionProblem(exception);
  return problemOf(unreachable.has(errorCode(error)) ? 'source_unreachable' : 'interrupted', error);
}

function exceptionProblem(error: EngineError): Problem {
  if (/No space left on device|errno: 28\b/.test(error.message)) return problemOf('disk_full', error);
  const code = meanings[error.code];
  if (code) return problemOf(code, error);
  const text = plainMessage(error.message);
  return new Problem('query_failed', { ru: `Запрос не выполнен. Ответ ClickHouse: ${text}`, en: `The query failed. ClickHouse says: ${text}` }, { cause: error });
}

/** The engine's words without its version and class names, not longer than a person reads. */
function plainMessage(message: string): string {
  const plain = message.replace(/\s*\(version [^)]*\(?[^)]*\)?\)\s*$/, '').replace(/\s*\([A-Z][A-Z_]+\)\s*$/, '').replace(/^DB::Exception: /, '').replace(/\/\* query_id:\S+ \*\/ /g, '').replace(/:?\s*In scope SELECT formatQuerySingleLine\([\s\S]*$/, '').trim();
  return plain.length > 600 ? `${plain.slice(0, 600)}…` : plain;
}

const unreachable = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH']);

function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

function asEngineError(error: unknown): EngineError | null {
  if (error instanceof EngineError) return error;
  if (!(error instanceof Error)) return null;
  // The client's own error carries the number in `code` and the text without it.
  if (error.name === 'ClickHouseError' || /^\d+$/.test(errorCode(error))) return new EngineError(Number(errorCode(error)), error.message);
  return parseEngineError(error.message);
}
