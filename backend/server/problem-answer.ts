import { randomBytes } from 'node:crypto';
import type { ErrorRequestHandler, Request, Response } from 'express';
import { languageOf } from '../../shared/language.ts';
import { Problem, type ProblemAnswer } from '../../shared/problem.ts';
import type { Log } from '../log.ts';
import { httpStatus } from './http-status.ts';

/** What a body parser or router throws when the request itself is at fault. */
function requestFault(error: unknown): Problem | undefined {
  if (error instanceof URIError) return new Problem('invalid_request', { ru: 'Адрес запроса не удалось прочитать.', en: 'The address of the request could not be read.' }, { cause: error });
  const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 0;
  if (status === 413) return new Problem('too_large', { ru: 'Слишком много данных в одном запросе.', en: 'The request is too large.' }, { cause: error });
  if (status >= 400 && status < 500)
    return new Problem('invalid_request', { ru: 'Запрос не удалось прочитать: нужен правильный JSON.', en: 'The request could not be read: valid JSON is needed.' }, { cause: error });
  return undefined;
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return (
    requestFault(error) ??
    new Problem(
      'internal',
      { ru: 'Ошибка на нашей стороне. Попробуйте ещё раз; если повторится, назовите аналитику код обращения.', en: 'A fault on our side. Please try again; if it happens again, give the reference to an analyst.' },
      { cause: error },
    )
  );
}

/** Logs what is a fault of ours or of an engine; the reference finds the log line. */
export function logFault(log: Log, error: unknown, details: Record<string, unknown>): string {
  const { code } = asProblem(error);
  const reference = randomBytes(4).toString('hex');
  if (httpStatus[code] >= 500) log.error('request_failed', error, { reference, code, ...details });
  return reference;
}

/** The one place where a failure becomes an answer: no stack, a reference that finds the log line. */
export function answerProblem(error: unknown, request: Request, response: Response, log: Log): void {
  const problem = asProblem(error);
  const reference = logFault(log, error, { method: request.method, route: request.route?.path });
  const status = httpStatus[problem.code];
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const language = languageOf(request.headers['accept-language']);
  const answer: ProblemAnswer = {
    type: 'about:blank',
    title: problem.code,
    status,
    code: problem.code,
    detail: problem.text[language],
    text: problem.text,
    reference,
    ...(problem.fields === undefined ? {} : { fields: problem.fields }),
    ...(problem.unknown === undefined ? {} : { unknown: problem.unknown }),
  };
  response.status(status).type('application/problem+json').set('Cache-Control', 'no-store').send(JSON.stringify(answer));
}

export function problemHandler(log: Log): ErrorRequestHandler {
  return (error, request, response, next) => {
    void next;
    answerProblem(error, request, response, log);
  };
}
