import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { clickhouseSource } from '../../backend/sources/clickhouse.ts';
import { sourceProblem } from '../../backend/sources/clickhouse-problem.ts';
import type { BoundStep, Source } from '../../backend/sources/source.ts';
import type { StoredTable } from '../../backend/workbench/workbench.ts';
import { selfSignedCertificate } from '../services/certificate.ts';
import { exceptionBlock, startScriptedClickHouse, writeSlowly, type ScriptedClickHouse } from '../services/clickhouse-server.ts';
import { context, scratchEngine, textOf, type ScratchEngine } from '../workbench/scratch-engine.ts';

const tag = 'aabbccddeeff0011';
const message = 'Code: 395. DB::Exception: Value passed to throwIf is non-zero. (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO) (version 24.8.4.13 (official build))';
const never = new AbortController().signal;
const step: BoundStep = { name: 'step', sql: 'SELECT a, t FROM numbered', parameters: {}, steps: {} };
const described = '["a","UInt64"]\n["t","String"]\n';
const nativeRows = / FORMAT Native$/;

let near: ScratchEngine;
let server: ScriptedClickHouse;
let source: Source;
/** Blocks as a real engine writes them: 40,000 rows in five blocks, and one row whose text is `lastText`. */
let blocks: Buffer;
let lastText: (text: string) => Promise<Buffer>;
let count = 0;

beforeAll(async () => {
  near = await scratchEngine();
  const { url, password } = await near.engine.endpoint();
  const native = async (sql: string): Promise<Buffer> => {
    const response = await fetch(`${url}/?max_block_size=8192&query=${encodeURIComponent(`${sql} FORMAT Native`)}`, { headers: { 'X-ClickHouse-Key': password } });
    return Buffer.from(await response.arrayBuffer());
  };
  blocks = await native("SELECT number AS a, repeat('x', 10) AS t FROM numbers(40000)");
  lastText = (text) => native(`SELECT toUInt64(1) AS a, unhex('${Buffer.from(text).toString('hex')}') AS t`);
});
afterAll(() => near.close());
beforeEach(async () => {
  server = await startScriptedClickHouse();
  source = open({});
  server.on(/^DESCRIBE/, (response) => void response.end(described));
  return async () => {
    await source.close();
    await server.close();
  };
});

function open(more: Record<string, unknown>): Source {
  return clickhouseSource.open(clickhouseSource.settings.parse({ url: server.url, user: 'reader', password: 'p', database: 'd', ...more }), { name: 'warehouse', workbench: near.workbench, timeZone: 'UTC' });
}
const run = (changes: Parameters<typeof context>[0] = {}, one = source): Promise<StoredTable> => one.run(step, `fault_${(count += 1)}`, context(changes));
async function nothingStored(): Promise<void> {
  expect(await near.workbench.storedTableIds()).not.toContain(`fault_${count}`);
}
const statements = (): string[] => server.seen.map(({ sql }) => sql);

