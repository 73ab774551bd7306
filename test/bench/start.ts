import { setTimeout as wait } from 'node:timers/promises';
import { startBackend } from './backend.ts';
import type { Bench } from './bench.ts';
import { processTree, residentMegabytes, tellsMemory } from './processes.ts';
import { median } from './statistics.ts';

const idleMs = 5_000;

export const start: Bench = {
  name: 'start',
  summary: 'Start of the built backend with data present, until it is ready',
  run: async (context) => {
    const rounds = 5;
    const company = await context.company();
    const ready: number[] = [];
    const idle = { backend: [] as number[], engine: [] as number[] };
    for (let round = 1; round <= rounds; round++) {
      context.say(`start, round ${round} of ${rounds}`);
      const backend = await startBackend(context, company);
      ready.push(backend.readyMs);
      await wait(idleMs);
      const [own = 0, ...others] = processTree(backend.processId).map(residentMegabytes);
      idle.backend.push(own);
      idle.engine.push(others.reduce((sum, one) => sum + one, 0));
      await backend.stop();
    }
    return [
      {
        title: 'Start with data present',
        ours: { command: 'node dist/backend/main.js demo → GET /readyz answers 200', milliseconds: ready },
        peer: null,
        figures: [{ name: 'start to ready, median', value: median(ready), unit: 'ms', bound: 'atMost', limit: 5_000 }],
        notes: [
          tellsMemory
            ? `Idle memory (RSS) ${idleMs / 1000} s after the start: backend ${Math.round(median(idle.backend))} MB (embedded PostgreSQL included), engine process ${Math.round(median(idle.engine))} MB.`
            : 'Idle memory is not measured on this system.',
          'Data present: the sample company at full size (100,000 users, 400,000 cards, 5,000,000 events).',
        ],
      },
    ];
  },
};
