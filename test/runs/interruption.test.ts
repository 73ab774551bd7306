import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shipped } from '../../backend/product.ts';
import type { Run } from '../../shared/run.ts';
import { ApiClient } from '../api-client.ts';

/** Runs for as long as it is let: a product of numbers, with a limit far beyond the test's patience. */
const slowTask = `/*
title: { ru: Долгая, en: Slow }
description: { ru: Считает долго., en: Counts for long. }
group: exports
owner: anna@company.example
status: published
file: { ru: Долгая, en: Slow }
form:
  salt: { kind: number, label: { ru: Соль, en: Salt } }
columns:
  answer: { title: { ru: Ответ, en: Answer }, type: integer }
*/
-- step slow on warehouse
SELECT sum(cityHash64(number, {{salt}}) % 10) AS answer FROM numbers(SLOWNESS)
`;

let directory: string;
let backend: ChildProcess;
let address: string;

async function start(): Promise<void> {
  backend = spawn(process.execPath, ['--import', 'tsx', 'backend/main.ts', 'demo'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TASKSHEET_PORT: '0', TASKSHEET_DATA: join(directory, 'data'), TASKSHEET_CATALOG: join(directory, 'catalog') },
  });
  const output: string[] = [];
  backend.stderr?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  backend.stdout?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const ready = () => /"address":"http:\/\/localhost:(\d+)"/.exec(output.join(''))?.[1];
  while (ready() === undefined) {
    if (backend.exitCode !== null) throw new Error(`the backend ended: ${output.join('')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  address = `http://127.0.0.1:${ready()}`;
}

function killed(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tasksheet-kill-'));
  await cp(shipped.catalog, join(directory, 'catalog'), { recursive: true });
  await writeFile(join(directory, 'catalog/tasks/slow.sql'), slowTask.replace('SLOWNESS', '3000000000'));
  await writeFile(join(directory, 'catalog/tasks/endless.sql'), slowTask.replace('SLOWNESS', '3000000000000'));
  await start();
});
afterAll(async () => {
  await killed(backend, 'SIGTERM');
  await rm(directory, { recursive: true, force: true });
});

const state = async (api: ApiClient, id: string): Promise<Run['status']['state']> => (await api.call('run', { params: { id } })).run.status.state;

async function running(task: string, salt: number): Promise<{ api: ApiClient; id: string }> {
  const api = await new ApiClient(address).signInAs('manager');
  const { run } = await api.call('submit', { params: { id: task }, body: { values: { salt } } });
  await expect.poll(() => state(api, run.id), { timeout: 20_000 }).toBe('running');
  return { api, id: run.id };
}

test('cancelling stops the engine within a second, and the next run is not held up', async () => {
  const { api, id } = await running('endless', 1);
  const begun = Date.now();
  await api.call('cancel', { params: { id } });
  expect(await state(api, id)).toBe('cancelled');
  const engineStopped = async () => {
    const { run } = await api.call('submit', { params: { id: 'partner-cards' }, body: { values: { partner: 12, issued: 'lastMonth', columns: ['number'] } } });
    await expect.poll(() => state(api, run.id), { timeout: 10_000 }).toBe('succeeded');
  };
  await engineStopped();
  expect(Date.now() - begun).toBeLessThan(15_000);
});

test('more runs than a person may have at once wait in order and say their position', async () => {
  const first = await Promise.all([11, 12, 13].map((salt) => running('endless', salt)));
  const { api } = first[0]!;
  const { run: fourth } = await api.call('submit', { params: { id: 'endless' }, body: { values: { salt: 14 } } });
  const { run: fifth } = await api.call('submit', { params: { id: 'endless' }, body: { values: { salt: 15 } } });
  expect(fourth.status).toEqual({ state: 'queued', position: 1 });
  expect(fifth.status).toEqual({ state: 'queued', position: 2 });
  await api.call('cancel', { params: { id: first[0]!.id } });
  await expect.poll(() => state(api, fourth.id), { timeout: 10_000 }).toBe('running');
  for (const id of [first[1]!.id, first[2]!.id, fourth.id, fifth.id]) await api.call('cancel', { params: { id } });
});

test('after kill -9 of the backend a run is taken up again and ends', async () => {
  const { id } = await running('slow', 2);
  await killed(backend, 'SIGKILL');
  await start();
  const api = await new ApiClient(address).signInAs('manager');
  await expect.poll(async () => JSON.stringify((await api.call('run', { params: { id } })).run.status), { timeout: 90_000, interval: 500 }).toContain('"succeeded"');
}, 120_000);

test('after kill -9 of the engine a run is taken up again, and ends with a reason when it happens twice', async () => {
  const { api, id } = await running('endless', 3);
  const engine = () => Number(execFileSync('pgrep', ['-P', String(backend.pid), '-f', 'engine-process'], { encoding: 'utf8' }).trim());
  process.kill(engine(), 'SIGKILL');
  const attempts = async () => (await api.call('run', { params: { id } })).run.provenance.startedAt;
  const first = await attempts();
  await expect.poll(async () => (await attempts()) !== first && (await state(api, id)) === 'running', { timeout: 20_000 }).toBe(true);
  process.kill(engine(), 'SIGKILL');
  await expect.poll(() => state(api, id), { timeout: 30_000 }).toBe('failed');
  const { run } = await api.call('run', { params: { id } });
  expect(run.status).toMatchObject({ state: 'failed', code: expect.stringMatching(/^(interrupted|source_unreachable)$/) });
});

test('a second backend on the same data directory is refused clearly before it can harm anything', async () => {
  const second = spawn(process.execPath, ['--import', 'tsx', 'backend/main.ts', 'demo'], { env: { ...process.env, TASKSHEET_PORT: '0', TASKSHEET_DATA: join(directory, 'data') } });
  let said = '';
  second.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise((resolve) => second.once('exit', resolve));
  expect(code).toBe(1);
  expect(said).toContain(String(backend.pid));
  const api = await new ApiClient(address).signInAs('manager');
  expect((await api.call('tasks')).tasks.length).toBeGreaterThan(0);
});
