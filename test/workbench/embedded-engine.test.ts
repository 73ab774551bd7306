import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEmbeddedEngine } from '../../backend/workbench/embedded-engine.ts';
import { openWorkbench } from '../../backend/workbench/clickhouse-workbench.ts';
import { context, scratchEngine, textOf, wallet, type ScratchEngine } from './scratch-engine.ts';

let scratch: ScratchEngine;
beforeAll(async () => {
  scratch = await scratchEngine('UTC', 1_200_000_000);
  await scratch.workbench.command('CREATE DATABASE wallet');
  await scratch.workbench.command('CREATE TABLE wallet.texts (value String) ENGINE = MergeTree ORDER BY value');
});
afterAll(() => scratch.close());

interface Call {
  query?: string;
  body?: BodyInit;
  headers?: Record<string, string>;
  more?: Record<string, string>;
  signal?: AbortSignal;
}

async function call({ query, body, headers, more = {}, signal }: Call): Promise<Response> {
  const { url, password } = await scratch.engine.endpoint();
  const address = new URL(url);
  if (query !== undefined) address.searchParams.set('query', query);
  for (const [name, value] of Object.entries(more)) address.searchParams.set(name, value);
  return fetch(address, { method: body === undefined ? 'GET' : 'POST', body, signal, headers: { 'X-ClickHouse-Key': password, ...headers } });
}
const answer = async (one: Call): Promise<string> => (await call(one)).text();

