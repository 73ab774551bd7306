import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { sourceProblem } from '../../backend/sources/clickhouse-problem.ts';
import { exceptionBlock, startScriptedClickHouse, writeSlowly, type ScriptedClickHouse } from '../services/clickhouse-server.ts';
import { context, textOf } from '../workbench/scratch-engine.ts';
import { ScriptedSource, described, nativeRows, never, step } from './scripted-source.ts';

const tag = 'aabbccddeeff0011';
const message = 'Code: 395. DB::Exception: Value passed to throwIf is non-zero. (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO) (version 24.8.4.13 (official build))';
const scripted = new ScriptedSource();
/** One row that ends with a text. */
const lastText = (text: string): Promise<Buffer> => scripted.native(`SELECT toUInt64(1) AS a, unhex('${Buffer.from(text).toString('hex')}') AS t`);

describe('an error after rows have come is never a short success', () => {
  test('as a tagged block, whole, or split anywhere over packets', async () => {
    const block = Buffer.from(exceptionBlock(tag, message));
    for (const cut of [0, 5, 20, 40, block.length - 3]) {
      scripted.server.on(nativeRows, async (response) => {
        response.writeHead(200, { 'X-ClickHouse-Exception-Tag': tag });
        response.write(scripted.blocks);
        response.write(block.subarray(0, cut));
        await new Promise((resolve) => setTimeout(resolve, 20));
        response.end(block.subarray(cut));
      });
      await expect(scripted.run()).rejects.toMatchObject({ code: 'query_failed', message: expect.stringContaining('THROW_IF') });
      await scripted.nothingStored();
    }
  });

  test('as a tagged block that comes byte by byte', async () => {
    scripted.server.on(nativeRows, async (response) => {
      response.writeHead(200, { 'X-ClickHouse-Exception-Tag': tag });
      response.write(scripted.blocks);
      await writeSlowly(response, exceptionBlock(tag, message));
      response.end();
    });
    await expect(scripted.run()).rejects.toMatchObject({ message: expect.stringContaining('THROW_IF') });
  });

  test('as a tagged block longer than what is held back', async () => {
    const long = message.replace('non-zero', `non-zero${' long'.repeat(5_000)}`);
    scripted.server.on(nativeRows, (response) => void response.writeHead(200, { 'X-ClickHouse-Exception-Tag': tag }).end(Buffer.concat([scripted.blocks, Buffer.from(exceptionBlock(tag, long))])));
    await expect(scripted.run()).rejects.toMatchObject({ code: 'query_failed' });
    await scripted.nothingStored();
  });

  test('as the plain text of an older server', async () => {
    for (const rows of [scripted.blocks, Buffer.alloc(0)]) {
      scripted.server.on(nativeRows, (response) => void response.end(Buffer.concat([rows, Buffer.from(`${message}\n`)])));
      await expect(scripted.run()).rejects.toMatchObject({ code: 'query_failed', message: expect.stringContaining('THROW_IF') });
      await scripted.nothingStored();
    }
  });

  test('as plain text behind rows without names', async () => {
    scripted.server.on(/^DESCRIBE/, (response) => void response.end('["a","UInt64"]\n["a","UInt64"]\n'));
    scripted.server.on(/ FORMAT RowBinary$/, (response) => void response.end(Buffer.concat([Buffer.alloc(16 * 1000, 1), Buffer.from(`${message}\n`)])));
    await expect(scripted.run()).rejects.toMatchObject({ code: 'query_failed', message: expect.stringContaining('THROW_IF') });
  });

  test('as an exception code beside status 200', async () => {
    scripted.server.on(nativeRows, (response) => void response.writeHead(200, { 'X-ClickHouse-Exception-Code': '241' }).end('Code: 241. DB::Exception: Memory limit exceeded. (MEMORY_LIMIT_EXCEEDED)'));
    await expect(scripted.run()).rejects.toMatchObject({ code: 'memory_limit' });
  });

  test('in a small read', async () => {
    scripted.server.on(/FORMAT JSON/, (response) => void response.writeHead(200, { 'X-ClickHouse-Exception-Tag': tag }).end(`["a"]\n["UInt8"]\n[1]\n${exceptionBlock(tag, message)}`));
    await expect(scripted.source.select(step, context())).rejects.toMatchObject({ message: expect.stringContaining('THROW_IF') });
    scripted.server.on(/FORMAT JSON/, (response) => void response.end(`["a"]\n["UInt8"]\n[1]\n${message}`));
    await expect(scripted.source.select(step, context())).rejects.toMatchObject({ message: expect.stringContaining('THROW_IF') });
    scripted.server.on(/FORMAT JSON/, (response) => void response.end('["a"]\n["UInt8"]\n[1'));
    await expect(scripted.source.select(step, context())).rejects.toMatchObject({ code: 'interrupted' });
  });
});

