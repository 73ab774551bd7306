import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { SourceText, normalized } from './source-text.ts';
import type { Fault } from './task.ts';

/** The texts of a catalog at one moment, by path inside it (`tasks/partner-cards.sql`). */
export interface CatalogFiles {
  texts: Map<string, SourceText>;
  /** Files and folders that are missing or can't be read. */
  faults: Fault[];
  /** Files that are there but could not be read: their last good version stays. */
  unreadable: Set<string>;
  /** The catalog itself, or all its tasks, are not there: surely not meant, so what was good stays. */
  missing?: 'catalog' | 'tasks';
}

const folders = [
  { path: 'tasks', ending: '.sql' },
  { path: 'fields', ending: '.yaml' },
  { path: 'views', ending: '.sql' },
  { path: 'metrics', ending: '.sql' },
];
const single = ['sources.yaml', 'channels.yaml', 'access.yaml', 'groups.yaml'];
const largest = 500_000;

/** Reads every file that the catalog consists of. What is missing is said, not thrown. */
export async function readCatalogFiles(directory: string): Promise<CatalogFiles> {
  const files: CatalogFiles = { texts: new Map(), faults: [], unreadable: new Set() };
  const isThere = await stat(directory).then((found) => found.isDirectory()).catch(() => false);
  if (!isThere) {
    files.faults.push(new SourceText('.', '').fault(0, `there is no folder ${directory}`, 'set TASKSHEET_CATALOG to the folder that holds tasks/, sources.yaml and access.yaml'));
    return { ...files, missing: 'catalog' };
  }
  for (const { path, ending } of folders) await readFolder(directory, path, ending, files);
  for (const path of single) await readInto(directory, path, files);
  return files;
}

async function readFolder(directory: string, folder: string, ending: string, files: CatalogFiles): Promise<void> {
  const listed = await readdir(join(directory, folder), { withFileTypes: true, recursive: true }).catch(() => null);
  if (listed === null && folder === 'tasks') {
    files.missing = 'tasks';
    files.faults.push(new SourceText('tasks', '').fault(0, 'there is no folder tasks', 'make it and put one .sql file a task into it'));
  }
  const paths = (listed ?? [])
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
  for (const path of paths) {
    const wrong = path.slice(0, -ending.length).split('/').length === 2 ? wrongEnding(path, ending) : null;
    if (wrong !== null) files.faults.push(new SourceText(path, '').fault(0, ...wrong));
    if (/\.(sql|yaml)$/.test(path) || (folder === 'tasks' && isScript(path))) await readInto(directory, path, files);
  }
}

/** Programs that script steps may consist of, by the endings that interpreters know. */
function isScript(path: string): boolean {
  return /\.(py|r|jl|js|mjs|pl|rb|lua|sh|php|awk)$/i.test(path);
}

/** Files that were surely meant as part of the catalog but would not be read. */
function wrongEnding(path: string, ending: string): [string, string] | null {
  const wrong = { '.sql': /\.(SQL|txt|ya?ml)$/, '.yaml': /\.(yml|json|YAML|YML)$/ }[ending];
  return wrong?.test(path) === true ? [`a file that nothing reads`, `name it ${path.replace(/\.\w+$/, ending)}`] : null;
}

async function readInto(directory: string, path: string, files: CatalogFiles): Promise<void> {
  const fault = (message: string, advice: string): void => {
    files.faults.push(new SourceText(path, '').fault(0, message, advice));
  };
  try {
    const bytes = await readFile(join(directory, path));
    if (bytes.length > largest) {
      files.unreadable.add(path);
      return fault(`the file is ${bytes.length} bytes long`, `at most ${largest}: a list of data belongs into a table`);
    }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    files.texts.set(path, new SourceText(path, normalized(text)));
  } catch (cause) {
    if (cause instanceof TypeError) {
      files.unreadable.add(path);
      return fault('the file is not UTF-8 text', 'save it as UTF-8');
    }
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (code === 'ENOENT') return;
    files.unreadable.add(path);
    fault(`the file can't be read (${code})`, 'check its rights');
  }
}

/** The files of one folder, without those in folders below it, by name without ending. */
export function filesIn(files: CatalogFiles, folder: string, ending: string): [string, SourceText][] {
  return [...files.texts].flatMap(([path, source]) => {
    const [first, name = '', ...deeper] = path.split('/');
    return first === folder && deeper.length === 0 && name.endsWith(ending) ? [[name.slice(0, -ending.length), source] as [string, SourceText]] : [];
  });
}
