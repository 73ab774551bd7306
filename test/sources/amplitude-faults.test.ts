import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Problem } from '../../shared/problem.ts';
import { amplitudeSource } from '../../backend/sources/amplitude.ts';
import { openSourceLedger } from '../../backend/state/source-ledger.ts';
import { startAmplitudeStandIn } from '../../backend/stand-ins/amplitude/stand-in.ts';
import type { FileFault } from '../../backend/stand-ins/amplitude/faults.ts';
import { context } from '../workbench/scratch-engine.ts';
import { cohortOf, keys, openLab, openProject, users, type Lab, type Project } from './amplitude-lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab?.close());

async function project(...given: Parameters<typeof openProject> extends [Lab, ...infer Rest] ? Rest : never): Promise<Project & AsyncDisposable> {
  const opened = await openProject(lab, ...given);
  return Object.assign(opened, { [Symbol.asyncDispose]: () => opened.close() });
}

/** What went wrong, in both languages; nothing may be left behind. */
async function problemOf(work: Promise<unknown>): Promise<Problem> {
  work.catch(() => undefined);
  const before = await lab.workbench.storedTableIds();
  const problem: unknown = await work.then(() => 'it succeeded', (error: unknown) => error);
  expect(problem).toBeInstanceOf(Problem);
  const after = await lab.workbench.storedTableIds();
  expect(after.filter((id) => !before.includes(id))).toEqual([]);
  return problem as Problem;
}

describe('a file that did not come whole is refused', () => {
  const half: [string, FileFault, RegExp][] = [
    ['with a length shorter than announced', { bytes: 20_000, end: 'broken' }, /connection broke/],
    ['ending cleanly inside a row', { bytes: 20_005, end: 'clean' }, /columns instead|not finished|looks cut off/],
    ['ending cleanly between rows', { body: 'amplitude_id,user_id\n1,a\n2,b\n', end: 'clean' }, /looks cut off/],
    ['cut inside the last value', { body: `amplitude_id,user_id\n${'1,a\n'.repeat(1_999)}1,use`, end: 'clean' }, /not finished/],
    ['packed and cut', { gzip: 'declared', bytes: 5_000 }, /packed file/],
    ['packed without saying so and cut', { gzip: 'undeclared', bytes: 5_000 }, /packed file/],
    ['cut inside quotes', { body: 'amplitude_id,user_id\n1,"an', end: 'clean' }, /inside quotes/],
    ['with nothing in it', { body: '' }, /not even a heading/],
    ['cut inside the heading', { body: 'amplitude_id,us' }, /no column user_id/],
  ];
  test.each(half)('%s', async (_, fault, words) => {
    await using amplitude = await project([cohortOf('cutfile', users(2_000))]);
    amplitude.standIn.faults.content = fault;
    expect((await problemOf(amplitude.run('cohort: cutfile'))).text.en).toMatch(words);
  });

  test('and fetched again, without another download, when that may help', async () => {
    await using amplitude = await project([cohortOf('onceagain', users(2_000))]);
    amplitude.standIn.faults.content = { bytes: 9_000, end: 'broken', times: 2 };
    expect((await amplitude.run('cohort: onceagain')).rows).toBe(2_000);
    expect(amplitude.downloads()).toBe(1);
    expect(amplitude.standIn.seen.filter(({ host }) => host === 'files')).toHaveLength(3);
  });

  test('but whole without a last newline when length and count prove it, and as gzip', async () => {
    await using amplitude = await project([cohortOf('proven', users(2))]);
    amplitude.standIn.faults.content = { body: 'amplitude_id,user_id\n1,a\n2,b', gzip: 'undeclared', times: 1 };
    expect((await amplitude.run('cohort: proven')).rows).toBe(2);
  });

  test('and a smaller one is taken where the analyst allows it', async () => {
    await using amplitude = await project([cohortOf('smaller', users(2), { size: 100 })]);
    expect((await problemOf(amplitude.run('cohort: smaller'))).text.en).toMatch(/2 rows and Amplitude counted 100/);
    expect((await amplitude.run('cohort: smaller\natLeast: 0.02')).rows).toBe(2);
    // What one task allows itself is no whole cohort for another.
    expect((await problemOf(amplitude.run('cohort: smaller'))).text.en).toMatch(/2 rows and Amplitude counted 100/);
  });
});

