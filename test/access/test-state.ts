import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openState } from '../../backend/state/open-state.ts';
import type { State } from '../../backend/state/state.ts';

/** A real embedded state in a folder of its own. */
export async function openTestState(): Promise<{ state: State; close(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'tasksheet-access-'));
  const state = await openState({ directory, backups: false });
  return {
    state,
    async close() {
      await state.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

let sequence = 0;

/** A finished run of a person, for what refers to one. */
export async function insertRun(state: State, person: string): Promise<string> {
  const [run, execution] = [randomUUID(), randomUUID()];
  await state.query(
    `INSERT INTO executions (id, merge_key, task_id, task_version, person, input, state, results, finished_at) VALUES ($1, $2, 't', 'v', $3, '{}', 'succeeded', '[]', now())`,
    [execution, execution, person],
  );
  await state.query(
    `INSERT INTO runs (id, iso_year, iso_week, sequence, person, execution_id, task_id, task_version, title, entered_values, resolved_values, values_in_words, file_name)
     VALUES ($1, 2026, 48, $2, $3, $4, 't', 'v', '{}', '{}', '{}', '[]', '{}')`,
    [run, ++sequence, person, execution],
  );
  return run;
}
