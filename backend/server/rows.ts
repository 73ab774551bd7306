import { once } from 'node:events';
import type { Request, Response } from 'express';
import { createGzip, constants } from 'node:zlib';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ResultColumn } from '../../shared/result.ts';

export interface RowsPage {
  result: string;
  offset: number;
  total: number;
  columns: ResultColumn[];
  /** JSONCompactEachRow lines; line ends inside values are escaped, so each `\n` ends a row. */
  lines: Readable;
}

/** Turns lines of JSON arrays into the elements of one array, without parsing them. */
function asArrayElements(before: string, after: string): Transform {
  let pending = false;
  return new Transform({
    construct(callback) {
      this.push(before);
      callback();
    },
    transform(chunk: Buffer, _encoding, callback) {
      const text = chunk.toString('latin1');
      const ends = text.endsWith('\n');
      const body = (ends ? text.slice(0, -1) : text).replaceAll('\n', ',');
      const joined = pending ? `,${body}` : body;
      pending = ends;
      callback(null, Buffer.from(joined, 'latin1'));
    },
    flush(callback) {
      this.push(after);
      callback();
    },
  });
}

const stalledMs = 60_000;

/** A reader that takes nothing for a minute is let go: what it holds is wanted by others. */
export function giveUpOnStalled(response: Response): void {
  response.setTimeout(stalledMs, () => response.destroy());
}

/** Streams a page as one JSON object, gzipped where the reader takes it: the engine formats, nothing is parsed here. */
export async function sendRows(request: Request, response: Response, page: RowsPage): Promise<void> {
  const head = JSON.stringify({ result: page.result, offset: page.offset, total: page.total, columns: page.columns });
  const body = asArrayElements(`${head.slice(0, -1)},"rows":[`, ']}');
  // The engine may still refuse: wait for its first bytes or its end before a status is promised.
  await Promise.race([once(page.lines, 'readable'), once(page.lines, 'end')]);
  response.status(200).type('application/json').set({ 'Cache-Control': 'private, no-store', Vary: 'Accept-Encoding' });
  if (/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) {
    response.set('Content-Encoding', 'gzip');
    await pipeline(page.lines, body, createGzip({ level: constants.Z_BEST_SPEED }), response);
  } else await pipeline(page.lines, body, response);
}
