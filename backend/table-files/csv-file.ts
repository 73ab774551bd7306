import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import Papa from 'papaparse';
import type { LocalText } from '../../shared/language.ts';
import { Problem } from '../../shared/problem.ts';
import { declaredDelimiter, detectDelimiter, noDelimiter } from './delimiter.ts';
import { decoded, detectEncoding, type Encoding } from './encoding.ts';
import type { FileRow, OpenTableFile } from './table-file.ts';

/** A quote that is never closed would swallow the rest of the file. */
const longestRow = 4_000_000;
const batchesAhead = 4;
const sampleCharacters = 100_000;

const notText = (): Problem =>
  new Problem('invalid_values', { ru: 'Это не таблица: файл не похож ни на CSV, ни на XLSX. Сохраните таблицу как XLSX или CSV и выберите файл ещё раз.', en: 'This is no table: the file looks neither like CSV nor like XLSX. Save the table as XLSX or CSV and choose the file again.' });

const openQuote = (row: number): Problem =>
  new Problem('invalid_values', { ru: `Строка ${row}: кавычка открыта и нигде не закрыта. Исправьте её и выберите файл ещё раз.`, en: `Row ${row}: a quote is opened and never closed. Mend it and choose the file again.` });

const quotes: LocalText = { ru: 'кавычки стоят неверно', en: 'its quotes do not match' };
const damaged: LocalText = { ru: 'есть повреждённые знаки', en: 'it holds damaged characters' };

/** What is known of a file beforehand; the rest is found out. */
interface Known {
  delimiter?: string;
  encoding?: Encoding;
  /** Values are taken as they are, line ends inside them included. */
  exact?: boolean;
}

/** Opens delimited text. */
export async function openCsv(path: string, head: Buffer, known: Known = {}): Promise<OpenTableFile> {
  const encoding = known.encoding ?? (await detectEncoding(path, head));
  if (encoding === 'binary') throw notText();
  const sample = await beginning(path, encoding, known.exact === true);
  const declared = known.delimiter === undefined ? declaredDelimiter(sample) : undefined;
  const delimiter = known.delimiter ?? declared ?? detectDelimiter(sample);
  const exact = known.exact === true;
  const rows = readRows(decoded(path, encoding, { exact }), { delimiter, newline: exact ? lineEnd(sample) : '\n', skipped: declared === undefined ? 0 : 1 });
  return { writtenAs: { format: 'csv', encoding, delimiter: delimiter === noDelimiter ? '' : delimiter }, fixedWidth: true, ...(exact ? { exact: { endsWithEmptyLine: await endsWithEmptyLine(path) } } : {}), rows, close: async () => void rows.destroy() };
}

/** How the heading ends. */
function lineEnd(sample: string): '\n' | '\r\n' {
  return sample.charAt(sample.indexOf('\n') - 1) === '\r' ? '\r\n' : '\n';
}

/** As `print` leaves it after a text that ends its last line itself. */
async function endsWithEmptyLine(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const length = Math.min(4, size);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return /\n\r?\n$/.test(buffer.toString('latin1'));
  } finally {
    await file.close();
  }
}

async function beginning(path: string, encoding: Encoding, exact: boolean): Promise<string> {
  let sample = '';
  for await (const text of decoded(path, encoding, { exact })) {
    sample += text;
    if (sample.length >= sampleCharacters) break;
  }
  return sample.slice(0, sampleCharacters);
}

/** Rows as papaparse cuts them. It can't be held back by itself, so its input waits while rows are not taken. */
function readRows(text: AsyncIterable<string>, { delimiter, newline, skipped }: { delimiter: string; newline: '\n' | '\r\n'; skipped: number }): Readable {
  let wake: () => void = () => undefined;
  const out = new Readable({ objectMode: true, highWaterMark: batchesAhead, read: () => wake() });
  let number = 1;
  let fed = 0;
  let fedAtLastRow = 0;

  const paced = async function* (): AsyncGenerator<string> {
    for await (const piece of text) {
      while (out.readableLength >= batchesAhead && !out.destroyed) await new Promise<void>((resolve) => (wake = resolve));
      if (out.destroyed) return;
      if (piece === '') continue;
      fed += piece.length;
      if (fed - fedAtLastRow > longestRow) throw openQuote(number);
      yield piece;
    }
  };
  const input = Readable.from(paced(), { highWaterMark: 1 });
  input.on('error', (error) => out.destroy(error));
  out.on('close', () => {
    wake();
    input.destroy();
  });
  Papa.parse<string[]>(input, {
    delimiter,
    newline,
    chunk: ({ data, errors }) => {
      if (data.length > 0) fedAtLastRow = fed;
      const wrong = new Set(errors.filter(({ type }) => type === 'Quotes').map(({ row }) => row));
      const batch = data.map((cells, at): FileRow => withFault({ number: number + at, cells }, wrong.has(at)));
      const first = number;
      number += data.length;
      if (!out.destroyed) out.push(batch.slice(Math.max(0, skipped + 1 - first)));
    },
    complete: () => {
      if (!out.destroyed) out.push(null);
    },
    error: (error) => out.destroy(error),
  });
  return out;
}

function withFault(row: FileRow, wrongQuotes: boolean): FileRow {
  if (wrongQuotes) return { ...row, fault: quotes };
  return row.cells.some((cell) => /[\0\ufffd]/.test(cell)) ? { ...row, fault: damaged } : row;
}