describe('an answer that breaks off is never a short success', () => {
  test('inside a row, though the connection ends in order', async () => {
    for (const cut of [scripted.blocks.length - 1, scripted.blocks.length - 5_000, 3]) {
      scripted.server.on(nativeRows, (response) => void response.end(scripted.blocks.subarray(0, cut)));
      await expect(scripted.run()).rejects.toMatchObject({ code: 'interrupted', message: expect.stringContaining('broke off') });
      await scripted.nothingStored();
    }
  });

  test('by a reset in the middle', async () => {
    scripted.server.on(nativeRows, async (response) => {
      await writeSlowly(response, [scripted.blocks.subarray(0, 200_000).toString('latin1')]);
      response.socket?.resetAndDestroy();
    });
    await expect(scripted.run()).rejects.toMatchObject({ code: 'interrupted', message: expect.stringContaining('broke off') });
    await scripted.nothingStored();
    expect(scripted.statements().filter((sql) => nativeRows.test(sql))).toHaveLength(1);
  });

  test('in the middle of what is compressed', async () => {
    const packed = scripted.open({ compressed: true });
    const whole = gzipSync(scripted.blocks);
    scripted.server.on(nativeRows, (response) => void response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(whole));
    expect((await scripted.run({}, packed)).rows).toBe(40_000);
    for (const cut of [whole.length - 4, Math.floor(whole.length / 2)]) {
      scripted.server.on(nativeRows, (response) => void response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(whole.subarray(0, cut)));
      await expect(scripted.run({}, packed)).rejects.toMatchObject({ code: 'interrupted' });
      await scripted.nothingStored();
    }
    await packed.close();
  });

  test('with fewer bytes than the header promised', async () => {
    scripted.server.on(nativeRows, (response) => {
      response.writeHead(200, { 'Content-Length': String(scripted.blocks.length) });
      response.write(scripted.blocks.subarray(0, 1_000));
      setTimeout(() => response.socket?.end(), 20);
    });
    await expect(scripted.run()).rejects.toMatchObject({ code: 'interrupted' });
  });
});

describe('what only looks like a failure passes', () => {
  test('rows that hold the text of an exception, tagged or not, and line ends of either kind', async () => {
    for (const headers of [{ 'X-ClickHouse-Exception-Tag': tag }, {}])
      for (const text of [message, `\r\n__exception__\r\nother\r\n${message}`, 'a\r\nb\r', '']) {
        const last = await lastText(text);
        scripted.server.on(nativeRows, (response) => void response.writeHead(200, headers).end(Buffer.concat([scripted.blocks, last])));
        const stored = await scripted.run();
        expect(stored.rows).toBe(40_001);
        expect(JSON.parse(await textOf(await scripted.near.workbench.stream(stored, { format: 'JSONCompactEachRow', offset: 40_000 }, never)))).toEqual(['1', text]);
      }
  });

  test('rows in many small packets', async () => {
    const small = await lastText('кот');
    scripted.server.on(nativeRows, async (response) => {
      response.socket?.setNoDelay(true);
      for (const byte of small) {
        response.write(Buffer.from([byte]));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      response.end();
    });
    expect((await scripted.run()).rows).toBe(1);
  });

  test('an answer with far more headers than usual', async () => {
    const headers = Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`X-ClickHouse-Progress-${at}`, 'x'.repeat(200)]));
    scripted.server.on(nativeRows, (response) => void response.writeHead(200, headers).end(scripted.blocks));
    expect((await scripted.run()).rows).toBe(40_000);
  });
});

