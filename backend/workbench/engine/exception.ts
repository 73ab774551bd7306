/** An error as ClickHouse words it over HTTP. */
export class EngineException extends Error {
  readonly code: number;
  /** The whole body: `Code: 62. DB::Exception: … (SYNTAX_ERROR)`. */
  readonly body: string;

  constructor(code: number, message: string, name: string) {
    super(message);
    this.code = code;
    this.body = `Code: ${code}. DB::Exception: ${message}. (${name})`;
  }

  /** The engine's own error text, kept as it is. */
  static from(error: unknown): EngineException {
    if (error instanceof EngineException) return error;
    const text = error instanceof Error ? error.message : String(error);
    const found = /^Code: (\d+)\. DB::Exception: ([\s\S]*)$/.exec(text.trim());
    if (!found) return new EngineException(1002, text, 'UNKNOWN_EXCEPTION');
    const exception = new EngineException(Number(found[1]), text, '');
    Object.defineProperty(exception, 'body', { value: text.trim() });
    return exception;
  }
}

const notFound = new Set([46, 47, 50, 60, 63, 81, 82]);
const badRequest = new Set([6, 16, 26, 27, 36, 38, 41, 42, 43, 44, 53, 62, 72, 115, 117, 130, 179, 215, 258, 386, 456, 457]);
const statuses: Record<number, number> = { 48: 501, 164: 403, 202: 503, 194: 401, 497: 403, 516: 403, 307: 413 };

/** The HTTP status that a server answers for an exception code. */
export function httpStatus(code: number): number {
  return statuses[code] ?? (notFound.has(code) ? 404 : badRequest.has(code) ? 400 : 500);
}
