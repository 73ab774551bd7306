import { Problem } from '../../shared/problem.ts';
import { createSampleCompany, sampleMarker, type SampleOptions } from './sample-company.ts';

/** What the sample needs of an engine. */
export interface SampleEngine {
  command(sql: string): Promise<void>;
  select(
    query: { sql: string; parameters: Record<string, never> },
    scope: { database: string; databases: string[] },
    context: { queryId: string; limits: { timeSeconds: number; rows: number; memoryBytes: number }; signal: AbortSignal },
  ): Promise<{ rows: unknown[][] }>;
}

async function madeOn(engine: SampleEngine): Promise<{ today: string; scale: number } | undefined> {
  const { database, sql } = sampleMarker;
  try {
    const limits = { timeSeconds: 10, rows: 10, memoryBytes: 500_000_000 };
    const { rows } = await engine.select({ sql, parameters: {} }, { database, databases: [database] }, { queryId: 'sample-marker', limits, signal: AbortSignal.timeout(15_000) });
    const [today, scale] = rows[0] ?? [];
    return typeof today === 'string' ? { today, scale: Number(scale) } : undefined;
  } catch (error) {
    // No such table or database: there is no sample yet.
    if (error instanceof Problem && ['query_failed', 'query_refused'].includes(error.code)) return undefined;
    throw error;
  }
}

/** Makes the sample company when it is not there, is of another size, or was made on another day: its data ends the evening before. */
export async function prepareSample(engine: SampleEngine, options: Omit<SampleOptions, 'database'>): Promise<void> {
  const made = await madeOn(engine);
  if (made !== undefined && made.scale === (options.scale ?? 1) && made.today === options.today) return;
  await createSampleCompany((sql) => engine.command(sql), { ...options, database: 'wallet' });
}
