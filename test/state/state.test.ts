import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '../../shared/problem.ts';
import { cleanUp } from '../../backend/state/clean-up.ts';
import { openState } from '../../backend/state/open-state.ts';
import { toJson, type State } from '../../backend/state/state.ts';
import { engines } from './postgres.ts';

async function cutAll(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()');
  await client.end();
}

describe.each(engines)('state on $name', ({ make }) => {
  let state: State;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    const fresh = await make();
    remove = fresh.remove;
    state = await openState(fresh.options);
    await state.query('CREATE TABLE notes (id integer PRIMARY KEY, text text)');
    await state.jobs.define('notes');
  });
  afterAll(async () => {
    await state.close();
    await remove();
  });

  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'no problem',
      (error: unknown) => (error instanceof Problem ? error.code : String(error)),
    );

  it('reads every type alike', async () => {
    const [row] = await state.query<Record<string, unknown>>(`SELECT 9007199254740991::bigint AS big, 12.30::numeric AS exact, date '2026-03-01' AS day,
      timestamptz '2026-03-01 12:00:00+03' AS instant, timestamp '2026-03-01 12:00:00' AS wall, '{"a":[1]}'::jsonb AS json, ARRAY['a','б']::text[] AS texts,
      true AS flag, NULL::text AS nothing, interval '1 day' AS span, 7::int AS small, ARRAY[1,2]::bigint[] AS bigs`);
    expect(row).toEqual({
      big: 9007199254740991,
      exact: '12.30',
      day: '2026-03-01',
      instant: new Date('2026-03-01T09:00:00Z'),
      wall: '2026-03-01 12:00:00',
      json: { a: [1] },
      texts: ['a', 'б'],
      flag: true,
      nothing: null,
      span: '1 day',
      small: 7,
      bigs: [1, 2],
    });
  });

  it('binds every type alike', async () => {
    const instant = new Date('2026-10-25T01:30:00.123Z');
    const [row] = await state.query<Record<string, unknown>>(
      'SELECT $1::jsonb AS json, $2::text[] AS texts, $3::timestamptz AS instant, $4::bigint AS big, $5::text AS nothing, $6::text AS absent, $7::int[] AS numbers, $8::boolean AS flag',
      [toJson([{ a: 'б' }, 2]), ['x', 'y"{},', ''], instant, 5n, null, undefined, [1, 2], false],
    );
    expect(row).toEqual({ json: [{ a: 'б' }, 2], texts: ['x', 'y"{},', ''], instant, big: 5, nothing: null, absent: null, numbers: [1, 2], flag: false });
  });

  it('refuses to round an integer beyond 2^53', async () => {
    const failure = await state.query('SELECT 9007199254740993::bigint AS big').catch((error: unknown) => error);
    expect(String((failure as Problem).cause)).toMatch(/9007199254740993 does not fit/);
    expect(await state.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('refuses a NUL character as a fault of the request', async () => {
    expect(await codeOf(state.query('SELECT $1::text', ['a\0b']))).toBe('invalid_request');
    expect(await codeOf(state.query('SELECT $1::jsonb', [toJson({ a: 'a\0b' })]))).toBe('invalid_request');
  });

  it('names a duplicate a conflict and a mistake of ours internal, with the cause kept', async () => {
    await state.query(`INSERT INTO notes VALUES (1, 'one')`);
    expect(await codeOf(state.query(`INSERT INTO notes VALUES (1, 'again')`))).toBe('conflict');
    const failure = await state.query('SELECT nonsense FROM nowhere').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Problem);
    expect((failure as Problem).code).toBe('internal');
    expect(String((failure as Problem).cause)).toMatch(/nowhere/);
  });

  it('keeps what a transaction did when it resolves, with its result', async () => {
    const result = await state.transaction(async (transaction) => {
      await transaction.query(`INSERT INTO notes VALUES (2, 'two')`);
      return 'done';
    });
    expect(result).toBe('done');
    expect(await state.query('SELECT text FROM notes WHERE id = 2')).toEqual([{ text: 'two' }]);
  });

  it('leaves neither row nor job when a transaction throws, and throws that very error', async () => {
    const stop = new Error('changed my mind');
    const work = state.transaction(async (transaction) => {
      await transaction.query(`INSERT INTO notes VALUES (3, 'three')`);
      await state.jobs.send(transaction, 'notes', { note: 3 });
      throw stop;
    });
    await expect(work).rejects.toBe(stop);
    expect(await state.query('SELECT 1 FROM notes WHERE id = 3')).toEqual([]);
    expect(await state.query(`SELECT 1 FROM pgboss.job WHERE name = 'notes'`)).toEqual([]);
  });

  it('fails a transaction whose failed statement was swallowed, and lets nothing of it survive', async () => {
    const work = state.transaction(async (transaction) => {
      await transaction.query(`INSERT INTO notes VALUES (4, 'four')`);
      await transaction.query('SELECT nonsense').catch(() => undefined);
      await transaction.query(`INSERT INTO notes VALUES (5, 'five')`).catch(() => undefined);
    });
    await expect(work).rejects.toThrow();
    expect(await state.query('SELECT 1 FROM notes WHERE id IN (4, 5)')).toEqual([]);
  });

  it('fails a transaction in which sending a job failed and was swallowed, and lets nothing of it survive', async () => {
    const work = state.transaction(async (transaction) => {
      await transaction.query(`INSERT INTO notes VALUES (6, 'six')`);
      await state.jobs.send(transaction, 'notes', { note: 'a\0b' }).catch(() => undefined);
      await transaction.query(`INSERT INTO notes VALUES (7, 'seven')`).catch(() => undefined);
    });
    await expect(work).rejects.toThrow();
    expect(await state.query('SELECT 1 FROM notes WHERE id IN (6, 7)')).toEqual([]);
  });

  it('refuses a query beside the open transaction instead of waiting for itself for ever', async () => {
    await expect(state.transaction(() => state.query('SELECT 1'))).rejects.toThrow(/through the transaction/);
    await expect(state.transaction(() => state.transaction(() => Promise.resolve()))).rejects.toThrow(/through the transaction/);
  });

  it('lets work that a transaction started go on after its end', async () => {
    let later: Promise<unknown> = Promise.resolve();
    await state.transaction(async () => {
      later = new Promise((resolve) => setTimeout(resolve, 20)).then(() => state.query('SELECT 1 AS one'));
    });
    expect(await later).toEqual([{ one: 1 }]);
  });

  it('refuses to send what cannot be stored, as a fault of the request', async () => {
    expect(await codeOf(state.transaction((transaction) => state.jobs.send(transaction, 'notes', { note: 'a\0b' })))).toBe('invalid_request');
  });

  it('refuses a queue that was not defined', async () => {
    await expect(state.transaction((transaction) => state.jobs.send(transaction, 'no-such-queue', {}))).rejects.toThrow('no-such-queue must be defined');
    await expect(state.jobs.work('no-such-queue', { slots: 1 }, () => Promise.resolve())).rejects.toThrow('no-such-queue must be defined');
  });

  it('sends a job only in an open transaction', async () => {
    await expect(state.jobs.send(state, 'notes', {})).rejects.toThrow(/open transaction/);
  });

  it('lets one equal question be active at a time, and any number be finished', async () => {
    const insert = (key: string): Promise<unknown[]> =>
      state.query(
        `INSERT INTO executions (id, merge_key, task_id, task_version, person, input) VALUES ($1, $2, 't', 'v', 'p', '{}')
         ON CONFLICT (merge_key) WHERE state IN ('queued', 'running') DO NOTHING RETURNING id`,
        [randomUUID(), key],
      );
    const tries = await Promise.all(Array.from({ length: 5 }, () => insert('same')));
    expect(tries.filter((rows) => rows.length === 1)).toHaveLength(1);
    await state.query(`UPDATE executions SET state = 'cancelled', finished_at = now() WHERE merge_key = 'same'`);
    expect(await insert('same')).toHaveLength(1);
  });

  it('refuses an execution that is finished without saying when, failed without a reason, or succeeded without results', async () => {
    await state.query(`INSERT INTO executions (id, merge_key, task_id, task_version, person, input) VALUES ($1, 'checks', 't', 'v', 'p', '{}')`, [randomUUID()]);
    for (const change of [`state = 'cancelled'`, `state = 'failed', finished_at = now()`, `state = 'succeeded', finished_at = now()`, `state = 'lost'`])
      await expect(state.query(`UPDATE executions SET ${change} WHERE merge_key = 'checks'`)).rejects.toBeInstanceOf(Problem);
  });

  it('gives each run a number of its own, also when many are made at once', async () => {
    const next = (): Promise<{ last: number }[]> =>
      state.query('INSERT INTO run_numbers VALUES (2026, 48, 1) ON CONFLICT (iso_year, iso_week) DO UPDATE SET last = run_numbers.last + 1 RETURNING last');
    const given = (await Promise.all(Array.from({ length: 20 }, next))).map(([row]) => row!.last);
    expect(given.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it('is cleaned of old codes, failures and instances, and of nothing else', async () => {
    await state.query(`INSERT INTO sign_in_codes (id, code_hash, person, issued_by, expires_at) VALUES
      (gen_random_uuid(), 'old', 'p', 'o', now() - interval '8 days'), (gen_random_uuid(), 'new', 'p', 'o', now() - interval '1 day')`);
    await state.query(`INSERT INTO sign_in_failures (address, at) VALUES ('old', now() - interval '25 hours'), ('new', now())`);
    await state.query(`INSERT INTO instances (id, host, pid, version, seen_at) VALUES (gen_random_uuid(), 'old', 1, '', now() - interval '31 days'), (gen_random_uuid(), 'new', 1, '', now())`);
    await cleanUp(state);
    expect(await state.query('SELECT code_hash FROM sign_in_codes')).toEqual([{ code_hash: 'new' }]);
    expect(await state.query('SELECT address FROM sign_in_failures')).toEqual([{ address: 'new' }]);
    expect(await state.query(`SELECT host FROM instances WHERE pid = 1`)).toEqual([{ host: 'new' }]);
    await state.query('DELETE FROM instances WHERE pid = 1');
  });

  it('counts itself among the live instances', async () => {
    expect(await state.liveInstances()).toEqual([state.instanceId]);
  });
});

describe.each(engines.filter(({ name }) => name === 'PostgreSQL server'))('a state on a $name that cuts all connections', ({ make }) => {
  it('fails what was under way, and goes on with the next query, transaction and job', async () => {
    const { options, remove } = await make();
    const errors: unknown[] = [];
    const state = await openState({ ...options, onError: (error) => errors.push(error) });
    try {
      await state.jobs.define('cut');
      const done: unknown[] = [];
      await state.jobs.work('cut', { slots: 1 }, async ({ data }) => void done.push(data));
      const cut = state.transaction(async (transaction) => {
        await transaction.query('SELECT 1');
        await cutAll(options.url ?? '');
        await transaction.query('SELECT 1');
      });
      await expect(cut).rejects.toMatchObject({ code: 'not_ready' });
      expect(await state.query('SELECT 1 AS one').catch(() => state.query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
      await state.transaction((transaction) => state.jobs.send(transaction, 'cut', { after: true }));
      while (done.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
      expect(done).toEqual([{ after: true }]);
    } finally {
      await state.close();
      await remove();
    }
  });
});

it('closing a state twice is closing it once', async () => {
  const { options, remove } = await engines[0]!.make();
  const state = await openState(options);
  await Promise.all([state.close(), state.close()]);
  await state.close();
  await remove();
});

describe('opening a state', () => {
  it('wants either a directory or a url', async () => {
    await expect(openState({})).rejects.toThrow(/either a directory or a url/);
    await expect(openState({ directory: '/tmp/x', url: 'postgres://127.0.0.1/x' })).rejects.toThrow(/either a directory or a url/);
  });

  it('says that the server cannot be reached', async () => {
    const failure = await openState({ url: 'postgres://tasksheet:secret-word@127.0.0.1:1/none' }).catch((error: unknown) => error);
    expect((failure as Problem).code).toBe('not_ready');
    expect((failure as Problem).text.en).toMatch(/TASKSHEET_STATE_URL/);
    expect(JSON.stringify((failure as Problem).text)).not.toMatch(/secret-word/);
  });
});
