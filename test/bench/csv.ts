import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { AnswerOf } from '../../shared/api.ts';
import { startBackend } from './backend.ts';
import type { BareQuestion } from './bare-stream.ts';
import type { Bench } from './bench.ts';
import { Client } from './client.ts';
import { startHelper, type HelperProcess } from './helper-process.ts';
import { mixColumns } from './mix.ts';
import { MemoryWatch, processTree, residentMegabytes } from './processes.ts';
import { median } from './statistics.ts';

type BareStream = HelperProcess<BareQuestion, { milliseconds: number; text: string }>;
type Download = HelperProcess<{ address: string; file: string }, { milliseconds: number; firstByte: number }>;

async function checksumOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** What the stored result is called inside the engine: the newest table with as many rows. */
async function storedTable(bare: BareStream, rows: number): Promise<string> {
  const { text } = await bare.ask({ sql: `SELECT name FROM system.tables WHERE database = 'tasksheet' AND startsWith(name, 't_') AND total_rows = ${rows}` });
  const names = text.trim().split('\n');
  if (names.length !== 1 || names[0] === '') throw new Error(`Expected one stored table of ${rows} rows, found ${JSON.stringify(names)}.`);
  return names[0] ?? '';
}

export const csv: Bench = {
  name: 'csv',
  summary: 'CSV of a stored result through its link, against chDB streaming it to a file',
  run: async (context) => {
    const rows = context.full ? 1_000_000 : 200_000;
    const rounds = context.full ? 5 : 3;
    const company = await context.company();
    context.say(`storing ${rows} rows`);
    const storing = await startBackend(context, company);
    const run = await (await Client.signIn(storing.address, 'analyst')).run('bench-table', { rows });
    await storing.stop();

    const bare: BareStream = startHelper(context, import.meta.resolve('./bare-stream.ts'), [await company.copyOfEngine('engine-of-csv')]);
    const table = await storedTable(bare, rows);
    // The settings make the same bytes: times in the company's zone, nothing for a null.
    const sql = `SELECT ${mixColumns.join(', ')} FROM tasksheet.${table} ORDER BY _row SETTINGS session_timezone = 'Europe/Moscow', format_csv_null_representation = ''`;

    const head = `${mixColumns.map((name) => `"${name}"`).join(',')}\n`;

    // Started anew, so that its memory holds nothing of the making of the table.
    const backend = await startBackend(context, company);
    const analyst = await Client.signIn(backend.address, 'analyst');
    const link = await analyst.call<AnswerOf<'link'>>('POST', `/api/runs/${run.id}/links`, { format: 'csv-systems' });
    const address = `${backend.address}${new URL(link.url).pathname}/file`;
    const download: Download = startHelper(context, import.meta.resolve('./download.ts'));
    await wait(2_000);
    const processes = processTree(backend.processId);
    const idle = processes.map(residentMegabytes);
    const memory = new MemoryWatch(processes);

    const times = { ours: [] as number[], peer: [] as number[], firstByte: [] as number[] };
    const checksums = { ours: new Set<string>(), peer: new Set<string>() };
    const file = join(context.directory, 'table.csv');
    const finish = async (side: 'ours' | 'peer', milliseconds: number, counts: boolean): Promise<void> => {
      if (counts) times[side].push(milliseconds);
      checksums[side].add(await checksumOf(file));
      await rm(file);
    };
    // Round 0 warms both sides up and is not counted; its memory is.
    for (let round = 0; round <= rounds; round++) {
      context.say(`csv, round ${round} of ${rounds}`);
      await finish('peer', (await bare.ask({ sql, head, file })).milliseconds, round > 0);
      const ours = await download.ask({ address, file });
      if (round > 0) times.firstByte.push(ours.firstByte);
      await finish('ours', ours.milliseconds, round > 0);
    }
    const grown = memory.end();
    const [backendAfter = 0, engineAfter = 0] = processes.map(residentMegabytes);
    await Promise.all([bare.end(), download.end()]);
    await backend.stop();
    const only = (found: Set<string>): string => (found.size === 1 ? ([...found][0] ?? '') : `changes: ${[...found].map((one) => one.slice(0, 8)).join(' ')}`);
    return [
      {
        title: `CSV for systems, ${rows.toLocaleString('en-US')} × ${mixColumns.length}, through the link`,
        ours: { command: 'GET /d/LINK/file of the built backend → file', milliseconds: times.ours, checksum: only(checksums.ours) },
        peer: { command: "chDB Session.queryStream('SELECT … ORDER BY _row', CSV) → file, on a copy of the same table", milliseconds: times.peer, checksum: only(checksums.peer) },
        figures: [
          { name: 'speed of the bare script', value: median(times.peer) / median(times.ours), unit: 'times', bound: 'atLeast', limit: 0.75 },
          { name: 'memory growth of backend and engine together', value: grown?.growth ?? null, unit: 'MB', bound: 'atMost', limit: 150 },
        ],
        notes: [
          `First byte after ${Math.round(median(times.firstByte))} ms (median).`,
          `Memory (RSS) of a freshly started backend ${Math.round(idle[0] ?? 0)} MB and its engine ${Math.round(idle[1] ?? 0)} MB, after ${rounds + 1} downloads ${Math.round(backendAfter)} and ${Math.round(engineAfter)} MB; growth is the peak of their sum, first download included.`,
        ],
      },
    ];
  },
};
