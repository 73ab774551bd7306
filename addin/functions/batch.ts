import type { z } from 'zod';
import type { functionCall, functionResult } from '../../shared/api.ts';
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

const callsAtOnce = 200;

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
    for (let start = 0; start < questions.length; start += callsAtOnce) void this.ask(questions.slice(start, start + callsAtOnce));
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

function late(): Problem {
  return new Problem('time_limit', {
    ru: 'Задача считается дольше 50 секунд: для ячейки это слишком долго. Запустите её в панели Tasksheet.',
    en: 'The task takes longer than 50 seconds, too long for a cell. Run it in the Tasksheet pane.',
  });
}

function cancelled(): Problem {
  return new Problem('interrupted', { ru: 'Вычисление отменено.', en: 'The calculation was cancelled.' });
}

function incomplete(): Problem {
  return new Problem('internal', { ru: 'Сервер ответил не на все вызовы. Пересчитайте лист.', en: 'The server did not answer every call. Recalculate the sheet.' });
}