describe('ClickHouse’s HTTP interface', () => {
  test('answers a ping without a password, and nothing else', async () => {
    const { url } = await scratch.engine.endpoint();
    expect(await (await fetch(`${url}/ping`)).text()).toBe('Ok.\n');
    const wrong: Record<string, string>[] = [{ 'X-ClickHouse-Key': '' }, { 'X-ClickHouse-Key': 'wrong' }, { Authorization: `Basic ${btoa('tasksheet:wrong')}` }];
    for (const headers of wrong) {
      const refused = await call({ query: 'SELECT 1', headers });
      expect(refused.status).toBe(403);
      expect(refused.headers.get('x-clickhouse-exception-code')).toBe('516');
    }
    const { username, password } = await scratch.engine.endpoint();
    expect(await answer({ query: 'SELECT 1', headers: { 'X-ClickHouse-Key': 'wrong', Authorization: `Basic ${btoa(`${username}:${password}`)}` } })).toBe('1\n');
  });

  test('takes the query from the address, the body or both', async () => {
    expect(await answer({ query: 'SELECT 1' })).toBe('1\n');
    expect(await answer({ body: 'SELECT 2;\n' })).toBe('2\n');
    expect(await answer({ query: 'SELECT', body: '3' })).toBe('3\n');
  });

  test('binds parameters in ClickHouse’s text form, from the address and from multipart', async () => {
    const sql = 'SELECT {s:String}, {n:UInt64}, {l:Array(String)}, {z:Nullable(Int8)} FORMAT JSONCompactEachRow';
    const parameters = { param_s: 'a\\tb\\\\\\n\'', param_n: '18446744073709551615', param_l: "['x\\'y','z']", param_z: '\\N' };
    const expected = '["a\\tb\\\\\\n\'", 18446744073709551615, ["x\'y","z"], null]\n';
    expect(await answer({ body: sql, more: parameters })).toBe(expected);
    const form = new FormData();
    form.set('query', sql);
    for (const [name, value] of Object.entries(parameters)) form.set(name, value);
    expect(await answer({ body: form })).toBe(expected);
  });

  test('names its query, formats as asked and compresses on request', async () => {
    const response = await call({ query: 'SELECT 1 AS x', more: { default_format: 'CSVWithNames', query_id: 'mine-1', enable_http_compression: '1' }, headers: { 'Accept-Encoding': 'gzip' } });
    expect(await response.text()).toBe('"x"\n1\n');
    expect(response.headers.get('x-clickhouse-query-id')).toBe('mine-1');
    expect(response.headers.get('content-encoding')).toBe('gzip');
  });

  test.each([
    ['a syntax error', 'SELEC 1', 400, '62'],
    ['an unknown table', 'SELECT * FROM nobody', 404, '60'],
    ['a failure before the first row', 'SELECT throwIf(1)', 500, '395'],
  ])('answers %s with a status and a code', async (_name, query, status, code) => {
    const response = await call({ query });
    expect([response.status, response.headers.get('x-clickhouse-exception-code')]).toEqual([status, code]);
    expect(await response.text()).toMatch(new RegExp(`^Code: ${code}\\. DB::Exception: `));
  });

  test('ends a body with the tagged exception when a query fails in mid-stream', async () => {
    const response = await call({ query: 'SELECT throwIf(number = 900000) FROM numbers(1000000) SETTINGS max_block_size = 10000, max_threads = 1' });
    expect(response.status).toBe(200);
    const tag = response.headers.get('x-clickhouse-exception-tag')!;
    const body = await response.text();
    const block = body.slice(body.indexOf('\r\n__exception__'));
    const found = new RegExp(`^\\r\\n__exception__\\r\\n${tag}\\r\\n(Code: 395[\\s\\S]*\\n)(\\d+) ${tag}\\r\\n__exception__\\r\\n$`).exec(block);
    expect(Number(found?.[2])).toBe(Buffer.byteLength(found?.[1] ?? ''));
  });

  test('a whole answer is asked for with wait_end_of_query: a late failure is a status', async () => {
    const response = await call({ query: 'SELECT throwIf(number = 900000) FROM numbers(1000000)', more: { wait_end_of_query: '1' } });
    expect(response.status).toBe(500);
  });

  test('after a failed query the next one sees nothing of it', async () => {
    await Promise.all(Array.from({ length: 5 }, () => answer({ query: "SELECT concat('SECRET', toString(number)), throwIf(number = 90000) FROM numbers(100000) FORMAT CSV" })));
    for (let round = 0; round < 5; round += 1) expect(await answer({ query: "SELECT 'B' FORMAT CSV", more: round % 2 === 0 ? {} : { wait_end_of_query: '1' } })).toBe('"B"\n');
  });

  test('settings and parameters of one query do not reach another, also side by side', async () => {
    const asked = Array.from({ length: 60 }, (_, at) => answer({ query: "SELECT {x:String}, getSetting('max_threads')", more: { param_x: `v${at}`, max_threads: String((at % 7) + 1) } }));
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 60 }, (_, at) => `v${at}\t${(at % 7) + 1}\n`));
    expect(await answer({ query: 'SELECT {x:String}' })).toContain('Code: 456');
  });

  test.each([
    ['an unknown setting', { log_comment: 'x' }, '115'],
    ['a setting that would open files', { user_files_path: '/' }, '115'],
    ['a prototype’s name', { constructor: '1' }, '115'],
    ['text in a number', { max_threads: "1; DROP TABLE wallet.texts" }, '36'],
    ['a quote in a word', { format_csv_delimiter: "'" }, '36'],
    ['a quote in a time zone', { session_timezone: "UTC', readonly = 0, x = '" }, '36'],
    ['a session', { session_id: 'x' }, '115'],
    ['a parameter with an odd name', { "param_a'b": '1' }, '36'],
    ['a query id with a comment’s end', { query_id: '*/ DROP TABLE wallet.texts' }, '36'],
  ])('refuses %s', async (_name, more, code) => {
    const response = await call({ query: 'SELECT 1', more });
    expect(response.headers.get('x-clickhouse-exception-code')).toBe(code);
    expect(await answer({ query: 'EXISTS TABLE wallet.texts' })).toBe('1\n');
  });

  test('rows of an INSERT are only rows: blank lines, semicolons and SQL in them too', async () => {
    const rows = 'a\n\nDROP TABLE wallet.texts\n;\nCREATE TABLE wallet.injected (x Int8) ENGINE = Memory;\n';
    expect((await call({ query: 'INSERT INTO wallet.texts FORMAT TabSeparated', body: rows })).status).toBe(200);
    expect(await answer({ query: 'SELECT value FROM wallet.texts ORDER BY value FORMAT JSONCompactEachRow' })).toBe(
      ['', ';', 'CREATE TABLE wallet.injected (x Int8) ENGINE = Memory;', 'DROP TABLE wallet.texts', 'a'].map((row) => `${JSON.stringify([row])}\n`).join(''),
    );
    expect(await answer({ query: 'EXISTS TABLE wallet.injected' })).toBe('0\n');
    expect((await call({ query: 'INSERT INTO wallet.texts FORMAT RowBinary', body: new Uint8Array([3, 10, 10, 255]) })).status).toBe(200);
    expect(await answer({ query: "SELECT count() FROM wallet.texts WHERE value = unhex('0A0AFF')" })).toBe('1\n');
    expect((await call({ query: 'INSERT INTO wallet.texts FORMAT JSONCompactEachRow', body: '["x", 1' })).status).toBe(400);
    expect(readdirSync(join(scratch.directory, 'incoming'))).toEqual([]);
  });

  test('KILL QUERY and system.processes know a query by the id that its client gave', async () => {
    const query = 'SELECT sum(sipHash64(number)) FROM numbers(100000000000)';
    const running = call({ query, more: { query_id: 'long-1' } });
    await expect.poll(() => answer({ query: "SELECT count(), max(read_rows) > 0 FROM system.processes WHERE query_id = 'long-1'" })).toBe('1\t1\n');
    expect(await answer({ query: "SELECT count() FROM system.processes WHERE query_id = {id:String}", more: { param_id: 'long-2' } })).toBe('0\n');
    await answer({ body: 'KILL QUERY WHERE query_id = {id:String} SYNC', more: { param_id: 'long-1' } });
    expect((await running).headers.get('x-clickhouse-exception-code')).toBe('394');
  });

  test('a client that closes its connection stops its query', async () => {
    const stop = new AbortController();
    const running = call({ query: 'SELECT sum(sipHash64(number)) FROM numbers(100000000000)', more: { query_id: 'left-1' }, signal: stop.signal });
    running.catch(() => undefined);
    const count = (): Promise<string> => answer({ query: "SELECT count() FROM system.processes WHERE query_id = 'left-1'" });
    await expect.poll(count).toBe('1\n');
    stop.abort();
    await expect.poll(count).toBe('0\n');
  });

  test('more queries than may run at once wait for their turn, and can still be stopped', async () => {
    const stop = new AbortController();
    const long = Array.from({ length: 12 }, (_, at) => call({ query: 'SELECT sum(sipHash64(number)) FROM numbers(100000000000)', more: { query_id: `many-${at}` }, signal: stop.signal }).catch(() => undefined));
    await expect.poll(() => answer({ query: "SELECT uniqExact(query) FROM system.processes WHERE query LIKE '%many-%'" })).toBe('13\n');
    const waiting = answer({ query: 'SELECT 7' });
    stop.abort();
    await Promise.all(long);
    expect(await waiting).toBe('7\n');
  });
});