describe('a file that is something else is refused', () => {
  const others: [string, FileFault, RegExp][] = [
    ['a web page', { body: '<html><body>Sign in</body></html>\n' }, /web page/],
    ['other columns', { body: 'id,name\n1,a\n' }, /no column user_id, there are id, name/],
    ['a stray quote', { body: 'amplitude_id,user_id\n1,"a"b\n' }, /misplaced quote/],
    ['a quote that never ends', { body: `amplitude_id,user_id\n1,"${'a\n'.repeat(3_000_000)}` }, /stray quote|inside quotes/],
    ['too many columns', { body: 'amplitude_id,user_id\n1,a,b\n' }, /3 columns instead of 2/],
  ];
  test.each(others)('%s', async (_, fault, words) => {
    await using amplitude = await project([cohortOf('otherfile', users(2))]);
    amplitude.standIn.faults.content = fault;
    expect((await problemOf(amplitude.run('cohort: otherfile'))).text.en).toMatch(words);
  });

  test('a property that the file lacks', async () => {
    await using amplitude = await project([cohortOf('noprops', users(2))]);
    amplitude.standIn.faults.content = { body: 'amplitude_id,user_id\n1,a\n' };
    expect((await problemOf(amplitude.run('cohort: noprops\nproperties: [city]'))).text.en).toMatch(/no column city/);
  });
});

describe('the file is never fetched', () => {
  test.each(['http://files.example/x', 'https://127.0.0.1:9/x', 'https://[::1]/x', 'https://10.1.2.3/x', 'https://169.254.169.254/latest', 'https://[::ffff:10.0.0.1]/x', 'https://localhost/x', 'https://db.internal/x', 'file:///etc/passwd', 'ftp://a.example/x', ''])('from %j when Amplitude itself is elsewhere', async (location) => {
    const { FileTransfer } = await import('../../backend/sources/amplitude/file-transfer.ts');
    const { AmplitudeApi } = await import('../../backend/sources/amplitude/api.ts');
    const standIn = await startAmplitudeStandIn({ ...keys, data: { cohorts: async () => [] } });
    standIn.faults.file = { kind: 'answer', status: 302, headers: { location } };
    // An address of this machine that is not seen as one: what holds for Amplitude's own holds here.
    const api = new AmplitudeApi({ name: 'amplitude', settings: { region: 'us', ...keys, url: standIn.url.replace('127.0.0.1', '0.0.0.0') }, ledger: openSourceLedger(lab.state) });
    const problem = await problemOf(new FileTransfer(api).open('/api/5/cohorts/request/12345678/file', { username: keys.key, password: keys.secret }, { signal: new AbortController().signal, deadline: Date.now() + 5_000 }));
    expect(problem).toMatchObject({ code: 'source_unreachable', text: { en: expect.stringContaining('may not be fetched') } });
    await standIn.close();
  });

  test('through a chain of redirects', async () => {
    await using amplitude = await project([cohortOf('chain', users(2))]);
    amplitude.standIn.faults.fileHost = { kind: 'answer', status: 302, headers: { location: `${amplitude.standIn.fileUrl}/again` } };
    expect((await problemOf(amplitude.run('cohort: chain'))).text.en).toMatch(/too many redirects/);
    expect(amplitude.standIn.seen.filter(({ host }) => host === 'files').every(({ authorised }) => !authorised)).toBe(true);
  });
});

