import type { Express, Request, Response } from 'express';
import type { z } from 'zod';
import { operations, type AnswerOf, type Operation, type OperationName } from '../../shared/api.ts';
import { languageOf, type Language } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import type { Access } from '../access/access.ts';

/** Who asks: their identity, rights and language. */
export interface Caller {
  access: Access;
  language: Language;
}

type Parsed<N extends OperationName, K extends 'body' | 'query'> = (typeof operations)[N] extends Record<K, infer S extends z.ZodType> ? z.output<S> : undefined;

export interface Call<N extends OperationName> {
  params: Record<string, string>;
  body: Parsed<N, 'body'>;
  query: Parsed<N, 'query'>;
  request: Request;
  response: Response;
}

export type SignedCall<N extends OperationName> = Call<N> & Caller;

/** How a request proves who sends it; throws `not_signed_in`. */
export type Identify = (request: Request) => Promise<Access>;

function parse(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const place = [where, ...(issue?.path ?? [])].join('.');
  throw new Problem('invalid_request', { ru: `Запрос не понят: ${place}: ${issue?.message}.`, en: `The request is not understood: ${place}: ${issue?.message}.` });
}

async function call<N extends OperationName>(name: N, request: Request, response: Response): Promise<Call<N>> {
  const operation: Operation = operations[name];
  return {
    params: request.params as Record<string, string>,
    body: parse(operation.body, request.body, 'body') as Parsed<N, 'body'>,
    query: parse(operation.query, request.query, 'query') as Parsed<N, 'query'>,
    request,
    response,
  };
}

function send(response: Response, operation: Operation, answer: unknown): void {
  if (response.headersSent || response.writableEnded) return;
  response.status(operation.status).set('Cache-Control', 'no-store');
  if (operation.answer === null) response.end();
  else response.json(answer);
}

/** Routes of the operations in `shared/api.ts`: parse, ask who, call, answer. */
export function makeRoutes(app: Express, identify: Identify) {
  return {
    /** For anyone, before sign-in. */
    open<N extends OperationName>(name: N, handler: (call: Call<N>) => Promise<AnswerOf<N>>): void {
      const operation: Operation = operations[name];
      app[operation.method](operation.path, async (request, response) => {
        send(response, operation, await handler(await call(name, request, response)));
      });
    },
    /** For a signed-in person. A handler that has streamed its answer itself returns `undefined`. */
    signed<N extends OperationName>(name: N, handler: (call: SignedCall<N>) => Promise<AnswerOf<N> | undefined>): void {
      const operation: Operation = operations[name];
      app[operation.method](operation.path, async (request, response) => {
        const access = await identify(request);
        const language = languageOf(request.headers['accept-language']);
        send(response, operation, await handler({ ...(await call(name, request, response)), access, language }));
      });
    },
  };
}

export type Routes = ReturnType<typeof makeRoutes>;
