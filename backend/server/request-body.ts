import express, { type Express, type RequestHandler } from 'express';
import { operations, type OperationName } from '../../shared/api.ts';
import { Problem } from '../../shared/problem.ts';

/** Those that may carry a pasted list or a worksheet's many calls. */
const longBodies: OperationName[] = ['submit', 'options', 'functions'];
const most = { short: '100kb', long: '12mb' };

/** A range of cells in a batch of calls stands six levels deep. */
const mostLevels = 32;

function tooDeep(): Problem {
  return new Problem('invalid_request', { ru: `Запрос не понят: вложенность больше ${mostLevels} уровней.`, en: `The request is not understood: it is nested deeper than ${mostLevels} levels.` });
}

function halfCharacter(): Problem {
  return new Problem('invalid_request', { ru: 'В тексте есть половина знака (суррогат без пары). Удалите его.', en: 'The text holds half a character (a lone surrogate). Remove it.' });
}

/** Level by level, for recursion over a hostile depth would end the stack. */
function checkBody(body: unknown): void {
  let level = [body];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > mostLevels) throw tooDeep();
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value === 'string' && !value.isWellFormed()) throw halfCharacter();
      if (typeof value !== 'object' || value === null) continue;
      if (!Array.isArray(value) && Object.keys(value).some((key) => !key.isWellFormed())) throw halfCharacter();
      for (const inner of Object.values(value)) next.push(inner);
    }
    level = next;
  }
}

export const checkedBody: RequestHandler = (request, _response, next) => {
  checkBody(request.body);
  next();
};

/** For anyone, before sign-in. */
export const shortBody = express.json({ limit: most.short, strict: true });

/** Reads what signed-in people send; a body that is read already is left as it is. */
export function readBodies(app: Express): void {
  const long = express.json({ limit: most.long, strict: true });
  for (const name of longBodies) app[operations[name].method](operations[name].path, long);
  app.use('/api', shortBody, checkedBody);
}
