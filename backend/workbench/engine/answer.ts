import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createGzip, type Gzip } from 'node:zlib';
import { EngineException, httpStatus } from './exception.ts';

const formatTypes: Record<string, string> = {
  JSON: 'application/json; charset=UTF-8',
  JSONEachRow: 'application/x-ndjson; charset=UTF-8',
  JSONCompactEachRow: 'application/x-ndjson; charset=UTF-8',
  CSV: 'text/csv; charset=UTF-8; header=absent',
  CSVWithNames: 'text/csv; charset=UTF-8; header=present',
};

/** One HTTP answer of the engine: status and headers with the first byte, an error afterwards as a server ≥ 25.11 sends it. */
export class Answer {
  private readonly response: ServerResponse;
  private readonly tag = randomBytes(8).toString('hex');
  private gzip: Gzip | null = null;

  constructor(response: ServerResponse) {
    this.response = response;
  }

  /** Sends the headers; from here on the status is 200. */
  begin(queryId: string, format: string, gzip: boolean): void {
    const headers: Record<string, string> = {
      'Content-Type': formatTypes[format] ?? 'text/plain; charset=UTF-8',
      'X-ClickHouse-Query-Id': queryId,
      'X-ClickHouse-Format': format,
      'X-ClickHouse-Timezone': 'UTC',
      'X-ClickHouse-Exception-Tag': this.tag,
      'X-ClickHouse-Summary': '{"read_rows":"0","read_bytes":"0","written_rows":"0","written_bytes":"0","total_rows_to_read":"0","result_rows":"0","result_bytes":"0"}',
    };
    if (gzip) {
      headers['Content-Encoding'] = 'gzip';
      this.gzip = createGzip({ level: 1 });
      this.gzip.pipe(this.response);
    }
    this.response.writeHead(200, headers);
  }

  get begun(): boolean {
    return this.response.headersSent;
  }

  /** Resolves when the reader can take more; returns at once when it has gone. */
  async write(bytes: Buffer): Promise<void> {
    const target = this.gzip ?? this.response;
    if (this.response.destroyed || target.write(bytes)) return;
    const waiting = new AbortController();
    const { signal } = waiting;
    try {
      await Promise.race([once(target, 'drain', { signal }), once(this.response, 'close', { signal })]);
    } finally {
      waiting.abort();
    }
  }

  end(): void {
    (this.gzip ?? this.response).end();
  }

  fail(error: unknown): void {
    const exception = EngineException.from(error);
    if (!this.begun) {
      this.response.writeHead(httpStatus(exception.code), {
        'Content-Type': 'text/plain; charset=UTF-8',
        'X-ClickHouse-Exception-Code': String(exception.code),
      });
      this.response.end(`${exception.body}\n`);
      return;
    }
    const message = `${exception.body}\n`;
    const length = Buffer.byteLength(message);
    (this.gzip ?? this.response).end(`\r\n__exception__\r\n${this.tag}\r\n${message}${length} ${this.tag}\r\n__exception__\r\n`);
  }
}
