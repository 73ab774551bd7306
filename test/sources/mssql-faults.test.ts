import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { mssqlSource } from '../../backend/sources/mssql.ts';
import { Sessions } from '../../backend/sources/mssql/sessions.ts';
import { isSecret } from '../../backend/sources/secret.ts';
import type { BoundStep, Source } from '../../backend/sources/source.ts';
import type { Answer, TdsServerOptions } from '../../backend/stand-ins/tds/serving.ts';
import { Problem } from '../../shared/problem.ts';
import { selfSignedCertificate } from '../services/certificate.ts';
import { context, scratchEngine, type ScratchEngine } from '../workbench/scratch-engine.ts';
import { login, ServerUnderTest } from './mssql-server.ts';

let scratch: ScratchEngine;
let standIn: ServerUnderTest;
let source: Source;
let count = 0;
const started: ServerUnderTest[] = [];

beforeAll(async () => {
  scratch = await scratchEngine();
  standIn = await ServerUnderTest.start(scratch.workbench);
  source = standIn.source();
});
afterEach(() => {
  standIn.server.options.answers = [];
  standIn.server.options.ignoreAttention = false;
  standIn.server.received = [];
});
afterAll(async () => {
  await Promise.all([standIn, ...started].map((one) => one.close()));
  await scratch.close();
});

const never = new AbortController().signal;
const step = (sql: string): BoundStep => ({ name: 'step', sql, parameters: {}, steps: {} });
const columns = [{ name: 'n', type: 'int' }];

function* numbers(to: number): Generator<number[]> {
  for (let at = 0; at < to; at += 1) yield [at];
}

/** Runs a step that is answered so, and gives the Problem with which it ended. Nothing may be left behind. */
async function failing(answer: Answer, from: Source = source, changes: Parameters<typeof context>[0] = {}): Promise<Problem> {
  standIn.server.options.answers = [{ to: /scripted/, answer }];
  const id = `fault_${(count += 1)}`;
  const problem: unknown = await from.run(step('SELECT n FROM scripted'), id, context(changes)).catch((error: unknown) => error);
  expect(await scratch.workbench.storedTableIds()).not.toContain(id);
  expect(problem).toBeInstanceOf(Problem);
  return problem as Problem;
}

async function another(options: Partial<TdsServerOptions>): Promise<ServerUnderTest> {
  const server = await ServerUnderTest.start(scratch.workbench, options);
  started.push(server);
  return server;
}

const attentions = (): number => standIn.server.received.filter(({ kind }) => kind === 'attention').length;

describe('signing in', () => {
  test('a wrong password is told to the operator, not retried, and not repeated', async () => {
    const problem: unknown = await standIn.source({ password: 'wrong-secret' }).check(never).catch((error: unknown) => error);
    expect(problem).toMatchObject({ code: 'source_unreachable', message: expect.stringContaining('did not let source “crm” in') });
    expect(JSON.stringify((problem as Problem).text)).not.toContain('wrong-secret');
    expect(standIn.server.received.filter(({ kind }) => kind === 'login').length).toBe(1);
  });

  test('a database that cannot be opened is told', async () => {
    await expect(standIn.source({ database: 'nowhere' }).check(never)).rejects.toMatchObject({ code: 'source_unreachable', message: expect.stringContaining('database of source “crm” cannot be opened') });
  });

  test.each([18463, 18468, 18487, 18488])('an expired login (%d) is told as such', async (number) => {
    const server = await another({ refuseLogin: { number, severity: 14, message: 'Login failed.' } });
    await expect(server.source().check(never)).rejects.toMatchObject({ code: 'source_unreachable', message: expect.stringContaining('expired') });
  });

  test('no server at the address is told, and the source works once it is there', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address() as AddressInfo;
    free.close();
    await expect(standIn.source({ port }).check(never)).rejects.toMatchObject({ code: 'source_unreachable', message: expect.stringContaining('does not answer') });
  });

  test('a name that nobody knows is told', async () => {
    await expect(standIn.source({ server: 'no-such-host.invalid' }).check(never)).rejects.toMatchObject({ code: 'source_unreachable', message: expect.stringContaining('does not answer') });
  });

  test('a server that accepts and then is silent is given up', async () => {
    const mute = createServer().listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const asked = performance.now();
    await expect(standIn.source({ port: (mute.address() as AddressInfo).port, connectSeconds: 1 }).check(never)).rejects.toMatchObject({ code: 'source_unreachable' });
    expect(performance.now() - asked).toBeLessThan(10_000);
    mute.close();
  });

  test('the login says that it only reads', async () => {
    await source.check(never);
    await standIn.source().check(never);
    expect(standIn.server.received.find(({ kind }) => kind === 'login')?.text).toBe('reader crm Tasksheet ReadOnly');
  });
});

