import type { z } from 'zod';
import type { functionCall, functionResult } from '../../shared/api.ts';
import { callsAtOnce } from '../../shared/calls-at-once.ts';
import { Problem } from '../../shared/problem.ts';

export type FunctionCall = z.infer<typeof functionCall>;
export type FunctionResult = z.infer<typeof functionResult>;

/** Sends calls to the server, which answers each in its place: `POST /api/functions/batch`. */
export type SendBatch = (calls: FunctionCall[], signal: AbortSignal) => Promise<FunctionResult[]>;

export interface BatchOptions {
  /** Calls within this time go out together: a recalculation fills a whole column at once. */
  gatherMilliseconds?: number;
  /** Excel drops a result that comes after 60 s, and the cell would stay busy for ever. */
  answerMilliseconds?: number;
}

interface Waiting {
  resolve: (result: FunctionResult) => void;
  reject: (error: unknown) => void;
}

/** One question of a batch, asked by every cell that wants the same. */
interface Question {
  call: FunctionCall;
  waiting: Set<Waiting>;
}

/** Gathers calls of many cells into one request; every call settles in time, whatever becomes of the request. */
export class FunctionBatch {
  private readonly send: SendBatch;
  private readonly gatherMilliseconds: number;
  private readonly answerMilliseconds: number;
  private questions = new Map<string, Question>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: SendBatch, { gatherMilliseconds = 100, answerMilliseconds = 50_000 }: BatchOptions = {}) {
    this.send = send;
    this.gatherMilliseconds = gatherMilliseconds;
    this.answerMilliseconds = answerMilliseconds;
  }

  /** Rejects with Problem; `signal` is the cell that no longer wants the answer. */
  call(call: FunctionCall, signal: AbortSignal): Promise<FunctionResult> {
    return new Promise((resolve, reject) => {
      const key = JSON.stringify(call);
      const question = this.questions.get(key) ?? { call, waiting: new Set() };
      this.questions.set(key, question);
      const timer = setTimeout(() => waiting.reject(late()), this.answerMilliseconds);
      const waiting: Waiting = {
        resolve: (result) => settle(() => resolve(result)),
        reject: (error) => settle(() => reject(error instanceof Error ? error : new Error(String(error)))),
      };
      const settle = (end: () => void): void => {
        clearTimeout(timer);
        question.waiting.delete(waiting);
        end();
      };
      question.waiting.add(waiting);
      signal.addEventListener('abort', () => waiting.reject(cancelled()), { once: true });
      this.timer ??= setTimeout(() => this.flush(), this.gatherMilliseconds);
    });
  }

  private flush(): void {
    this.timer = undefined;
    const questions = [...this.questions.values()].filter(({ waiting }) => waiting.size > 0);
    this.questions = new Map();
    for (const request of requestsOf(questions)) void this.ask(request);
  }

  private async ask(questions: Question[]): Promise<void> {
    const limit = AbortSignal.timeout(this.answerMilliseconds);
    try {
      const results = await this.send(
        questions.map(({ call }) => call),
        limit,
      );
      if (results.length !== questions.length) throw incomplete();
      questions.forEach(({ waiting }, index) => waiting.forEach((one) => one.resolve(results[index] ?? { values: [] })));
    } catch (error) {
      const reason = limit.aborted ? late() : error;
      for (const { waiting } of questions) waiting.forEach((one) => one.reject(reason));
    }
  }
}

/** Questions of one shape go out together, for the server answers them with one query. */
function requestsOf(questions: Question[]): Question[][] {
  const runs = questions.filter(({ call }) => call.name !== 'METRIC');
  const shapes = new Map<string, Question[]>();
  for (const question of questions) {
    if (question.call.name !== 'METRIC') continue;
    const key = shapeOf(question.call);
    const shape = shapes.get(key);
    if (shape === undefined) shapes.set(key, [question]);
    else shape.push(question);
  }
  const requests = inParts(runs, callsAtOnce.RUN);
  let open: Question[] = [];
  for (const shape of [...shapes.values()].flatMap((all) => inParts(all, callsAtOnce.METRIC))) {
    if (open.length + shape.length > callsAtOnce.METRIC) {
      requests.push(open);
      open = [];
    }
    open.push(...shape);
  }
  return open.length === 0 ? requests : [...requests, open];
}

/** Metric, grain and the filters' names: all but the period and the filters' values. */
function shapeOf({ arguments: [metric, , grain, ...filters] }: FunctionCall): string {
  return JSON.stringify([metric, grain ?? '', ...filters.filter((_, at) => at % 2 === 0 && filters[at] !== '' && filters[at] !== null).map(String).sort()]);
}

function inParts<T>(all: T[], most: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / most) }, (_, part) => all.slice(part * most, (part + 1) * most));
}

function late(): Problem {
  return new Problem('time_limit', {
    ru: 'Ответ считается дольше 50 секунд: для ячейки это слишком долго. Возьмите период короче или запустите задачу в панели Tasksheet.',
    en: 'The answer takes longer than 50 seconds, too long for a cell. Take a shorter period or run a task in the Tasksheet pane.',
  });
}

function cancelled(): Problem {
  return new Problem('interrupted', { ru: 'Вычисление отменено.', en: 'The calculation was cancelled.' });
}

function incomplete(): Problem {
  return new Problem('internal', { ru: 'Сервер ответил не на все вызовы. Пересчитайте лист.', en: 'The server did not answer every call. Recalculate the sheet.' });
}
