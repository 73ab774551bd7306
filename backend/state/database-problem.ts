import { Problem, type ProblemCode } from '../../shared/problem.ts';
import type { LocalText } from '../../shared/language.ts';

/** Turns what either driver throws into a Problem; the original is kept as its cause. */
export function databaseProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const found = kindOf(isCutConnection(error) ? '08006' : codeOf(error));
  return new Problem(found.code, found.text, { cause: error });
}

/** SQLSTATE of a database error, or the system's code of a connection error. */
export function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

/** The driver's own errors have words only. */
function isCutConnection(error: unknown): boolean {
  return codeOf(error) === '' && error instanceof Error && /connection (error|terminated)|terminated unexpectedly|timeout exceeded when trying to connect/i.test(error.message);
}

interface Kind {
  code: ProblemCode;
  text: LocalText;
}

function kindOf(code: string): Kind {
  if (code === '22021' || code === '22P05')
    return kind('invalid_request', 'В тексте есть символ, который нельзя сохранить (NUL). Удалите его.', 'The text holds a character that cannot be stored (NUL). Remove it.');
  if (code === '23505') return kind('conflict', 'Такая запись уже есть.', 'Such a record exists already.');
  if (code === '40001' || code === '40P01') return kind('conflict', 'Запись одновременно меняет кто-то ещё. Повторите.', 'Someone else is changing the same record. Try again.');
  if (code === '53100' || code === 'ENOSPC') return kind('disk_full', 'На диске хранилища состояния нет места.', 'The disk of the state store is full.');
  if (code === '57014') return kind('time_limit', 'Хранилище состояния не ответило вовремя.', 'The state store did not answer in time.');
  if (/^(08|53|57P|28|3D)/.test(code) || /^E[A-Z]+$/.test(code))
    return kind('not_ready', 'Хранилище состояния (PostgreSQL) недоступно. Проверьте TASKSHEET_STATE_URL и сервер.', 'The state store (PostgreSQL) cannot be reached. Check TASKSHEET_STATE_URL and the server.');
  return kind('internal', 'Хранилище состояния не выполнило запрос.', 'The state store did not carry out a query.');
}

function kind(code: ProblemCode, ru: string, en: string): Kind {
  return { code, text: { ru, en } };
}
