import { setImmediate } from 'node:timers/promises';
import { readAccess } from './access-file.ts';
import type { CatalogFiles } from './catalog-files.ts';
import { readChannels, type KnownChannelKind } from './channel-file.ts';
import { compileTask, type CompiledTask, type TaskParts } from './compile-task.ts';
import { readSharedFields } from './field-files.ts';
import type { CatalogKind } from './kind.ts';
import { readMetrics } from './metric-files.ts';
import { readGroups } from './group-file.ts';
import { readSources, sourceLanguages, type SourceRules } from './source-file.ts';
import { sortedFaults } from './source-text.ts';
import type { AccessRules, ChannelSettings, Fault, Metric, SourceSettings, Task, TaskLimits } from './task.ts';
import { readViews } from './view-files.ts';

export interface CompileRules {
  sources: SourceRules;
  limits: TaskLimits;
  /** Kinds of tasks besides `query`. */
  kinds: CatalogKind[];
  /** Kinds of channels that this backend knows; any kind passes when absent. */
  channelKinds?: readonly KnownChannelKind[];
}

/** A catalog at one moment: of every file its newest good version. */
export interface CompiledCatalog {
  tasks: Map<string, Task>;
  metrics: Map<string, Metric | null>;
  sources: SourceSettings[];
  channels: ChannelSettings[];
  access: AccessRules;
  faults: Fault[];
  /** Outcomes by path, to be used again for files that nothing has changed for. */
  outcomes: Outcomes;
}

interface Outcomes {
  /** All that tasks are checked against, besides their own files. */
  against: string;
  byPath: Map<string, { text: string; outcome: CompiledTask }>;
}

export const emptyCatalog: CompiledCatalog = { tasks: new Map(), metrics: new Map(), sources: [], channels: [], access: { roles: {}, people: {} }, faults: [], outcomes: { against: '', byPath: new Map() } };

/** Checks all files. What has faults keeps its place from `previous`; what is deleted is gone. */
export async function compileCatalog(files: CatalogFiles, rules: CompileRules, previous?: CompiledCatalog): Promise<CompiledCatalog> {
  if (files.missing === 'catalog') return { ...(previous ?? emptyCatalog), faults: files.faults };
  const faults = [...files.faults];
  const read = <T>(path: string, good: T | undefined, newest: (found: Fault[]) => T): T => {
    const found: Fault[] = [];
    const value = newest(found);
    faults.push(...found);
    return good !== undefined && (found.length > 0 || files.unreadable.has(path)) ? good : value;
  };
  const groups = readGroups(files, faults);
  const sources = read('sources.yaml', previous?.sources, (found) => readSources(files, rules.sources, found));
  const channels = read('channels.yaml', previous?.channels, (found) => readChannels(files, rules.channelKinds, found));
  const access = read('access.yaml', previous?.access, (found) => readAccess(files, groups === undefined ? undefined : [...groups.keys()], found));
  const views = readViews(files, faults);
  const names = { sources: sourceLanguages(rules.sources, sources), views };
  const metrics = keepGood(readMetrics(files, names, faults), previous?.metrics);
  const shared = readSharedFields(files, names, faults);
  const paths = [...files.texts.keys(), ...files.unreadable].filter((path) => /^tasks\/[^/]+\.sql$/.test(path));
  const taskIds = paths.map((path) => path.slice('tasks/'.length, -'.sql'.length));
  const outcomes = await compileTasks(paths, { texts: files.texts, names, metrics, kinds: rules.kinds, shared, groups, taskIds, limits: rules.limits }, previous?.outcomes);
  const compiled = [...outcomes.byPath.values()].map(({ outcome }) => outcome);
  const collisions = formerIdFaults(compiled, files);
  const found: [string, Task][] = [];
  for (const id of taskIds) {
    const newest = compiled.find((one) => one.id === id);
    const task = newest === undefined || collisions.has(id) ? previous?.tasks.get(id) : (newest.task ?? previous?.tasks.get(id));
    if (task !== undefined) found.push([id, task]);
  }
  const tasks = new Map(inGroupOrder(found, groups));
  faults.push(...compiled.flatMap((one) => one.faults), ...collisions.values(), ...unreadBodies(files, compiled));
  const kept = files.missing === 'tasks' ? (previous?.tasks ?? tasks) : tasks;
  return { tasks: kept, metrics, sources, channels, access, faults: sortedFaults(faults), outcomes };
}

/** A metric with faults stays at its last good version. */
function keepGood(newest: Map<string, Metric | null>, previous: Map<string, Metric | null> | undefined): Map<string, Metric | null> {
  return new Map([...newest].map(([id, metric]) => [id, metric ?? previous?.get(id) ?? null]));
}

/** Lists show tasks as `groups.yaml` orders their groups. */
function inGroupOrder(tasks: [string, Task][], groups: ReadonlyMap<string, unknown> | undefined): [string, Task][] {
  const order = [...(groups?.keys() ?? [])];
  const place = (task: Task): number => (order.includes(task.group) ? order.indexOf(task.group) : order.length);
  return tasks.sort(([, one], [, other]) => place(one) - place(other));
}

/** Compiles what has changed. Lets other work in between, since hundreds of tasks take seconds. */
async function compileTasks(paths: string[], parts: TaskParts, previous: Outcomes | undefined): Promise<Outcomes> {
  const own = new Set(paths);
  const others = [...parts.texts].filter(([path]) => !own.has(path)).map(([path, { text }]) => [path, text]);
  const against = JSON.stringify([[...parts.names.sources], parts.taskIds, parts.limits, others]);
  const known = previous?.against === against ? previous.byPath : new Map<string, { text: string; outcome: CompiledTask }>();
  const byPath = new Map<string, { text: string; outcome: CompiledTask }>();
  for (const path of paths) {
    const source = parts.texts.get(path);
    if (source === undefined) continue;
    const before = known.get(path);
    byPath.set(path, before?.text === source.text ? before : { text: source.text, outcome: compileTask(source, parts) });
    await setImmediate();
  }
  return { against, byPath };
}

/** Former ids that are ids, or former ids, of other tasks. By the task that claims them. */
function formerIdFaults(compiled: CompiledTask[], files: CatalogFiles): Map<string, Fault> {
  const faults = new Map<string, Fault>();
  const claimed = new Map<string, string>();
  for (const { id, formerIds } of compiled)
    for (const former of formerIds) {
      const other = claimed.get(former) ?? compiled.find((one) => one.id === former)?.id;
      claimed.set(former, id);
      const source = files.texts.get(`tasks/${id}.sql`);
      if (other === undefined || source === undefined) continue;
      const offset = Math.max(0, source.text.indexOf(former, source.text.search(/^was:/m)));
      const message = other === id ? `was: "${former}" is this task's own id` : `was: "${former}" belongs to tasks/${other}.sql`;
      faults.set(id, source.fault(offset, message, 'a former id leads to one task only: remove it from one of them'));
    }
  return faults;
}

/** Files below tasks/ that no step reads: a task there would never be seen. */
function unreadBodies(files: CatalogFiles, compiled: CompiledTask[]): Fault[] {
  const used = new Set(compiled.flatMap(({ uses }) => uses));
  return [...files.texts]
    .filter(([path]) => /^tasks\/.+\/.+\.sql$/.test(path) && !used.has(path))
    .map(([path, source]) => ({ ...source.fault(0, 'no step reads this file', `tasks stand in tasks/ itself; a body is read by "-- step NAME on SOURCE from ${path.slice('tasks/'.length)}"`), warning: true }));
}