describe('the process', () => {
  test('has no secret on its command line, in its environment or in the log', async () => {
    const { password } = await scratch.engine.endpoint();
    const pid = scratch.engine.processId();
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(password);
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain(password);
    expect(scratch.log.join('\n')).not.toContain(password);
  });

  test('inherits nothing of the backend’s environment that it does not need', () => {
    const names = readFileSync(`/proc/${scratch.engine.processId()}/environ`, 'utf8').split('\0').map((entry) => entry.split('=')[0]);
    expect(names.filter((name) => name !== '' && !['PATH', 'TMPDIR', 'LANG', 'TZ', 'UV_THREADPOOL_SIZE', 'NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE'].includes(name!))).toEqual([]);
  });

  test('refuses a second engine on the same directory with words that say why', async () => {
    await expect(startEmbeddedEngine({ directory: scratch.directory })).rejects.toMatchObject({ code: 'not_ready', text: { en: expect.stringContaining('another process') as unknown } });
    expect(await answer({ query: 'SELECT 1' })).toBe('1\n');
  });

  test('keeps within the memory that it was given', async () => {
    expect(await answer({ query: 'SELECT groupArray(number) FROM numbers(1000000000)' })).toContain('Code: 241');
  });

  test('after a crash the running query is interrupted, the next one works, and what was stored is there', async () => {
    const table = await scratch.workbench.store({ sql: 'SELECT number FROM numbers(10) ORDER BY number', parameters: {} }, wallet, 'before_crash', context());
    const running = scratch.workbench.store({ sql: 'SELECT sum(sipHash64(number)) FROM numbers(100000000000)', parameters: {} }, wallet, 'in_crash', context({ queryId: 'in-crash' }));
    running.catch(() => undefined);
    await expect.poll(() => answer({ query: "SELECT count() FROM system.processes WHERE query_id = 'in-crash'" })).toBe('1\n');
    const before = scratch.engine.processId();
    process.kill(before!, 'SIGKILL');
    await expect(running).rejects.toMatchObject({ code: 'interrupted' });
    expect(await textOf(await scratch.workbench.stream(table, { format: 'CSV' }, new AbortController().signal))).toBe('0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n');
    expect(scratch.engine.processId()).not.toBe(before);
    expect(scratch.log.join('\n')).toContain('starting it again');
    expect(await scratch.workbench.storedTableIds()).not.toContain('in_crash');
  });

  test('a table that a crash left half made is found by its id', async () => {
    await scratch.workbench.command('CREATE TABLE tasksheet.t_half (_row UInt64 MATERIALIZED 0, a UInt8) ENGINE = MergeTree ORDER BY _row');
    expect(await scratch.workbench.storedTableIds()).toContain('half');
    await scratch.workbench.drop(['half']);
    expect(await scratch.workbench.storedTableIds()).not.toContain('half');
  });

  test('dies with its parent, and its directory is free at once', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tasksheet-orphan-'));
    const code = `import { startEmbeddedEngine } from ${JSON.stringify(join(import.meta.dirname, '../../backend/workbench/embedded-engine.ts'))};
      startEmbeddedEngine({ directory: ${JSON.stringify(directory)} }).then((engine) => console.log(engine.processId()));`;
    const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const orphan = Number(line.toString());
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await expect.poll(() => existsSync(`/proc/${orphan}/exe`)).toBe(false);
    const next = await startEmbeddedEngine({ directory });
    await next.close();
    rmSync(directory, { recursive: true, force: true });
  });

  test('closing ends it within seconds, a running query included', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tasksheet-close-'));
    const engine = await startEmbeddedEngine({ directory });
    const workbench = await openWorkbench({ endpoint: () => engine.endpoint(), embedded: true });
    const running = workbench.select({ sql: 'SELECT sum(sipHash64(number)) FROM numbers(100000000000)', parameters: {} }, { database: '', databases: [] }, context());
    running.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const pid = engine.processId();
    await engine.close();
    await expect(running).rejects.toMatchObject({ code: expect.stringMatching(/interrupted|not_ready/) as unknown });
    expect(existsSync(`/proc/${pid}/exe`)).toBe(false);
    await expect(workbench.check(new AbortController().signal)).rejects.toMatchObject({ code: 'not_ready' });
    await workbench.close();
    rmSync(directory, { recursive: true, force: true });
  });
});

/** A small disk of its own needs the right to mount one. */
function smallDisk(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'tasksheet-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    rmSync(folder, { recursive: true, force: true });
    return null;
  }
}

describe('a full disk', () => {
  const disk = smallDisk();
  afterAll(() => {
    if (disk === null) return;
    execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true, force: true });
  });

  test.skipIf(disk === null)('is told as disk_full, leaves nothing behind, and the engine goes on', async () => {
    const directory = join(disk!, 'data');
    mkdirSync(directory);
    const engine = await startEmbeddedEngine({ directory });
    try {
      const workbench = await openWorkbench({ endpoint: () => engine.endpoint(), embedded: true });
      const scope = { database: '', databases: [] };
      const sql = 'SELECT cityHash64(number) AS a, sipHash64(number) AS b FROM numbers(20000000)';
      await expect(workbench.store({ sql, parameters: {} }, scope, 'too_big', context({ rows: 30_000_000 }))).rejects.toMatchObject({ code: 'disk_full' });
      expect(await workbench.storedTableIds()).toEqual([]);
      expect((await workbench.select({ sql: 'SELECT 1', parameters: {} }, scope, context())).rows).toEqual([[1]]);
      await workbench.close();
    } finally {
      await engine.close();
    }
  });
});
