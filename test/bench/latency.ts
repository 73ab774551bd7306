import { createHash } from 'node:crypto';
import { startEmbeddedEngine } from '../../backend/workbench/embedded-engine.ts';
import type { EngineEndpoint } from '../../backend/workbench/engine-client.ts';
import { startBackend } from './backend.ts';
import type { Bench } from './bench.ts';
import { Client } from './client.ts';
import { oneRowSql } from './company.ts';
import { median, percentile } from './statistics.ts';

type Values = { partner: number; least: number };

/** The query alone, straight to the engine's HTTP interface. */
async function bareQuery({ url, username, password }: EngineEndpoint, { partner, least }: Values): Promise<unknown[]> {
  const parameters = new URLSearchParams({ database: 'wallet', param_partner: String(partner), param_least: String(least) });
  const response = await fetch(`${url}/?${parameters.toString()}`, {
    method: 'POST',
    headers: { 'X-ClickHouse-User': username, 'X-ClickHouse-Key': password },
    body: `${oneRowSql('{partner:Int64}', '{least:Int64}')} FORMAT JSONCompactEachRow`,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`The bare query: ${response.status} ${text}`);
  return JSON.parse(text) as unknown[];
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; milliseconds: number }> {
  const started = performance.now();
  const value = await work();
  return { value, milliseconds: performance.now() - started };
}

export const latency: Bench = {
  name: 'latency',
  summary: 'A one-row task from Run to its first page, over the bare query',
  run: async (context) => {
    const rounds = 50;
    const company = await context.company();
    const engine = await startEmbeddedEngine({ directory: await company.copyOfEngine('engine-of-latency') });
    context.onEnd(() => engine.close());
    const backend = await startBackend(context, company);
    const manager = await Client.signIn(backend.address, 'manager');
    const endpoint = await engine.endpoint();
    const times = { task: [] as number[], bare: [] as number[] };
    const hashes = { task: createHash('sha256'), bare: createHash('sha256') };
    const note = (side: 'task' | 'bare', row: unknown[], milliseconds: number, counts: boolean): void => {
      hashes[side].update(JSON.stringify(row.map(Number)));
      if (counts) times[side].push(milliseconds);
    };
    context.say(`latency, ${rounds} rounds`);
    // The first rounds warm both sides up and are not counted.
    for (let round = -5; round < rounds; round++) {
      const values = { partner: 1 + ((round + 60) % 60), least: round + 5 };
      const bare = await timed(() => bareQuery(endpoint, values));
      note('bare', bare.value, bare.milliseconds, round >= 0);
      const task = await timed(async () => manager.firstPage((await manager.run('bench-one-row', values)).id));
      note('task', task.value.rows[0] ?? [], task.milliseconds, round >= 0);
    }
    await backend.stop();
    await engine.close();
    return [
      {
        title: 'A one-row task, from Run to the result',
        ours: { command: 'POST /api/tasks/:id/runs → GET …/events to the end → GET …/rows, built backend', milliseconds: times.task, checksum: hashes.task.digest('hex') },
        peer: { command: 'the same SELECT posted to the HTTP interface of the embedded engine on a copy of the data', milliseconds: times.bare, checksum: hashes.bare.digest('hex') },
        figures: [{ name: 'over the bare query, medians', value: median(times.task) - median(times.bare), unit: 'ms', bound: 'atMost', limit: 150 }],
        notes: [`Slowest of 20: ${Math.round(percentile(times.task, 0.95))} ms from Run to the result, ${Math.round(percentile(times.bare, 0.95))} ms bare. The task also asks how fresh its data is, as every sample task does.`],
      },
    ];
  },
};
