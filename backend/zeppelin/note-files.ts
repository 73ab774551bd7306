import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import type { LocalText } from '../../shared/language.ts';
import { readNote, type Note } from './note.ts';

export interface FoundNote {
  /** As the caller can find it again. */
  file: string;
  note: Note | { broken: LocalText };
}

const largest = 50_000_000;

/** The notes that paths lead to: files of any name, and in folders every `.zpln` and `note.json`, at any depth. */
export async function findNotes(paths: string[], workingDirectory: string): Promise<FoundNote[]> {
  const found = new Map<string, FoundNote>();
  for (const path of paths) for (const file of await filesAt(path)) if (!found.has(file)) found.set(file, { file: relative(workingDirectory, file) || file, note: await readFileAt(file) });
  return [...found.values()];
}

async function filesAt(path: string): Promise<string[]> {
  const isFolder = await stat(path).then((entry) => entry.isDirectory()).catch(() => false);
  if (!isFolder) return [path];
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && (entry.name === 'note.json' || entry.name.endsWith('.zpln')))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !isHidden(relative(path, file)))
    .sort();
}

/** What Zeppelin keeps in its trash, and folders of other programs. */
function isHidden(path: string): boolean {
  return path.split(/[\\/]/).some((part) => part === '~Trash' || part.startsWith('.'));
}

async function readFileAt(file: string): Promise<FoundNote['note']> {
  try {
    const { size } = await stat(file);
    if (size > largest) return { broken: { ru: `Файл больше ${largest / 1_000_000} МБ. Сотрите результаты параграфов (Clear output) и выгрузите заметку ещё раз.`, en: `The file is over ${largest / 1_000_000} MB. Clear the output of the paragraphs and export the note again.` } };
    return readNote(new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file)), basename(file));
  } catch (error) {
    if (error instanceof TypeError) return { broken: { ru: 'Файл не в UTF-8. Выгрузите заметку ещё раз кнопкой Export.', en: 'The file is not UTF-8. Export the note again with its Export button.' } };
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { broken: { ru: `Файл не читается (${code}). Проверьте путь и права.`, en: `The file cannot be read (${code}). Check the path and its rights.` } };
  }
}
