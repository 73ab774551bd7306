import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { startEmbeddedEngine } from '../../backend/workbench/embedded-engine.ts';
import type { BenchContext, Comparison } from './bench.ts';
import { startHelper, type HelperProcess } from './helper-process.ts';
import { MemoryWatch, residentMegabytes } from './processes.ts';
import type { CohortQuestion } from './sources-amplitude-process.ts';
import { median } from './statistics.ts';

const repeatEvery = 1_000;
const pieceRows = 20_000;

/** A cohort's file with ids of the usual shape; one row in a thousand is there twice. */
function* cohortFile(users: number): Generator<string> {
  yield 'amplitude_id,user_id\n';
  for (let from = 0; from < users; from += pieceRows) {
    const rows: string[] = [];
    for (let at = from; at < Math.min(users, from + pieceRows); at += 1) {
      const row = `${500_000_000_000 + at * 7},u${((at * 2_654_435_761) % 4_294_967_296).toString(16).padStart(8, '0')}${(at % 997).toString(36)}\n`;
      rows.push(at % repeatEvery === 0 ? row + row : row);
    }
    yield rows.join('');
  }
}

/** A cohort's file into a cleaned step table, against papaparse alone on the same file. */
export async function cohortToStep(context: BenchContext): Promise<Comparison[]> {
  const users = context.full ? 2_000_000 : 400_000;
  const rounds = context.full ? 5 : 3;
  context.say(`sources: a cohort of ${users} users`);
  const file = join(context.directory, 'cohort.csv');
  await pipeline(Readable.from(cohortFile(users)), createWriteStream(file));
  const keys = { key: 'bench', secret: randomBytes(8).toString('hex') };
  const ids = Array.from({ length: rounds + 1 }, (_, round) => `bench${round}00`);
  const engine = await startEmbeddedEngine({ directory: join(context.directory, 'amplitude-engine') });
  context.onEnd(() => engine.close());
  const server: HelperProcess<object, { url: string; fileAt: number }> = startHelper(context, import.meta.resolve('./sources-amplitude-server.ts'), [JSON.stringify({ file, size: users, ids, ...keys })]);
  const { url } = await server.ask({});
  const given = { near: await engine.endpoint(), directory: join(context.directory, 'amplitude-state'), transferDirectory: join(context.directory, 'amplitude-transfer'), url, ...keys };
  const step: HelperProcess<CohortQuestion, { milliseconds: number; endedAt: number; processId: number }> = startHelper(context, import.meta.resolve('./sources-amplitude-process.ts'), [JSON.stringify(given)]);
  const bare: HelperProcess<{ file: string }, { milliseconds: number; rows: number }> = startHelper(context, import.meta.resolve('./bare-papaparse.ts'));

  const { processId } = await step.ask({ cohort: '', tableId: 'bench', rows: 0 });
  await wait(1_000);
  const memory = new MemoryWatch([processId]);
  const engineMemory = new MemoryWatch([engine.processId() ?? 0]);
  const times = { ours: [] as number[], peer: [] as number[], whole: [] as number[] };
  // Round 0 warms both sides up and is not counted; its memory is.
  for (const [round, cohort] of ids.entries()) {
    context.say(`sources: Amplitude, round ${round} of ${rounds}`);
    const peer = await bare.ask({ file });
    const ours = await step.ask({ cohort, tableId: 'bench', rows: users });
    if (round === 0) continue;
    times.peer.push(peer.milliseconds);
    times.ours.push(ours.endedAt - (await server.ask({})).fileAt);
    times.whole.push(ours.milliseconds);
  }
  const [grown, engineGrown] = [memory.end(), engineMemory.end()];
  const { url: near, password } = await engine.endpoint();
  const stored = await fetch(near, { method: 'POST', body: 'SELECT count(), uniqExact(user_id), uniqExact(amplitude_id) FROM tasksheet.t_bench', headers: { 'X-ClickHouse-Key': password } });
  const counts = (await stored.text()).trim();
  const idle = Math.round(residentMegabytes(processId));
  await Promise.all([step.end(), bare.end(), server.end()]);
  await engine.close();
  return [
    {
      title: `A cohort of ${users.toLocaleString('en-US')} users from Amplitude's stand-in into a cleaned step table`,
      ours: { command: 'amplitude source, from the request of the file on: HTTP → papaparse, cleaning, repeats → kept table → step table', milliseconds: times.ours, checksum: counts.replaceAll('\t', ' ') },
      peer: { command: 'papaparse alone on the same file from the disk, rows counted', milliseconds: times.peer },
      expected: `${users} ${users} ${users}`,
      figures: [
        { name: 'time of papaparse alone', value: median(times.ours) / median(times.peer), unit: 'times', bound: 'atMost', limit: 2.5 },
        { name: 'memory growth of the process that carries the rows', value: grown?.growth ?? null, unit: 'MB', bound: 'atMost', limit: 200 },
      ],
      notes: [
        `The process that carries the rows, its PostgreSQL inside, had ${idle} MB after it all. The workbench’s engine grew by ${engineGrown === null ? 'an unknown amount' : `${Math.round(engineGrown.growth)} MB`}.`,
        `With the list of cohorts, the request of this one and the question whether it is ready before it, the whole step took ${Math.round(median(times.whole))} ms. The checksum is its count of rows, user ids and Amplitude ids.`,
      ],
    },
  ];
}