describe('a server that does not do', () => {
  const page = (status: number, headers: Record<string, string> = {}): Promise<unknown> => {
    scripted.server.on(/./, (response) => void response.writeHead(status, { 'Content-Type': 'text/html', ...headers }).end('<html><body>Sorry</body></html>'));
    return scripted.source.check(never).catch((error: unknown) => error);
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
    expect(scripted.server.seen.every(({ address }) => address.pathname === '/')).toBe(true);
  });

  test.each([
    [516, 403, 'reader: Authentication failed: password is incorrect, or there is no user with such name.', 'AUTHENTICATION_FAILED', 'user or password were not accepted'],
    [497, 403, 'reader: Not enough privileges. To execute this query, it\'s necessary to have the grant SELECT(a, t) ON d.numbered.', 'ACCESS_DENIED', 'GRANT SELECT(a, t) ON d.numbered'],
    [202, 503, 'Too many simultaneous queries for user reader.', 'TOO_MANY_SIMULTANEOUS_QUERIES', 'Too many queries'],
  ])('refuses by exception %i: told with what to do', async (code, status, text, name, words) => {
    scripted.server.on(/^DESCRIBE/, (response) => void response.writeHead(status, { 'X-ClickHouse-Exception-Code': String(code) }).end(`Code: ${code}. DB::Exception: ${text} (${name}) (version 24.8.4.13 (official build))`));
    await expect(scripted.run()).rejects.toMatchObject({ message: expect.stringContaining(words) });
    expect(scripted.statements().filter((sql) => sql.startsWith('DESCRIBE'))).toHaveLength(1);
  });

  test.each([
    ['ETIMEDOUT', 'no route'], ['EHOSTUNREACH', 'no route'], ['ENETUNREACH', 'no route'], ['CERT_HAS_EXPIRED', 'out of its time'], ['ERR_TLS_CERT_ALTNAME_INVALID', 'for another name'], ['HPE_INVALID_CONSTANT', 'not HTTP'],
  ])('fails on the way by %s: told with what to check', (code, words) => {
    expect(sourceProblem('warehouse', Object.assign(new Error(code), { code }))).toMatchObject({ code: 'source_unreachable', message: expect.stringContaining(words) });
  });

  test('hangs before an answer: the time ends, the query is killed', async () => {
    scripted.server.on(/^SELECT/, () => undefined);
    const asked = performance.now();
    await expect(scripted.run({ timeSeconds: 1 })).rejects.toMatchObject({ code: 'time_limit' });
    expect(performance.now() - asked).toBeLessThan(4_000);
    await expect.poll(() => scripted.statements()).toContain(`KILL QUERY WHERE query_id = '${scripted.server.seen.at(1)?.address.searchParams.get('query_id')}' ASYNC FORMAT TabSeparated`);
    await scripted.nothingStored();
  });

  test('hangs in the middle of rows: the time ends, the connection is closed', async () => {
    scripted.server.on(nativeRows, (response) => void response.write(scripted.blocks));
    await expect(scripted.run({ timeSeconds: 1 })).rejects.toMatchObject({ code: 'time_limit' });
    await scripted.server.seen.find(({ sql }) => nativeRows.test(sql))?.closedEarly;
    await scripted.nothingStored();
  });

  test('hangs at everything, killing included: a stop ends the wait at once', async () => {
    scripted.server.on(/./, () => undefined);
    const stop = new AbortController();
    const work = scripted.run({ signal: stop.signal, progress: () => undefined });
    work.catch(() => undefined);
    await expect.poll(() => scripted.server.seen.length).toBe(1);
    const asked = performance.now();
    stop.abort();
    await expect(work).rejects.toMatchObject({ code: 'interrupted' });
    expect(performance.now() - asked).toBeLessThan(1_000);
  });
});

