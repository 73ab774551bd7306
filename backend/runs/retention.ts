import type { Log } from '../log.ts';
import { endOfSourceTables, tablesOfSources } from '../state/source-ledger.ts';
import type { State } from '../state/state.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { takeExpiredUploads } from '../uploads/index.ts';
import { takeExpiredKeptSteps } from './kept-steps.ts';
import { expired, markDropped, neededTables } from './execution-store.ts';

/** Drops the rows of results whose time is over; their counts, values and fingerprints stay in the history. */
export async function dropExpired(state: State, workbench: Workbench): Promise<number> {
  const old = await expired(state);
  for (const { id, results } of old) {
    await workbench.drop(results.map(({ table }) => table.id));
    await markDropped(state, id);
  }
  return old.length;
}

/** Drops files that nobody used in time and steps that were kept long enough. */
export async function dropUnused(state: State, workbench: Workbench): Promise<number> {
  const unused = [...(await takeExpiredUploads(state)), ...(await takeExpiredKeptSteps(state)), ...(await endOfSourceTables(state))];
  if (unused.length > 0) await workbench.drop(unused);
  return unused.length;
}

/** Beside the table of a kept script stands, while it is made, what the script returned. */
function ownerOf(tableId: string): string {
  return tableId.replace(/-raw$/, '');
}

/** Drops tables that nothing owns: left by a crash between the engine and the database. */
export async function dropOrphans(state: State, workbench: Workbench): Promise<number> {
  const stored = await workbench.storedTableIds();
  const { tables, underWay } = await neededTables(state);
  const ofSources = new Set(await tablesOfSources(state));
  const orphans = stored.filter((id) => !tables.has(ownerOf(id)) && !ofSources.has(id) && !underWay.some((execution) => id.startsWith(execution)));
  if (orphans.length > 0) await workbench.drop(orphans);
  return orphans.length;
}

/** Cleans up now and every ten minutes, until stopped. */
export function keepTidy(parts: { state: State; workbench: Workbench; log: Log }): () => void {
  const tidy = async () => {
    const dropped = await dropExpired(parts.state, parts.workbench);
    const unused = await dropUnused(parts.state, parts.workbench);
    const orphans = await dropOrphans(parts.state, parts.workbench);
    if (dropped + unused + orphans > 0) parts.log.info('results_dropped', { expired: dropped, unused, orphans });
  };
  const attempt = () => void tidy().catch((error: unknown) => parts.log.error('clean_up_failed', error));
  const first = setTimeout(attempt, 5_000);
  const timer = setInterval(attempt, 600_000);
  return () => {
    clearTimeout(first);
    clearInterval(timer);
  };
}
