import { clickhouseSource } from '../../backend/sources/clickhouse.ts';
import { openWorkbench } from '../../backend/workbench/clickhouse-workbench.ts';
import type { EngineEndpoint } from '../../backend/workbench/engine-client.ts';
import { answerQuestions } from './helper-process.ts';

// What a backend does with a step on another ClickHouse, in a process of its own, so that its memory can be seen.
export interface StepQuestion {
  sql: string;
  tableId: string;
  rows: number;
}

const [near, far, transferDirectory] = JSON.parse(process.argv[2] ?? '[]') as [EngineEndpoint, EngineEndpoint, string];
const opened = openWorkbench({ endpoint: () => Promise.resolve(near), embedded: true, transferDirectory }).then((workbench) => ({
  workbench,
  source: clickhouseSource.open(clickhouseSource.settings.parse({ url: far.url, user: far.username, password: far.password, database: 'wallet' }), { name: 'far', workbench, timeZone: 'UTC' }),
}));

answerQuestions(async ({ sql, tableId, rows }: StepQuestion): Promise<{ milliseconds: number; processId: number }> => {
  const { source, workbench } = await opened;
  await workbench.drop([tableId]);
  const context = { queryId: `bench-${tableId}`, limits: { timeSeconds: 600, rows: rows + 1, memoryBytes: 8_000_000_000 }, signal: new AbortController().signal };
  const started = performance.now();
  if (rows > 0) await source.run({ name: 'bench', sql, parameters: {}, steps: {} }, tableId, context);
  return { milliseconds: performance.now() - started, processId: process.pid };
});