describe('encryption', () => {
  test('a certificate of an unknown authority is refused before the password is sent; with the authority it is taken', async () => {
    const { key, certificate } = selfSignedCertificate();
    const server = await another({ tls: { key, cert: certificate } });
    await expect(server.source({ encrypt: true }).check(never)).rejects.toMatchObject({ code: 'source_unreachable', message: expect.stringContaining('not trusted') });
    expect(server.server.received.filter(({ kind }) => kind === 'login')).toEqual([]);
    await expect(server.source({ encrypt: true, ca: certificate }).check(never)).resolves.toMatchObject({ version: '16.0.4150.1' });
  });

  test('a server without encryption is refused before the password is sent, though the driver would go on', async () => {
    await expect(standIn.source({ encrypt: true }).check(never)).rejects.toMatchObject({ code: 'source_unreachable', message: expect.stringContaining('encrypt') });
    expect(standIn.server.received.filter(({ kind }) => kind === 'login')).toEqual([]);
  });

  test('a server that demands encryption is told to the operator', async () => {
    const { key, certificate } = selfSignedCertificate();
    const server = await another({ tls: { key, cert: certificate } });
    await expect(server.source({ encrypt: false }).check(never)).rejects.toMatchObject({ code: 'source_unreachable', message: expect.stringContaining('encrypt') });
  });
});

describe('failures of a query', () => {
  test('a join of text with numbers is said plainly, without the value', async () => {
    const { code, text } = await failing({ then: { number: 245, message: "Conversion failed when converting the varchar value '79161234567' to data type int." } });
    expect([code, text.en, text.ru]).toEqual(['query_failed', expect.stringContaining('text with numbers'), expect.stringContaining('текст с числом')]);
    expect(text.en + text.ru).not.toContain('7916');
  });

  test('the first of several errors is the one that is told', async () => {
    expect((await failing({ then: { number: 208, message: "Invalid object name 'dbo.profile'." } })).text.en).toContain('dbo.profile');
  });

  test('a deadlock before the first row is tried again', async () => {
    standIn.server.options.answers = [
      { to: /scripted/, times: 1, answer: { then: { number: 1205, message: 'Transaction was deadlocked.' } } },
      { to: /scripted/, answer: { columns, rows: [[7]] } },
    ];
    expect((await source.select(step('SELECT n FROM scripted'), context())).rows).toEqual([[7]]);
    expect(standIn.server.received.filter(({ text }) => text.includes('scripted')).length).toBe(2);
  });

  test('a deadlock after rows have come is not tried again: they would be there twice', async () => {
    const problem = await failing({ columns, rows: numbers(50_000), then: { number: 1205, message: 'Transaction was deadlocked.' } });
    expect(problem).toMatchObject({ code: 'too_many', message: expect.stringContaining('Try again') });
    expect(standIn.server.received.filter(({ text }) => text.includes('scripted')).length).toBe(1);
  });

  test('an error right behind the first rows is a failure too', async () => {
    expect(await failing({ columns, rows: [[1]], then: { number: 8134, message: 'Divide by zero error encountered.' } })).toMatchObject({ code: 'query_failed', message: expect.stringContaining('zero') });
  });

  test('a network that is cut in the middle of the rows is a failure, never a short table', async () => {
    expect(await failing({ columns, rows: numbers(100_000), then: 'cut' })).toMatchObject({ code: 'source_unreachable', message: expect.stringContaining('was cut') });
    standIn.server.options.answers = [{ to: /scripted/, answer: { columns, rows: [[1]] } }];
    expect((await source.select(step('SELECT n FROM scripted'), context())).rows).toEqual([[1]]);
  });

  test('a connection that was cut while idle is replaced unseen', async () => {
    standIn.server.options.answers = [{ to: /scripted/, answer: { columns, rows: [[1]] } }];
    await source.select(step('SELECT n FROM scripted'), context());
    standIn.server.options.answers = [{ to: /scripted/, times: 1, answer: { then: 'cut' } }, { to: /scripted/, answer: { columns, rows: [[2]] } }];
    expect((await source.select(step('SELECT n FROM scripted'), context())).rows).toEqual([[2]]);
  });

  test('an answer that begins and then is silent is ended by the watchdog', async () => {
    const watched = standIn.source({ idleSeconds: 1 });
    expect(await failing({ columns, rows: numbers(10), then: 'silence' }, watched)).toMatchObject({ code: 'source_unreachable', message: expect.stringContaining('silent for 1 s') });
    expect(attentions()).toBe(1);
  });

  test('several statements, and writing ones, are refused before anything is sent', async () => {
    for (const sql of ['SELECT 1; DROP TABLE t', 'SELECT a INTO b FROM t', 'EXEC sp_who']) await expect(source.run(step(sql), 'refused', context())).rejects.toMatchObject({ code: 'query_refused' });
    await expect(source.describe(step('DELETE FROM t'))).rejects.toMatchObject({ code: 'query_refused' });
    expect(standIn.server.received).toEqual([]);
  });
});