describe('Amplitude that does not answer as it should', () => {
  test('wrong keys are said to be wrong', async () => {
    await using amplitude = await project([cohortOf('nokeys', users(2))], { settings: { key: 'other' } });
    expect(await problemOf(amplitude.run('cohort: nokeys'))).toMatchObject({ code: 'source_unreachable', text: { en: expect.stringContaining('does not accept the keys') } });
    await expect(amplitude.source.check(new AbortController().signal)).rejects.toMatchObject({ code: 'source_unreachable' });
  });

  test('a page instead of data is said to be one', async () => {
    await using amplitude = await project([]);
    amplitude.standIn.faults.list = { kind: 'page' };
    expect((await problemOf(amplitude.run('cohort: nopage'))).text.ru).toContain('веб-страница');
  });

  test('nobody there, and a host that does not exist', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address() as AddressInfo;
    free.close();
    for (const url of [`http://127.0.0.1:${port}`, 'https://amplitude.invalid']) {
      await using amplitude = await project([], { settings: { url } });
      expect(await problemOf(amplitude.run('cohort: nobody'))).toMatchObject({ code: 'source_unreachable', text: { en: expect.stringContaining('does not answer') } });
    }
  });

  test('keys never stand in a problem or its causes', async () => {
    await using amplitude = await project([], { settings: { url: 'https://amplitude.invalid' } });
    const problem = await problemOf(amplitude.run('cohort: nobody'));
    const { inspect } = await import('node:util');
    expect(inspect(problem, { depth: 10 })).not.toMatch(/secret-key|Basic |c2VjcmV0/);
  });

  test('a broken connection and a failing server are asked again', async () => {
    await using amplitude = await project([cohortOf('shaky', users(2))]);
    amplitude.standIn.faults.list = { kind: 'reset', times: 1 };
    amplitude.standIn.faults.status = { kind: 'answer', status: 502, times: 1 };
    expect((await amplitude.run('cohort: shaky')).rows).toBe(2);
  });

  test('429 is waited out, as long as Retry-After says or longer each time', async () => {
    await using amplitude = await project([cohortOf('busy', users(2))]);
    amplitude.standIn.faults.request = { kind: 'answer', status: 429, headers: { 'retry-after': '1' }, times: 1 };
    amplitude.standIn.faults.file = { kind: 'answer', status: 429, headers: { 'retry-after': '1' }, times: 1 };
    amplitude.standIn.faults.status = { kind: 'answer', status: 429, times: 1 };
    const started = performance.now();
    expect((await amplitude.run('cohort: busy')).rows).toBe(2);
    expect(performance.now() - started).toBeGreaterThan(3_000);
  });

  test('429 that outlasts the run is said', async () => {
    await using amplitude = await project([cohortOf('busier', users(2))]);
    amplitude.standIn.faults.request = { kind: 'answer', status: 429 };
    expect(await problemOf(amplitude.run('cohort: busier', { context: context({ timeSeconds: 3 }) }))).toMatchObject({ code: 'too_many' });
  });

  test('a request is never repeated when it may have been counted', async () => {
    await using amplitude = await project([cohortOf('counted', users(2))]);
    amplitude.standIn.faults.request = { kind: 'reset' };
    expect(await problemOf(amplitude.run('cohort: counted'))).toMatchObject({ code: 'source_unreachable' });
    expect(amplitude.downloads()).toBe(1);
  });

  test('a hanging answer ends with the run', async () => {
    await using amplitude = await project([cohortOf('hanging', users(2))]);
    amplitude.standIn.faults.status = { kind: 'hang' };
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 700);
    const started = performance.now();
    expect(await problemOf(amplitude.run('cohort: hanging', { context: context({ signal: stop.signal }) }))).toMatchObject({ code: 'interrupted' });
    expect(performance.now() - started).toBeLessThan(2_500);
  });

  test('a slow file is stopped within a second', async () => {
    await using amplitude = await project([cohortOf('slowfile', users(20_000))]);
    amplitude.standIn.faults.content = { slow: 400 };
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 1_500);
    const started = performance.now();
    expect(await problemOf(amplitude.run('cohort: slowfile', { context: context({ signal: stop.signal }) }))).toMatchObject({ code: 'interrupted' });
    expect(performance.now() - started).toBeLessThan(3_500);
  });

  test.each([
    ['another cohort', { cohort_id: 'other' }, /another cohort/],
    ['a request id that is an address', { request_id: '../../usage' }, /otherwise than/],
  ])('%s in the answer is refused', async (_, changes, words) => {
    await using amplitude = await project([cohortOf('asked', users(2))]);
    amplitude.standIn.faults.request = { kind: 'answer', status: 202, body: JSON.stringify({ request_id: '12345678', cohort_id: 'asked', ...changes }) };
    expect((await problemOf(amplitude.run('cohort: asked'))).text.en).toMatch(words);
  });

  test('a job that failed is not waited for', async () => {
    await using amplitude = await project([cohortOf('failed', users(2))]);
    amplitude.standIn.faults.status = { kind: 'answer', status: 200, body: JSON.stringify({ request_id: '1', cohort_id: 'failed', async_status: 'JOB FAILED' }) };
    expect((await problemOf(amplitude.run('cohort: failed'))).text.en).toMatch(/could not prepare/);
  });
});

describe('a cohort that cannot be had', () => {
  test('is unknown: said so, and not asked for again at the price of a download', async () => {
    await using amplitude = await project([]);
    for (let round = 0; round < 2; round += 1) expect(await problemOf(amplitude.run('cohort: nosuch'))).toMatchObject({ code: 'not_found', text: { ru: expect.stringContaining('nosuch') } });
    expect(amplitude.downloads()).toBe(1);
  });

  test('is archived', async () => {
    await using amplitude = await project([cohortOf('oldone', users(2), { archived: true })]);
    expect((await problemOf(amplitude.run('cohort: oldone'))).text.en).toContain('is archived');
    expect(amplitude.downloads()).toBe(0);
  });

  test('is not ready in the time that the run has', async () => {
    await using amplitude = await project([cohortOf('never', users(2))], { jobMs: 3_600_000 });
    const problem = await problemOf(amplitude.run('cohort: never', { context: context({ timeSeconds: 2 }) }));
    expect(problem).toMatchObject({ code: 'time_limit', text: { en: expect.stringContaining('will not cost another download') } });
  });
});

