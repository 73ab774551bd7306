import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openWorkbench } from '../../backend/workbench/clickhouse-workbench.ts';
import type { StoredTable, StreamFormat, Workbench } from '../../backend/workbench/workbench.ts';
import { exceptionBlock, startScriptedClickHouse, writeSlowly, type ScriptedClickHouse } from '../services/clickhouse-server.ts';
import { context, textOf } from './scratch-engine.ts';

const tag = 'aabbccddeeff0011';
const message = 'Code: 395. DB::Exception: Value passed to throwIf is non-zero. (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO) (version 26.7.2.1 (official build))';
const table: StoredTable = { id: 'big', columns: [{ name: 'a', engineType: 'UInt8' }], rows: 3, notices: [] };
const never = new AbortController().signal;

let server: ScriptedClickHouse;
let workbench: Workbench;

beforeAll(async () => {
  server = await startScriptedClickHouse();
  workbench = await openWorkbench({ endpoint: () => Promise.resolve({ url: server.url, username: 'u', password: 'p' }) });
});
afterAll(async () => {
  await workbench.close();
  await server.close();
});
beforeEach(() => server.reset());

async function read(format: StreamFormat = 'JSONCompactEachRow', signal = never): Promise<string> {
  return textOf(await workbench.stream(table, { format }, signal));
}

describe('a failure in the middle of an answer is never a short success', () => {
  test('rows followed by a tagged exception fail with the engine’s words', async () => {
    server.on(/FORMAT/, (response) => void response.writeHead(200, { 'X-ClickHouse-Exception-Tag': tag }).end(`[1]\n[2]\n${exceptionBlock(tag, message)}`));
    await expect(read()).rejects.toMatchObject({ message: expect.stringContaining('THROW_IF') as unknown });
  });

  test('a tagged exception that arrives byte by byte fails at once and never spins', async () => {
    server.on(/FORMAT/, async (response) => {
      response.writeHead(200, { 'X-ClickHouse-Exception-Tag': tag });
      await writeSlowly(response, `[1]\n${exceptionBlock(tag, message)}`);
      response.end();
    });
    await expect(read()).rejects.toMatchObject({ message: expect.stringContaining('THROW_IF') as unknown });
  });

  test('the exception block split inside its tag line fails', async () => {
    const whole = `[1]\n[2]\n[3]\n${exceptionBlock(tag, message)}`;
    for (const cut of [whole.indexOf('__exception__') + 3, whole.indexOf(tag) + 4, whole.length - 5]) {
      server.on(/FORMAT/, async (response) => {
        response.writeHead(200, { 'X-ClickHouse-Exception-Tag': tag });
        await writeSlowly(response, [whole.slice(0, cut), whole.slice(cut)]);
        response.end();
      });
      await expect(read()).rejects.toThrow();
    }
  });

  test('an exception alone, before any row, fails', async () => {
    server.on(/FORMAT/, (response) => void response.writeHead(200, { 'X-ClickHouse-Exception-Tag': tag }).end(exceptionBlock(tag, message)));
    await expect(read()).rejects.toMatchObject({ message: expect.stringContaining('THROW_IF') as unknown });
  });

  test('the plain text of an older server fails instead of becoming a row', async () => {
    server.on(/FORMAT/, (response) => void response.end(`[1]\n[2]\n${message}\n`));
    await expect(read()).rejects.toMatchObject({ message: expect.stringContaining('THROW_IF') as unknown });
    server.on(/FORMAT/, (response) => void response.end(`1\n2\n"x${message}`));
    await expect(read('CSV')).rejects.toMatchObject({ message: expect.stringContaining('THROW_IF') as unknown });
  });

  test('a body that ends cleanly inside a row fails', async () => {
    server.on(/FORMAT/, (response) => void response.end('[1]\n[2]\n[3'));
    await expect(read()).rejects.toMatchObject({ code: 'interrupted' });
    server.on(/FORMAT/, (response) => void response.end('1\n2\n"thr'));
    await expect(read('CSV')).rejects.toMatchObject({ code: 'interrupted' });
  });

  test('a body that ends cleanly between rows, too early, fails', async () => {
    server.on(/FORMAT/, (response) => void response.end('[1]\n[2]\n'));
    await expect(read()).rejects.toMatchObject({ code: 'interrupted' });
  });

  test('an empty body where rows must be fails', async () => {
    server.on(/FORMAT/, (response) => void response.end());
    await expect(read()).rejects.toMatchObject({ code: 'interrupted' });
  });

  test('a socket cut in the middle fails', async () => {
    server.on(/FORMAT/, async (response) => {
      await writeSlowly(response, ['[1]\n', '[2]\n']);
      response.destroy();
    });
    await expect(read()).rejects.toMatchObject({ code: 'interrupted' });
  });

  test('an exception code beside status 200 fails', async () => {
    server.on(/FORMAT/, (response) => void response.writeHead(200, { 'X-ClickHouse-Exception-Code': '241' }).end('Code: 241. DB::Exception: Memory limit exceeded. (MEMORY_LIMIT_EXCEEDED)'));
    await expect(read()).rejects.toMatchObject({ code: 'memory_limit' });
  });

  test('a small answer with an exception in its body fails as well', async () => {
    server.on(/SELECT version/, (response) => void response.writeHead(200, { 'X-ClickHouse-Exception-Tag': tag }).end(`["26"]\n${exceptionBlock(tag, message)}`));
    await expect(workbench.check(never)).rejects.toMatchObject({ code: 'query_failed' });
    server.on(/SELECT version/, (response) => void response.end(`["26"]\n["27`));
    await expect(workbench.check(never)).rejects.toMatchObject({ code: 'interrupted' });
  });
});