describe('stopping', () => {
  test('a run that is stopped in the middle of rows is cancelled on the server, and the connection serves on', async () => {
    standIn.server.options.answers = [{ to: /scripted/, answer: { columns, rows: numbers(1e9) } }];
    const stop = new AbortController();
    const work = source.run(step('SELECT n FROM scripted'), 'stopped', context({ signal: stop.signal, rows: 1e9 }));
    work.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 600));
    stop.abort();
    await expect(work).rejects.toMatchObject({ code: 'interrupted' });
    await expect.poll(attentions).toBe(1);
    expect(await scratch.workbench.storedTableIds()).not.toContain('stopped');
    standIn.server.options.answers = [{ to: /scripted/, answer: { columns, rows: [[1]] } }];
    expect((await source.select(step('SELECT n FROM scripted'), context())).rows).toEqual([[1]]);
  });

  test('the person does not wait for a server that ignores the cancel', async () => {
    standIn.server.options.ignoreAttention = true;
    const stop = new AbortController();
    const asked = performance.now();
    setTimeout(() => stop.abort(), 300);
    expect(await failing({ columns, rows: numbers(3), then: 'silence' }, source, { signal: stop.signal })).toMatchObject({ code: 'interrupted' });
    expect(performance.now() - asked).toBeLessThan(2_000);
  });

  test('too many rows stop the server too', async () => {
    expect(await failing({ columns, rows: numbers(1e9) }, source, { rows: 1_000 })).toMatchObject({ code: 'row_limit' });
    await expect.poll(attentions).toBe(1);
  });

  test('the person does not wait for a connection that does not come', async () => {
    const mute = createServer().listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 300);
    const asked = performance.now();
    const slow = standIn.source({ port: (mute.address() as AddressInfo).port, connectSeconds: 3 });
    await expect(slow.run(step('SELECT 1 AS x'), 'never_connected', context({ signal: stop.signal }))).rejects.toMatchObject({ code: 'interrupted' });
    expect(performance.now() - asked).toBeLessThan(1_500);
    mute.close();
  });

  test('a run that was stopped before it began sends nothing', async () => {
    const stop = new AbortController();
    stop.abort();
    expect(await failing({ columns, rows: [[1]] }, source, { signal: stop.signal })).toMatchObject({ code: 'interrupted' });
    expect(standIn.server.received.filter(({ kind }) => kind === 'call')).toEqual([]);
  });

  test('a taker that wants no more rows for now holds the server back instead of filling memory', async () => {
    let asked = 0;
    const counted = function* (): Generator<number[]> {
      for (const row of numbers(1e9)) {
        asked += 1;
        yield row;
      }
    };
    standIn.server.options.answers = [{ to: /scripted/, answer: { columns, rows: counted() } }];
    const sessions = new Sessions({ server: '127.0.0.1', port: standIn.server.port, ...login, encrypt: false, applicationIntent: 'ReadOnly', connections: 1, connectSeconds: 5, idleSeconds: 1 }, 'crm');
    const stop = new AbortController();
    let rows = 0;
    let resume = (): void => undefined;
    const reading = sessions.anyConnection(stop.signal, (pool) =>
      sessions.read(pool, { sql: 'SELECT n FROM scripted', parameters: [] }, stop.signal, (_columns, flow) => {
        resume = flow.resume;
        return { row: () => (rows += 1) !== 1_000 };
      }),
    );
    reading.catch(() => undefined);
    // Longer than the watchdog's second: a reading that is held back is not silent.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    // What the sockets between them hold is all that may still be taken.
    const askedWithin = async (milliseconds: number): Promise<number> => {
      const before = asked;
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      return asked - before;
    };
    await expect.poll(() => askedWithin(400), { timeout: 10_000 }).toBe(0);
    expect(rows).toBeLessThan(1_100);
    resume();
    await expect.poll(() => rows).toBeGreaterThan(10_000);
    stop.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    await sessions.close();
  });
});

describe('what an operator sees', () => {
  test('a login that can only read gets no advice about rights', async () => {
    const { version, advice = [] } = await source.check(never);
    expect([version, advice.map(({ en }) => en)]).toEqual(['16.0.4150.1', [expect.stringContaining('not encrypted')]]);
  });

  test('a login that can write is told by right; an administrator by name', async () => {
    const writer = await another({ rights: ['INSERT', 'EXECUTE'] });
    expect((await writer.source().check(never)).advice?.[0]?.en).toContain('INSERT, EXECUTE');
    const administrator = await another({ rights: ['sysadmin', 'INSERT'] });
    expect((await administrator.source().check(never)).advice?.[0]?.en).toContain('sysadmin');
  });

  test('the password is marked as a secret', () => {
    expect(isSecret((mssqlSource.settings as unknown as { shape: { password: unknown } }).shape.password)).toBe(true);
  });

  test.each([{ port: 0 }, { trustServerCertificate: true }, { timeZone: 'Moscow' }, { collation: 'x; DROP' }, { password: '' }, { encrypt: 'no' }, { server: '' }])('refuses the settings %j', (changes) => {
    expect(mssqlSource.settings.safeParse({ server: 'sql', ...login, ...changes }).success).toBe(false);
  });
});