describe('the limits of Amplitude', () => {
  test('of a month are counted over all backends, and kept cohorts go on working', async () => {
    await using amplitude = await project([cohortOf('first', users(2)), cohortOf('second', users(2))], { tellsUsage: false, settings: { monthlyDownloads: 1 } });
    const other = amplitudeSource.open(amplitudeSource.settings.parse({ region: 'us', ...keys, url: amplitude.standIn.url, monthlyDownloads: 1 }), { name: 'other', workbench: lab.workbench, timeZone: 'UTC', ledger: openSourceLedger(lab.state) });
    await amplitude.run('cohort: first');
    const problem = await problemOf(other.run({ name: 'x', sql: 'cohort: second', parameters: {}, steps: {} }, 'month_used', context()));
    expect(problem).toMatchObject({ code: 'too_many', text: { en: expect.stringMatching(/used up: Amplitude allows 1\. They are free again on 01\//) } });
    expect((await amplitude.run('cohort: first')).rows).toBe(2);
    expect(amplitude.downloads()).toBe(1);
  });

  test('of a month count what other programs downloaded', async () => {
    await using amplitude = await project([cohortOf('third', users(2))]);
    amplitude.standIn.faults.usage = { kind: 'answer', status: 200, body: JSON.stringify({ rest_download: { limit: 500, usage: 500, resets_at: null } }) };
    expect(await problemOf(amplitude.run('cohort: third'))).toMatchObject({ code: 'too_many' });
    expect(amplitude.downloads()).toBe(0);
  });

  test('of requests side by side hold for two backends together', async () => {
    const cohorts = Array.from({ length: 10 }, (_, at) => cohortOf(`side${at}0`, users(300)));
    await using amplitude = await project(cohorts, { jobMs: 100 });
    const other = amplitudeSource.open(amplitudeSource.settings.parse({ region: 'us', ...keys, url: amplitude.standIn.url }), { name: 'other', workbench: lab.workbench, timeZone: 'UTC', ledger: openSourceLedger(lab.state) });
    const tables = await Promise.all(cohorts.map(({ id }, at) => (at % 2 === 0 ? amplitude.run(`cohort: ${id}`) : other.run({ name: 'x', sql: `cohort: ${id}`, parameters: {}, steps: {} }, `side_${at}`, context()))));
    expect(tables.map(({ rows }) => rows)).toEqual(cohorts.map(() => 300));
    expect(amplitude.standIn.mostAtOnce()).toBeLessThanOrEqual(5);
  });
});

describe('a body that is no step', () => {
  test.each([
    ['', /lines “key: value”/],
    ['5mjbq8w', /lines “key: value”/],
    ['cohort: [', /not YAML/],
    ['cohort: a\ncohort: b', /not YAML/],
    ['cohorts: 5mjbq8w', /one of the keys: cohort, events, event/],
    ['cohort: 5mjbq8w\nevents: list', /one of the keys/],
    ['cohort: 5mjbq8w\nprops: [a]', /unknown key “props”.*properties/],
    ['cohort: a b', /id of a cohort/],
    ['cohort: 5mjbq8w\nproperties: [a, a]', /without repeats/],
    ['cohort: 5mjbq8w\natLeast: 2', /share from 0 to 1/],
    ['cohort: &x 5mjbq8w\nproperties: [*x]', /Aliases/],
    ['event: a\nfrom: 2026-03-01', /“until”/],
    ['event: a\nfrom: yesterday\nuntil: 2026-03-01', /first day/],
    ['event: a\nfrom: 2026-03-01\nuntil: 2026-03-01', /1 to 3660 days/],
    ['events: all', /events: list/],
  ])('%j is refused in words', async (sql, words) => {
    await using amplitude = await project([]);
    const problem = await problemOf(amplitude.run(sql));
    expect(problem.code).toBe('query_refused');
    expect(problem.text.en).toMatch(words);
    expect(problem.text.ru).toMatch(/[а-я]/);
  });

  test('a value stands by itself and is never YAML', async () => {
    await using amplitude = await project([]);
    const value = { scalar: 'string', value: 'abcd\nproperties: [city]' } as const;
    const at = amplitude.source.placeholder('f_cohort', value);
    const parameters = { f_cohort: value };
    expect((await problemOf(amplitude.run(`cohort: ${at}`, { parameters }))).text.en).toMatch(/id of a cohort/);
    expect((await problemOf(amplitude.run(`cohort: x${at}`, { parameters }))).text.en).toMatch(/stands by itself/);
    expect((await problemOf(amplitude.run(`${at}: x`, { parameters }))).text.en).toMatch(/a value only/);
  });
});