describe('an error after rows have come is never a short success', () => {
  test('as a tagged block, whole, or split anywhere over packets', async () => {
    const block = Buffer.from(exceptionBlock(tag, message));
    for (const cut of [0, 5, 20, 40, block.length - 3]) {
      server.on(nativeRows, async (response) => {
        response.writeHead(200, { 'X-ClickHouse-Exception-Tag': tag });
        response.write(blocks);
        response.write(block.subarray(0, cut));
        await new Promise((resolve) => setTimeout(resolve, 20));
        response.end(block.subarray(cut));
      });
      await expect(run()).rejects.toMatchObject({ code: 'query_failed', message: expect.stringContaining('THROW_IF') });
      await nothingStored();
    }
  });

  test('as a tagged block that comes byte by byte', async () => {
    server.on(nativeRows, async (response) => {
      response.writeHead(200, { 'X-ClickHouse-Exception-Tag': tag });
      response.write(blocks);
      await writeSlowly(response, exceptionBlock(tag, message));
      response.end();
    });
    await expect(run()).rejects.toMatchObject({ message: expect.stringContaining('THROW_IF') });
  });

  test('as a tagged block longer than what is held back', async () => {
    const long = message.replace('non-zero', `non-zero${' long'.repeat(5_000)}`);
    server.on(nativeRows, (response) => void response.writeHead(200, { 'X-ClickHouse-Exception-Tag': tag }).end(Buffer.concat([blocks, Buffer.from(exceptionBlock(tag, long))])));
    await expect(run()).rejects.toMatchObject({ code: 'query_failed' });
    await nothingStored();
  });

  test('as the plain text of an older server', async () => {
    for (const rows of [blocks, Buffer.alloc(0)]) {
      server.on(nativeRows, (response) => void response.end(Buffer.concat([rows, Buffer.from(`${message}\n`)])));
      await expect(run()).rejects.toMatchObject({ code: 'query_failed', message: expect.stringContaining('THROW_IF') });
      await nothingStored();
    }
  });

  test('as plain text behind rows without names', async () => {
    server.on(/^DESCRIBE/, (response) => void response.end('["a","UInt64"]\n["a","UInt64"]\n'));
    server.on(/ FORMAT RowBinary$/, (response) => void response.end(Buffer.concat([Buffer.alloc(16 * 1000, 1), Buffer.from(`${message}\n`)])));
    await expect(run()).rejects.toMatchObject({ code: 'query_failed', message: expect.stringContaining('THROW_IF') });
  });

  test('as an exception code beside status 200', async () => {
    server.on(nativeRows, (response) => void response.writeHead(200, { 'X-ClickHouse-Exception-Code': '241' }).end('Code: 241. DB::Exception: Memory limit exceeded. (MEMORY_LIMIT_EXCEEDED)'));
    await expect(run()).rejects.toMatchObject({ code: 'memory_limit' });
  });

  test('in a small read', async () => {
    server.on(/FORMAT JSON/, (response) => void response.writeHead(200, { 'X-ClickHouse-Exception-Tag': tag }).end(`["a"]\n["UInt8"]\n[1]\n${exceptionBlock(tag, message)}`));
    await expect(source.select(step, context())).rejects.toMatchObject({ message: expect.stringContaining('THROW_IF') });
    server.on(/FORMAT JSON/, (response) => void response.end(`["a"]\n["UInt8"]\n[1]\n${message}`));
    await expect(source.select(step, context())).rejects.toMatchObject({ message: expect.stringContaining('THROW_IF') });
    server.on(/FORMAT JSON/, (response) => void response.end('["a"]\n["UInt8"]\n[1'));
    await expect(source.select(step, context())).rejects.toMatchObject({ code: 'interrupted' });
  });
});

describe('an answer that breaks off is never a short success', () => {
  test('inside a row, though the connection ends in order', async () => {
    for (const cut of [blocks.length - 1, blocks.length - 5_000, 3]) {
      server.on(nativeRows, (response) => void response.end(blocks.subarray(0, cut)));
      await expect(run()).rejects.toMatchObject({ code: 'interrupted', message: expect.stringContaining('broke off') });
      await nothingStored();
    }
  });

  test('by a reset in the middle', async () => {
    server.on(nativeRows, async (response) => {
      await writeSlowly(response, [blocks.subarray(0, 200_000).toString('latin1')]);
      response.socket?.resetAndDestroy();
    });
    await expect(run()).rejects.toMatchObject({ code: 'interrupted', message: expect.stringContaining('broke off') });
    await nothingStored();
    expect(statements().filter((sql) => nativeRows.test(sql))).toHaveLength(1);
  });

  test('in the middle of what is compressed', async () => {
    const packed = open({ compressed: true });
    const whole = gzipSync(blocks);
    server.on(nativeRows, (response) => void response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(whole));
    expect((await run({}, packed)).rows).toBe(40_000);
    for (const cut of [whole.length - 4, Math.floor(whole.length / 2)]) {
      server.on(nativeRows, (response) => void response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(whole.subarray(0, cut)));
      await expect(run({}, packed)).rejects.toMatchObject({ code: 'interrupted' });
      await nothingStored();
    }
    await packed.close();
  });

  test('with fewer bytes than the header promised', async () => {
    server.on(nativeRows, (response) => {
      response.writeHead(200, { 'Content-Length': String(blocks.length) });
      response.write(blocks.subarray(0, 1_000));
      setTimeout(() => response.socket?.end(), 20);
    });
    await expect(run()).rejects.toMatchObject({ code: 'interrupted' });
  });
});

