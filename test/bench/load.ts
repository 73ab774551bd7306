import { setTimeout as wait } from 'node:timers/promises';
import type { AnswerOf } from '../../shared/api.ts';
import type { Run } from '../../shared/run.ts';
import { startBackend } from './backend.ts';
import type { Bench } from './bench.ts';
import { Client, type SamplePerson } from './client.ts';
import { startHelper } from './helper-process.ts';
import type { LoadAnswer, LoadQuestion } from './load-generator.ts';
import { percentile } from './statistics.ts';

const people: SamplePerson[] = ['manager', 'marketer', 'analyst'];
const endPatienceMs = 60_000;

/** Waits for the runs' ends; what has not ended in time is returned as it is. */
async function ended(clients: Client[], runs: LoadAnswer['runs']): Promise<Run[]> {
  const deadline = performance.now() + endPatienceMs;
  const found: Run[] = [];
  for (const { id, token } of runs) {
    const client = clients.find((one) => one.token === token);
    if (client === undefined) throw new Error('A run of nobody.');
    for (;;) {
      const { run } = await client.call<AnswerOf<'run'>>('GET', `/api/runs/${id}`);
      const isOpen = run.status.state === 'queued' || run.status.state === 'running';
      if (isOpen && performance.now() < deadline) await wait(100);
      else {
        found.push(run);
        break;
      }
    }
  }
  return found;
}

function durations(runs: Run[]): number[] {
  return runs.flatMap(({ createdAt, status }) => (status.state === 'succeeded' ? [Date.parse(status.finishedAt) - Date.parse(createdAt)] : []));
}

export const load: Bench = {
  name: 'load',
  summary: '50 GET /api/tasks and 10 small runs a second, open loop, from a process of its own',
  run: async (context) => {
    const seconds = context.full ? 60 : 15;
    const [getsPerSecond, runsPerSecond] = [50, 10];
    const backend = await startBackend(context, await context.company());
    const clients = await Promise.all(people.map((person) => Client.signIn(backend.address, person)));
    const generator = startHelper<LoadQuestion, LoadAnswer>(context, import.meta.resolve('./load-generator.ts'));
    context.say(`load, ${seconds} s`);
    const seen = await generator.ask({ address: backend.address, tokens: clients.map(({ token }) => token), seconds, getsPerSecond, runsPerSecond });
    await generator.end();
    const runs = await ended(clients, seen.runs);
    await backend.stop();
    const unfinished = runs.filter(({ status }) => status.state !== 'succeeded');
    const took = durations(runs);
    const round = (values: number[], share: number): number => Math.round(percentile(values, share));
    return [
      {
        title: `${getsPerSecond} GET/s and ${runsPerSecond} small runs/s for ${seconds} s, open loop`,
        ours: { command: 'GET /api/tasks, each time from the intended moment of sending to the last byte', milliseconds: seen.gets },
        peer: null,
        figures: [
          { name: 'errors (answers, and runs that did not succeed)', value: seen.errors.length + unfinished.length, unit: 'count', bound: 'atMost', limit: 0 },
          { name: 'p99 of GET /api/tasks', value: percentile(seen.gets, 0.99), unit: 'ms', bound: 'atMost', limit: 100 },
        ],
        notes: [
          `GET: ${seen.gets.length} answers, p50 ${round(seen.gets, 0.5)} ms, p95 ${round(seen.gets, 0.95)} ms, longest ${round(seen.gets, 1)} ms.`,
          `Runs: ${took.length} of ${seconds * runsPerSecond} succeeded; accepted in p50 ${round(seen.submits, 0.5)} ms, p99 ${round(seen.submits, 0.99)} ms; from accepted to finished p50 ${round(took, 0.5)} ms, p99 ${round(took, 0.99)} ms.`,
          `The generator is a process of its own on the same cores: ${seen.cpuPercent.toFixed(0)} % of one core; it sent p99 ${percentile(seen.lateness, 0.99).toFixed(1)} ms late, which is part of the times.`,
          ...[...new Set([...seen.errors, ...unfinished.map(({ status }) => JSON.stringify(status))])].slice(0, 3).map((error) => `Error: ${error}`),
        ],
      },
    ];
  },
};
