import { Problem } from '../../shared/problem.ts';
import type { ResultChanges } from '../../shared/recall.ts';
import type { Access } from '../access/access.ts';
import type { State } from '../state/state.ts';
import type { Workbench } from '../workbench/workbench.ts';
import type { StoredResult } from './executor.ts';
import { readRun, type RunRow } from './run-store.ts';
import type { Runs } from './runs.ts';

export interface RunChangesParts {
  runs: Pick<Runs, 'get'>;
  state: State;
  workbench: Workbench;
}

/** What differs between a run and a newer one of the same task: in rows while those of both are kept, otherwise by fingerprints. */
export async function compareRuns({ runs, state, workbench }: RunChangesParts, access: Access, { before, after, signal }: { before: string; after: string; signal: AbortSignal }): Promise<ResultChanges[]> {
  const rows: RunRow[] = [];
  for (const id of [before, after]) {
    await runs.get(access, id);
    rows.push((await readRun(state, id)) as RunRow);
  }
  const [earlier, later] = rows as [RunRow, RunRow];
  if (earlier.task_id !== later.task_id || earlier.results === null || later.results === null)
    throw new Problem('conflict', { ru: 'Сравнить можно два готовых результата одной задачи.', en: 'Two finished results of one task can be compared.' });
  const kept = earlier.dropped_at === null && later.dropped_at === null;
  const pairs = later.results.flatMap((one) => {
    const other = earlier.results?.find(({ name }) => name === one.name);
    return other === undefined ? [] : [{ one: other, other: one }];
  });
  const changes: ResultChanges[] = [];
  for (const { one, other } of pairs) changes.push(await compareResults(one, other, kept ? workbench : undefined, signal));
  return changes;
}

async function compareResults(before: StoredResult, after: StoredResult, workbench: Workbench | undefined, signal: AbortSignal): Promise<ResultChanges> {
  const had = new Set(before.columns.map(({ name }) => name));
  const common = after.columns.map(({ name }) => name).filter((name) => had.has(name));
  const has = new Set(common);
  const same = (name: string) => before.fingerprints[name] !== undefined && before.fingerprints[name] === after.fingerprints[name] && before.table.rows === after.table.rows;
  const identical = common.length === before.columns.length && common.length === after.columns.length && common.every(same);
  const difference = identical ? { removed: 0, added: 0, columns: {} as Record<string, number> } : workbench === undefined || common.length === 0 ? undefined : await workbench.compare(before.table, after.table, common, signal);
  const changeOf = (name: string): Pick<ResultChanges['columns'][number], 'change' | 'values'> => {
    if (same(name)) return { change: 'same', values: 0 };
    if (difference === undefined) return { change: 'changed', values: null };
    const values = difference.columns[name] ?? 0;
    return { change: values === 0 ? 'same' : 'changed', values };
  };
  return {
    name: after.name,
    title: after.title,
    rowsBefore: before.table.rows,
    rowsAfter: after.table.rows,
    removed: difference?.removed ?? null,
    added: difference?.added ?? null,
    columns: [
      ...after.columns.map(({ name, title }) => ({ name, title, ...(has.has(name) ? changeOf(name) : { change: 'added' as const, values: null }) })),
      ...before.columns.filter(({ name }) => !has.has(name)).map(({ name, title }) => ({ name, title, change: 'removed' as const, values: null })),
    ],
  };
}
