import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openState, type StateOptions } from '../../backend/state/open-state.ts';
import type { Job, JobWorker } from '../../backend/state/jobs.ts';
import type { State } from '../../backend/state/state.ts';
import { engines } from './postgres.ts';
import { startProcess } from './processes.ts';

/** Resolves when `count` calls were made, with what they were made with. */
function collect<T>(count: number): { add(item: T): void; all: Promise<T[]> } {
  const items: T[] = [];
  let done: (items: T[]) => void;
  const all = new Promise<T[]>((resolve) => (done = resolve));
  return {
    add(item) {
      items.push(item);
      if (items.length === count) done(items);
    },
    all,
  };
}

describe.each(engines)('jobs on $name', ({ make }) => {
  let options: StateOptions;
  let state: State;
  let remove: () => Promise<void>;
  const errors: unknown[] = [];
  const workers: JobWorker[] = [];

  beforeAll(async () => {
    const fresh = await make();
    ({ options, remove } = fresh);
    state = await openState({ ...options, onError: (error) => errors.push(error) });
  });
  afterAll(async () => {
    await state.close();
    await remove();
  });

  const send = (queue: string, data: object, sendOptions = {}): Promise<string> => state.transaction((transaction) => state.jobs.send(transaction, queue, data, sendOptions));
  const work = async (queue: string, slots: number, handler: (job: Job) => Promise<void>): Promise<JobWorker> => {
    const worker = await state.jobs.work(queue, { slots }, handler);
    workers.push(worker);
    return worker;
  };
  const statesOf = async (queue: string): Promise<Record<string, number>> => {
    const rows = await state.query<{ state: string; count: number }>('SELECT state::text, count(*) FROM pgboss.job WHERE name = $1 GROUP BY 1', [queue]);
    return Object.fromEntries(rows.map((row) => [row.state, row.count]));
  };
  const until = async (condition: () => Promise<boolean>): Promise<void> => {
    while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50));
  };

  it('run what was sent before and after the worker began, with its data', async () => {
    await state.jobs.define('plain');
    const seen = collect<unknown>(2);
    await send('plain', { text: 'до' });
    await work('plain', 1, async ({ data }) => seen.add(data));
    await send('plain', { text: 'после' });
    expect(await seen.all).toEqual([{ text: 'до' }, { text: 'после' }]);
    await until(async () => (await statesOf('plain'))['completed'] === 2);
    expect(await state.query('SELECT 1 FROM job_claims')).toEqual([]);
  });

  it('drain a backlog with as many at a time as there are slots, each once', async () => {
    await state.jobs.define('backlog');
    await state.transaction(async (transaction) => {
      for (let number = 0; number < 200; number++) await state.jobs.send(transaction, 'backlog', { number });
    });
    const seen = collect<number>(200);
    let now = 0;
    let most = 0;
    await work('backlog', 4, async ({ data }) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 1));
      now--;
      seen.add((data as { number: number }).number);
    });
    expect(new Set(await seen.all).size).toBe(200);
    expect(most).toBe(4);
  });

  it('take the more urgent first, and a delayed one not before its time', async () => {
    await state.jobs.define('order');
    const later = new Date(Date.now() + 1_500);
    await send('order', { name: 'later' }, { startAfter: later, priority: 100 });
    await send('order', { name: 'usual' });
    await send('order', { name: 'urgent' }, { priority: 10 });
    const seen = collect<[string, number]>(3);
    await work('order', 1, async ({ data }) => seen.add([(data as { name: string }).name, Date.now()]));
    const all = await seen.all;
    expect(all.map(([name]) => name)).toEqual(['urgent', 'usual', 'later']);
    expect(all[2]?.[1]).toBeGreaterThanOrEqual(later.getTime());
  });

  it('try again what threw, say which try is the last, and then leave it failed with its reason', async () => {
    await state.jobs.define('failing', { retries: 1, retryDelaySeconds: 1 });
    const tries = collect<[number, boolean]>(2);
    const id = await send('failing', {});
    await work('failing', 1, async ({ retry, lastTry }) => {
      tries.add([retry, lastTry]);
      throw new Error('the engine is away');
    });
    expect(await tries.all).toEqual([
      [0, false],
      [1, true],
    ]);
    await until(async () => (await statesOf('failing'))['failed'] === 1);
    expect(await state.query('SELECT output FROM pgboss.job WHERE id = $1', [id])).toEqual([{ output: { reason: 'the engine is away' } }]);
    expect(errors.map(String)).toContain('Error: the engine is away');
  });

  it('are waited for by a worker that stops', async () => {
    await state.jobs.define('patient');
    const started = collect<string>(1);
    const worker = await work('patient', 1, async ({ id, signal }) => {
      started.add(id);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(signal.aborted).toBe(false);
    });
    await send('patient', {});
    await started.all;
    await worker.stop();
    expect(await statesOf('patient')).toEqual({ completed: 1 });
  });

  it('are given back at once by a worker whose grace is over, and are done by the next one', async () => {
    await state.jobs.define('stopped');
    const started = collect<string>(1);
    const worker = await work('stopped', 1, ({ id, signal }) => {
      started.add(id);
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(new Error('aborted'));
        });
      });
    });
    const id = await send('stopped', {});
    await started.all;
    await worker.stop(10);
    const again = collect<[string, number]>(1);
    await work('stopped', 1, async (job) => again.add([job.id, job.retry]));
    expect(await again.all).toEqual([[id, 1]]);
  });

  it('that a process killed with -9 had taken are taken up again, also beyond the number of retries', async () => {
    if (state.embedded) await state.close();
    try {
      for (const expected of [0, 1]) {
        const holder = startProcess('./job-runner.ts', [expected === 0 ? 'send-and-hold' : 'hold', JSON.stringify(options)]);
        await holder.line((line) => line === `started {"held":true} ${expected}`);
        await holder.kill();
      }
    } finally {
      if (state.embedded) state = await openState({ ...options, onError: (error) => errors.push(error) });
    }
    const seen = collect<[unknown, number]>(1);
    await state.jobs.define('slow', { retries: 0 });
    await work('slow', 1, async ({ data, retry }) => seen.add([data, retry]));
    expect(await seen.all).toEqual([[{ held: true }, 2]]);
  });
});
