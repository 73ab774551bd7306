import { createHash, randomUUID } from 'node:crypto';
import type { State } from '../state/state.ts';
import { toJson } from '../state/state.ts';
import type { StoredTable, Workbench } from '../workbench/workbench.ts';
import type { PlannedStep } from './plan.ts';

/** A table that a run reads stays at least this long, however soon its own time ends. */
const heldHours = 24;

/** Steps whose tables are used again, by any run of any person, while nothing that they were asked for has changed. */
export interface KeptSteps {
  /** Names the answer of a step: the same name, the same answer, as far as the analyst's `keep` goes. `inputs` name the tables that it reads. */
  keyOf(step: PlannedStep, sql: string, inputs: string[]): string;
  /** The table of this name made within the last `seconds`; held while a run may read it. */
  find(key: string, seconds: number): Promise<StoredTable | undefined>;
  /** Keeps what `make` stores under the given id; nothing when it fails. */
  keep(key: string, seconds: number, make: (tableId: string) => Promise<StoredTable>): Promise<StoredTable>;
}

export interface KeptStepsParts {
  state: State;
  workbench: Workbench;
  /** Changes when a source's settings do: another server, another answer. */
  sourceVersion: (name: string) => string;
}

export function openKeptSteps({ state, workbench, sourceVersion }: KeptStepsParts): KeptSteps {
  return {
    keyOf: ({ on, parameters, casts, name, isScript }, sql, inputs) => {
      const sorted = Object.entries(parameters).sort(([one], [other]) => (one < other ? -1 : 1));
      // A script's files are called after steps, so its own name and theirs matter; a query's do not.
      return createHash('sha256').update(JSON.stringify([on, sourceVersion(on), sql, sorted, casts ?? {}, inputs, isScript === true ? name : ''])).digest('hex');
    },
    find: async (key, seconds) => {
      const [row] = await state.query<{ table_id: string; stored: StoredTable }>(
        `UPDATE kept_steps SET used_until = greatest(used_until, now() + make_interval(hours => $3::int))
         WHERE table_id = (SELECT table_id FROM kept_steps WHERE key = $1 AND stored IS NOT NULL AND expires_at > now() AND created_at > now() - make_interval(secs => $2::int) ORDER BY created_at DESC LIMIT 1)
         RETURNING table_id, stored`,
        [key, seconds, heldHours],
      );
      if (row === undefined) return undefined;
      // The workbench may have been emptied or replaced while the state stayed.
      if ((await workbench.storedTableIds()).includes(row.table_id)) return row.stored;
      await state.query('DELETE FROM kept_steps WHERE table_id = $1', [row.table_id]);
      return undefined;
    },
    keep: async (key, seconds, make) => {
      const id = `kept_${randomUUID().replaceAll('-', '')}`;
      await state.query(`INSERT INTO kept_steps (table_id, key, expires_at, used_until) VALUES ($1, $2, now() + make_interval(hours => $3::int), now() + make_interval(hours => $3::int))`, [id, key, heldHours]);
      try {
        const table = await make(id);
        await state.query('UPDATE kept_steps SET stored = $2, created_at = now(), expires_at = now() + make_interval(secs => $3::int) WHERE table_id = $1', [id, toJson(table), seconds]);
        return table;
      } catch (error) {
        await state.query('DELETE FROM kept_steps WHERE table_id = $1', [id]).catch(() => undefined);
        throw error;
      }
    },
  };
}

/** Tables of kept steps, those that are being made included. */
export async function keptTables(state: State): Promise<string[]> {
  const rows = await state.query<{ table_id: string }>('SELECT table_id FROM kept_steps');
  return rows.map(({ table_id: id }) => id);
}

/** Kept steps whose time is over and that no run reads any more; their tables may be dropped once this has returned. */
export async function takeExpiredKeptSteps(state: State): Promise<string[]> {
  const rows = await state.query<{ table_id: string }>('DELETE FROM kept_steps WHERE expires_at < now() AND used_until < now() RETURNING table_id');
  return rows.map(({ table_id: id }) => id);
}