describe('a kept connection that the server has closed', () => {
  test('is made anew once, while nothing was read', async () => {
    let resets = 0;
    scripted.server.on(/^DESCRIBE/, (response) => {
      if ((resets += 1) === 1) response.socket?.resetAndDestroy();
      else response.end(described);
    });
    scripted.server.on(nativeRows, (response) => void response.end(scripted.blocks));
    expect((await scripted.run()).rows).toBe(40_000);
    scripted.server.on(/^DESCRIBE/, (response) => void response.socket?.resetAndDestroy());
    await expect(scripted.run()).rejects.toMatchObject({ code: 'interrupted' });
  });
});

describe('replicas', () => {
  let other: ScriptedClickHouse;
  beforeEach(async () => {
    other = await startScriptedClickHouse();
    other.on(/^DESCRIBE/, (response) => void response.end(described));
    other.on(nativeRows, (response) => void response.end(scripted.blocks));
    return () => other.close();
  });

  test('a dead, broken or silent one is passed over', async () => {
    for (const fault of ['dead', 'broken', 'silent']) {
      scripted.server.reset();
      scripted.server.on(/./, (response) => void (fault === 'broken' ? response.writeHead(502).end('<html>') : undefined));
      const pair = scripted.open({ url: fault === 'dead' ? 'http://127.0.0.1:9' : scripted.server.url, replicas: [other.url] });
      expect((await scripted.run({}, pair)).rows).toBe(40_000);
      await pair.close();
    }
  });

  test('another takes over when the one in use dies, and this one is asked last for a while', async () => {
    scripted.server.on(nativeRows, (response) => void response.end(scripted.blocks));
    const pair = scripted.open({ replicas: [other.url] });
    await scripted.run({}, pair);
    expect(other.seen).toEqual([]);
    scripted.server.on(/./, (response) => void response.socket?.resetAndDestroy());
    expect((await scripted.run({}, pair)).rows).toBe(40_000);
    const before = scripted.server.seen.length;
    expect((await scripted.run({}, pair)).rows).toBe(40_000);
    expect(scripted.server.seen.length).toBe(before);
    await pair.close();
  });

  test('the first of those that answer is asked', async () => {
    scripted.server.on(nativeRows, (response) => void response.end(scripted.blocks));
    const pair = scripted.open({ replicas: [other.url] });
    await scripted.run({}, pair);
    await scripted.run({}, pair);
    expect(other.seen.filter(({ sql }) => sql !== 'SELECT 1')).toEqual([]);
    await pair.close();
  });

  test('none takes over once rows have come', async () => {
    scripted.server.on(nativeRows, async (response) => {
      await writeSlowly(response, [scripted.blocks.subarray(0, 200_000).toString('latin1')]);
      response.socket?.resetAndDestroy();
    });
    const pair = scripted.open({ replicas: [other.url] });
    await expect(scripted.run({}, pair)).rejects.toMatchObject({ code: 'interrupted' });
    expect(other.seen.filter(({ sql }) => nativeRows.test(sql))).toEqual([]);
    await pair.close();
  });

  test('none is asked about what the server itself has refused', async () => {
    scripted.server.on(/^DESCRIBE/, (response) => void response.writeHead(404, { 'X-ClickHouse-Exception-Code': '60' }).end('Code: 60. DB::Exception: Unknown table d.numbered. (UNKNOWN_TABLE) (version 24.8.4.13 (official build))'));
    const pair = scripted.open({ replicas: [other.url] });
    await expect(scripted.run({}, pair)).rejects.toMatchObject({ code: 'query_failed', message: expect.stringContaining('numbered') });
    expect(other.seen.filter(({ sql }) => sql.startsWith('DESCRIBE'))).toEqual([]);
    await pair.close();
  });
});
