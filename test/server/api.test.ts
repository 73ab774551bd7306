import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Run } from '../../shared/run.ts';
import type { ApiClient } from '../api-client.ts';
import { startProduct, type RunningProduct } from '../running-product.ts';

let running: RunningProduct;
let manager: ApiClient;
let analyst: ApiClient;
let marketer: ApiClient;

beforeAll(async () => {
  running = await startProduct();
  manager = await running.api.signInAs('manager');
  analyst = await running.api.signInAs('analyst');
  marketer = await running.api.signInAs('marketer');
});
afterAll(() => running.close());

export async function ended(api: ApiClient, id: string): Promise<Run> {
  for (;;) {
    const { run } = await api.call('run', { params: { id } });
    if (run.status.state !== 'queued' && run.status.state !== 'running') return run;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function finish(api: ApiClient, task: string, values: Record<string, unknown>): Promise<Run> {
  const { run } = await api.call('submit', { params: { id: task }, body: { values: values as never } });
  return ended(api, run.id);
}

const lenta = { partner: 12, issued: 'lastMonth', columns: ['number', 'issued', 'barcode'] };

describe('before sign-in', () => {
  test('anyone learns that this is a demo, and nothing else', async () => {
    const company = await running.api.call('company');
    expect(company).toMatchObject({ demo: true, timeZone: 'Europe/Moscow' });
    for (const name of ['tasks', 'runs', 'questions'] as const) expect((await running.api.problem(name)).code).toBe('not_signed_in');
  });

  test('a sample person is refused to a request that came through a proxy or under another name', async () => {
    const forwarded = await running.api.problem('signIn', { body: { demo: 'analyst' }, headers: { 'X-Forwarded-For': '203.0.113.9' } });
    expect(forwarded.code).toBe('not_allowed');
  });

  test('a wrong code, a token changed by one character and no token are all refused', async () => {
    expect((await running.api.problem('signIn', { body: { code: 'AAAA-AAAA-AAAA' } })).code).toBe('not_signed_in');
    const token = manager.token ?? '';
    const changed = `${token.slice(0, -2)}${token.at(-2) === 'A' ? 'B' : 'A'}${token.at(-1)}`;
    expect((await running.api.withToken(changed).problem('tasks')).code).toBe('not_signed_in');
  });

  test('a code that an operator issued signs in once', async () => {
    const { code } = await running.product.signInCodes.issue({ person: 'maria@company.example', issuedBy: 'test' });
    const session = await running.api.call('signIn', { body: { code: code.toLowerCase() } });
    expect(session.person.id).toBe('maria@company.example');
    expect((await running.api.problem('signIn', { body: { code } })).code).toBe('not_signed_in');
  });
});

describe('tasks and forms', () => {
  test('each person sees the tasks of their groups', async () => {
    const ids = async (api: ApiClient) => (await api.call('tasks')).tasks.map(({ id }) => id);
    expect(await ids(manager)).toContain('partner-cards');
    expect((await ids(analyst)).length).toBeGreaterThanOrEqual((await ids(manager)).length);
  });

  test('options are found by a misspelt, a transliterated and a wrongly typed name', async () => {
    for (const search of ['лента', 'lenta', 'ktynf', 'лентаа', 'ЛЕНТА']) {
      const { options } = await manager.call('options', { params: { id: 'partner-cards', field: 'partner' }, body: { search, values: {} } });
      expect(options.map(({ label }) => label.ru), search).toContain('Лента');
    }
  });

  test('pushes depend on the partner, newest first', async () => {
    const none = await manager.call('options', { params: { id: 'push-report', field: 'push' }, body: { values: {} } });
    expect(none.options).toEqual([]);
    const some = await manager.call('options', { params: { id: 'push-report', field: 'push' }, body: { values: { partner: 12 } } });
    expect(some.options.length).toBeGreaterThan(0);
  });

  test('a favourite is kept for its person alone', async () => {
    await manager.call('favourite', { params: { id: 'partner-cards' }, body: { favourite: true } });
    const favourites = async (api: ApiClient) => (await api.call('tasks')).tasks.filter(({ favourite }) => favourite).map(({ id }) => id);
    expect(await favourites(manager)).toEqual(['partner-cards']);
    expect(await favourites(analyst)).toEqual([]);
  });
});

describe('values that must not pass', () => {
  const refused = async (values: Record<string, unknown>, field: string) => {
    const problem = await manager.problem('submit', { params: { id: 'partner-cards' }, body: { values } });
    expect(problem.code).toBe('invalid_values');
    expect(Object.keys(problem.fields ?? {})).toContain(field);
    return problem;
  };

  test('a value that is not among the options, a column that is not offered, a missing field, an unknown field', async () => {
    await refused({ ...lenta, partner: 99_999 }, 'partner');
    await refused({ ...lenta, partner: "12' OR 1=1 --" }, 'partner');
    await refused({ ...lenta, columns: ['number', 'password'] }, 'columns');
    await refused({ issued: 'lastMonth', columns: ['number'] }, 'partner');
    await refused({ ...lenta, nonsense: 1 }, 'nonsense');
  });

  test('a period that ends before it starts, or is no period', async () => {
    const backwards = await refused({ ...lenta, issued: { from: '2026-10-31', until: '2026-10-01' } }, 'issued');
    expect(backwards.fields?.['issued']?.ru).toContain('раньше');
    await refused({ ...lenta, issued: { from: '2026-02-30', until: '2026-03-01' } }, 'issued');
    await refused({ ...lenta, issued: 'whenever' }, 'issued');
  });

  test.each(["' OR 1=1 --", '$0', '\\', '{{x}}', ']]', '🙂', '%', '_', "'; DROP TABLE cards; --", '=HYPERLINK("x")'])('%s in a list stays data', async (entry) => {
    const { answer } = await manager.raw('submit', { params: { id: 'cards-by-ids' }, body: { values: { numbers: [entry] } } });
    expect((answer as { code?: string }).code).toBe('invalid_values');
  });

  test('10 MB in one field are refused in words, and a larger body as too large', async () => {
    const long = await manager.problem('submit', { params: { id: 'cards-by-ids' }, body: { values: { numbers: ['9'.repeat(10_000_000)] } } });
    expect(long.code).toBe('invalid_values');
    const larger = await manager.problem('submit', { params: { id: 'cards-by-ids' }, body: { values: { numbers: ['9'.repeat(13_000_000)] } } });
    expect(larger).toMatchObject({ code: 'too_large', status: 413 });
  });

  test('a body that is not JSON, and a shape that is not described', async () => {
    expect((await manager.problem('submit', { params: { id: 'partner-cards' }, body: '{"values":' })).code).toBe('invalid_request');
    expect((await manager.problem('submit', { params: { id: 'partner-cards' }, body: { values: {}, admin: true } })).code).toBe('invalid_request');
    expect((await manager.problem('run', { params: { id: '../../etc/passwd' } })).code).toBe('not_found');
  });

  test('the message is in the language that was asked for, and never holds a stack', async () => {
    const russian = await manager.problem('run', { params: { id: 'x' }, headers: { 'Accept-Language': 'ru-RU,ru;q=0.9' } });
    expect(russian.detail).toMatch(/запуска нет/);
    expect(JSON.stringify(russian)).not.toMatch(/\.ts:\d+|at async/);
  });
});

describe('a run', () => {
  test('gives rows, a number, provenance and a file name by labels', async () => {
    const run = await finish(manager, 'partner-cards', lenta);
    expect(run.status.state).toBe('succeeded');
    expect(run.provenance.number).toMatch(/^\d{1,2}-\d+$/);
    expect(run.provenance.values.map(({ text }) => text.ru)).toContain('Лента');
    expect(run.fileName.ru).toMatch(/^Карты Лента \d{4}-\d{2}$/);
    if (run.status.state !== 'succeeded') return;
    const [result] = run.status.results;
    expect(result?.columns.map(({ title }) => title.ru)).toEqual(['Номер карты', 'Дата выпуска', 'Штрихкод']);
    const page = await manager.call('rows', { params: { id: run.id }, query: { limit: 5 } });
    expect(page.total).toBe(result?.rows);
    expect(page.rows[0]?.[0]).toMatch(/^\d{19}$/);
    expect(page.rows[0]?.[2]).toMatch(/^0/);
  });

  test('belongs to its person: others do not see it, in lists or by id', async () => {
    const run = await finish(manager, 'partner-cards', lenta);
    expect((await marketer.problem('run', { params: { id: run.id } })).code).toBe('not_found');
    expect((await marketer.problem('rows', { params: { id: run.id } })).code).toBe('not_found');
    expect((await analyst.problem('run', { params: { id: run.id } })).code).toBe('not_found');
    expect((await marketer.problem('link', { params: { id: run.id }, body: { format: 'csv' } })).code).toBe('not_found');
    expect((await marketer.call('runs')).runs.map(({ id }) => id)).not.toContain(run.id);
    expect((await manager.call('runs', { query: { search: `№ ${run.provenance.number}` } })).runs.map(({ id }) => id)).toEqual([run.id]);
  });

  test('remembers what this person entered the last time', async () => {
    await finish(manager, 'partner-cards', lenta);
    expect((await manager.call('task', { params: { id: 'partner-cards' } })).lastValues).toMatchObject({ partner: 12, issued: 'lastMonth' });
    expect((await marketer.call('task', { params: { id: 'partner-cards' } })).lastValues).toBeUndefined();
  });

  test('tells its progress as events that end with the final state', async () => {
    const { run } = await manager.call('submit', { params: { id: 'partner-cards' }, body: { values: { ...lenta, issued: 'thisYear' } } });
    const response = await fetch(`${running.address}/api/runs/${run.id}/events`, { headers: { Authorization: `Bearer ${manager.token}` } });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const messages = (await response.text()).split('\n\n').filter((part) => part.startsWith('data: ')).map((part) => (JSON.parse(part.slice(6)) as { run: Run }).run);
    expect(messages.at(-1)?.status.state).toBe('succeeded');
    expect((await fetch(`${running.address}/api/runs/${run.id}/events`)).status).toBe(401);
  });

  test('the same question asked twice at once is one query; each person has a run of their own', async () => {
    const values = { ...lenta, issued: { from: '2026-01-01', until: '2026-11-01' } };
    const both = await Promise.all([manager, manager, marketer].map((api) => api.call('submit', { params: { id: 'partner-cards' }, body: { values } })));
    expect(new Set(both.map(({ run }) => run.provenance.number)).size).toBe(3);
    const rows = await running.product.state.query<{ count: number }>('SELECT count(DISTINCT execution_id) AS count FROM runs WHERE id = ANY($1::uuid[])', [both.map(({ run }) => run.id)]);
    expect(rows[0]?.count).toBe(1);
    await Promise.all(both.map(({ run }, at) => ended([manager, manager, marketer][at] as ApiClient, run.id)));
  });
});

describe('a list with unknown entries', () => {
  test('100,000 entries with duplicates, blanks and 17 unknown: they are named, then left out on request', async () => {
    const known = await running.product.workbench.select({ sql: 'SELECT card_number FROM cards LIMIT 7000', parameters: {} }, { database: 'wallet', databases: [] }, { queryId: 'test-known', limits: { timeSeconds: 10, rows: 10_000, memoryBytes: 1e9 }, signal: AbortSignal.timeout(10_000) });
    const cards = known.rows.map(([card]) => String(card));
    const unknown = Array.from({ length: 17 }, (_, at) => `0000000000000000${100 + at}`);
    const entries = Array.from({ length: 100_000 - 17 }, (_, at) => (at % 1000 === 0 ? '  ' : ` ${cards[at % cards.length]} `)).concat(unknown);
    const problem = await manager.problem('submit', { params: { id: 'cards-by-ids' }, body: { values: { numbers: entries } } });
    expect(problem.code).toBe('invalid_values');
    expect(Object.values(problem.unknown ?? {})[0]?.sort()).toEqual([...unknown].sort());
    const { run } = await manager.call('submit', { params: { id: 'cards-by-ids' }, body: { values: { numbers: entries }, unknown: 'leaveOut' } });
    const done = await ended(manager, run.id);
    expect(done.status).toMatchObject({ state: 'succeeded' });
    const asked = new Set(entries.map((entry) => entry.trim()));
    const expected = await running.product.workbench.select({ sql: 'SELECT card_number FROM cards', parameters: {} }, { database: 'wallet', databases: [] }, { queryId: 'test-all', limits: { timeSeconds: 10, rows: 100_000, memoryBytes: 1e9 }, signal: AbortSignal.timeout(10_000) });
    if (done.status.state === 'succeeded') expect(done.status.results[0]?.rows).toBe(expected.rows.filter(([card]) => asked.has(String(card))).length);
  });
});

describe('links', () => {
  test('the page downloads nothing; the file is whole, named, and logged', async () => {
    const run = await finish(manager, 'partner-cards', lenta);
    const { url } = await manager.call('link', { params: { id: run.id }, body: { format: 'csv-systems', locale: 'ru' } });
    const page = await fetch(url);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).toContain('Скачать');
    const logged = () => running.product.state.query<{ completed: boolean; bytes: number }>('SELECT completed, bytes FROM downloads ORDER BY id DESC LIMIT 1');
    const before = await running.product.state.query('SELECT id FROM downloads');
    const file = await fetch(`${url}/file`);
    const text = await file.text();
    expect(file.headers.get('content-disposition')).toContain(encodeURIComponent('Карты Лента'));
    expect(file.headers.get('cache-control')).toContain('no-store');
    if (run.status.state === 'succeeded') expect(text.trim().split('\n').length).toBe((run.status.results[0]?.rows ?? 0) + 1);
    await expect.poll(logged).toEqual([{ completed: true, bytes: Buffer.byteLength(text) }]);
    expect(before.length).toBe((await running.product.state.query('SELECT id FROM downloads')).length - 1);
  });

  test('its page speaks the language of whoever opens it', async () => {
    const run = await finish(manager, 'partner-cards', lenta);
    const { url } = await manager.call('link', { params: { id: run.id }, body: { format: 'xlsx', locale: 'ru' } });
    const pageFor = async (address: string, accepted: string): Promise<string> => (await fetch(address, { headers: { 'accept-language': accepted } })).text();
    expect(await pageFor(url, 'en-GB,en;q=0.9')).toContain('lang="en"');
    expect(await pageFor(url, 'ru')).toContain('Скачать');
    expect(await pageFor(url, '*')).toContain('Скачать');
    expect(await pageFor(`${url}?lang=en`, 'ru')).toContain('Download');
  });

  test('changed by one character, revoked, or expired: all look the same', async () => {
    const run = await finish(manager, 'partner-cards', lenta);
    const { url, id } = await manager.call('link', { params: { id: run.id }, body: { format: 'xlsx' } });
    const changed = url.replace(/\/d\/(.)/, (_, first: string) => `/d/${first === 'A' ? 'B' : 'A'}`);
    expect((await fetch(changed)).status).toBe(404);
    expect((await marketer.problem('revokeLink', { params: { id } })).code).toBe('not_found');
    await manager.call('link', { params: { id: run.id }, body: { format: 'csv', expiresIn: 600 } });
    expect((await manager.call('links', { params: { id: run.id } })).links).toEqual([expect.objectContaining({ id, format: 'xlsx', downloads: 0 })]);
    expect((await marketer.problem('links', { params: { id: run.id } })).code).toBe('not_found');
    await manager.call('revokeLink', { params: { id } });
    expect((await manager.call('links', { params: { id: run.id } })).links).toEqual([]);
    const revoked = await fetch(url);
    expect(revoked.status).toBe(404);
    const short = await manager.call('link', { params: { id: run.id }, body: { format: 'csv', expiresIn: 1 } });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const expired = await fetch(`${short.url}/file`);
    expect(expired.status).toBe(404);
    expect(await expired.text()).toBe(await revoked.text());
    expect((await manager.problem('link', { params: { id: run.id }, body: { format: 'csv', expiresIn: 400 * 86_400 } })).code).toBe('invalid_request');
  });
});

describe('questions to analysts', () => {
  test('a question about a result reaches the owner of its task, and the answer comes back', async () => {
    const run = await finish(manager, 'partner-cards', lenta);
    const { question } = await manager.call('ask', { body: { text: 'Почему так мало?', runId: run.id } });
    expect(question).toMatchObject({ state: 'new', runNumber: run.provenance.number, askedBy: 'maria@company.example' });
    expect((await analyst.call('run', { params: { id: run.id } })).run.id).toBe(run.id);
    expect((await marketer.call('questions')).questions).toEqual([]);
    expect((await marketer.problem('answerQuestion', { params: { id: question.id }, body: { state: 'done', answer: 'x' } })).code).toBe('not_found');
    await analyst.call('answerQuestion', { params: { id: question.id }, body: { state: 'done', answer: 'Карты появились в сентябре.' } });
    expect((await manager.call('questions')).questions[0]).toMatchObject({ state: 'done', answer: 'Карты появились в сентябре.' });
  });
});

describe('worksheet functions', () => {
  test('a batch answers each call by itself: an array with titles, or a problem in words', async () => {
    const { results } = await manager.call('functions', {
      body: {
        locale: 'en',
        calls: [
          { name: 'RUN', arguments: ['partner-cards', 'partner', 12, 'issued', 'lastMonth'] },
          { name: 'RUN', arguments: ['no-such-task'] },
          { name: 'RUN', arguments: ['partner-cards', 'partner', 12, 'issued', 'sometime'] },
        ],
      },
    });
    expect(results[0]).toHaveProperty('values');
    if (results[0] !== undefined && 'values' in results[0]) expect(results[0].values[0]).toContain('Card number');
    expect(results[1]).toMatchObject({ problem: { code: 'not_found' } });
    expect(results[2]).toMatchObject({ problem: { code: 'invalid_values' } });
  });
});

describe('fairness and rights that change', () => {
  test('one person’s hundreds of questions do not hold up another’s', async () => {
    const calls = Array.from({ length: 200 }, (_, at) => ({ name: 'RUN' as const, arguments: ['partner-cards', 'partner', 12, 'issued', `2026-0${(at % 9) + 1}-01..2026-0${(at % 9) + 1}-${10 + (at % 18)}`] }));
    const flood = manager.call('functions', { body: { calls } });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const begun = Date.now();
    const run = await finish(marketer, 'partner-cards', { ...lenta, issued: 'yesterday' });
    expect(run.status.state).toBe('succeeded');
    expect(Date.now() - begun).toBeLessThan(20_000);
    expect((await flood).results.length).toBe(200);
  });

  test('asking with HEAD makes no file and counts as no download', async () => {
    const run = await finish(manager, 'partner-cards', lenta);
    const { url } = await manager.call('link', { params: { id: run.id }, body: { format: 'xlsx' } });
    const before = await running.product.state.query('SELECT id FROM downloads');
    const head = await fetch(`${url}/file`, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.headers.get('content-disposition')).toContain('.xlsx');
    expect((await running.product.state.query('SELECT id FROM downloads')).length).toBe(before.length);
  });

  test('a failed write of the outcome is repeated until it is recorded', async () => {
    const { state } = running.product;
    const write = state.transaction.bind(state);
    let failures = 0;
    const { run } = await manager.call('submit', { params: { id: 'partner-cards' }, body: { values: { ...lenta, issued: 'last7days' } } });
    state.transaction = async (work) => {
      failures += 1;
      if (failures <= 3) throw new Error('the disk is full');
      return write(work);
    };
    try {
      expect((await ended(manager, run.id)).status.state).toBe('succeeded');
    } finally {
      state.transaction = write;
    }
  });

  test('history is found by words of the title, not by how it is stored', async () => {
    await finish(manager, 'partner-cards', lenta);
    expect((await manager.call('runs', { query: { search: 'карты партн' } })).runs.length).toBeGreaterThan(0);
    expect((await manager.call('runs', { query: { search: '":' } })).runs).toEqual([]);
  });
});
