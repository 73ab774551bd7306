import { randomUUID } from 'node:crypto';
import type { FieldContext } from '../../shared/fields/field-kind.ts';
import type { FormValues } from '../../shared/form.ts';
import type { Task } from '../catalog/task.ts';
import { readFreshness } from './freshness.ts';
import { planFreshness, type Sources } from './plan.ts';

const keptMs = 60_000;
const limits = { timeSeconds: 20, rows: 1000, memoryBytes: 1_000_000_000 };

/** How far tasks' data is loaded, asked of the source at most once a minute a task. */
export interface Freshness {
  /** `undefined` for a task that does not say; `null` when nothing is loaded. */
  of(task: Task, context: FieldContext, values?: FormValues): Promise<string | null | undefined>;
}

export function openFreshness({ sources, timeZone, now = Date.now }: { sources: Sources; timeZone: string; now?: () => number }): Freshness {
  const kept = new Map<string, { at: number; until: Promise<string | null> }>();
  return {
    of: async (task, context, values = {}) => {
      const fresh = planFreshness(task, values, { sources, context });
      if (fresh === undefined) return undefined;
      const key = JSON.stringify([task.id, task.version, fresh.parameters]);
      const known = kept.get(key);
      if (known !== undefined && now() - known.at < keptMs) return known.until;
      const until = readFreshness(fresh, sources, timeZone, { queryId: `fresh-${randomUUID()}`, limits, signal: AbortSignal.timeout(25_000) });
      if (kept.size > 1000) kept.clear();
      kept.set(key, { at: now(), until });
      until.catch(() => kept.delete(key));
      return until;
    },
  };
}
