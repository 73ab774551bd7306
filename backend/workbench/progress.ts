import { setTimeout as wait } from 'node:timers/promises';
import { checkedQueryId, type EngineClient } from './engine-client.ts';
import type { QueryProgress } from './workbench.ts';

const pauseMs = 500;

/** Asks the engine how far a query is while `work` lasts. A question that fails is only a missing report. */
export async function withProgress<T>(client: EngineClient, queryId: string, report: ((progress: QueryProgress) => void) | undefined, work: Promise<T>): Promise<T> {
  if (report === undefined) return work;
  const over = new AbortController();
  const following = follow(client, queryId, report, over.signal);
  try {
    return await work;
  } finally {
    over.abort();
    await following;
  }
}

async function follow(client: EngineClient, queryId: string, report: (progress: QueryProgress) => void, over: AbortSignal): Promise<void> {
  const sql = `SELECT read_rows, total_rows_approx, elapsed FROM system.processes WHERE query_id = '${checkedQueryId(queryId)}'`;
  for (;;) {
    const ended = await wait(pauseMs, false, { signal: over }).catch(() => true);
    if (ended) return;
    const [row] = await client.rows({ sql }).catch(() => []);
    if (row && !over.aborted) report({ readRows: Number(row[0]), totalRows: Number(row[1]), elapsedMs: Math.round(Number(row[2]) * 1000) });
  }
}
