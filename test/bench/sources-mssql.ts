import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startEmbeddedEngine, type EmbeddedEngine } from '../../backend/workbench/embedded-engine.ts';
import type { BenchContext, Comparison } from './bench.ts';
import { startHelper, type HelperProcess } from './helper-process.ts';
import { MemoryWatch } from './processes.ts';
import type { MssqlAnswer, MssqlQuestion } from './sources-mssql-process.ts';
import { profileColumns, profilesSql, tableId } from './sources-mssql-rows.ts';
import { median } from './statistics.ts';

const packetBytes = 16_384;

async function ask(engine: EmbeddedEngine, sql: string): Promise<string> {
  const { url, password } = await engine.endpoint();
  const response = await fetch(url, { method: 'POST', body: sql, headers: { 'X-ClickHouse-Key': password } });
  if (!response.ok) throw new Error(await response.text());
  return (await response.text()).trim();
}

/** Rows over TDS into a step table, against the bare driver streaming the same rows to nowhere. */
export async function mssqlToStep(context: BenchContext): Promise<Comparison[]> {
  const rows = context.full ? 1_000_000 : 200_000;
  const rounds = context.full ? 5 : 3;
  context.say(`sources: encoding ${rows} rows of SQL Server`);
  const engine = await startEmbeddedEngine({ directory: join(context.directory, 'engine-of-mssql') });
  context.onEnd(() => engine.close());
  const server: HelperProcess<object, { port: number; bytes: number }> = startHelper(context, import.meta.resolve('./sources-mssql-server.ts'), [JSON.stringify({ rows, packetBytes })]);
  const { port, bytes } = await server.ask({});
  const given = JSON.stringify({ engine: await engine.endpoint(), port, transferDirectory: join(context.directory, 'mssql-transfer'), packetBytes });
  const reader = (): HelperProcess<MssqlQuestion, MssqlAnswer> => startHelper(context, import.meta.resolve('./sources-mssql-process.ts'), [given]);
  const [source, driver] = [reader(), reader()];

  const { processId } = await source.ask({ as: 'source', rows: 0 });
  await wait(1_000);
  const memory = new MemoryWatch([processId]);
  const taken: Record<'source' | 'driver', MssqlAnswer[]> = { source: [], driver: [] };
  // Round 0 warms both sides up and is not counted; its memory is.
  for (let round = 0; round <= rounds; round++) {
    context.say(`sources: SQL Server, round ${round} of ${rounds}`);
    const [peer, ours] = [await driver.ask({ as: 'driver', rows }), await source.ask({ as: 'source', rows })];
    if (peer.rows !== rows || ours.rows !== rows) throw new Error(`Expected ${rows} rows, the driver gave ${peer.rows} and the source ${ours.rows}.`);
    if (round > 0) taken.driver.push(peer);
    if (round > 0) taken.source.push(ours);
  }
  const grown = memory.end();
  const checksum = `SELECT hex(sum(cityHash64(${profileColumns.map(({ name }) => `ifNull(toString(${name}), '')`).join(', ')}))), count() FROM`;
  const sums = { ours: await ask(engine, `${checksum} tasksheet.t_${tableId}`), expected: await ask(engine, `${checksum} (${profilesSql(rows)})`) };
  await Promise.all([source.end(), driver.end(), server.end()]);
  await engine.close();

  const times = { ours: taken.source.map(({ milliseconds }) => milliseconds), peer: taken.driver.map(({ milliseconds }) => milliseconds) };
  const cpu = (side: MssqlAnswer[]): string => `${Math.round(median(side.map(({ cpuMilliseconds }) => cpuMilliseconds)))} ms`;
  return [
    {
      title: `A step on SQL Server, ${rows.toLocaleString('en-US')} × ${profileColumns.length}, into a step table`,
      ours: { command: 'mssql source: rows over TDS → tab-separated → INSERT of the workbench', milliseconds: times.ours, checksum: sums.ours },
      peer: { command: "mssql Request with stream and arrayRowMode, on('row') counts, the same stand-in and packets", milliseconds: times.peer },
      expected: sums.expected,
      figures: [
        { name: "speed of the driver's own streaming", value: median(times.peer) / median(times.ours), unit: 'times', bound: 'atLeast', limit: 0.6 },
        { name: 'memory growth of the process that reads', value: grown?.growth ?? null, unit: 'MB', bound: 'atMost', limit: 150 },
      ],
      notes: [
        `Client CPU: ours ${cpu(taken.source)}, the driver ${cpu(taken.driver)}; the engine that stores the rows is another process, and the driver stores nothing.`,
        `The stand-in’s ${Math.round(bytes / 1e6)} MB of packets of ${packetBytes} bytes were made before.`,
        'The expected checksum is of the same rows made by ClickHouse itself; decimals and times included.',
      ],
    },
  ];
}
