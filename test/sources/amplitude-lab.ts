import type { FormValues } from '../../shared/form.ts';
import { amplitudeSource } from '../../backend/sources/amplitude.ts';
import type { BoundStep, Source } from '../../backend/sources/source.ts';
import { startAmplitudeStandIn, type AmplitudeStandIn, type StandInOptions } from '../../backend/stand-ins/amplitude/stand-in.ts';
import type { StandInCohort, StandInUser } from '../../backend/stand-ins/amplitude/stand-in-data.ts';
import { openSourceLedger } from '../../backend/state/source-ledger.ts';
import type { State } from '../../backend/state/state.ts';
import type { QueryContext, StoredTable, Workbench } from '../../backend/workbench/workbench.ts';
import { openTestState } from '../access/test-state.ts';
import { context, scratchEngine, textOf, type ScratchEngine } from '../workbench/scratch-engine.ts';

export const keys = { key: 'api-key', secret: 'secret-key' };
const never = new AbortController().signal;

/** A real engine and a real state that the tests of one file share. */
export interface Lab {
  scratch: ScratchEngine;
  state: State;
  workbench: Workbench;
  close(): Promise<void>;
}

export async function openLab(): Promise<Lab> {
  const [scratch, { state, close }] = await Promise.all([scratchEngine(), openTestState()]);
  return {
    scratch,
    state,
    workbench: scratch.workbench,
    close: async () => {
      await scratch.close();
      await close();
    },
  };
}

/** A project of its own: its stand-in, and a source that reads it. Nothing of it is shared with other tests. */
export interface Project {
  standIn: AmplitudeStandIn;
  source: Source;
  cohorts: StandInCohort[];
  run(body: string, changes?: Partial<BoundStep> & { context?: QueryContext }): Promise<StoredTable>;
  rows(table: StoredTable): Promise<(string | null)[][]>;
  downloads(): number;
  close(): Promise<void>;
}

export const computed = Date.UTC(2026, 10, 20, 7) / 1000;

export function users(count: number, make: (at: number) => Partial<StandInUser> = () => ({})): StandInUser[] {
  return Array.from({ length: count }, (_, at) => ({ amplitudeId: String(500_000_000_000 + at), userId: `user-${at}`, ...make(at) }));
}

export function cohortOf(id: string, members: StandInUser[], changes: Partial<StandInCohort> = {}): StandInCohort {
  return { id, name: `Когорта ${id}`, size: members.length, lastComputed: computed, users: () => members, ...changes };
}

let runs = 0;

export async function openProject(lab: Lab, cohorts: StandInCohort[], options: Partial<StandInOptions> & { settings?: FormValues } = {}): Promise<Project> {
  const { settings = {}, ...standInOptions } = options;
  const standIn = await startAmplitudeStandIn({ ...keys, data: { cohorts: async () => cohorts }, ...standInOptions });
  const source = amplitudeSource.open(amplitudeSource.settings.parse({ region: 'us', ...keys, url: standIn.url, ...settings }), {
    name: 'amplitude',
    workbench: lab.workbench,
    timeZone: 'Europe/Moscow',
    ledger: openSourceLedger(lab.state),
  });
  return {
    standIn,
    source,
    cohorts,
    run: (sql, { context: given, ...changes } = {}) => source.run({ name: 'users', sql, parameters: {}, steps: {}, ...changes }, `amplitude_${(runs += 1)}`, given ?? context()),
    rows: async (table) => {
      const text = await textOf(await lab.workbench.stream(table, { format: 'JSONCompactEachRow' }, never));
      return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as (string | null)[]);
    },
    downloads: () => standIn.seen.filter(({ path }) => /^\/api\/5\/cohorts\/request\/[^/]+$/.test(path)).length,
    close: () => standIn.close(),
  };
}
