import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Session } from 'chdb';
import { answerQuestions } from './helper-process.ts';

// The peer of the CSV bench: chDB and a file, nothing in between. Opening the engine is not part of the time.
const session = new Session(process.argv[2] ?? '');

async function* bytes(sql: string): AsyncGenerator<Uint8Array> {
  for await (const chunk of session.queryStream(sql, { format: 'CSVWithNames' })) yield chunk.raw();
}

answerQuestions(async ({ sql, file }: { sql: string; file?: string }): Promise<{ milliseconds: number; text: string }> => {
  if (file === undefined) return { milliseconds: 0, text: session.query(sql, 'TSVRaw') };
  const started = performance.now();
  await pipeline(Readable.from(bytes(sql), { objectMode: false }), createWriteStream(file));
  return { milliseconds: performance.now() - started, text: '' };
});
