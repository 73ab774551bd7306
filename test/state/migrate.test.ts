import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbeddedEngine } from '../../backend/state/embedded-engine.ts';
import type { Engine } from '../../backend/state/engine.ts';
import { migrate } from '../../backend/state/migrate.ts';
import { migrations } from '../../backend/state/migrations/index.ts';
import type { Migration } from '../../backend/state/migrations/migration.ts';
import { openServerEngine } from '../../backend/state/server-engine.ts';
import { engines } from './postgres.ts';

describe.each(engines)('migrations on $name', ({ make }) => {
  let engine: Engine;
  let second: Engine | undefined;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    const { options, remove: removeFresh } = await make();
    remove = removeFresh;
    const onServer = { url: options.url ?? '', connections: 2, onError: () => undefined };
    engine = options.directory ? await openEmbeddedEngine(options.directory) : await openServerEngine(onServer);
    if (options.url) second = await openServerEngine(onServer);
  });
  afterAll(async () => {
    await second?.close();
    await engine.close();
    await remove();
  });

  const third: Migration = { number: migrations.length + 1, name: 'third', sql: 'CREATE TABLE third (id int); INSERT INTO third VALUES (1)' };
  const messageOf = (work: Promise<unknown>): Promise<string> => work.then(() => '', (error: Error) => error.message);

  it('are applied once, also by two backends that start at the same time', async () => {
    const counts = await Promise.all([migrate(engine, migrations), migrate(second ?? engine, migrations)]);
    expect(counts.sort()).toEqual([0, migrations.length]);
    expect(await migrate(engine, migrations)).toBe(0);
    expect(await engine.query('SELECT number FROM schema_migrations ORDER BY number', [])).toEqual(migrations.map(({ number }) => ({ number })));
  });

  it('leave nothing behind when a later one fails', async () => {
    const broken: Migration = { number: third.number + 1, name: 'broken', sql: 'CREATE TABLE half (id int); SELECT nonsense' };
    await expect(migrate(engine, [...migrations, third, broken])).rejects.toThrow();
    expect(await engine.query(`SELECT to_regclass('third') AS third, to_regclass('half') AS half`, [])).toEqual([{ third: null, half: null }]);
    expect(await migrate(engine, [...migrations, third])).toBe(1);
  });

  it('refuse a database that is newer than the program, by the name of what it does not know', async () => {
    expect(await messageOf(migrate(engine, migrations))).toMatch(/newer than this program: it has migration \d+ "third"/);
  });

  it('refuse a migration that was edited after it was applied', async () => {
    expect(await messageOf(migrate(engine, [...migrations, { ...third, sql: `${third.sql};` }]))).toMatch(/another form/);
  });
});

it('migrations are numbered from 1 without gaps', () => {
  expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1));
});
