import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { LocalText } from '../../shared/language.ts';
import { lintCatalog, openCatalog, type CatalogOptions } from '../catalog/index.ts';
import type { SourceSettings } from '../catalog/task.ts';
import { importNote } from './import-note.ts';
import type { FoundNote } from './note-files.ts';
import type { NoteOutcome } from './report.ts';

export interface WriteOptions {
  directory: string;
  chosen: ReadonlyMap<string, string>;
  group?: string;
  owner?: string;
  force: boolean;
  /** Kinds of sources that lint knows. */
  sourceKinds?: CatalogOptions['sourceKinds'];
}

/** What the folder that is written to already is. */
export interface Target {
  sources: Pick<SourceSettings, 'name' | 'kind'>[];
  /** Ids of its groups; `null` when it has no groups.yaml. */
  groups: string[] | null;
}

export interface Written {
  outcomes: NoteOutcome[];
  /** About all notes together. */
  general: LocalText[];
}

const ownGroup = 'imported';

/** Reads the sources and groups of a catalog; an empty or missing folder has none. */
export async function readTarget(directory: string): Promise<Target> {
  const catalog = await openCatalog(directory, { watch: false });
  const sources = catalog.sources().map(({ name, kind }) => ({ name, kind }));
  await catalog.close();
  const text = await readFile(join(directory, 'groups.yaml'), 'utf8').catch(() => null);
  const groups: unknown = text === null ? null : parse(text);
  return { sources, groups: groups !== null && typeof groups === 'object' ? Object.keys(groups) : null };
}

/** Makes tasks of notes, writes them into a catalog and asks lint about them. A file that is there stays, unless forced. */
export async function writeImport(notes: FoundNote[], target: Target, options: WriteOptions): Promise<Written> {
  const group = options.group ?? (target.groups === null || target.groups.includes(ownGroup) ? ownGroup : (target.groups[0] ?? ownGroup));
  const taken = new Set<string>();
  const outcomes: NoteOutcome[] = [];
  const sources = new Set<string>();
  for (const { file, note } of notes) {
    if ('broken' in note) {
      outcomes.push({ file, steps: 0, fields: 0, kept: [], broken: note.broken, remarks: [], faults: [] });
      continue;
    }
    const { id, files, remarks, steps, fields, sources: read } = importNote(note, { chosen: options.chosen, known: target.sources, group, ...(options.owner === undefined ? {} : { owner: options.owner }) }, taken);
    read.forEach((name) => sources.add(name));
    const kept = await writeFiles(files, options);
    outcomes.push({ file, note: note.name, ...(id === undefined ? {} : { task: id }), steps, fields, kept, remarks, faults: [] });
  }
  await addFaults(outcomes, target, options);
  return { outcomes, general: generalWords({ group, given: options.group !== undefined, target, sources: [...sources], made: outcomes.some(({ task }) => task !== undefined) }) };
}

/** Writes all files of a task or none of them; returns those that were there. */
async function writeFiles(files: Map<string, string>, { directory, force }: WriteOptions): Promise<string[]> {
  const paths = [...files.keys()];
  const there = force ? [] : (await Promise.all(paths.map(async (path) => ((await exists(join(directory, path))) ? path : null)))).filter((path) => path !== null);
  if (there.length > 0) return there;
  for (const [path, text] of files) {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, force ? {} : { flag: 'wx' });
  }
  return [];
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(() => true).catch(() => false);
}

async function addFaults(outcomes: NoteOutcome[], { sources }: Target, { directory, sourceKinds }: WriteOptions): Promise<void> {
  const isWritten = ({ task, kept }: NoteOutcome): boolean => task !== undefined && kept.length === 0;
  if (sources.length === 0 || !outcomes.some(isWritten)) return;
  const faults = await lintCatalog(directory, undefined, sourceKinds === undefined ? {} : { sourceKinds });
  for (const outcome of outcomes.filter(isWritten)) outcome.faults = faults.filter(({ file }) => file === `tasks/${outcome.task}.sql`);
}

/** Saves the report under a name that is free, and returns it. */
export async function writeReport(directory: string, page: string, force: boolean): Promise<string> {
  await mkdir(directory, { recursive: true });
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? 'REPORT.md' : `REPORT-${count}.md`;
    if (!force && (await exists(join(directory, name)))) continue;
    await writeFile(join(directory, name), page);
    return name;
  }
}

function generalWords({ group, given, target, sources, made }: { group: string; given: boolean; target: Target; sources: string[]; made: boolean }): LocalText[] {
  if (!made) return [];
  const found: LocalText[] = [{ ru: 'Все задачи — черновики: их видят владелец и авторы. Проверьте каждую и поставьте status: published.', en: 'All tasks are drafts, seen by their owner and by authors. Check each and write status: published.' }];
  if (!given && target.groups !== null && !target.groups.includes(ownGroup)) found.push({ ru: `Группа всех задач — ${group}, первая в groups.yaml. Другую задаёт --group.`, en: `The group of all tasks is ${group}, the first in groups.yaml. Another is set by --group.` });
  if (target.sources.length === 0 && sources.length > 0) found.push({ ru: `В этой папке нет sources.yaml. Опишите в нём источники: ${sources.join(', ')} — или скопируйте tasks/ в свой каталог.`, en: `This folder has no sources.yaml. Describe these sources in it: ${sources.join(', ')}; or copy tasks/ into your catalog.` });
  return found;
}