describe('what only looks like a failure passes', () => {
  test('rows that hold the text of an exception, tagged or not, and line ends of either kind', async () => {
    for (const headers of [{ 'X-ClickHouse-Exception-Tag': tag }, {}])
      for (const text of [message, `\r\n__exception__\r\nother\r\n${message}`, 'a\r\nb\r', '']) {
        const last = await lastText(text);
        server.on(nativeRows, (response) => void response.writeHead(200, headers).end(Buffer.concat([blocks, last])));
        const stored = await run();
        expect(stored.rows).toBe(40_001);
        expect(JSON.parse(await textOf(await near.workbench.stream(stored, { format: 'JSONCompactEachRow', offset: 40_000 }, never)))).toEqual(['1', text]);
      }
  });

  test('rows in many small packets', async () => {
    const small = await lastText('кот');
    server.on(nativeRows, async (response) => {
      response.socket?.setNoDelay(true);
      for (const byte of small) {
        response.write(Buffer.from([byte]));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      response.end();
    });
    expect((await run()).rows).toBe(1);
  });

  test('an answer with far more headers than usual', async () => {
    const headers = Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`X-ClickHouse-Progress-${at}`, 'x'.repeat(200)]));
    server.on(nativeRows, (response) => void response.writeHead(200, headers).end(blocks));
    expect((await run()).rows).toBe(40_000);
  });
});

describe('a server that does not do', () => {
  const page = (status: number, headers: Record<string, string> = {}): Promise<unknown> => {
    server.on(/./, (response) => void response.writeHead(status, { 'Content-Type': 'text/html', ...headers }).end('<html><body>Sorry</body></html>'));
    return source.check(never).catch((error: unknown) => error);
  };

  test.each([
    [401, 'not by ClickHouse itself'],
    [403, 'not by ClickHouse itself'],
    [404, 'something other than ClickHouse answered (404)'],
    [500, 'something other than ClickHouse answered (500)'],
    [502, 'something other than ClickHouse answered (502)'],
    [302, 'a redirect (302), which is not followed'],
  ])('answers with a page and status %i: told so, without the page', async (status, words) => {
    const problem = await page(status, status === 302 ? { Location: 'http://169.254.169.254/latest/meta-data' } : {});
    expect(problem).toMatchObject({ code: 'source_unreachable', message: expect.stringContaining(words) });
    expect(String((problem as Error).message)).not.toContain('<');
    expect(server.seen.every(({ address }) => address.pathname === '/')).toBe(true);
  });

  test.each([
    [516, 403, 'reader: Authentication failed: password is incorrect, or there is no user with such name.', 'AUTHENTICATION_FAILED', 'user or password were not accepted'],
    [497, 403, 'reader: Not enough privileges. To execute this query, it\'s necessary to have the grant SELECT(a, t) ON d.numbered.', 'ACCESS_DENIED', 'GRANT SELECT(a, t) ON d.numbered'],
    [202, 503, 'Too many simultaneous queries for user reader.', 'TOO_MANY_SIMULTANEOUS_QUERIES', 'Too many queries'],
  ])('refuses by exception %i: told with what to do', async (code, status, text, name, words) => {
    server.on(/^DESCRIBE/, (response) => void response.writeHead(status, { 'X-ClickHouse-Exception-Code': String(code) }).end(`Code: ${code}. DB::Exception: ${text} (${name}) (version 24.8.4.13 (official build))`));
    await expect(run()).rejects.toMatchObject({ message: expect.stringContaining(words) });
    expect(statements().filter((sql) => sql.startsWith('DESCRIBE'))).toHaveLength(1);
  });

  test.each([
    ['ETIMEDOUT', 'no route'], ['EHOSTUNREACH', 'no route'], ['ENETUNREACH', 'no route'], ['CERT_HAS_EXPIRED', 'out of its time'], ['ERR_TLS_CERT_ALTNAME_INVALID', 'for another name'], ['HPE_INVALID_CONSTANT', 'not HTTP'],
  ])('fails on the way by %s: told with what to check', (code, words) => {
    expect(sourceProblem('warehouse', Object.assign(new Error(code), { code }))).toMatchObject({ code: 'source_unreachable', message: expect.stringContaining(words) });
  });

  test('hangs before an answer: the time ends, the query is killed', async () => {
    server.on(/^SELECT/, () => undefined);
    const asked = performance.now();
    await expect(run({ timeSeconds: 1 })).rejects.toMatchObject({ code: 'time_limit' });
    expect(performance.now() - asked).toBeLessThan(4_000);
    await expect.poll(statements).toContain(`KILL QUERY WHERE query_id = '${server.seen.at(1)?.address.searchParams.get('query_id')}' ASYNC FORMAT TabSeparated`);
    await nothingStored();
  });

  test('hangs in the middle of rows: the time ends, the connection is closed', async () => {
    server.on(nativeRows, (response) => void response.write(blocks));
    await expect(run({ timeSeconds: 1 })).rejects.toMatchObject({ code: 'time_limit' });
    await server.seen.find(({ sql }) => nativeRows.test(sql))?.closedEarly;
    await nothingStored();
  });

  test('hangs at everything, killing included: a stop ends the wait at once', async () => {
    server.on(/./, () => undefined);
    const stop = new AbortController();
    const work = run({ signal: stop.signal, progress: () => undefined });
    work.catch(() => undefined);
    await expect.poll(() => server.seen.length).toBe(1);
    const asked = performance.now();
    stop.abort();
    await expect(work).rejects.toMatchObject({ code: 'interrupted' });
    expect(performance.now() - asked).toBeLessThan(1_000);
  });
});

