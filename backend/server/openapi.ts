import { z } from 'zod';
import { operations, type Operation } from '../../shared/api.ts';
import { problemAnswer } from '../../shared/problem.ts';

const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' });

function parameters(operation: Operation) {
  const path = [...operation.path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  const query = operation.query === undefined ? {} : ((schemaOf(operation.query, 'input') as { properties?: Record<string, unknown> }).properties ?? {});
  return [...path, ...Object.entries(query).map(([name, schema]) => ({ name, in: 'query', required: false, schema }))];
}

const problemContent = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

function describe([operationId, operation]: [string, Operation]) {
  const success =
    operation.answer === null
      ? { description: 'Done' }
      : { description: 'Done', content: { 'application/json': { schema: schemaOf(operation.answer, 'output') } } };
  return {
    operationId,
    summary: operation.summary,
    parameters: parameters(operation),
    ...(operation.body === undefined ? {} : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(operation.body, 'input') } } } }),
    ...(operation.takesFile === true ? { requestBody: { required: true, content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } } } : {}),
    responses: { [operation.status]: success, default: { description: 'A problem, in words', content: problemContent } },
  };
}

/** The API as OpenAPI 3.1, made from the same list that the routes are made from. */
export function openApi(version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const entry of Object.entries(operations) as [string, Operation][]) {
    const path = entry[1].path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [entry[1].method]: describe(entry) };
  }
  paths['/api/runs/{id}/events'] = {
    get: {
      operationId: 'runEvents',
      summary: 'Server-sent events of one run: each `data` is what GET /api/runs/{id} answers; ends with a final state',
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      responses: { 200: { description: 'Events', content: { 'text/event-stream': { schema: { type: 'string' } } } }, default: { description: 'A problem, in words', content: problemContent } },
    },
  };
  return {
    openapi: '3.1.0',
    info: { title: 'Tasksheet', version },
    paths,
    components: {
      schemas: { Problem: schemaOf(problemAnswer, 'output') },
      securitySchemes: { session: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
    security: [{ session: [] }],
  };
}
