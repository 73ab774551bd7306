/** One line of JSON a happening, on standard error; never values, rows, tokens or addresses of links. */
export interface Log {
  info(event: string, details?: Record<string, unknown>): void;
  warn(event: string, details?: Record<string, unknown>): void;
  error(event: string, cause: unknown, details?: Record<string, unknown>): void;
}

function causes(cause: unknown): string[] {
  if (!(cause instanceof Error)) return [String(cause)];
  return [cause.stack ?? cause.message, ...(cause.cause === undefined ? [] : causes(cause.cause))];
}

export function openLog(write: (line: string) => void = (line) => process.stderr.write(line)): Log {
  const line = (level: string, event: string, details: Record<string, unknown>) =>
    write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...details })}\n`);
  return {
    info: (event, details = {}) => line('info', event, details),
    warn: (event, details = {}) => line('warn', event, details),
    error: (event, cause, details = {}) => line('error', event, { ...details, cause: causes(cause) }),
  };
}
