import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../backend/state/engine.ts';
import { liveInstances, registerInstance, sessionLockOf, stopInstance } from '../../backend/state/instances.ts';
import { migrate } from '../../backend/state/migrate.ts';
import { migrations } from '../../backend/state/migrations/index.ts';
import { openServerEngine } from '../../backend/state/server-engine.ts';
import { engines } from './postgres.ts';

describe.each(engines.filter(({ name }) => name === 'PostgreSQL server'))('instances on a $name', ({ make }) => {
  let engine: Engine;
  let remove: () => Promise<void>;
  const own = randomUUID();

  beforeAll(async () => {
    const fresh = await make();
    remove = fresh.remove;
    engine = await openServerEngine({ url: fresh.options.url ?? '', connections: 2, onError: () => undefined });
    await migrate(engine, migrations);
    await registerInstance(engine, own, 'test');
  });
  afterAll(async () => {
    await engine.close();
    await remove();
  });

  const another = async (silentSeconds: number): Promise<string> => {
    const id = randomUUID();
    await registerInstance(engine, id, 'test');
    await engine.query('UPDATE instances SET seen_at = now() - make_interval(secs => $2) WHERE id = $1', [id, silentSeconds]);
    return id;
  };
  const isLive = async (id: string): Promise<boolean> => (await liveInstances(engine, own)).includes(id);
  const holdLock = (id: string): Promise<() => Promise<void>> => engine.listen({ channel: 'test', onNotify: () => undefined, sessionLock: sessionLockOf(id) });

  it('live while their heartbeat is fresh, and until they say that they stop', async () => {
    const id = await another(1);
    expect(await isLive(id)).toBe(true);
    await stopInstance(engine, id);
    expect(await isLive(id)).toBe(false);
    expect(await isLive(own)).toBe(true);
  });

  it('live through a silence of seconds while their connection lasts, and no longer', async () => {
    const id = await another(10);
    expect(await isLive(id)).toBe(false);
    const letGo = await holdLock(id);
    expect(await isLive(id)).toBe(true);
    await letGo();
    // The server closes the session a moment after the client has left.
    while (await isLive(id)) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it('are dead after a minute of silence, whatever their connection says', async () => {
    const id = await another(70);
    const letGo = await holdLock(id);
    expect(await isLive(id)).toBe(false);
    await letGo();
  });
});

it.skipIf(engines.length > 1)('a PostgreSQL server is tested too where TASKSHEET_TEST_POSTGRES names one', () => {
  expect(engines.map(({ name }) => name)).toEqual(['embedded PostgreSQL']);
});