describe('a kept connection that the server has closed', () => {
  test('is made anew once, while nothing was read', async () => {
    let resets = 0;
    server.on(/^DESCRIBE/, (response) => {
      if ((resets += 1) === 1) response.socket?.resetAndDestroy();
      else response.end(described);
    });
    server.on(nativeRows, (response) => void response.end(blocks));
    expect((await run()).rows).toBe(40_000);
    server.on(/^DESCRIBE/, (response) => void response.socket?.resetAndDestroy());
    await expect(run()).rejects.toMatchObject({ code: 'interrupted' });
  });
});

describe('replicas', () => {
  let other: ScriptedClickHouse;
  beforeEach(async () => {
    other = await startScriptedClickHouse();
    other.on(/^DESCRIBE/, (response) => void response.end(described));
    other.on(nativeRows, (response) => void response.end(blocks));
    return () => other.close();
  });

  test('a dead, broken or silent one is passed over', async () => {
    for (const fault of ['dead', 'broken', 'silent']) {
      server.reset();
      server.on(/./, (response) => void (fault === 'broken' ? response.writeHead(502).end('<html>') : undefined));
      const pair = open({ url: fault === 'dead' ? 'http://127.0.0.1:9' : server.url, replicas: [other.url] });
      expect((await run({}, pair)).rows).toBe(40_000);
      await pair.close();
    }
  });

  test('another takes over when the one in use dies, and this one is asked last for a while', async () => {
    server.on(nativeRows, (response) => void response.end(blocks));
    const pair = open({ replicas: [other.url] });
    await run({}, pair);
    expect(other.seen).toEqual([]);
    server.on(/./, (response) => void response.socket?.resetAndDestroy());
    expect((await run({}, pair)).rows).toBe(40_000);
    const before = server.seen.length;
    expect((await run({}, pair)).rows).toBe(40_000);
    expect(server.seen.length).toBe(before);
    await pair.close();
  });

  test('the first of those that answer is asked', async () => {
    server.on(nativeRows, (response) => void response.end(blocks));
    const pair = open({ replicas: [other.url] });
    await run({}, pair);
    await run({}, pair);
    expect(other.seen.filter(({ sql }) => sql !== 'SELECT 1')).toEqual([]);
    await pair.close();
  });

  test('none takes over once rows have come', async () => {
    server.on(nativeRows, async (response) => {
      await writeSlowly(response, [blocks.subarray(0, 200_000).toString('latin1')]);
      response.socket?.resetAndDestroy();
    });
    const pair = open({ replicas: [other.url] });
    await expect(run({}, pair)).rejects.toMatchObject({ code: 'interrupted' });
    expect(other.seen.filter(({ sql }) => nativeRows.test(sql))).toEqual([]);
    await pair.close();
  });

  test('none is asked about what the server itself has refused', async () => {
    server.on(/^DESCRIBE/, (response) => void response.writeHead(404, { 'X-ClickHouse-Exception-Code': '60' }).end('Code: 60. DB::Exception: Unknown table d.numbered. (UNKNOWN_TABLE) (version 24.8.4.13 (official build))'));
    const pair = open({ replicas: [other.url] });
    await expect(run({}, pair)).rejects.toMatchObject({ code: 'query_failed', message: expect.stringContaining('numbered') });
    expect(other.seen.filter(({ sql }) => sql.startsWith('DESCRIBE'))).toEqual([]);
    await pair.close();
  });
});

