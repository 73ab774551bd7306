import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { drawPlaces, drawRunner, participantsOf } from '../../backend/draws/index.ts';
import type { KindInput } from '../../backend/runs/kind-runner.ts';
import { openEmbeddedWorkbench } from '../../backend/workbench/embedded-workbench.ts';
import type { QueryContext } from '../../backend/workbench/workbench.ts';
import type { Bench, BenchContext, Comparison } from './bench.ts';
import { median } from './statistics.ts';

const participants = 1_000_000;
const prizes = 100;
const rounds = 3;
const seed = '0123456789abcdef'.repeat(4);

const source = `SELECT toUInt64(10000000 + number * 7) AS user_id, 1 + cityHash64(number) % 9 AS weight FROM numbers(${participants})`;

async function run({ directory, say }: BenchContext): Promise<Comparison[]> {
  const workbench = await openEmbeddedWorkbench({ directory: join(directory, 'draws'), timeZone: 'UTC' });
  let count = 0;
  const context = (name: string): QueryContext => ({ queryId: `bench-${name}-${(count += 1)}`, limits: { timeSeconds: 600, rows: 10_000_000, memoryBytes: 8_000_000_000 }, signal: AbortSignal.timeout(900_000) });
  try {
    say(`draws: ${participants} participants`);
    const last = await workbench.store({ sql: source, parameters: {} }, { database: '', databases: [] }, 'bench_last', context('last'));
    const runner = drawRunner({ prepare: () => Promise.reject(new Error('planned already')) });
    const planned = { drawId: 'bench', seedHash: '', section: { participant: 'user_id', weight: 'weight', prizes: [{ title: { ru: 'Приз', en: 'Prize' }, count: prizes }], reserves: 0, exclude: [], strict: false }, period: null, lastWinners: [], personal: false };
    const [freezing, drawing]: [number[], number[]] = [[], []];
    let places = '';
    for (let round = 0; round < rounds; round += 1) {
      const input: KindInput = { executionId: 'bench', tables: new Map([['people', last]]), last, workbench, withTables: (query) => query, tableId: (name) => `bench_${name}`, context };
      const started = performance.now();
      const { results } = await runner.finish(planned, input);
      const table = results[0]?.table;
      if (table === undefined) throw new Error('no list');
      const frozen = performance.now();
      const list = await participantsOf(table, workbench, AbortSignal.timeout(60_000));
      places = drawPlaces(list, { seed, publicNumber: '' }, prizes).map(({ participant }) => participant).join(' ');
      freezing.push(frozen - started);
      drawing.push(performance.now() - frozen);
      await workbench.drop([table.id]);
    }
    return [
      {
        title: `A draw of ${prizes} prizes among ${participants.toLocaleString('en')} participants with weights`,
        ours: { command: 'frozen list read, its fingerprint checked, places drawn', milliseconds: drawing, checksum: createHash('sha256').update(places).digest('hex') },
        peer: null,
        figures: [
          { name: 'from the press to the winners', value: median(drawing), unit: 'ms', bound: 'atMost', limit: 5_000 },
          { name: 'from the last step to the frozen list with its fingerprint', value: median(freezing), unit: 'ms', bound: 'atMost', limit: 5_000 },
        ],
        notes: [],
      },
    ];
  } finally {
    await workbench.close();
  }
}

export const draws: Bench = { name: 'draws', summary: 'a draw among a million', run };
