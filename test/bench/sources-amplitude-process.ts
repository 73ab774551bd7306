import { amplitudeSource } from '../../backend/sources/amplitude.ts';
import { openState } from '../../backend/state/open-state.ts';
import { openSourceLedger } from '../../backend/state/source-ledger.ts';
import { openWorkbench } from '../../backend/workbench/clickhouse-workbench.ts';
import type { EngineEndpoint } from '../../backend/workbench/engine-client.ts';
import { answerQuestions } from './helper-process.ts';

// What a backend does with a step on Amplitude, in a process of its own, so that its memory can be seen.
export interface CohortQuestion {
  cohort: string;
  tableId: string;
  rows: number;
}

const { near, directory, transferDirectory, ...settings } = JSON.parse(process.argv[2] ?? '{}') as { near: EngineEndpoint; directory: string; transferDirectory: string; url: string; key: string; secret: string };
const opened = Promise.all([openWorkbench({ endpoint: () => Promise.resolve(near), embedded: true, transferDirectory }), openState({ directory, backups: false })]).then(([workbench, state]) => ({
  workbench,
  source: amplitudeSource.open(amplitudeSource.settings.parse({ region: 'us', ...settings }), { name: 'amplitude', workbench, timeZone: 'UTC', ledger: openSourceLedger(state) }),
}));

answerQuestions(async ({ cohort, tableId, rows }: CohortQuestion): Promise<{ milliseconds: number; endedAt: number; processId: number }> => {
  const { source, workbench } = await opened;
  await workbench.drop((await workbench.storedTableIds()).filter((id) => id === tableId || id.startsWith('cohort_')));
  const context = { queryId: `bench-${cohort}`, limits: { timeSeconds: 600, rows: rows + 1, memoryBytes: 8_000_000_000 }, signal: new AbortController().signal };
  const started = performance.now();
  if (rows > 0) await source.run({ name: 'bench', sql: `cohort: ${cohort}`, parameters: {}, steps: {} }, tableId, context);
  return { milliseconds: performance.now() - started, endedAt: Date.now(), processId: process.pid };
});
