import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { Problem } from '../../shared/problem.ts';
import { FlowWindow } from './xlsx/flow-window.ts';
import { piecesInFlight, type FromWorker, type ToWorker } from './xlsx/worker-messages.ts';
import type { WorkbookPlan } from './xlsx/workbook-plan.ts';
import { writeWorkbook } from './xlsx/workbook-writer.ts';

/** The worker's end: rows come in, the file goes out, neither faster than the other side takes it. */
class Connection {
  readonly #port: MessagePort;
  readonly #window = new FlowWindow(piecesInFlight);
  /** `null` marks the end of one result's rows. */
  readonly #arrived: (Uint8Array | null)[] = [];
  #wake: (() => void) | null = null;

  constructor(port: MessagePort) {
    this.#port = port;
    port.on('message', (message: ToWorker) => this.#receive(message));
  }

  async *nextRows(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = this.#arrived.shift();
      if (next === null) return;
      if (next === undefined) await new Promise<void>((wake) => (this.#wake = wake));
      else {
        this.#send({ kind: 'rowsTaken' });
        yield next;
      }
    }
  }

  async sendFile(bytes: Uint8Array): Promise<void> {
    await this.#window.enter();
    const own = Uint8Array.from(bytes);
    this.#send({ kind: 'file', bytes: own }, [own.buffer]);
  }

  done(): void {
    this.#send({ kind: 'done' });
  }

  fail(error: unknown): void {
    const problem = error instanceof Problem ? error : workerProblem(error);
    this.#send({ kind: 'failed', code: problem.code, text: problem.text, cause: String(problem.cause ?? '') });
  }

  #receive(message: ToWorker): void {
    if (message.kind === 'fileTaken') this.#window.leave(message.pieces);
    else {
      this.#arrived.push(message.kind === 'rows' ? message.bytes : null);
      this.#wake?.();
      this.#wake = null;
    }
  }

  #send(message: FromWorker, transfer: ArrayBuffer[] = []): void {
    this.#port.postMessage(message, transfer);
  }
}

function workerProblem(cause: unknown): Problem {
  const text = { ru: 'Файл XLSX не удалось собрать. Попробуйте ещё раз.', en: 'The XLSX file could not be built. Please try again.' };
  return new Problem('internal', text, { cause });
}

if (parentPort) {
  const connection = new Connection(parentPort);
  writeWorkbook(workerData as WorkbookPlan, connection, (bytes) => connection.sendFile(bytes)).then(
    () => connection.done(),
    (error: unknown) => connection.fail(error),
  );
}