describe('data that only looks like a failure passes', () => {
  test('rows that hold the text of an exception', async () => {
    const rows = `["${message}"]\n["__exception__"]\n["Code: 1. DB::Exception: x (A)"]\n`;
    server.on(/FORMAT/, (response) => void response.writeHead(200, { 'X-ClickHouse-Exception-Tag': tag }).end(rows));
    expect(await read()).toBe(rows);
    server.on(/FORMAT/, (response) => void response.end(rows));
    expect(await read()).toBe(rows);
  });

  test('line ends of either kind inside quoted CSV', async () => {
    const rows = '"a\r\nb"\n"c\nd"\n"e"\n';
    server.on(/FORMAT/, (response) => void response.writeHead(200, { 'X-ClickHouse-Exception-Tag': tag }).end(rows));
    expect(await read('CSV')).toBe(rows);
    const windows = rows.replaceAll('"\n', '"\r\n');
    server.on(/FORMAT/, (response) => void response.writeHead(200, { 'X-ClickHouse-Exception-Tag': tag }).end(windows));
    expect(await read('CSV')).toBe(windows);
  });

  test('rows in many small packets, cut inside letters', async () => {
    const bytes = Buffer.from('["кот 😀"]\n["b"]\n["c"]\n');
    server.on(/FORMAT/, async (response) => {
      response.socket?.setNoDelay(true);
      for (const byte of bytes) {
        response.write(Buffer.from([byte]));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      response.end();
    });
    expect(await read()).toBe(bytes.toString('utf8'));
  });
});

describe('stopping reaches the server', () => {
  test('a signal after the headers closes the connection', async () => {
    const stop = new AbortController();
    server.on(/FORMAT/, (response) => void response.write(`${'[1]\n'.repeat(20_000)}`));
    const reading = read('JSONCompactEachRow', stop.signal);
    reading.catch(() => undefined);
    await expect.poll(() => server.seen.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    stop.abort();
    await expect(reading).rejects.toMatchObject({ code: 'interrupted' });
    await server.seen[0]?.closedEarly;
  });

  test('a reader that leaves closes the connection', async () => {
    server.on(/FORMAT/, (response) => void response.write(`${'[1]\n'.repeat(20_000)}`));
    const stream = await workbench.stream(table, { format: 'JSONCompactEachRow' }, never);
    stream.destroy();
    await server.seen[0]?.closedEarly;
  });

  test('a signal before the answer kills the query by its id on another connection', async () => {
    let finish: () => void = () => undefined;
    server.on(/formatQuerySingleLine/, (response) => void response.end('["SELECT 1"]\n'));
    server.on(/EXPLAIN AST/, (response) => void response.end('SelectWithUnionQuery (children 1)\n ExpressionList (children 1)\n'));
    server.on(/SELECT \* FROM \(SELECT 1\)/, (response) => void (finish = () => response.writeHead(500, { 'X-ClickHouse-Exception-Code': '394' }).end('Code: 394. DB::Exception: Query was cancelled. (QUERY_WAS_CANCELLED)')));
    server.on(/^KILL QUERY/, (response) => {
      response.end();
      finish();
    });
    const stop = new AbortController();
    const work = workbench.select({ sql: 'SELECT 1', parameters: {} }, { database: 'd', databases: [] }, context({ queryId: 'the-query', signal: stop.signal }));
    work.catch(() => undefined);
    await expect.poll(() => server.seen.some(({ address }) => address.searchParams.get('query_id') === 'the-query')).toBe(true);
    stop.abort();
    await expect(work).rejects.toMatchObject({ code: 'interrupted' });
    expect(server.seen.map(({ sql }) => sql)).toContain("KILL QUERY WHERE query_id = 'the-query' ASYNC");
  });
});

describe('a query that does not stop at once', () => {
  test('is asked to again and again, and holds its caller until it has ended', async () => {
    let finish: () => void = () => undefined;
    let ended = false;
    let asked = 0;
    server.on(/formatQuerySingleLine/, (response) => void response.end('["SELECT 1"]\n'));
    server.on(/EXPLAIN AST/, (response) => void response.end('SelectWithUnionQuery (children 1)\n ExpressionList (children 1)\n'));
    server.on(/SELECT \* FROM \(SELECT 1\)/, (response) => void (finish = () => response.writeHead(500, { 'X-ClickHouse-Exception-Code': '394' }).end('Code: 394. DB::Exception: Query was cancelled. (QUERY_WAS_CANCELLED)')));
    server.on(/^KILL QUERY/, (response) => {
      asked += 1;
      if (asked === 3) response.writeHead(500, { 'X-ClickHouse-Exception-Code': '241' }).end('Code: 241. DB::Exception: No memory. (MEMORY_LIMIT_EXCEEDED)');
      else response.end();
      if (asked === 1)
        setTimeout(() => {
          ended = true;
          finish();
        }, 7_000);
    });
    const stop = new AbortController();
    const work = workbench.select({ sql: 'SELECT 1', parameters: {} }, { database: 'd', databases: [] }, context({ queryId: 'slow-to-stop', signal: stop.signal }));
    work.catch(() => undefined);
    await expect.poll(() => server.seen.some(({ address }) => address.searchParams.get('query_id') === 'slow-to-stop')).toBe(true);
    stop.abort();
    await expect(work).rejects.toMatchObject({ code: 'interrupted' });
    expect(ended).toBe(true);
  });
});

describe('what a person is told', () => {
  const cases: [number, string, string][] = [
    [159, 'Timeout exceeded: elapsed 30 seconds', 'time_limit'],
    [241, 'Query memory limit exceeded', 'memory_limit'],
    [396, 'Limit for result exceeded', 'row_limit'],
    [243, 'Cannot reserve 1.00 MiB, not enough space', 'disk_full'],
    [75, 'Cannot write to file: /x, errno: 28, strerror: No space left on device', 'disk_full'],
    [202, 'Too many simultaneous queries', 'too_many'],
    [47, 'Unknown identifier x', 'query_failed'],
  ];
  test.each(cases)('exception %i (%s) is %s', async (code, text, problem) => {
    server.on(/SELECT version/, (response) => void response.writeHead(500, { 'X-ClickHouse-Exception-Code': String(code) }).end(`Code: ${code}. DB::Exception: ${text}. (NAME) (version 24.8.4.13 (official build))`));
    await expect(workbench.check(never)).rejects.toMatchObject({ code: problem });
  });

  test('the engine’s own words come without its version', async () => {
    server.on(/SELECT version/, (response) => void response.writeHead(404, { 'X-ClickHouse-Exception-Code': '47' }).end('Code: 47. DB::Exception: Unknown identifier `x`. (UNKNOWN_IDENTIFIER) (version 24.8.4.13 (official build))'));
    await expect(workbench.check(never)).rejects.toMatchObject({ text: { en: 'The query failed. ClickHouse error UNKNOWN_IDENTIFIER (47): Unknown identifier `x`.' } });
  });

  test('a proxy that answers with a page of its own is an interruption, not a result', async () => {
    server.on(/SELECT version/, (response) => void response.writeHead(502).end('<html>Bad gateway</html>'));
    await expect(workbench.check(never)).rejects.toMatchObject({ code: 'interrupted' });
  });

  test('a server that is not there is unreachable', async () => {
    const other = await startScriptedClickHouse();
    await other.close();
    await expect(openWorkbench({ endpoint: () => Promise.resolve({ url: other.url, username: 'u', password: 'p' }) })).rejects.toMatchObject({ code: 'source_unreachable' });
  });
});
