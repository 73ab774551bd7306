import { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { Problem } from '../../shared/problem.ts';
import type { ResultColumn } from '../../shared/result.ts';
import { quotedName } from './column-name.ts';
import { bareType } from '../../shared/engine-type.ts';
import type { ExportedResult, ExportFormat, ExportRequest, RowsOptions } from './export-format.ts';
import { FlowWindow } from './xlsx/flow-window.ts';
import { noteLabel, noteSheetNames, ownNote, partnerNote } from './xlsx/note-sheet.ts';
import { piecesInFlight, type FromWorker, type ToWorker } from './xlsx/worker-messages.ts';
import { planWorkbook, type WorkbookPlan } from './xlsx/workbook-plan.ts';

/** Excel's own workbook: a typed table for each result, and a sheet that says where the data comes from. */
export const xlsx: ExportFormat = {
  id: 'xlsx',
  extension: '.xlsx',
  mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  holds: 'all',
  write: async (request) => writeXlsx(request),
};

/**
 * A workbook as a stream of bytes, built in a worker thread in flat memory. The stream fails with a Problem, and never just
 * ends, when rows stop in the middle, are not as many as promised, or the worker dies.
 */
export function writeXlsx(request: ExportRequest): Readable {
  return new WorkbookStream(request);
}

/** Rows as the worker wants them: 64-bit integers and decimals as text, so that no digit is lost on the way. */
export function xlsxRows(columns: ResultColumn[]): RowsOptions {
  return {
    format: 'JSONCompactEachRow',
    select: columns.map(({ name, engineType }) => ({ expression: isPlain(engineType) ? quotedName(name) : `toString(${quotedName(name)})`, name })),
    settings: {
      output_format_json_quote_64bit_integers: 1,
      output_format_json_quote_decimals: 1,
      output_format_json_quote_denormals: 0,
      output_format_json_escape_forward_slashes: 0,
      date_time_output_format: 'simple',
    },
  };
}

/** Types that JSON has a scalar for; arrays, maps and the like are shown as the engine prints them. */
function isPlain(engineType: string): boolean {
  return /^(String|FixedString|U?Int\d|B?Float|Decimal|Date|Bool)/.test(bareType(engineType));
}

class WorkbookStream extends Readable {
  readonly #worker: Worker;
  readonly #window = new FlowWindow(piecesInFlight);
  readonly #signal: AbortSignal;
  readonly #aborted = (): void => void this.destroy(cancelled(this.#signal.reason));
  #rows: Readable | null = null;
  #owed = 0;
  #finished = false;

  constructor(request: ExportRequest) {
    super({ highWaterMark: 1 << 20 });
    this.#signal = request.signal;
    this.#worker = startWorker(planOf(request));
    this.#worker.on('message', (message: FromWorker) => this.#receive(message));
    this.#worker.on('error', (cause) => this.destroy(died(cause)));
    this.#worker.on('exit', (code) => this.#finished || this.destroy(died(`exit code ${code}`)));
    if (this.#signal.aborted) this.#aborted();
    else this.#signal.addEventListener('abort', this.#aborted, { once: true });
    this.#feed(request.results).catch((error: unknown) => this.destroy(rowsFailed(error)));
  }

  override _read(): void {
    if (this.#owed === 0) return;
    this.#send({ kind: 'fileTaken', pieces: this.#owed });
    this.#owed = 0;
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#finished = true;
    this.#signal.removeEventListener('abort', this.#aborted);
    this.#window.fail(error ?? new Error('The file is not wanted any more.'));
    this.#rows?.destroy();
    void this.#worker.terminate().finally(() => done(error));
  }

  async #feed(results: ExportedResult[]): Promise<void> {
    for (const result of results) {
      if (this.destroyed) return;
      this.#rows = await result.open(xlsxRows(result.columns));
      if (this.destroyed) this.#rows.destroy();
      for await (const bytes of pieces(this.#rows)) {
        await this.#window.enter();
        this.#send({ kind: 'rows', bytes }, [bytes.buffer]);
      }
      this.#send({ kind: 'rowsEnd' });
    }
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case 'rowsTaken':
        return this.#window.leave();
      case 'file':
        this.#owed++;
        if (this.push(message.bytes)) this._read();
        return;
      case 'done':
        this.#finished = true;
        this.push(null);
        return;
      case 'failed':
        this.destroy(new Problem(message.code, message.text, { cause: message.cause }));
    }
  }

  #send(message: ToWorker, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }
}

const pieceSize = 1 << 18;

/** The stream in pieces of some size, each with memory of its own, so that it can be handed to another thread. */
async function* pieces(rows: Readable): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let waiting: Buffer[] = [];
  let length = 0;
  for await (const chunk of rows as AsyncIterable<Buffer | string>) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk;
    waiting.push(bytes);
    length += bytes.length;
    if (length < pieceSize) continue;
    yield joined(waiting, length);
    waiting = [];
    length = 0;
  }
  if (length > 0) yield joined(waiting, length);
}

function joined(chunks: Buffer[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function planOf({ results, provenance, partner, language, timeZone }: ExportRequest): WorkbookPlan {
  const names = noteSheetNames[language];
  const notices = results.flatMap((result) => result.notices ?? []).map((notice) => ({ label: noteLabel[language], text: notice[language] }));
  return planWorkbook({
    results,
    language,
    noteSheetName: partner ? names.partner : names.own,
    note: partner ? partnerNote(partner, provenance, language, timeZone) : [...ownNote(provenance, language, timeZone), ...notices],
    documentTitle: partner?.title ?? provenance.title[language],
    documentAuthor: partner ? '' : provenance.person,
    createdAt: provenance.startedAt,
  });
}

/** Built, the worker is a file beside the other parts of the backend; from sources it runs through tsx. */
function startWorker(plan: WorkbookPlan): Worker {
  if (import.meta.url.endsWith('.ts')) {
    const source = JSON.stringify(new URL('./xlsx-worker.ts', import.meta.url).href);
    const script = `import('tsx/esm/api').then(({ register }) => { register(); return import(${source}); });`;
    return new Worker(script, { eval: true, workerData: plan, execArgv: [] });
  }
  const backend = import.meta.url.slice(0, import.meta.url.lastIndexOf('/backend/'));
  return new Worker(new URL(`${backend}/backend/exports/xlsx-worker.js`), { workerData: plan });
}

function rowsFailed(cause: unknown): Problem {
  if (cause instanceof Problem) return cause;
  return new Problem(
    'interrupted',
    {
      ru: 'Строки результата перестали приходить на середине. Файл не создан, попробуйте ещё раз.',
      en: 'The rows of the result stopped in the middle. No file was made, please try again.',
    },
    { cause },
  );
}

function died(cause: unknown): Problem {
  const text = { ru: 'Сборка файла XLSX оборвалась. Попробуйте ещё раз.', en: 'Building the XLSX file broke off. Please try again.' };
  return new Problem('internal', text, { cause });
}

function cancelled(cause: unknown): Problem {
  return new Problem('interrupted', { ru: 'Выгрузка файла отменена.', en: 'The export of the file was cancelled.' }, { cause });
}
