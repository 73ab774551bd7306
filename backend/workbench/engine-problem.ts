import { Problem, type ProblemCode } from '../../shared/problem.ts';
import type { LocalText } from '../../shared/language.ts';

/** `… (UNKNOWN_TABLE) (version 26.7.2.1 (official build))` */
const endName = /\(([A-Z][A-Z0-9_]{2,80})\)\s*(?:\(version .*)?$/;

/** An exception as ClickHouse words it, wherever it was found: status, header or the end of a body. */
export class EngineError extends Error {
  readonly code: number;
  /** ClickHouse's name of the code, such as `CANNOT_PARSE_DATE`; '' when it did not say. */
  readonly codeName: string;

  constructor(code: number, message: string, codeName = endName.exec(message)?.[1] ?? '') {
    super(message);
    this.name = 'EngineError';
    this.code = code;
    this.codeName = codeName;
  }
}

/** An answer with a status of its own that is not ClickHouse's: a proxy's page, a redirect, another service. */
export class HttpAnswerError extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.name = 'HttpAnswerError';
    this.status = status;
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
  if (error.code === noCommonType) return new Problem('query_failed', textMeetsNumber(error.message), { cause: error });
  const text = describedError(error);
  const forAuthor = error.code === thrownByQuery ? analystsWords(error.message) : '';
  return new Problem('query_failed', { ru: `Запрос не выполнен. Ошибка ClickHouse ${text}`, en: `The query failed. ClickHouse error ${text}` }, { cause: error, ...(forAuthor === '' ? {} : { forAuthor }) });
}

/**
 * Errors that are found before any row is read and that name only what the analyst wrote: they help to mend a query.
 * All others may quote rows or bound values (`Cannot parse date here: …`), so a person sees just their name.
 */
const analysisErrors = new Set([42, 43, 46, 47, 60, 62, 63, 81, 207, 215]);
/** Text and numbers, or times, are compared, joined or put into one column. */
const noCommonType = 386;

function textMeetsNumber(message: string): LocalText {
  const types = /supertype for types? ([A-Za-z][\w(), ]{0,200}?) because/.exec(message)?.[1];
  const [ru, en] = types === undefined ? ['', ''] : [` (${types})`, ` (${types})`];
  return {
    ru: `Запрос сравнивает, соединяет или складывает в один столбец текст и числа либо другие несходные типы${ru}. Приведите их к одному: задайте тип столбца в строке шага, например (user_id: string), или напишите toString(число).`,
    en: `The query compares, joins or puts into one column text and numbers, or other types that do not go together${en}. Bring them to one: give the column a type in the step's line, such as (user_id: string), or write toString(number).`,
  };
}

/** `throwIf(…, 'words')`: the words are those of whoever wrote the query. */
const thrownByQuery = 395;
/** From here on ClickHouse repeats the query, with bound values in the place of parameters. */
const queryText = /[\s,;.:]*\b(?:in scope|in query|while (?:processing|executing)|here:)[\s\S]*$/i;

function describedError(error: EngineError): string {
  const name = error.codeName === '' ? String(error.code) : `${error.codeName} (${error.code})`;
  const words = analysisErrors.has(error.code) ? analystsWords(error.message) : '';
  return words === '' ? `${name}.` : `${name}: ${words}.`;
}

/** The engine's words without its version, its names and the query, not longer than a person reads. */
function analystsWords(message: string): string {
  // A type may be given as a bound value, and its parser quotes it.
  if (message.includes('(data type)')) return '';
  const plain = message.replace(/\s*\(version .*$/s, '').replace(/\s*\([A-Z][A-Z0-9_]+\)\s*$/, '').replace(/^DB::Exception: /, '').replace(queryText, '').replace(/[.\s]+$/, '');
  return plain.length > 600 ? `${plain.slice(0, 600)}…` : plain;
}

/** The client takes the first word in brackets for the error's name: in `failed at position 192 (GRUP)` that is the analyst's. */
function clientError(error: Error): EngineError {
  const type = 'type' in error && typeof error.type === 'string' ? error.type : undefined;
  const isName = type === undefined || type.includes('_');
  return isName ? new EngineError(Number(errorCode(error)), error.message, type) : new EngineError(Number(errorCode(error)), `${error.message} near ${type}`, errorCode(error) === '62' ? 'SYNTAX_ERROR' : '');
}

const unreachable = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH']);

function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

function asEngineError(error: unknown): EngineError | null {
  if (error instanceof EngineError) return error;
  if (!(error instanceof Error)) return null;
  // The client's own error carries the number in `code` and the text without it.
  if (error.name === 'ClickHouseError' || /^\d+$/.test(errorCode(error))) return clientError(error);
  return parseEngineError(error.message);
}
