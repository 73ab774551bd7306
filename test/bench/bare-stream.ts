import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Session } from 'chdb';
import { answerQuestions } from './helper-process.ts';

// The peer of the CSV bench: chDB and a file, nothing in between. Opening the engine is not part of the time.
export interface BareQuestion {
  sql: string;
  /** What stands before the rows. */
  head?: string;
  /** Where the rows go; a small answer comes back as text when absent. */
  file?: string;
}

const session = new Session(process.argv[2] ?? '');

/** The line of names stands in front once: `CSVWithNames` would write it again into every chunk. */
async function* bytes(sql: string, head: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(head);
  for await (const chunk of session.queryStream(sql, { format: 'CSV' })) yield chunk.raw();
}

answerQuestions(async ({ sql, head = '', file }: BareQuestion): Promise<{ milliseconds: number; text: string }> => {
  if (file === undefined) return { milliseconds: 0, text: session.query(sql, 'TSVRaw') };
  const started = performance.now();
  await pipeline(Readable.from(bytes(sql, head), { objectMode: false }), createWriteStream(file));
  return { milliseconds: performance.now() - started, text: '' };
});
