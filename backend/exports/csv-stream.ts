import { Readable } from 'node:stream';
import { Problem } from '../../shared/problem.ts';
import type { ExportedResult, ExportRequest, RowsOptions } from './export-format.ts';

/** The only result that a CSV holds. */
export function firstResult({ results }: ExportRequest): ExportedResult {
  const [first] = results;
  if (first) return first;
  throw new Problem('not_found', { ru: 'У этого запуска нет результата для файла.', en: 'This run has no result for a file.' });
}

/** Bytes in front of the rows, then the rows as the engine formats them. A failure of the rows is a failure of the file. */
export async function fileOfRows(result: ExportedResult, options: RowsOptions, before: string): Promise<Readable> {
  const rows = await result.open(options);
  return before === '' ? rows : Readable.from(joined(before, rows), { objectMode: false });
}

async function* joined(before: string, rows: Readable): AsyncGenerator<Buffer> {
  yield Buffer.from(before, 'utf8');
  for await (const chunk of rows as AsyncIterable<Buffer>) yield chunk;
}
