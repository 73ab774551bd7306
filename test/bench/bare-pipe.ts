import type { EngineEndpoint } from '../../backend/workbench/engine-client.ts';
import { answerQuestions } from './helper-process.ts';

// The peer of steps on another ClickHouse: two requests, the body of one answer being the body of the other request.
export interface PipeQuestion {
  from: { endpoint: EngineEndpoint; sql: string };
  into: { endpoint: EngineEndpoint; sql: string };
}

async function ask({ url, password }: EngineEndpoint, sql: string, body?: ReadableStream<Uint8Array>): Promise<Response> {
  const response = await fetch(`${url}/?query=${encodeURIComponent(sql)}`, { method: 'POST', headers: { 'X-ClickHouse-Key': password }, ...(body === undefined ? {} : { body, duplex: 'half' }) } as RequestInit);
  if (!response.ok) throw new Error(await response.text());
  return response;
}

answerQuestions(async ({ from, into }: PipeQuestion): Promise<{ milliseconds: number }> => {
  const started = performance.now();
  const rows = await ask(from.endpoint, from.sql);
  if (rows.body === null) throw new Error('no rows came');
  await (await ask(into.endpoint, into.sql, rows.body)).text();
  return { milliseconds: performance.now() - started };
});