describe('a user that may not set everything', () => {
  const refuse = (code: number, text: string) => (response: Parameters<Parameters<ScriptedClickHouse['on']>[1]>[0]) => void response.writeHead(500, { 'X-ClickHouse-Exception-Code': String(code) }).end(`Code: ${code}. DB::Exception: ${text}`);

  test('an older server that lacks a setting gets the query without it', async () => {
    server.on(/^DESCRIBE/, (response, { address }) => {
      if (address.searchParams.has('session_timezone')) refuse(115, "Unknown setting 'session_timezone'. (UNKNOWN_SETTING)")(response);
      else if (address.searchParams.has('max_memory_usage')) refuse(452, "Setting max_memory_usage shouldn't be greater than 1000000. (SETTING_CONSTRAINT_VIOLATION)")(response);
      else response.end(described);
    });
    server.on(nativeRows, (response) => void response.end(blocks));
    expect((await run()).rows).toBe(40_000);
    const { searchParams } = server.seen.find(({ sql }) => nativeRows.test(sql))!.address;
    expect(searchParams.get('readonly')).toBe('2');
    expect(searchParams.get('max_execution_time')).toBe('60');
    expect([searchParams.has('session_timezone'), searchParams.has('max_memory_usage')]).toEqual([false, false]);
  });

  test('with readonly = 1 the query goes without any, numbers stay exact, and the check advises', async () => {
    const own = new Set(['query_id', 'database', 'wait_end_of_query', 'query', 'default_format']);
    const closed = (answer: string) => (response: Parameters<Parameters<ScriptedClickHouse['on']>[1]>[0], { address }: { address: URL }): void => {
      const set = [...address.searchParams.keys()].find((name) => !own.has(name));
      if (set === undefined) response.end(answer);
      else refuse(164, `Cannot modify '${set}' setting in readonly mode. (READONLY) (version 24.8.4.13 (official build))`)(response);
    };
    server.on(/FORMAT JSONCompactEachRowWithNamesAndTypes/, closed('["n","e","b","s"]\n["UInt64","Nullable(Int8)","Bool","Float64"]\n[18446744073709551615,null,true,1.5]\n'));
    server.on(/FORMAT JSONCompactStringsEachRowWithNamesAndTypes/, closed('["n","e","b","s"]\n["UInt64","Nullable(Int8)","Bool","Float64"]\n["18446744073709551615","ᴺᵁᴸᴸ","true","1.5"]\n'));
    expect((await source.select(step, context())).rows).toEqual([['18446744073709551615', null, true, 1.5]]);
    server.on(/^SELECT version/, closed(`["24.8.4.13",${Date.now() + 90_000},1]\n`));
    server.on(/^SHOW GRANTS/, closed('["GRANT SELECT, INSERT ON d.* TO reader"]\n'));
    const { version, advice = [] } = await source.check(never);
    expect(version).toBe('24.8.4.13');
    expect(advice.map(({ en }) => en)).toEqual([expect.stringContaining('25.11'), expect.stringMatching(/clock is (89|90) s ahead/), expect.stringContaining('readonly = 1')]);
  });

  test('a good one gets no advice', async () => {
    server.on(/^SELECT version/, (response) => void response.end(`["26.3.1.1",${Date.now()},2]\n`));
    server.on(/^SHOW GRANTS/, (response) => void response.end('["GRANT SELECT ON wallet.* TO reader"]\n'));
    expect(await source.check(never)).toEqual({ version: '26.3.1.1', latencyMs: expect.any(Number) });
  });
});

describe('HTTPS', () => {
  test('trusts the authority of ca alone; an unknown one is refused before anything is sent', async () => {
    const pair = selfSignedCertificate();
    const secure = await startScriptedClickHouse(pair);
    secure.on(/^SELECT version/, (response) => void response.end(`["26.3.1.1",${Date.now()},2]\n`));
    const [strange, trusted] = [open({ url: secure.url }), open({ url: secure.url, ca: pair.certificate })];
    await expect(strange.check(never)).rejects.toMatchObject({ code: 'source_unreachable', message: expect.stringContaining('unknown authority') });
    expect(secure.seen).toEqual([]);
    expect((await trusted.check(never)).version).toBe('26.3.1.1');
    await Promise.all([strange.close(), trusted.close()]);
    await secure.close();
  });
});

test('no statement that only reads is sent without readonly, its own id and limits', async () => {
  server.on(nativeRows, (response) => void response.end(blocks));
  await run({ timeSeconds: 7, memoryBytes: 123_456_789, rows: 50_000 });
  for (const { address, sql } of server.seen) {
    expect(Object.fromEntries(address.searchParams)).toMatchObject({ readonly: '2', max_execution_time: '7', max_memory_usage: '123456789', result_overflow_mode: 'throw', timeout_overflow_mode: 'throw', database: 'd' });
    expect(sql).toMatch(/^DESCRIBE TABLE \(|LIMIT 50001 FORMAT Native$/);
  }
  expect(new Set(server.seen.map(({ address }) => address.searchParams.get('query_id'))).size).toBe(2);
});
