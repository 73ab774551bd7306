import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { answerQuestions } from './helper-process.ts';

answerQuestions(async ({ address, file }: { address: string; file: string }): Promise<{ milliseconds: number; firstByte: number }> => {
  const started = performance.now();
  const [response] = (await once(get(address), 'response')) as [IncomingMessage];
  if (response.statusCode !== 200) throw new Error(`GET of the link: ${response.statusCode}`);
  const first = once(response, 'readable').then(() => performance.now() - started);
  await Promise.all([first, pipeline(response, createWriteStream(file))]);
  return { milliseconds: performance.now() - started, firstByte: await first };
});
