import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startEmbeddedEngine, type EmbeddedEngine } from '../../backend/workbench/embedded-engine.ts';
import type { PipeQuestion } from './bare-pipe.ts';
import type { BenchContext, Comparison } from './bench.ts';
import { startHelper, type HelperProcess } from './helper-process.ts';
import { mixColumns, mixSql } from './mix.ts';
import { MemoryWatch, residentMegabytes } from './processes.ts';
import type { StepQuestion } from './sources-clickhouse-process.ts';
import { median } from './statistics.ts';

async function ask(engine: EmbeddedEngine, sql: string): Promise<string> {
  const { url, password } = await engine.endpoint();
  const response = await fetch(url, { method: 'POST', body: sql, headers: { 'X-ClickHouse-Key': password } });
  if (!response.ok) throw new Error(await response.text());
  return (await response.text()).trim();
}

async function start(context: BenchContext, name: string): Promise<EmbeddedEngine> {
  const engine = await startEmbeddedEngine({ directory: join(context.directory, name) });
  context.onEnd(() => engine.close());
  return engine;
}

/** Rows of another ClickHouse process into a step table, against piping the same bytes between the same two. */
export async function clickhouseToStep(context: BenchContext): Promise<Comparison[]> {
  const rows = context.full ? 1_000_000 : 200_000;
  const rounds = context.full ? 5 : 3;
  context.say(`sources: making ${rows} rows in another ClickHouse process`);
  const [near, far] = [await start(context, 'near'), await start(context, 'far')];
  await ask(far, 'CREATE DATABASE wallet');
  await ask(far, `CREATE TABLE wallet.mix ENGINE = MergeTree ORDER BY id AS ${mixSql(String(rows))}`);
  const columns = mixColumns.join(', ');
  const sql = `SELECT ${columns} FROM wallet.mix ORDER BY id`;
  const checksum = `SELECT hex(sum(cityHash64(${columns}))), count() FROM`;

  const ends = [await near.endpoint(), await far.endpoint()] as const;
  const step: HelperProcess<StepQuestion, { milliseconds: number; processId: number }> = startHelper(context, import.meta.resolve('./sources-clickhouse-process.ts'), [JSON.stringify([...ends, join(context.directory, 'sources-transfer')])]);
  const pipe: HelperProcess<PipeQuestion, { milliseconds: number }> = startHelper(context, import.meta.resolve('./bare-pipe.ts'));
  const bare = async (): Promise<number> => {
    await ask(near, 'DROP TABLE IF EXISTS default.bare SYNC');
    await ask(near, `CREATE TABLE default.bare (${(await ask(far, 'DESCRIBE TABLE wallet.mix FORMAT TSV')).split('\n').map((line) => line.split('\t').slice(0, 2).join(' ')).join(', ')}) ENGINE = MergeTree ORDER BY tuple()`);
    return (await pipe.ask({ from: { endpoint: ends[1], sql: `${sql} FORMAT Native` }, into: { endpoint: ends[0], sql: 'INSERT INTO default.bare FORMAT Native' } })).milliseconds;
  };
  const { processId } = await step.ask({ sql, tableId: 'bench', rows: 0 });
  await wait(1_000);
  const memory = new MemoryWatch([processId]);
  const engine = near.processId() ?? 0;
  const engineMemory = new MemoryWatch([engine]);
  const times = { ours: [] as number[], peer: [] as number[] };
  // Round 0 warms both sides up and is not counted; its memory is.
  for (let round = 0; round <= rounds; round++) {
    context.say(`sources: another ClickHouse, round ${round} of ${rounds}`);
    const [peer, ours] = [await bare(), (await step.ask({ sql, tableId: 'bench', rows })).milliseconds];
    if (round > 0) times.peer.push(peer);
    if (round > 0) times.ours.push(ours);
  }
  const [grown, engineGrown] = [memory.end(), engineMemory.end()];
  const sums = { ours: await ask(near, `${checksum} tasksheet.t_bench`), peer: await ask(near, `${checksum} default.bare`), expected: await ask(far, `${checksum} wallet.mix`) };
  const idle = Math.round(residentMegabytes(processId));
  await Promise.all([step.end(), pipe.end()]);
  await Promise.all([near.close(), far.close()]);
  return [
    {
      title: `A step on another ClickHouse, ${rows.toLocaleString('en-US')} × ${mixColumns.length}, into a step table`,
      ours: { command: 'clickhouse source: DESCRIBE, then Native over HTTP → INSERT of the workbench', milliseconds: times.ours, checksum: sums.ours },
      peer: { command: 'fetch(SELECT … FORMAT Native) → fetch(INSERT … FORMAT Native), the same two processes', milliseconds: times.peer, checksum: sums.peer },
      expected: sums.expected,
      figures: [
        { name: 'speed of the bare pipe', value: median(times.peer) / median(times.ours), unit: 'times', bound: 'atLeast', limit: 0.7 },
        { name: 'memory growth of the process that carries the rows', value: grown?.growth ?? null, unit: 'MB', bound: 'atMost', limit: 100 },
      ],
      notes: [
        `The process that carries the rows had ${idle} MB after it all. The workbench’s engine, which both sides load, grew by ${engineGrown === null ? 'an unknown amount' : `${Math.round(engineGrown.growth)} MB`}.`,
        'Ours also asks for the columns first, makes the table, numbers the rows and counts them.',
      ],
    },
  ];
}
